package import Events
internal import GRDB
internal import Triage

extension Archive {
    /// The issues that meet `query`, in its order, however long it takes to find them. Throws `.badQuery` beyond
    /// `IssueQuery.wordsMax` words.
    package func issues(_ query: IssueQuery) throws(ArchiveError) -> [IssueRow] {
        try page(query, patience: .endless).rows
    }

    /// The issues that meet `query`, in its order, and where the next ones begin. Throws as `issues(_:)` does.
    ///
    /// Where hardly any issue meets the query and no index tells which, looking ends when `patience` does: the page is
    /// short, perhaps empty, and `next` is where looking goes on.
    package func page(_ query: IssueQuery, patience: Patience = .page) throws(ArchiveError) -> IssuePageRows {
        try check(query)
        return try read { database in
            let found = try IssueFinder(query, database).find(patience)
            let reader = try IssueReader(database)
            let rows = try found.keys.map { key in try reader.row(try reader.record(number: key.number)) }
            return IssuePageRows(rows: rows, next: found.next)
        }
    }

    /// The ids of the issues that meet `query`, in its order. Throws as `issues(_:)` does.
    package func ids(_ query: IssueQuery) throws(ArchiveError) -> [String] {
        try check(query)
        return try read { database in
            let id = try BoundStatement(database, "SELECT id FROM issue WHERE number = ?1")
            return try IssueFinder(query, database).find(.endless).keys.compactMap { key in
                id.bind(key.number, at: 1)
                return try id.first { $0.text(0) }
            }
        }
    }

    /// How many issues meet `query`, its limit aside; not counted further than `most`. Throws as `issues(_:)` does.
    package func issueCount(_ query: IssueQuery, atMost most: Int = .max) throws(ArchiveError) -> Int {
        try check(query)
        return try read { database in try IssueFinder(query, database).count(atMost: most) }
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

    func check(_ query: IssueQuery) throws(ArchiveError) {
        guard query.words.count <= IssueQuery.wordsMax else {
            throw ArchiveError(
                .badQuery, "a query takes at most \(IssueQuery.wordsMax) words, this one has \(query.words.count)",
                path: path)
        }
    }
}
