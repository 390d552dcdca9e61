internal import Events
internal import GRDB
internal import Triage

/// Decides whether a notice is told by itself, and keeps what was decided: the budget of the next hour is counted from it,
/// and `margay explain` says why somebody was told, or not.
struct OutboxTable {
    /// Notices that were not told by themselves are kept up to so many.
    static let heldMax = 20_000
    /// Rows older than this are dropped when the next one is written.
    static let keptSeconds: Int64 = 30 * 86_400

    private let recent: BoundStatement
    private let insert: BoundStatement
    private let drop: BoundStatement
    private let trim: BoundStatement
    private let now: Timestamp
    private var budget: AlertBudget?

    init(_ database: Database, now: Timestamp) throws {
        recent = try BoundStatement(
            database,
            "SELECT source, time FROM outbox WHERE novelty = 'new' AND time > ?1 AND held IS NULL ORDER BY time")
        insert = try BoundStatement(
            database,
            "INSERT INTO outbox (time, issue, source, novelty, reason, held) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        trim = try BoundStatement(
            database,
            """
            DELETE FROM outbox WHERE held IS NOT NULL
                AND number <= (SELECT max(number) FROM outbox) - \(OutboxTable.heldMax)
            """)
        drop = try BoundStatement(database, "DELETE FROM outbox WHERE time < ?1")
        self.now = now
    }

    /// What becomes of a notice. `held` says why the source holds all of them back; nil where it does not.
    mutating func deliver(
        _ verdict: NoveltyVerdict, _ severity: Severity, issue: Int64, source: String, isAlways: Bool, held: String?
    ) throws -> NoticeDelivery {
        let refusal = try refusal(verdict, severity, source: source, isAlways: isAlways, held: held)
        insert.bind(now, at: 1)
        insert.bind(issue, at: 2)
        insert.bind(source, at: 3)
        insert.bind(verdict.novelty.rawValue, at: 4)
        insert.bind(verdict.reason, at: 5)
        insert.bind(refusal, at: 6)
        try insert.run()
        return refusal.map { .digest($0) } ?? .single
    }

    /// Why a notice is not told by itself; nil where it is.
    private mutating func refusal(
        _ verdict: NoveltyVerdict, _ severity: Severity, source: String, isAlways: Bool, held: String?
    ) throws -> String? {
        if !severity.wantsJudgement, !isAlways { return "issues of severity \(severity.name) are told in summaries" }
        if verdict.novelty == .rare { return "rare issues are told in summaries" }
        guard verdict.novelty == .new, !isAlways else { return nil }
        if let held { return held }
        var budget = try budget ?? load()
        let refusal = budget.spend(source: source, now: now)
        self.budget = budget
        return refusal
    }

    private func load() throws -> AlertBudget {
        drop.bind(now.adding(Timestamp(seconds: -OutboxTable.keptSeconds)), at: 1)
        try drop.run()
        try trim.run()
        recent.bind(now.adding(Timestamp(seconds: -AlertBudget.totalSeconds)), at: 1)
        return AlertBudget(told: try recent.all { (source: $0.text(0), time: $0.time(1)) })
    }
}
