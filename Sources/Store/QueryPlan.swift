internal import Events
internal import GRDB
internal import Triage

/// How the issues of a query are found: by walking the index of the order, or from a few candidates.
///
/// A walk finds a page at once where most issues meet the query, and reads the whole store where hardly any does. So
/// where the query holds a condition that an index can count, and few issues meet that, these are looked at instead.
struct QueryPlan {
    /// Candidates beyond which the order is walked.
    static let candidatesMax = 5_000

    /// `SELECT number …` with its arguments; nil for a walk.
    private(set) var candidates: (sql: String, argument: String?)?

    init(_ node: QueryNode, _ database: Database) throws {
        for test in QueryPlan.conjunction(node) {
            guard let found = QueryPlan.candidates(of: test) else { continue }
            let probe = try BoundStatement(
                database, "SELECT count(*) FROM (\(found.sql) LIMIT \(QueryPlan.candidatesMax + 1))")
            if let argument = found.argument { probe.bind(argument, at: 1) }
            guard try probe.first({ $0.int(0) }) ?? 0 <= QueryPlan.candidatesMax else { continue }
            candidates = found
            return
        }
    }

    /// The states that an issue may have; nil for any.
    static func states(of node: QueryNode) -> Set<IssueState>? {
        switch node {
        case .test(.state(let state)): return [state]
        case .test(.mark(.inbox)): return [.open]
        case .any(let nodes):
            var states: Set<IssueState> = []
            for node in nodes {
                guard let more = self.states(of: node) else { return nil }
                states.formUnion(more)
            }
            return states
        case .all(let nodes):
            return nodes.compactMap { states(of: $0) }.reduce(nil) { $0?.intersection($1) ?? $1 }
        case .not, .test: return nil
        }
    }

    /// Conditions that all hold.
    private static func conjunction(_ node: QueryNode) -> [QueryTest] {
        switch node {
        case .test(let test): [test]
        case .all(let nodes): nodes.flatMap(conjunction)
        case .any, .not: []
        }
    }

    /// A partial index is used only where its own condition stands in the query.
    private static func candidates(of test: QueryTest) -> (sql: String, argument: String?)? {
        switch test {
        case .mark(.inbox):
            return ("SELECT number FROM issue WHERE novelty <> 'known' AND novelty IN (\(QuerySQL.newsWords))", nil)
        case .novelty(let novelty) where novelty != .known:
            return ("SELECT number FROM issue WHERE novelty <> 'known' AND novelty = '\(novelty.rawValue)'", nil)
        case .mark(.merged): return ("SELECT number FROM issue WHERE merged_into IS NOT NULL", nil)
        case .has(.owner): return ("SELECT number FROM issue WHERE owner IS NOT NULL", nil)
        case .has(.note): return ("SELECT issue FROM note", nil)
        case .name(let name, let patterns):
            guard let only = patterns.first, patterns.count == 1, !only.hasWildcard else { return nil }
            switch name {
            case .pack: return ("SELECT number FROM issue WHERE pack = ?1", only.text)
            case .owner: return ("SELECT number FROM issue WHERE owner = ?1 AND owner IS NOT NULL", only.text)
            case .node:
                return (
                    "SELECT issue FROM issue_node WHERE node = (SELECT number FROM node WHERE name = ?1)", only.text
                )
            case .file:
                return (
                    "SELECT issue FROM issue_stream WHERE stream IN (SELECT number FROM stream WHERE path = ?1)",
                    only.text
                )
            case .source:
                return (
                    "SELECT issue FROM issue_stream WHERE stream IN (SELECT number FROM stream WHERE source = ?1)",
                    only.text
                )
            case .id, .pattern, .reference: return nil
            }
        case .words(let words), .title(let words):
            return match(words).map { ("SELECT rowid FROM issue_text WHERE issue_text MATCH ?1", $0) }
        default: return nil
        }
    }

    /// The groups of three characters of `words` as a query of FTS5; nil where there are none to look up.
    static func match(_ words: String) -> String? {
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
