package import Events

/// What a person does to an issue. `Lifecycle` says what comes of it in each state.
package enum Move: Sendable, Codable, Equatable {
    /// I have it; quiet until it gets worse. Takes the issue where nobody owns it.
    case acknowledge
    case unacknowledge
    /// Nil for nobody.
    case assign(String?)
    /// No action needed.
    case clear
    /// The cause is removed.
    case resolve
    case reopen
    case ignore(IgnoreUntil)
    /// `judged` says that the issue is known with this, and leaves the inbox.
    case note(String, judged: Bool)
    /// What another system calls it; nil takes that away.
    case refer(String?)
    /// A person's severity; nil goes back to the pack's.
    case grade(Severity?, judged: Bool)
    /// A person's title; nil goes back to the pack's.
    case entitle(String?)
    /// Makes the issue part of the one with this id. Its events count there from now on.
    case merge(String)
    /// An issue of its own again.
    case split
    /// Drops samples and counts; the fingerprint stays, so that it is never new again.
    case forget

    /// Longest text of a note, title, owner or reference, in bytes.
    package static let textBytesMax = 4 * 1_024

    /// The word in the audit trail, and the command's name where there is one.
    package var word: String {
        switch self {
        case .acknowledge: "ack"
        case .unacknowledge: "unack"
        case .assign: "assign"
        case .clear: "clear"
        case .resolve: "resolve"
        case .reopen: "reopen"
        case .ignore: "ignore"
        case .note: "note"
        case .refer: "refer"
        case .grade: "severity"
        case .entitle: "title"
        case .merge: "merge"
        case .split: "split"
        case .forget: "forget"
        }
    }

    /// What the audit trail keeps beside the word: the note, the owner, the condition; nil where the word says it all.
    package var detail: String? {
        switch self {
        case .acknowledge, .unacknowledge, .clear, .resolve, .reopen, .split, .forget: nil
        case .assign(let owner): owner ?? "nobody"
        case .ignore(let until):
            IgnoreCondition(until: until, countThen: 0, hourThen: 0, hourCountThen: 0).words
        case .note(let text, _): text
        case .refer(let reference): reference ?? "none"
        case .grade(let severity, _): severity?.name ?? "the pack's"
        case .entitle(let title): title ?? "the pack's"
        case .merge(let id): id
        }
    }

    /// Why the move makes no sense on any issue, as a sentence; nil where it does.
    package var fault: String? {
        switch self {
        case .note(let text, _):
            if text.allSatisfy(\.isWhitespace) { return "the note is empty" }
            return Move.excess(text, "note")
        case .assign(let owner?): return owner.isEmpty ? "the owner has no name" : Move.excess(owner, "owner's name")
        case .refer(let reference?):
            return reference.isEmpty ? "the reference is empty" : Move.excess(reference, "reference")
        case .entitle(let title?): return title.isEmpty ? "the title is empty" : Move.excess(title, "title")
        case .ignore(.more(let number)) where number < 1: return "ignored until \(number) more: give at least 1"
        case .ignore(.window(let count, let hours)) where count < 1 || !(1...IgnoreUntil.hoursMax).contains(hours):
            return "ignored until \(count) within \(hours) h: give at least 1, and from 1 to \(IgnoreUntil.hoursMax) h"
        default: return nil
        }
    }

    private static func excess(_ text: String, _ what: String) -> String? {
        text.utf8.count > textBytesMax ? "the \(what) is longer than \(textBytesMax) bytes" : nil
    }
}

extension IgnoreCondition {
    /// The condition without the counts of its moment.
    var words: String {
        if case .more(let number) = until { return "until \(number) more events" }
        return description
    }
}
