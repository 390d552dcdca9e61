package import Events

/// One move on one issue: who, when, what, why, and what stood before and after.
package struct AuditEntry: Sendable, Codable, Equatable {
    package var time: Timestamp
    /// `margay` for what an event or time did.
    package var author: String
    /// A word of `Move.word`, a novelty, `undo` or `auto-resolve`.
    package var what: String
    package var detail: String?
    package var reason: String?
    package var before: IssueStanding
    package var after: IssueStanding

    package init(
        time: Timestamp, author: String, what: String, detail: String? = nil, reason: String? = nil,
        before: IssueStanding, after: IssueStanding
    ) {
        self.time = time
        self.author = author
        self.what = what
        self.detail = detail
        self.reason = reason
        self.before = before
        self.after = after
    }

    /// The author of what Margay does by itself.
    package static let machine = "margay"
}

/// Why a move was not made.
package enum Refusal: Sendable, Equatable {
    /// Somebody moved the issue after its author looked at it.
    case changed(by: String, at: Timestamp)
    /// It stands where the move would bring it. In bulk this is passed over.
    case already(String)
    /// The table has no such move, or the move makes no sense.
    case notAllowed(String)

    /// One clause for a person, without a full stop.
    package var sentence: String {
        switch self {
        case .changed(let author, let time):
            "changed meanwhile by \(author) (in its state since \(time)); look again and repeat it"
        case .already(let sentence), .notAllowed(let sentence): sentence
        }
    }
}
