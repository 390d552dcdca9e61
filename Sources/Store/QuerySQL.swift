internal import Events
internal import Triage

/// A condition of the query language as SQL over the table `issue`, with bound arguments only.
///
/// Names with wildcards and expressions are asked of `margay_test(place, text)`, a function that each connection gets
/// with the query (`TextTests`), since SQLite's own GLOB and LIKE end a text at its first NUL.
struct QuerySQL {
    enum Argument {
        case text(String)
        case integer(Int64)

        func bind(to statement: BoundStatement, at index: Int32) {
            switch self {
            case .text(let text): statement.bind(text, at: index)
            case .integer(let integer): statement.bind(integer, at: index)
            }
        }
    }

    private(set) var sql = ""
    private(set) var arguments: [Argument] = []
    private(set) var tests: [@Sendable (UnsafeRawBufferPointer) -> Bool] = []
    private let now: Timestamp

    init(_ node: QueryNode, now: Timestamp) {
        self.now = now
        sql = text(of: node)
    }

    func bind(to statement: BoundStatement, from first: Int32) {
        for (place, argument) in arguments.enumerated() { argument.bind(to: statement, at: first + Int32(place)) }
    }

    /// The number of the first argument behind these, where the first of these is `first`.
    func end(from first: Int32) -> Int32 { first + Int32(arguments.count) }

    /// The condition with its arguments numbered from `first` on: the same ones serve wherever it stands.
    func numbered(from first: Int32) -> String { QuerySQL.numbered(sql, from: first) }

    /// `?` as `?5`, `?6` … No text of a person is ever part of the SQL.
    static func numbered(_ sql: String, from first: Int32) -> String {
        var text = ""
        var number = first
        for character in sql.unicodeScalars {
            text.unicodeScalars.append(character)
            guard character == "?" else { continue }
            text += "\(number)"
            number += 1
        }
        return text
    }

    private mutating func text(of node: QueryNode) -> String {
        switch node {
        case .all(let nodes): return joined(nodes, " AND ", empty: "1")
        case .any(let nodes): return joined(nodes, " OR ", empty: "0")
        case .not(let node): return "NOT \(text(of: node))"
        case .test(let test): return "(\(text(of: test)))"
        }
    }

    private mutating func joined(_ nodes: [QueryNode], _ word: String, empty: String) -> String {
        if nodes.isEmpty { return empty }
        var parts: [String] = []
        for node in nodes { parts.append(text(of: node)) }
        return "(\(parts.joined(separator: word)))"
    }

    private mutating func text(of test: QueryTest) -> String {
        switch test {
        case .novelty(let novelty): return "novelty = \(mark(novelty.rawValue))"
        case .state(let state): return "state = \(mark(state.rawValue))"
        case .mark(let mark): return QuerySQL.text(of: mark)
        case .has(let attribute): return QuerySQL.text(of: attribute)
        case .severity(let comparison, let severity):
            return "severity \(comparison.rawValue) \(mark(Int64(severity.rawValue)))"
        case .type(let type): return "type = \(mark(type.rawValue))"
        case .name(let name, let patterns): return text(of: name, patterns)
        case .time(let moment, let comparison, let time):
            let column = moment == .first ? "first_seen" : "last_seen"
            return "\(column) \(comparison.rawValue) \(mark(time.microseconds))"
        case .count(let comparison, let number): return "count \(comparison.rawValue) \(mark(Int64(number)))"
        case .rate(let comparison, let number, let rate):
            return "\(text(of: rate)) \(comparison.rawValue) \(mark(Int64(number)))"
        case .words(let words):
            return "\(holds("title", words)) OR "
                + inText { query, column in query.holds("t.\(column)", words) }
        case .title(let words): return holds("title", words)
        case .expression(let expression):
            return "\(matches("title", expression.matches)) OR "
                + inText { query, column in query.matches("t.\(column)", expression.matches) }
        }
    }

    /// A condition on the sample's beginning or the notes.
    private mutating func inText(_ condition: (inout QuerySQL, String) -> String) -> String {
        let parts = [condition(&self, "excerpt"), condition(&self, "notes")]
        return "EXISTS (SELECT 1 FROM issue_text AS t WHERE t.rowid = issue.number AND "
            + "(\(parts.joined(separator: " OR "))))"
    }

    private mutating func text(of name: QueryName, _ patterns: [WildcardText]) -> String {
        switch name {
        case .id, .pack, .pattern, .owner, .reference: return equals("issue.\(name.rawValue)", patterns)
        case .node:
            return """
                EXISTS (SELECT 1 FROM issue_node JOIN node ON node.number = issue_node.node
                WHERE issue_node.issue = issue.number AND \(equals("node.name", patterns)))
                """
        case .file, .source:
            return """
                EXISTS (SELECT 1 FROM issue_stream JOIN stream ON stream.number = issue_stream.stream
                WHERE issue_stream.issue = issue.number
                AND \(equals(name == .file ? "stream.path" : "stream.source", patterns)))
                """
        }
    }

    private mutating func text(of rate: QueryRate) -> String {
        let hour = now.hour
        switch rate {
        case .hour:
            return """
                coalesce((SELECT max(count) FROM issue_hour WHERE issue_hour.issue = issue.number
                AND hour BETWEEN \(mark(hour - 1)) AND \(mark(hour))), 0)
                """
        case .day:
            return """
                coalesce((SELECT sum(count) FROM issue_hour WHERE issue_hour.issue = issue.number
                AND hour BETWEEN \(mark(hour - 23)) AND \(mark(hour))), 0)
                """
        }
    }

    /// Never null, so that a negation is the opposite.
    private mutating func equals(_ column: String, _ patterns: [WildcardText]) -> String {
        var parts: [String] = []
        for pattern in patterns {
            parts.append(
                pattern.hasWildcard
                    ? matches(column) { pattern.matches($0) } : "ifnull(\(column) = \(mark(pattern.text)), 0)")
        }
        return "(\(parts.joined(separator: " OR ")))"
    }

    private mutating func holds(_ column: String, _ words: String) -> String {
        "instr(lower(\(column)), lower(\(mark(words)))) > 0"
    }

    private mutating func matches(
        _ column: String, _ test: @escaping @Sendable (UnsafeRawBufferPointer) -> Bool
    ) -> String {
        tests.append(test)
        return "margay_test(\(tests.count - 1), \(column))"
    }

    private mutating func mark(_ text: String) -> String {
        arguments.append(.text(text))
        return "?"
    }

    private mutating func mark(_ integer: Int64) -> String {
        arguments.append(.integer(integer))
        return "?"
    }

    private static func text(of mark: QueryMark) -> String {
        switch mark {
        case .inbox:
            "state = 'open' AND novelty IN (\(newsWords)) AND severity IN (\(newsGrades)) AND merged_into IS NULL"
        case .unowned: "owner IS NULL"
        case .learned: "is_learned = 1"
        case .merged: "merged_into IS NOT NULL"
        case .forgotten: "is_forgotten = 1"
        }
    }

    /// The novelties that put an issue into the inbox, as a list of SQL.
    static let newsWords = Novelty.allCases.filter(\.wantsJudgement).map { "'\($0.rawValue)'" }.joined(separator: ", ")

    /// The severities that do, as a list of SQL.
    static let newsGrades = Severity.allCases.filter(\.wantsJudgement).map { "\($0.rawValue)" }.joined(separator: ", ")

    private static func text(of attribute: QueryAttribute) -> String {
        switch attribute {
        case .owner: "owner IS NOT NULL"
        case .runbook: "runbook IS NOT NULL"
        case .reference: "reference IS NOT NULL"
        case .note: "EXISTS (SELECT 1 FROM note WHERE note.issue = issue.number)"
        case .sample:
            """
            EXISTS (SELECT 1 FROM sample WHERE sample.number BETWEEN issue.number * \(SampleTable.slots)
            AND issue.number * \(SampleTable.slots) + \(SampleTable.slots - 1))
            """
        }
    }
}
