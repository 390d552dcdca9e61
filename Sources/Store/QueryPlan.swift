internal import Events
internal import GRDB
internal import Triage

/// How the issues of a query are found: by walking the index of the order, from a few candidates, or from all news.
///
/// A walk finds a page at once where most issues meet the query, and reads the whole store where hardly any does. So
/// where the query holds a condition that an index can count, and few issues meet that, these are looked at instead.
/// News stands in an index of its own that holds all that lists are sorted by: to read it whole costs little, unless a
/// good part of the store is news; then a walk meets it soon.
struct QueryPlan {
    enum Way {
        case walk
        case candidates(IndexedCondition)
        case news
    }

    /// Candidates beyond which the order is walked.
    static let candidatesMax = 5_000
    /// News beyond which the order is walked: this many, or one in `newsShare` of all issues, whichever is more.
    static let newsMax = 6_000
    static let newsShare = 8

    let way: Way
    /// The states that an issue may have.
    let states: Set<IssueState>
    /// Conditions on the column of the order: where a walk begins and ends.
    private let bounds: [QueryNode]

    init(_ node: QueryNode, sort: IssueSort, now: Timestamp, _ database: Database) throws {
        let states = QueryPlan.states(of: node) ?? Set(IssueState.allCases)
        self.states = states
        let conditions = QueryPlan.conjunction(node)
        bounds = conditions.filter { QueryPlan.isBound($0, of: sort) }.map(QueryPlan.span)
        var best: IndexedCondition?
        var least = QueryPlan.candidatesMax + 1
        for condition in conditions where least > 1 {
            guard let found = IndexedCondition(condition, states: states, now: now) else { continue }
            let number = try found.count(atMost: least, database)
            if number < least { (best, least) = (found, number) }
        }
        if let best {
            way = .candidates(best)
        } else if try conditions.contains(where: QueryPlan.isNews) && !QueryPlan.isMuchNews(database) {
            way = .news
        } else {
            way = .walk
        }
    }

    /// Whether so many issues are news that a walk finds a page of them sooner than they can be read and sorted.
    private static func isMuchNews(_ database: Database) throws -> Bool {
        let issues = try BoundStatement(database, "SELECT coalesce(max(number), 0) FROM issue").first { $0.int(0) } ?? 0
        let most = max(newsMax, issues / newsShare)
        let counted = try BoundStatement(
            database,
            """
            SELECT count(*) FROM (SELECT 1 FROM issue INDEXED BY issue_by_news WHERE novelty <> 'known' LIMIT \(most))
            """
        ).first { $0.int(0) }
        return counted == most
    }

    /// `bounds` as one condition; everything where there are none.
    var bound: QueryNode { .all(bounds) }

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
    private static func conjunction(_ node: QueryNode) -> [QueryNode] {
        switch node {
        case .all(let nodes): nodes.flatMap(conjunction)
        case .any, .not, .test: [node]
        }
    }

    private static func isBound(_ node: QueryNode, of sort: IssueSort) -> Bool {
        switch (node, sort) {
        case (.test(.time(.first, _, _)), .firstSeen), (.test(.time(.last, _, _)), .lastSeen),
            (.test(.count), .count), (.test(.severity), .severity):
            true
        default: false
        }
    }

    /// "Equal" as a span: with it SQLite would sort what the index has in order already.
    private static func span(_ node: QueryNode) -> QueryNode {
        func both(_ test: (Comparison) -> QueryTest) -> QueryNode {
            .all([.test(test(.atLeast)), .test(test(.atMost))])
        }
        return switch node {
        case .test(.severity(.equal, let severity)): both { .severity($0, severity) }
        case .test(.count(.equal, let number)): both { .count($0, number) }
        case .test(.time(let moment, .equal, let time)): both { .time(moment, $0, time) }
        default: node
        }
    }

    /// Whether only news meets it.
    private static func isNews(_ node: QueryNode) -> Bool {
        switch node {
        case .test(.mark(.inbox)): true
        case .test(.novelty(let novelty)): novelty != .known
        case .not(.test(.novelty(.known))): true
        case .any(let nodes): !nodes.isEmpty && nodes.allSatisfy(isNews)
        case .all(let nodes): nodes.contains(where: isNews)
        case .not, .test: false
        }
    }
}
