import Events
import Store
import Triage

/// Reads a move from the fields of a form or an API call.
enum MoveForm {
    /// The move that `fields` ask for: its word under `move`, what it needs under `until`, `owner`, `text`, `severity`
    /// or `into`. Throws a `PageFault` that says what is missing.
    static func move(_ fields: FormFields, me: String, now: Timestamp) throws -> Move {
        let move: Move
        let isJudged = fields["judged"] == "yes"
        switch fields["move"] ?? "" {
        case "ack": move = .acknowledge
        case "unack": move = .unacknowledge
        case "clear": move = .clear
        case "resolve": move = .resolve
        case "reopen": move = .reopen
        case "split": move = .split
        case "forget": move = .forget
        case "ignore": move = .ignore(try until(fields.text("until") ?? "spiking", now: now))
        case "assign":
            let owner = fields.text("owner")
            move = .assign(owner == "me" ? me : owner == "-" ? nil : owner)
        case "severity": move = .grade(try severity(fields.text("severity")), judged: isJudged)
        case "note": move = .note(fields.text("text") ?? "", judged: isJudged)
        case "title": move = .entitle(fields.text("text"))
        case "refer": move = .refer(fields.text("text"))
        case "merge":
            guard let target = fields.text("into") else {
                throw PageFault.malformed("Name the issue that this one becomes part of, by its id.")
            }
            move = .merge(target)
        case let word:
            throw PageFault.malformed("There is no move '\(word)'.")
        }
        if let fault = move.fault { throw PageFault.malformed("\(sentence(fault))") }
        return move
    }

    /// A severity by its name; nil for `pack`, the pack's own.
    static func severity(_ name: String?) throws -> Severity? {
        guard let name, name != "pack" else { return nil }
        guard let severity = Severity(name: name) else { throw PageFault.malformed("'\(name)' is no severity.") }
        return severity
    }

    private static func until(_ text: String, now: Timestamp) throws -> IgnoreUntil {
        do throws(IgnoreUntil.Fault) {
            return try IgnoreUntil(text, now: now)
        } catch {
            throw PageFault.malformed("Ignore until \(error.description).")
        }
    }

    /// A clause as a sentence.
    static func sentence(_ clause: String) -> String {
        guard let first = clause.first else { return clause }
        return first.uppercased() + clause.dropFirst() + "."
    }
}

extension Move {
    /// What was done, for a person who has just done it.
    var done: String {
        switch self {
        case .acknowledge: "acknowledged"
        case .unacknowledge: "taken back to open"
        case .assign(let owner): owner.map { "assigned to \($0)" } ?? "assigned to nobody"
        case .clear: "cleared"
        case .resolve: "resolved"
        case .reopen: "reopened"
        case .ignore: "ignored \(detail ?? "")"
        case .note: "noted"
        case .refer: "given a reference"
        case .grade(let severity, _): "graded \(severity?.name ?? "as the pack says")"
        case .entitle: "given a title"
        case .merge(let id): "made part of \(id)"
        case .split: "split off"
        case .forget: "forgotten"
        }
    }
}

extension MoveReport {
    /// What came of a request, in one line.
    func announcement(_ move: Move) -> Announcements.Announcement {
        var parts: [String] = []
        if let only = moved.first, moved.count == 1 {
            parts.append("\(only.id) \(move.done)")
        } else if !moved.isEmpty {
            parts.append("\(moved.count) issues \(move.done)")
        }
        for refused in refused.prefix(3) { parts.append("\(refused.id): \(refused.refusal.sentence)") }
        if refused.count > 3 { parts.append("\(refused.count - 3) more were left as they are") }
        if !unknown.isEmpty { parts.append("no issue \(unknown.prefix(3).joined(separator: ", "))") }
        if parts.isEmpty { parts = ["nothing was changed"] }
        let canUndo = move != .forget && !moved.isEmpty && moved.count <= ConsoleLimits.undoneMax
        return Announcements.Announcement(
            text: parts.joined(separator: "; "), isRefusal: moved.isEmpty,
            undoIDs: canUndo ? moved.map(\.id) : [])
    }
}
