package import Events
internal import GRDB
internal import Triage

/// How long and how much is kept.
package struct RetentionPolicy: Sendable, Equatable {
    /// Samples and counts of issues out of use are dropped after so many seconds; nil for never.
    package var ageSeconds: Int64?
    /// The database is to stay below so many bytes; nil for no limit.
    package var bytesMax: Int64?

    /// 90 days, 10 GB.
    package static let standard = RetentionPolicy(ageSeconds: 90 * 86_400, bytesMax: 10_000_000_000)
    package static let unlimited = RetentionPolicy(ageSeconds: nil, bytesMax: nil)

    package init(ageSeconds: Int64?, bytesMax: Int64?) {
        self.ageSeconds = ageSeconds
        self.bytesMax = bytesMax
    }
}

/// Keeps a store within its retention, in steps that each hold the writer up for a moment only.
///
/// A round looks at every issue once. Where the store is too large after it, the next one follows at once with half the
/// age, down to a day: what is out of use longest goes first. What somebody still has to judge is never dropped.
package struct RetentionRound: Sendable, Equatable {
    /// Issues looked at in a step, and dropped at most.
    static let looked: Int64 = 2_000
    static let droppedMax = 100
    /// Pages given back to the file system in a step: 1 MB.
    static let pagesMax = 256
    /// Pages of the index of words that are written anew in a step.
    static let mergedMax = 64
    /// Issues resolved by quiet in a step.
    static let resolvedMax = 50
    /// The least age that size may enforce.
    static let ageSecondsMin: Int64 = 86_400

    /// What a step came to.
    package struct Outcome: Sendable, Equatable {
        package var pruned = PruneReport()
        package var resolved = 0
        /// Nothing more to do for now.
        package var isOver = false
        /// The store is larger than it may be, and nothing more can be dropped.
        package var isTooLarge = false

        package init() {}
    }

    private var place: Int64 = 0
    private var halvings = 0

    package init() {}

    /// The age that holds in this round, seconds; nil where nothing is dropped by age.
    func ageSeconds(_ policy: RetentionPolicy) -> Int64? {
        guard halvings > 0 else { return policy.ageSeconds }
        let whole = policy.ageSeconds ?? 400 * RetentionRound.ageSecondsMin
        return max(RetentionRound.ageSecondsMin, whole >> Int64(halvings))
    }

    /// Decides what follows a round that ended with a database of `used` bytes. Pure.
    mutating func end(_ policy: RetentionPolicy, used: Int64, _ outcome: inout Outcome) {
        place = 0
        let isLarge = policy.bytesMax.map { used > $0 } ?? false
        if isLarge, (ageSeconds(policy) ?? .max) > RetentionRound.ageSecondsMin {
            halvings += 1
            return
        }
        halvings = 0
        outcome.isOver = true
        outcome.isTooLarge = isLarge
    }

    mutating func step(_ database: Database, _ policy: RetentionPolicy, now: Timestamp) throws -> Outcome {
        var outcome = Outcome()
        outcome.resolved = try IssueMoves(database).resolveQuiet(now: now, limit: RetentionRound.resolvedMax)
        let last = try BoundStatement(database, "SELECT max(number) FROM issue").first { $0.integer(0) } ?? 0
        var end = place + RetentionRound.looked
        if let age = ageSeconds(policy) {
            let before = now.adding(Timestamp(seconds: -age))
            let find = try BoundStatement(
                database, Pruning.dueSQL + " ORDER BY number LIMIT \(RetentionRound.droppedMax)")
            find.bind(before, at: 1)
            find.bind(place + 1, at: 2)
            find.bind(end, at: 3)
            let due = try find.all { $0.integer(0) }
            let pruning = try Pruning(database)
            for issue in due { try pruning.prune(issue, &outcome.pruned) }
            // What was taken out of the index of words is still in it until its parts are merged.
            if !due.isEmpty {
                try BoundStatement(
                    database,
                    "INSERT INTO issue_text (issue_text, rank) VALUES ('merge', -\(RetentionRound.mergedMax))"
                ).run()
            }
            if due.count == RetentionRound.droppedMax { end = due[due.count - 1] }
            // Days of living issues that no rule looks at any more.
            let days = try BoundStatement(
                database, "DELETE FROM issue_day WHERE issue BETWEEN ?1 AND ?2 AND day < ?3")
            days.bind(place + 1, at: 1)
            days.bind(end, at: 2)
            days.bind(min(before.hour.day, now.hour.day - Int64(IssuePast.daysMax)), at: 3)
            try days.run()
            outcome.pruned.hours += days.changes
        }
        place = end
        if place >= last {
            let used =
                try BoundStatement(
                    database,
                    """
                    SELECT (page_count - freelist_count) * page_size
                    FROM pragma_page_count, pragma_page_size, pragma_freelist_count
                    """
                ).first { $0.integer(0) } ?? 0
            self.end(policy, used: used, &outcome)
        }
        return outcome
    }
}

extension Archive {
    /// One step of housekeeping: resolves what has been quiet, drops what is out of use, gives space back.
    package func keepHouse(
        _ round: inout RetentionRound, _ policy: RetentionPolicy, now: Timestamp
    ) throws(ArchiveError) -> RetentionRound.Outcome {
        let before = round
        let (next, outcome) = try change(keeps: true) { database in
            var round = before
            let outcome = try round.step(database, policy, now: now)
            return (round, outcome)
        }
        round = next
        do {
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA incremental_vacuum(\(RetentionRound.pagesMax))")
            }
        } catch {
            throw ArchiveError(error, path: path)
        }
        return outcome
    }
}
