package import Events

/// What is new about the latest events of an issue.
package enum Novelty: String, CaseIterable, Sendable, Codable {
    /// Never seen before in the life of the store.
    case new
    /// Came back although its cause was taken as removed.
    case regressed
    /// Came back after it was put away as needing no action.
    case returned
    /// Far more than its own past lets expect.
    case spiking
    /// Seldom seen, in a store that is past learning.
    case rare
    /// Seen before, as usual.
    case known

    /// Whether it puts an open issue into the inbox.
    package var wantsJudgement: Bool {
        switch self {
        case .new, .regressed, .returned, .spiking: true
        case .rare, .known: false
        }
    }

    /// Whether an issue leaves any other state for `open` by itself, and somebody is to be told.
    package var reopens: Bool { self == .returned || self == .regressed || self == .spiking }
}

/// A novelty with the sentence that justifies it to a person.
package struct NoveltyVerdict: Sendable, Codable, Equatable {
    package var novelty: Novelty
    /// One line without a full stop; times in RFC 3339, UTC.
    package var reason: String

    package init(novelty: Novelty, reason: String) {
        self.novelty = novelty
        self.reason = reason
    }
}

/// What the store knew of an issue when more events of it arrived.
package struct IssueHistory: Sendable, Equatable {
    package var state: IssueState
    /// When `state` was entered, by the clock of whoever moved it.
    package var stateTime: Timestamp
    /// Earliest event time ever counted.
    package var firstSeen: Timestamp
    /// Resolved by time, not by a person.
    package var isAutomatic: Bool
    /// Why the condition of an ignored issue holds with these events; nil while it does not.
    package var fulfilment: String?
    /// Why these events begin a spike; nil where they do not.
    package var spike: String?
    /// What was said of the issue last.
    package var novelty: Novelty
    /// Events of the last 30 days, these included.
    package var monthCount: Int

    package init(
        state: IssueState, stateTime: Timestamp, firstSeen: Timestamp, isAutomatic: Bool = false,
        fulfilment: String? = nil, spike: String? = nil, novelty: Novelty = .known, monthCount: Int = .max
    ) {
        self.state = state
        self.stateTime = stateTime
        self.firstSeen = firstSeen
        self.isAutomatic = isAutomatic
        self.fulfilment = fulfilment
        self.spike = spike
        self.novelty = novelty
        self.monthCount = monthCount
    }
}

/// How a source stands when events of it are judged.
package enum SourceStanding: Sendable, Equatable {
    /// Events without a source: a scan, another program.
    case none
    /// Still learned, or the event is older than the source: what it brings is taken as known.
    case learning(source: String, since: Timestamp)
    /// Learned on that day.
    case learned(source: String, on: Timestamp)
}

extension Novelty {
    /// How long after a resolve an event still counts as its echo: requests in flight, buffers written late, clocks
    /// apart.
    package static let resolveGrace = Timestamp(seconds: 5 * 60)
    /// So few events in 30 days are rare,
    package static let rareEventsMax = 2
    /// once the source is past learning for so long.
    package static let rareAfter = Timestamp(seconds: 7 * 86_400)

    /// Judges what `delta` says about an issue. Pure: the same values give the same verdict.
    ///
    /// Late and replayed events, older than the move that put the issue away, count but bring nothing back.
    /// A record that claims a time after `now` is taken as of `now`: it was written before it was read, so a wrong
    /// clock must not turn the echo of a fault into a regression.
    ///
    /// - Parameters:
    ///   - history: nil where the store has never held the issue.
    ///   - now: when the batch that carries `delta` was closed.
    package static func judge(
        history: IssueHistory?, delta: IssueDelta, now: Timestamp, source: SourceStanding = .none
    ) -> NoveltyVerdict {
        guard let history else { return first(delta, source) }
        let latest = min(delta.last, now)
        switch history.state {
        case .open, .acknowledged:
            return counting(history, delta, now: now, source)
        case .ignored:
            if let reason = history.fulfilment { return NoveltyVerdict(novelty: .returned, reason: reason) }
            guard let reason = history.spike else { return seen(history, delta) }
            return NoveltyVerdict(novelty: .spiking, reason: reason)
        case .cleared:
            guard latest > history.stateTime else {
                return NoveltyVerdict(
                    novelty: .known, reason: "event \(latest) is not later than the clear at \(history.stateTime)")
            }
            return NoveltyVerdict(novelty: .returned, reason: "event \(latest), cleared at \(history.stateTime)")
        case .resolved:
            guard latest > history.stateTime.adding(resolveGrace) else {
                return NoveltyVerdict(
                    novelty: .known,
                    reason: "event \(latest) is within 5 minutes of the resolve at \(history.stateTime), or older")
            }
            return history.isAutomatic
                ? NoveltyVerdict(
                    novelty: .returned, reason: "event \(latest), resolved by quiet at \(history.stateTime)")
                : NoveltyVerdict(novelty: .regressed, reason: "event \(latest), resolved at \(history.stateTime)")
        }
    }

    /// The first events of an issue.
    private static func first(_ delta: IssueDelta, _ source: SourceStanding) -> NoveltyVerdict {
        switch source {
        case .none: return NoveltyVerdict(novelty: .new, reason: "first event \(delta.first), no alias")
        case .learned(let source, let time):
            let day = time.description.prefix(10)
            return NoveltyVerdict(
                novelty: .new, reason: "first event \(delta.first), no alias; source \(source) learned on \(day)")
        case .learning(let source, let time):
            return NoveltyVerdict(
                novelty: .known, reason: "first event \(delta.first), learned of source \(source) since \(time)")
        }
    }

    /// More events of an issue that is in sight.
    private static func counting(
        _ history: IssueHistory, _ delta: IssueDelta, now: Timestamp, _ source: SourceStanding
    ) -> NoveltyVerdict {
        if let spike = history.spike { return NoveltyVerdict(novelty: .spiking, reason: spike) }
        if case .learned(let source, let time) = source, history.monthCount <= rareEventsMax,
            now >= time.adding(rareAfter)
        {
            let number = history.monthCount == 1 ? "1 event" : "\(history.monthCount) events"
            let day = time.description.prefix(10)
            return NoveltyVerdict(
                novelty: .rare, reason: "\(number) in 30 days; source \(source) learned on \(day)")
        }
        return seen(history, delta)
    }

    private static func seen(_ history: IssueHistory, _ delta: IssueDelta) -> NoveltyVerdict {
        NoveltyVerdict(novelty: .known, reason: "seen since \(min(history.firstSeen, delta.first))")
    }
}

extension Timestamp {
    /// This moment plus a duration, held at the ends of the range: a log can claim any time.
    package func adding(_ duration: Timestamp) -> Timestamp {
        let (sum, overflow) = microseconds.addingReportingOverflow(duration.microseconds)
        guard overflow else { return Timestamp(microseconds: sum) }
        return Timestamp(microseconds: duration.microseconds < 0 ? .min : .max)
    }
}
