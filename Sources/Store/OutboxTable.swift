internal import Events
internal import GRDB
internal import Triage

/// Decides whether a notice is told by itself, and keeps those that are: the budget of the next hour is counted from
/// them.
struct OutboxTable {
    /// Rows older than this are dropped when the next one is written.
    static let keptSeconds: Int64 = 30 * 86_400

    private let recent: BoundStatement
    private let insert: BoundStatement
    private let drop: BoundStatement
    private let now: Timestamp
    private var budget: AlertBudget?

    init(_ database: Database, now: Timestamp) throws {
        recent = try BoundStatement(
            database, "SELECT source, time FROM outbox WHERE novelty = 'new' AND time > ?1 ORDER BY time")
        insert = try BoundStatement(
            database,
            "INSERT INTO outbox (time, issue, source, novelty, reason) VALUES (?1, ?2, ?3, ?4, ?5)")
        drop = try BoundStatement(database, "DELETE FROM outbox WHERE time < ?1")
        self.now = now
    }

    /// What becomes of a notice. `held` says why the source holds all of them back; nil where it does not.
    mutating func deliver(
        _ verdict: NoveltyVerdict, issue: Int64, source: String, isAlways: Bool, held: String?
    ) throws -> NoticeDelivery {
        if verdict.novelty == .rare { return .digest("rare issues are told in summaries") }
        if verdict.novelty == .new, !isAlways {
            if let held { return .digest(held) }
            var budget = try budget ?? load()
            let refusal = budget.spend(source: source, now: now)
            self.budget = budget
            if let refusal { return .digest(refusal) }
        }
        insert.bind(now, at: 1)
        insert.bind(issue, at: 2)
        insert.bind(source, at: 3)
        insert.bind(verdict.novelty.rawValue, at: 4)
        insert.bind(verdict.reason, at: 5)
        try insert.run()
        return .single
    }

    private func load() throws -> AlertBudget {
        drop.bind(now.adding(Timestamp(seconds: -OutboxTable.keptSeconds)), at: 1)
        try drop.run()
        recent.bind(now.adding(Timestamp(seconds: -AlertBudget.totalSeconds)), at: 1)
        return AlertBudget(told: try recent.all { (source: $0.text(0), time: $0.time(1)) })
    }
}
