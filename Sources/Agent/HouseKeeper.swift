import Logging
import Store

/// Keeps the store in order while files are followed: retention, and what time alone decides. On a thread of its own, in
/// steps far apart, so that the writer hardly waits.
struct HouseKeeper {
    /// Between steps of a round, and between rounds.
    static let stepMillis: Int64 = 200
    static let roundMillis: Int64 = 3_600_000
    /// Before the first round: a start has better things to do.
    static let startMillis: Int64 = 60_000

    let archive: Archive
    let policy: RetentionPolicy
    let log: Logger

    /// Until `isOver` says so, which waits for so many milliseconds.
    func run(waiting isOver: (_ millis: Int64) -> Bool) {
        var round = RetentionRound()
        var isTold = false
        var wait = HouseKeeper.startMillis
        var dropped = 0
        while !isOver(wait) {
            wait = HouseKeeper.stepMillis
            do throws(ArchiveError) {
                let outcome = try archive.keepHouse(&round, policy, now: SystemClock.now())
                dropped += outcome.pruned.issues
                if outcome.resolved > 0 {
                    log.info("\(outcome.resolved) acknowledged issues were quiet for 14 days and are resolved")
                }
                guard outcome.isOver else { continue }
                if dropped > 0 { log.notice("samples and counts of \(dropped) issues out of use were dropped") }
                dropped = 0
                if outcome.isTooLarge, !isTold {
                    log.warning(
                        "the store is larger than 'retention: size' and holds nothing more that may be dropped; judge what is open, or allow more"
                    )
                }
                isTold = outcome.isTooLarge
                wait = HouseKeeper.roundMillis
            } catch {
                log.warning("the store is not kept in order: \(error)")
                wait = HouseKeeper.roundMillis
            }
        }
    }
}
