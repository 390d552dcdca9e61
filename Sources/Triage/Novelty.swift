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

    package init(state: IssueState, stateTime: Timestamp, firstSeen: Timestamp) {
        self.state = state
        self.stateTime = stateTime
        self.firstSeen = firstSeen
    }
}

extension Novelty {
    /// How long after a resolve an event still counts as its echo: requests in flight, buffers written late, clocks
    /// apart.
    package static let resolveGrace = Timestamp(seconds: 5 * 60)

    /// Judges what `delta` says about an issue. Pure: the same values give the same verdict.
    ///
    /// Late and replayed events, older than the move that put the issue away, count but bring nothing back.
    /// A record that claims a time after `now` is taken as of `now`: it was written before it was read, so a wrong
    /// clock must not turn the echo of a fault into a regression.
    ///
    /// - Parameters:
    ///   - history: nil where the store has never held the issue.
    ///   - now: when the batch that carries `delta` was closed.
    package static func judge(history: IssueHistory?, delta: IssueDelta, now: Timestamp) -> NoveltyVerdict {
        guard let history else {
            return NoveltyVerdict(novelty: .new, reason: "first event \(delta.first)")
        }
        let latest = min(delta.last, now)
        switch history.state {
        case .open, .acknowledged, .ignored:
            return NoveltyVerdict(novelty: .known, reason: "seen since \(min(history.firstSeen, delta.first))")
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
            return NoveltyVerdict(novelty: .regressed, reason: "event \(latest), resolved at \(history.stateTime)")
        }
    }

    /// Whether an issue leaves `cleared` or `resolved` for `open` by itself, and somebody is to be told.
    package var reopens: Bool { self == .returned || self == .regressed }
}

extension Timestamp {
    /// This moment plus a duration, held at the ends of the range: a log can claim any time.
    func adding(_ duration: Timestamp) -> Timestamp {
        let (sum, overflow) = microseconds.addingReportingOverflow(duration.microseconds)
        guard overflow else { return Timestamp(microseconds: sum) }
        return Timestamp(microseconds: duration.microseconds < 0 ? .min : .max)
    }
}
