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
