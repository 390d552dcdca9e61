package import Events

/// The table of moves: which move leads from which state to which, and who is told no. Pure; the store does what comes
/// out, in one transaction.
///
/// | move | open | acknowledged | cleared | resolved | ignored |
/// |---|---|---|---|---|---|
/// | ack | acknowledged | already | no | no | acknowledged |
/// | unack | no | open | no | no | no |
/// | assign to somebody | acknowledged | owner | owner | owner | owner |
/// | clear | cleared | cleared | already | cleared | cleared |
/// | resolve | resolved | resolved | resolved | already | resolved |
/// | reopen | already | open | open | open | open |
/// | ignore | ignored | ignored | ignored | ignored | ignored, new condition |
///
/// A note, a reference, a severity and a title leave the state alone, unless they are said to judge an open issue.
package enum Lifecycle {
    /// What an author brings along.
    package struct Context: Sendable {
        package var author: String
        package var reason: String?
        package var now: Timestamp
        /// The version of the state that the author saw; nil where it was read in the same transaction.
        package var seenVersion: Int?
        /// Events of the issue by now, and those of the current clock hour: what a condition is measured from.
        package var count: Int
        package var hourCount: Int

        package init(
            author: String, reason: String? = nil, now: Timestamp, seenVersion: Int? = nil, count: Int = 0,
            hourCount: Int = 0
        ) {
            self.author = author
            self.reason = reason
            self.now = now
            self.seenVersion = seenVersion
            self.count = count
            self.hourCount = hourCount
        }
    }

    /// What comes of a move.
    package enum Outcome: Sendable, Equatable {
        case moved(AuditEntry)
        case refused(Refusal)

        package var entry: AuditEntry? {
            if case .moved(let entry) = self { return entry }
            return nil
        }
    }

    /// Makes `move` on an issue that stands at `standing`. The new standing is in the entry.
    package static func apply(_ move: Move, to standing: IssueStanding, _ context: Context) -> Outcome {
        if let seen = context.seenVersion, seen != standing.version {
            return .refused(.changed(by: standing.movedBy ?? "margay", at: standing.stateTime))
        }
        if let fault = move.fault { return .refused(.notAllowed(fault)) }
        if let target = standing.mergedInto, !move.suitsMerged {
            return .refused(.notAllowed("it is part of \(target); move that one, or split it off first"))
        }
        var next = standing
        if let refusal = change(&next, by: move, context) { return .refused(refusal) }
        next.version += 1
        next.movedBy = context.author
        if next.state != standing.state { next.stateTime = context.now }
        return .moved(
            AuditEntry(
                time: context.now, author: context.author, what: move.word, detail: move.detail,
                reason: context.reason, before: standing, after: next))
    }

    private static func change(_ next: inout IssueStanding, by move: Move, _ context: Context) -> Refusal? {
        switch move {
        case .acknowledge, .unacknowledge, .clear, .resolve, .reopen, .ignore:
            return changeState(&next, by: move, context)
        case .assign(let owner):
            if next.owner == owner { return .already(owner.map { "\($0) has it" } ?? "nobody has it") }
            next.owner = owner
            if owner != nil, next.state == .open { enter(.acknowledged, &next) }
        case .note(_, let judged):
            if judged { judge(&next) }
        case .refer(let reference):
            if next.reference == reference { return .already("the reference is the same") }
            next.reference = reference
        case .grade(let severity, let judged):
            if next.severity == severity, !judged { return .already("the severity is the same") }
            next.severity = severity
            if judged { judge(&next) }
        case .entitle(let title):
            if next.title == title { return .already("the title is the same") }
            next.title = title
        case .merge(let id):
            if next.mergedInto != nil { return .notAllowed("it is part of another issue; split it off first") }
            next.mergedInto = id
            next.noveltyJudged = next.noveltyJudged ?? next.novelty
        case .split:
            guard next.mergedInto != nil else { return .notAllowed("it is not part of another issue") }
            next.mergedInto = nil
        case .forget:
            if next.isForgotten { return .already("it is forgotten") }
            next.isForgotten = true
        }
        return nil
    }

    private static func changeState(_ next: inout IssueStanding, by move: Move, _ context: Context) -> Refusal? {
        switch (move, next.state) {
        case (.acknowledge, .acknowledged):
            return .already("\(next.owner ?? "somebody") has it since \(next.stateTime)")
        case (.acknowledge, .cleared), (.acknowledge, .resolved):
            return .notAllowed("it is \(next.state.rawValue); reopen it first")
        case (.acknowledge, _):
            enter(.acknowledged, &next)
            next.owner = next.owner ?? context.author
        case (.unacknowledge, .acknowledged):
            let judged = next.noveltyJudged
            enter(.open, &next)
            // What was news before somebody took it is news again.
            next.novelty = judged ?? next.novelty
            next.noveltyJudged = nil
            next.owner = nil
        case (.unacknowledge, _):
            return .notAllowed("it is \(next.state.rawValue), not acknowledged")
        case (.clear, .cleared), (.resolve, .resolved), (.reopen, .open):
            return .already("it is \(next.state.rawValue) since \(next.stateTime)")
        case (.clear, _): enter(.cleared, &next)
        case (.resolve, _): enter(.resolved, &next)
        case (.reopen, _): enter(.open, &next)
        case (.ignore(let until), _):
            enter(.ignored, &next)
            next.ignore = IgnoreCondition(
                until: until, countThen: context.count, hourThen: context.now.hour, hourCountThen: context.hourCount)
        default: break
        }
        return nil
    }

    /// To a state by a person's hand: whatever was news is judged with it.
    private static func enter(_ state: IssueState, _ next: inout IssueStanding) {
        next.state = state
        next.ignore = nil
        next.isAutomatic = false
        if next.novelty != .known { next.noveltyJudged = next.novelty }
        next.novelty = .known
    }

    /// An open issue that somebody judged is in hand; one in another state stays there.
    private static func judge(_ next: inout IssueStanding) {
        if next.state == .open { enter(.acknowledged, &next) } else { next.novelty = .known }
    }
}

extension Move {
    /// Whether it may be made on an issue that is part of another.
    fileprivate var suitsMerged: Bool {
        switch self {
        case .split, .merge, .note: true
        default: false
        }
    }
}
