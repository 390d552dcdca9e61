package import Events
internal import GRDB

/// Requests that were counted, by their keys, for as long as one may be repeated.
struct RequestTable {
    /// How long a key is known, in seconds,
    static let keptSeconds: Int64 = 24 * 3_600
    /// and how many are: beyond that the oldest are forgotten.
    static let keptMax = 100_000

    private let insert: BoundStatement
    private let forgetOld: BoundStatement
    private let forgetMost: BoundStatement

    init(_ database: Database) throws {
        insert = try BoundStatement(
            database, "INSERT OR IGNORE INTO reported_request (key, digest, events, time) VALUES (?1, ?2, ?3, ?4)")
        forgetOld = try BoundStatement(database, "DELETE FROM reported_request WHERE time < ?1")
        forgetMost = try BoundStatement(
            database,
            """
            DELETE FROM reported_request WHERE time <
                (SELECT time FROM reported_request ORDER BY time DESC LIMIT 1 OFFSET \(RequestTable.keptMax))
            """)
    }

    func keep(_ requests: [ReportedRequest], now: Timestamp) throws {
        guard !requests.isEmpty else { return }
        forgetOld.bind(now.moved(bySeconds: -RequestTable.keptSeconds), at: 1)
        try forgetOld.run()
        try forgetMost.run()
        for request in requests {
            insert.bind(request.key, at: 1)
            insert.bind(request.digest, at: 2)
            insert.bind(request.events, at: 3)
            insert.bind(now, at: 4)
            try insert.run()
        }
    }
}

extension Archive {
    /// The request with that key that was counted within the last day; nil where none is known.
    package func reportedRequest(key: String, now: Timestamp) throws(ArchiveError) -> ReportedRequest? {
        try read { database in
            let find = try BoundStatement(
                database, "SELECT digest, events FROM reported_request WHERE key = ?1 AND time >= ?2")
            find.bind(key, at: 1)
            find.bind(now.moved(bySeconds: -RequestTable.keptSeconds), at: 2)
            return try find.first { ReportedRequest(key: key, digest: $0.bits(0), events: $0.int(1)) }
        }
    }
}
