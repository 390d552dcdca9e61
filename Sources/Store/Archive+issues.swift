package import Events
internal import GRDB
internal import Triage

extension Archive {
    /// The issues that meet `query`, in its order. Throws `.badQuery` beyond `IssueQuery.wordsMax` words.
    package func issues(_ query: IssueQuery) throws(ArchiveError) -> [IssueRow] {
        try check(query)
        return try read { database in
            let condition = IssueCondition(query)
            let statement = try BoundStatement(
                database,
                """
                SELECT \(IssueReader.columns) FROM issue WHERE \(condition.sql)
                ORDER BY \(Archive.order(of: query.sort)) LIMIT ?
                """)
            condition.bind(to: statement)
            let limit = min(max(query.limit, 0), IssueQuery.limitMax)
            statement.bind(limit, at: Int32(condition.arguments.count + 1))
            let found = try statement.all(IssueReader.record)
            let reader = try IssueReader(database)
            return try found.map(reader.row)
        }
    }

    /// How many issues meet `query`, its limit aside. Throws as `issues(_:)` does.
    package func issueCount(_ query: IssueQuery) throws(ArchiveError) -> Int {
        try check(query)
        return try read { database in
            let condition = IssueCondition(query)
            let statement = try BoundStatement(database, "SELECT count(*) FROM issue WHERE \(condition.sql)")
            condition.bind(to: statement)
            return try statement.first { $0.int(0) } ?? 0
        }
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

    private static func order(of sort: IssueQuery.Sort) -> String {
        switch sort {
        case .lastSeen: "last_seen DESC, number DESC"
        case .firstSeen: "first_seen DESC, last_seen DESC, number DESC"
        case .count: "count DESC, last_seen DESC, number DESC"
        case .severity: "severity DESC, last_seen DESC, number DESC"
        }
    }
}
