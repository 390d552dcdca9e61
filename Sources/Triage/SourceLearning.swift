package import Events

/// How long a source is learned before its new issues are told.
package struct LearningPolicy: Sendable, Equatable {
    /// Event time that has to be seen at least, seconds; 0 for no learning at all.
    package var secondsMin: Int64

    /// Event time without a new issue that ends learning, seconds.
    package static let quietSeconds: Int64 = 6 * 3_600
    /// Events in a row without a new issue that do the same.
    package static let quietEvents = 500
    /// Learning ends after so long by the clock, whatever happens, seconds.
    package static let secondsMax: Int64 = 7 * 86_400

    /// A day.
    package static let standard = LearningPolicy(secondsMin: 86_400)
    package static let off = LearningPolicy(secondsMin: 0)

    package init(secondsMin: Int64) { self.secondsMin = secondsMin }
}

/// What Margay has learned of one source: everything that was there before, and what came until nothing new came.
package struct SourceLearning: Sendable, Codable, Equatable {
    /// When the source was first followed, by the clock.
    package var began: Timestamp
    /// Earliest and latest event time, within a week before `began` and the clock; nil before the first event.
    package var first: Timestamp?
    package var last: Timestamp?
    /// Event time of the latest new issue, and events since.
    package var lastNew: Timestamp?
    package var eventsSinceNew: Int
    package var events: Int
    package var issues: Int
    /// When learning ended, by the clock; nil while it lasts.
    package var ended: Timestamp?
    /// Why it ended, as a clause; nil while it lasts.
    package var endedBecause: String?

    package init(began: Timestamp) {
        self.began = began
        eventsSinceNew = 0
        events = 0
        issues = 0
    }

    package var isLearning: Bool { ended == nil }

    /// Whether an event is told though it is never seen before while the source is learned: one of a pattern that always
    /// is, and a critical one that happened since the source is followed. A host that breaks on its first day is not to
    /// keep silent about it.
    package func tells(_ time: Timestamp, severity: Severity, isAlways: Bool) -> Bool {
        isAlways || (severity == .critical && time >= began)
    }

    /// Whether an event of `time` is taken as known: while learning, and everything from before the source was followed.
    package func takesAsKnown(_ time: Timestamp) -> Bool { isLearning || time < began }

    /// Counts events of one issue and decides whether learning is over. A pure function of what came and the clock.
    package mutating func add(first: Timestamp, last: Timestamp, count: Int, isNew: Bool, now: Timestamp) {
        guard isLearning else { return }
        let oldest = began.adding(Timestamp(seconds: -LearningPolicy.secondsMax))
        let earliest = min(max(first, oldest), now)
        let latest = min(max(last, oldest), now)
        self.first = min(self.first ?? earliest, earliest)
        self.last = max(self.last ?? latest, latest)
        events += count
        eventsSinceNew += count
        guard isNew else { return }
        issues += 1
        eventsSinceNew = 0
        lastNew = max(lastNew ?? earliest, earliest)
    }

    /// Ends learning where it is due.
    package mutating func settle(_ policy: LearningPolicy, now: Timestamp) {
        guard isLearning else { return }
        if policy.secondsMin <= 0 {
            end("learning is off", now: now)
        } else if now >= began.adding(Timestamp(seconds: LearningPolicy.secondsMax)) {
            end("7 days are over", now: now)
        } else if let first, let last, last >= first.adding(Timestamp(seconds: policy.secondsMin)) {
            let quiet = Timestamp(seconds: LearningPolicy.quietSeconds)
            if last >= (lastNew ?? first).adding(quiet) {
                end("no new issue in 6 h of the log", now: now)
            } else if eventsSinceNew >= LearningPolicy.quietEvents {
                end("no new issue in \(LearningPolicy.quietEvents) events", now: now)
            }
        }
    }

    /// The earliest moment at which it can end by itself, as things stand: the log has to be seen for so long, and to have
    /// brought nothing new for a while. Event time, so that a log with a past that is read at once can end it sooner.
    package func endsEarliest(_ policy: LearningPolicy) -> Timestamp {
        let seen = (first ?? began).adding(Timestamp(seconds: policy.secondsMin))
        let quiet = (lastNew ?? began).adding(Timestamp(seconds: LearningPolicy.quietSeconds))
        return min(max(seen, quiet), endsLatest)
    }

    /// When it ends whatever happens.
    package var endsLatest: Timestamp { began.adding(Timestamp(seconds: LearningPolicy.secondsMax)) }

    /// Ends it by hand.
    package mutating func end(_ reason: String, now: Timestamp) {
        guard isLearning else { return }
        ended = now
        endedBecause = reason
    }
}
