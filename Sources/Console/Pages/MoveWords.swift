import Events
import Triage

/// Moves in the words of a page; the audit trail and the commands have short ones.
enum MoveWords {
    /// What `Move.word` or another word of the audit trail says of somebody who did it, in front of the issue.
    static func done(_ what: String) -> String {
        switch what {
        case "ack": "acknowledged"
        case "unack": "took back the acknowledgement of"
        case "assign": "assigned"
        case "clear": "cleared"
        case "resolve": "resolved"
        case "reopen": "reopened"
        case "ignore": "ignored"
        case "note": "wrote a note on"
        case "refer": "gave a reference to"
        case "severity": "graded"
        case "title": "gave a title to"
        case "merge": "merged"
        case "split": "split off"
        case "forget": "forgot"
        case "undo": "took back a move on"
        case "auto-resolve": "resolved, for quiet,"
        case "returned", "regressed": "saw again, and reopened,"
        case "spiking": "saw far more of"
        default: what
        }
    }
}

extension MoveWords {
    /// The move as an order, with what it is to be made on: `Acknowledge 120 issues`, `Clear it`.
    static func order(_ move: Move, _ object: String) -> String {
        switch move {
        case .acknowledge: "Acknowledge \(object)"
        case .unacknowledge: "Take back the acknowledgement of \(object)"
        case .assign(let owner): "Assign \(object) to \(owner ?? "nobody")"
        case .clear: "Clear \(object)"
        case .resolve: "Resolve \(object)"
        case .reopen: "Reopen \(object)"
        case .ignore: "Ignore \(object) \(move.detail ?? "")"
        case .note: "Write the note on \(object)"
        case .refer: "Give the reference to \(object)"
        case .grade(let severity, _): "Grade \(object) \(severity?.name ?? "as the pack says")"
        case .entitle: "Give the title to \(object)"
        case .merge(let id): "Make \(object) part of \(id)"
        case .split: "Split \(object) off"
        case .forget: "Forget \(object)"
        }
    }

    /// `1 issue`, `1,204 issues`.
    static func issues(_ count: Int) -> String {
        count == 1 ? "1 issue" : "\(ConsoleSite.grouped(count)) issues"
    }
}
