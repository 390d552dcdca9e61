package import Events
internal import GRDB
internal import Triage

extension Archive {
    /// The issues that meet `query`, in its order. Throws `.badQuery` beyond `IssueQuery.wordsMax` words.
    package func issues(_ query: IssueQuery) throws(ArchiveError) -> [IssueRow] { try page(query).rows }

    /// The issues that meet `query`, in its order, and where the next ones begin. Throws as `issues(_:)` does.
    package func page(_ query: IssueQuery) throws(ArchiveError) -> IssuePageRows {
        try check(query)
        return try read { database in
            let found = try Archive.find(query, database)
            let reader = try IssueReader(database)
            let rows = try found.map { key in try reader.row(try reader.record(number: key.number)) }
            return IssuePageRows(rows: rows, next: found.count == Archive.limit(of: query) ? found.last : nil)
        }
    }

    /// The ids of the issues that meet `query`, in its order. Throws as `issues(_:)` does.
    package func ids(_ query: IssueQuery) throws(ArchiveError) -> [String] {
        try check(query)
        return try read { database in
            let id = try BoundStatement(database, "SELECT id FROM issue WHERE number = ?1")
            return try Archive.find(query, database).compactMap { key in
                id.bind(key.number, at: 1)
                return try id.first { $0.text(0) }
            }
        }
    }

    /// How many issues meet `query`, its limit aside; not counted further than `most`. Throws as `issues(_:)` does.
    package func issueCount(_ query: IssueQuery, atMost most: Int = .max) throws(ArchiveError) -> Int {
        try check(query)
        return try read { database in
            let node = query.node
            let plan = try QueryPlan(node, database)
            let condition = QuerySQL(node, now: query.now)
            try TextTests.install(condition.tests, on: database)
            let among = plan.candidates.map { " AND number IN (\($0.sql))" } ?? ""
            let statement = try BoundStatement(
                database,
                """
                SELECT count(*) FROM (
                    SELECT 1 FROM issue WHERE \(Archive.numbered(condition.sql))\(among) LIMIT ?4)
                """)
            statement.bind(most, at: 4)
            if let argument = plan.candidates?.argument { statement.bind(argument, at: 1) }
            condition.bind(to: statement, from: Archive.conditionFirst)
            return try statement.first { $0.int(0) } ?? 0
        }
    }

    private static func limit(of query: IssueQuery) -> Int { min(max(query.limit, 0), IssueQuery.limitMax) }

    /// The places of the issues that meet `query`, in its order.
    private static func find(_ query: IssueQuery, _ database: Database) throws -> [PageKey] {
        let limit = limit(of: query)
        guard limit > 0 else { return [] }
        let node = query.node
        let states = QueryPlan.states(of: node) ?? Set(IssueState.allCases)
        guard !states.isEmpty else { return [] }
        let plan = try QueryPlan(node, database)
        let condition = QuerySQL(node, now: query.now)
        try TextTests.install(condition.tests, on: database)
        let column = query.sort.rawValue
        let direction = query.isAscending ? "ASC" : "DESC"
        let behind = query.after.map { _ in " AND (\(column), number) \(query.isAscending ? ">" : "<") (?2, ?3)" }
        let order = "ORDER BY \(column) \(direction), number \(direction) LIMIT ?4"
        let body = "(\(numbered(condition.sql)))\(behind ?? "")"
        let sql: String
        if let candidates = plan.candidates {
            sql = "SELECT number, \(column) FROM issue WHERE number IN (\(candidates.sql)) AND \(body) \(order)"
        } else {
            // Of each state from its own index, in order already; then merged.
            let walks = states.map(\.rawValue).sorted().map { state in
                """
                SELECT * FROM (SELECT number, \(column) FROM issue INDEXED BY issue_by_\(column)
                WHERE state = '\(state)' AND \(body) \(order))
                """
            }
            sql = walks.joined(separator: " UNION ALL ") + " " + order
        }
        let statement = try BoundStatement(database, sql)
        if let argument = plan.candidates?.argument { statement.bind(argument, at: 1) }
        if let after = query.after {
            statement.bind(after.value, at: 2)
            statement.bind(after.number, at: 3)
        }
        statement.bind(limit, at: 4)
        condition.bind(to: statement, from: conditionFirst)
        return try statement.all { PageKey(value: $0.integer(1), number: $0.integer(0)) }
    }

    /// The first argument of a condition: those before it are the candidates', the place and the limit of a page.
    private static let conditionFirst: Int32 = 5

    /// `?` as `?5`, `?6` …: the same arguments serve in every walk.
    private static func numbered(_ sql: String) -> String {
        var text = ""
        var number = conditionFirst
        for character in sql.utf8 {
            if character == UInt8(ascii: "?") {
                text += "?\(number)"
                number += 1
            } else {
                text.unicodeScalars.append(Unicode.Scalar(character))
            }
        }
        return text
    }

    /// The issue with that id, or whose key begins like that: an id or more of it than is shown, a whole fingerprint
    /// as printed, or the beginning of one. An exact id wins over longer ones that begin alike.
    ///
    /// - Parameter now: the end of the spans of `lastDay` and `lastFortnight`.
    package func issue(matching text: String, now: Timestamp) throws(ArchiveError) -> IssueLookup {
        try read { database in
            let exact = try BoundStatement(database, "SELECT \(IssueReader.columns) FROM issue WHERE id = ?1")
            // ASCII alone: ids hold no other letters, and ß is not to become SS.
            exact.bind(IssueReader.upper(text), at: 1)
            if let record = try exact.first(IssueReader.record) {
                return .found(try IssueReader(database).detail(record, now: now))
            }
            guard let range = FingerprintRange(text) else { return .none }
            let near = try BoundStatement(
                database,
                """
                SELECT \(IssueReader.columns) FROM issue
                WHERE fingerprint BETWEEN ?1 AND ?2 AND (?3 IS NULL OR fingerprint_version = ?3)
                ORDER BY fingerprint, fingerprint_version LIMIT \(IssueLookup.ambiguousMax)
                """)
            near.bind(high: range.lowest.high, low: range.lowest.low, at: 1)
            near.bind(high: range.highest.high, low: range.highest.low, at: 2)
            near.bind(range.version.map(Int64.init), at: 3)
            let records = try near.all(IssueReader.record)
            guard let record = records.first else { return .none }
            guard records.count == 1 else { return .ambiguous(records.map(\.row.id)) }
            return .found(try IssueReader(database).detail(record, now: now))
        }
    }

    private func check(_ query: IssueQuery) throws(ArchiveError) {
        guard query.words.count <= IssueQuery.wordsMax else {
            throw ArchiveError(
                .badQuery, "a query takes at most \(IssueQuery.wordsMax) words, this one has \(query.words.count)",
                path: path)
        }
    }
}
