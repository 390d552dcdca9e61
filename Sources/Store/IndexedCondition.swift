internal import Events
internal import GRDB
internal import Triage

/// A condition of a query that an index answers: a SELECT of the numbers of all issues that may meet it.
struct IndexedCondition {
    /// One column, `number`; an issue may come more than once.
    private(set) var sql: String
    /// For the `?` in it, in order.
    private(set) var arguments: [QuerySQL.Argument]

    private init(_ sql: String, _ arguments: QuerySQL.Argument...) { self.init(sql: sql, all: arguments) }

    private init(sql: String, all arguments: [QuerySQL.Argument]) {
        self.sql = sql
        self.arguments = arguments
    }

    /// Nil where no index answers it. Alternatives are answered where each of them is.
    init?(_ node: QueryNode, states: Set<IssueState>, now: Timestamp) {
        switch node {
        case .test(let test): self.init(test, states: states, now: now)
        case .not(.test(.novelty(.known))): self.init("SELECT number FROM issue WHERE novelty <> 'known'")
        case .any(let nodes):
            let parts = nodes.compactMap { IndexedCondition($0, states: states, now: now) }
            guard !parts.isEmpty, parts.count == nodes.count else { return nil }
            self.init(
                sql: parts.map(\.sql).joined(separator: " UNION ALL "), all: parts.flatMap(\.arguments))
        case .all(let nodes):
            guard let part = nodes.lazy.compactMap({ IndexedCondition($0, states: states, now: now) }).first else {
                return nil
            }
            self = part
        case .not: return nil
        }
    }

    /// How many numbers it selects; more than `limit` are not counted.
    func count(atMost limit: Int, _ database: Database) throws -> Int {
        let statement = try BoundStatement(
            database, "SELECT count(*) FROM (SELECT number FROM (\(numbered(from: 1))) LIMIT \(limit))")
        bind(to: statement, from: 1)
        return try statement.first { $0.int(0) } ?? 0
    }

    func numbered(from first: Int32) -> String { QuerySQL.numbered(sql, from: first) }

    func bind(to statement: BoundStatement, from first: Int32) {
        for (place, argument) in arguments.enumerated() { argument.bind(to: statement, at: first + Int32(place)) }
    }

    /// A partial index is used only where its own condition stands in the query.
    private init?(_ test: QueryTest, states: Set<IssueState>, now: Timestamp) {
        switch test {
        case .mark(.inbox):
            self.init("SELECT number FROM issue WHERE novelty <> 'known' AND novelty IN (\(QuerySQL.newsWords))")
        case .novelty(let novelty) where novelty != .known:
            self.init("SELECT number FROM issue WHERE novelty <> 'known' AND novelty = '\(novelty.rawValue)'")
        case .mark(.merged): self.init("SELECT number FROM issue WHERE merged_into IS NOT NULL")
        case .has(.owner): self.init("SELECT number FROM issue WHERE owner IS NOT NULL")
        case .has(.reference): self.init("SELECT number FROM issue WHERE reference IS NOT NULL")
        case .has(.note): self.init("SELECT issue AS number FROM note")
        case .name(let name, let patterns):
            guard let only = patterns.first, patterns.count == 1 else { return nil }
            self.init(name, only)
        case .words(let words), .title(let words):
            guard let match = IndexedCondition.match(words) else { return nil }
            self.init("SELECT rowid AS number FROM issue_text WHERE issue_text MATCH ?", .text(match))
        case .state(let state) where state != .open: self.init(.severity, "", [], states: [state])
        case .severity(let comparison, let severity):
            self.init(.severity, comparison, Int64(severity.rawValue), states)
        case .count(let comparison, let number): self.init(.count, comparison, Int64(number), states)
        case .time(let moment, let comparison, let time):
            self.init(moment == .first ? .firstSeen : .lastSeen, comparison, time.microseconds, states)
        case .rate(let comparison, let number, let rate):
            self.init(comparison, number, rate, states, now: now)
        default: return nil
        }
    }

    private init(_ sort: IssueSort, _ comparison: Comparison, _ value: Int64, _ states: Set<IssueState>) {
        self.init(sort, " AND \(sort.rawValue) \(comparison.rawValue) ?", [.integer(value)], states: states)
    }

    private init(
        _ sort: IssueSort, _ condition: String, _ arguments: [QuerySQL.Argument], states: Set<IssueState>
    ) {
        let words = states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
        sql = "SELECT number FROM issue INDEXED BY issue_by_\(sort.rawValue) WHERE state IN (\(words))\(condition)"
        self.arguments = arguments
    }

    /// Who has events in a span of hours was seen since it began, and has at least as many events in all.
    private init?(
        _ comparison: Comparison, _ number: Int, _ rate: QueryRate, _ states: Set<IssueState>, now: Timestamp
    ) {
        guard comparison == .more || comparison == .atLeast || comparison == .equal,
            number > 0 || comparison == .more
        else { return nil }
        guard number > 1 else {
            let hours: Int64 = rate == .hour ? 1 : 23
            let since = Timestamp(seconds: (now.hour - hours) * 3_600)
            self.init(.lastSeen, .atLeast, since.microseconds, states)
            return
        }
        self.init(.count, comparison == .more ? .more : .atLeast, Int64(number), states)
    }

    private init?(_ name: QueryName, _ pattern: WildcardText) {
        if name == .id, let prefix = pattern.prefix {
            // `~` comes behind every character of an id.
            self.init("SELECT number FROM issue WHERE id BETWEEN ? AND ?", .text(prefix), .text(prefix + "~"))
            return
        }
        guard !pattern.hasWildcard else {
            self.init(wildcard: name, pattern)
            return
        }
        let text = QuerySQL.Argument.text(pattern.text)
        switch name {
        case .pack: self.init("SELECT number FROM issue WHERE pack = ?", text)
        case .owner: self.init("SELECT number FROM issue WHERE owner = ? AND owner IS NOT NULL", text)
        case .reference: self.init("SELECT number FROM issue WHERE reference = ? AND reference IS NOT NULL", text)
        case .node:
            self.init(
                "SELECT issue AS number FROM issue_node WHERE node = (SELECT number FROM node WHERE name = ?)", text)
        case .file:
            self.init(
                """
                SELECT issue AS number FROM issue_stream WHERE stream IN (SELECT number FROM stream WHERE path = ?)
                """, text)
        case .source:
            self.init(
                """
                SELECT issue AS number FROM issue_stream WHERE stream IN (SELECT number FROM stream WHERE source = ?)
                """, text)
        case .pattern:
            // The index begins with the pack, of which a pattern has one as a rule.
            self.init(
                """
                SELECT number FROM issue WHERE pack IN (SELECT pack FROM pattern_tally WHERE pattern = ?) AND pattern = ?
                """, text, text)
        case .id: return nil
        }
    }

    /// Nodes and files are few beside the issues: they are looked through for those that match. GLOB ends a text at its
    /// first NUL, so that texts with one are taken along.
    private init?(wildcard name: QueryName, _ pattern: WildcardText) {
        let column = name == .file ? "path" : "source"
        let likeness = QuerySQL.Argument.text(pattern.like)
        switch name {
        case .node:
            self.init(
                """
                SELECT issue AS number FROM issue_node
                WHERE node IN (SELECT number FROM node WHERE name GLOB ? OR instr(name, char(0)) > 0)
                """, likeness)
        case .file, .source:
            self.init(
                """
                SELECT issue AS number FROM issue_stream
                WHERE stream IN (SELECT number FROM stream WHERE \(column) GLOB ? OR instr(\(column), char(0)) > 0)
                """, likeness)
        case .id, .pack, .pattern, .owner, .reference: return nil
        }
    }

    /// The groups of three characters of `words` as a query of FTS5; nil where there are none to look up.
    private static func match(_ words: String) -> String? {
        let characters = Array(words.unicodeScalars)
        guard characters.count >= 3, !characters.contains("\0") else { return nil }
        let groups = (0..<min(characters.count - 2, 32)).map { start in
            let group = String(String.UnicodeScalarView(characters[start..<start + 3]))
            return "\"" + group.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                + "\""
        }
        return Set(groups).sorted().joined(separator: " AND ")
    }
}

extension WildcardText {
    /// What stands before its only star, at the end; nil for any other pattern.
    fileprivate var prefix: String? {
        guard text.hasSuffix("*"), !text.dropLast().contains("*") else { return nil }
        return text.utf8.count > 1 ? String(text.dropLast()) : nil
    }

    /// For SQLite's GLOB, which has two more signs: what this matches, and perhaps more.
    fileprivate var like: String {
        String(text.map { $0 == "[" || $0 == "?" || $0 == "\0" ? "?" : $0 })
    }
}
