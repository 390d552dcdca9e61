import Events
import Store
import Synchronization

/// Numbers of issues that stand on every page, remembered until the store changes: nine queries of up to
/// `ConsoleLimits.countedMax` issues each were half of the time that a list took (November 2026, 10,000 issues).
///
/// A count may depend on the time as well (`last:<1h`), so none is kept for long. Safe from any thread.
final class KeptCounts: Sendable {
    private struct Kept {
        var change: Int64
        var counted: Timestamp
        var count: Int
    }

    private let counts = Mutex<[String: Kept]>([:])

    /// Seconds after which a count is made again, whatever the store says.
    static let secondsMax: Int64 = 5
    /// Beyond this many counts all are forgotten.
    static let keptMax = 256

    /// The count known by `name`, from memory where it was made at the same change of the store, else by `count`.
    func count(_ name: String, at change: Int64, now: Timestamp, _ count: () throws -> Int) rethrows -> Int {
        let kept = counts.withLock { $0[name] }
        if let kept, kept.change == change, kept.counted <= now,
            now < kept.counted.moved(bySeconds: KeptCounts.secondsMax)
        {
            return kept.count
        }
        let count = try count()
        counts.withLock { counts in
            if counts.count >= KeptCounts.keptMax { counts = [:] }
            counts[name] = Kept(change: change, counted: now, count: count)
        }
        return count
    }
}

extension ConsoleSite {
    /// How many issues a query finds, counted no further than `ConsoleLimits.countedMax`. Two queries of one `name`, asked
    /// by one person, are the same.
    func issueCount(_ name: String, _ query: IssueQuery, _ request: PageRequest) throws -> Int {
        try counts.count("\(author(request))\n\(name)", at: archive.changeNumber(), now: request.now) {
            try archive.issueCount(query, atMost: ConsoleLimits.countedMax)
        }
    }
}
