package import Events

/// How many new issues are told one by one; what is beyond waits for the digest. Nothing is dropped from the store.
package struct AlertBudget: Sendable, Equatable {
    /// New issues of one source in ten minutes.
    package static let perSourceMax = 5
    package static let sourceSeconds: Int64 = 600
    /// New issues of all sources in an hour.
    package static let totalMax = 20
    package static let totalSeconds: Int64 = 3_600

    /// What was told within the last hour, oldest first.
    private var told: [(source: String, time: Timestamp)]

    package init(told: [(source: String, time: Timestamp)] = []) { self.told = told }

    /// Takes one from the budget. Returns why there is none left, as a clause; nil when it was granted.
    ///
    /// What was told after `now`, by a clock that was set back, counts as told now.
    package mutating func spend(source: String, now: Timestamp) -> String? {
        let hourAgo = now.adding(Timestamp(seconds: -AlertBudget.totalSeconds))
        told.removeAll { $0.time <= hourAgo }
        if told.count >= AlertBudget.totalMax {
            return "\(AlertBudget.totalMax) new issues an hour were told already"
        }
        let earlier = now.adding(Timestamp(seconds: -AlertBudget.sourceSeconds))
        let own = told.filter { $0.source == source && $0.time > earlier }.count
        if own >= AlertBudget.perSourceMax {
            return "\(AlertBudget.perSourceMax) new issues of \(source) in 10 minutes were told already"
        }
        told.append((source, now))
        return nil
    }

    package static func == (left: AlertBudget, right: AlertBudget) -> Bool {
        left.told.elementsEqual(right.told) { $0.source == $1.source && $0.time == $1.time }
    }
}
