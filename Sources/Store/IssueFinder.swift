internal import GRDB
internal import Triage

/// Finds the issues of one query. Lives inside one read.
struct IssueFinder {
    struct Found {
        var keys: [PageKey]
        /// Behind this one looking goes on; nil where nothing is left to look at.
        var next: PageKey?
    }

    private let query: IssueQuery
    private let database: Database
    private let plan: QueryPlan
    private let condition: QuerySQL
    private let bound: QuerySQL

    /// The arguments: 1 and 2 the place of the page, 3 the limit, then the condition's, the bounds', the candidates'.
    private static let conditionFirst: Int32 = 4
    private let boundFirst: Int32
    private let candidatesFirst: Int32

    init(_ query: IssueQuery, _ database: Database) throws {
        self.query = query
        self.database = database
        let node = query.node
        plan = try QueryPlan(node, sort: query.sort, now: query.now, database)
        condition = QuerySQL(node, now: query.now)
        bound = QuerySQL(plan.bound, now: query.now)
        boundFirst = condition.end(from: IssueFinder.conditionFirst)
        candidatesFirst = bound.end(from: boundFirst)
        try TextTests.install(condition.tests, on: database)
    }

    func find(_ patience: Patience) throws -> Found {
        let limit = min(max(query.limit, 0), IssueQuery.limitMax)
        guard limit > 0, !plan.states.isEmpty else { return Found(keys: []) }
        switch plan.way {
        case .walk: return try walk(limit, patience)
        case .candidates(let candidates):
            return try sorted(from: IssueFinder.joined(candidates, from: candidatesFirst), "", limit, candidates)
        case .news:
            return try sorted(from: "issue INDEXED BY issue_by_news", "novelty <> 'known' AND ", limit, nil)
        }
    }

    /// How many there are, the limit aside.
    func count(atMost most: Int) throws -> Int {
        guard !plan.states.isEmpty else { return 0 }
        let met = condition.numbered(from: IssueFinder.conditionFirst)
        let source: String
        var candidates: IndexedCondition?
        switch plan.way {
        case .walk: source = "issue WHERE (\(met))"
        case .news: source = "issue INDEXED BY issue_by_news WHERE novelty <> 'known' AND (\(met))"
        case .candidates(let found):
            candidates = found
            source = "\(IssueFinder.joined(found, from: candidatesFirst)) WHERE (\(met))"
        }
        let statement = try BoundStatement(
            database, "SELECT count(*) FROM (SELECT 1 FROM \(source) LIMIT ?3)")
        bind(statement, limit: most, candidates)
        return try statement.first { $0.int(0) } ?? 0
    }

    /// Whether the query finds the issue of that number, wherever its page begins.
    func finds(_ number: Int64) throws -> Bool {
        let met = condition.numbered(from: IssueFinder.conditionFirst)
        let statement = try BoundStatement(database, "SELECT 1 FROM issue WHERE issue.number = ?3 AND (\(met))")
        statement.bind(number, at: 3)
        condition.bind(to: statement, from: IssueFinder.conditionFirst)
        return try statement.first { _ in true } ?? false
    }

    // MARK: Walking

    /// Looks at one issue after the other, of each state in its index's order.
    private func walk(_ limit: Int, _ patience: Patience) throws -> Found {
        let column = query.sort.rawValue
        let met = condition.numbered(from: IssueFinder.conditionFirst)
        let within = bound.numbered(from: boundFirst)
        let walks = plan.states.map(\.rawValue).sorted().map { state in
            """
            SELECT number, \(column), (\(met)) FROM issue INDEXED BY issue_by_\(column)
            WHERE state = '\(state)' AND (\(within))\(behind(column))
            """
        }
        let statement = try BoundStatement(
            database, walks.joined(separator: " UNION ALL ") + " ORDER BY 2 \(direction), 1 \(direction)")
        bind(statement, limit: nil, nil)
        defer { statement.rewind() }
        var found = Found(keys: [])
        var clock = Patience.Clock(patience)
        while try statement.step() {
            let key = PageKey(value: statement.integer(1), number: statement.integer(0))
            if statement.integer(2) != 0 { found.keys.append(key) }
            if found.keys.count == limit || clock.isOver() {
                found.next = key
                break
            }
        }
        return found
    }

    // MARK: Sorting

    /// Takes all of `source` that meets the query, and sorts it.
    private func sorted(
        from source: String, _ more: String, _ limit: Int, _ candidates: IndexedCondition?
    ) throws -> Found {
        let column = query.sort.rawValue
        let met = condition.numbered(from: IssueFinder.conditionFirst)
        // The + keeps SQLite from walking the index of the order after all.
        let statement = try BoundStatement(
            database,
            """
            SELECT issue.number, \(column) FROM \(source)
            WHERE \(more)(\(met))\(behind("+" + column))
            ORDER BY +\(column) \(direction), issue.number \(direction) LIMIT ?3
            """)
        bind(statement, limit: limit, candidates)
        let keys = try statement.all { PageKey(value: $0.integer(1), number: $0.integer(0)) }
        return Found(keys: keys, next: keys.count == limit ? keys.last : nil)
    }

    /// The candidates in front, each once: SQLite would rather look through all issues for them.
    private static func joined(_ candidates: IndexedCondition, from first: Int32) -> String {
        """
        (SELECT DISTINCT number FROM (\(candidates.numbered(from: first)))) AS candidate
        CROSS JOIN issue ON issue.number = candidate.number
        """
    }

    private var direction: String { query.isAscending ? "ASC" : "DESC" }

    private func behind(_ column: String) -> String {
        guard query.after != nil else { return "" }
        return " AND (\(column), issue.number) \(query.isAscending ? ">" : "<") (?1, ?2)"
    }

    private func bind(_ statement: BoundStatement, limit: Int?, _ candidates: IndexedCondition?) {
        if let after = query.after {
            statement.bind(after.value, at: 1)
            statement.bind(after.number, at: 2)
        }
        if let limit { statement.bind(limit, at: 3) }
        condition.bind(to: statement, from: IssueFinder.conditionFirst)
        if candidates == nil, case .walk = plan.way { bound.bind(to: statement, from: boundFirst) }
        candidates?.bind(to: statement, from: candidatesFirst)
    }
}
