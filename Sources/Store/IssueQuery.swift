package import Events
package import Triage

/// Which issues to list. All conditions hold together; an empty query lists the open issues, latest first.
package struct IssueQuery: Sendable, Equatable {
    package typealias Sort = IssueSort

    /// A condition of the query language, beside the others.
    package var condition: QueryNode
    /// Each must occur in the title, in any place and order; the case of ASCII letters does not matter.
    package var words: [String]
    /// Only issues with an event at this time or later.
    package var since: Timestamp?
    /// Only issues of these novelties; nil for all.
    package var novelties: Set<Novelty>?
    package var severityMin: Severity
    /// Only issues in these states; nil for all.
    package var states: Set<IssueState>?
    /// The exact name; nil for all.
    package var pack: String?
    /// The greatest first; equal ones by age in the store, the latest first.
    package var sort: Sort
    /// All the other way round.
    package var isAscending: Bool
    /// Only what comes behind this in the order: the last of the page before.
    package var after: PageKey?
    /// What `rate:` counts back from.
    package var now: Timestamp
    /// At most this many rows; never more than `limitMax`.
    package var limit: Int

    package static let limitDefault = 1_000
    /// What one answer may take of memory: about a kilobyte a row, and the sample.
    package static let limitMax = 100_000
    package static let wordsMax = 32

    package init(
        words: [String] = [], since: Timestamp? = nil, novelties: Set<Novelty>? = nil, severityMin: Severity = .clear,
        states: Set<IssueState>? = [.open], pack: String? = nil, sort: Sort = .lastSeen,
        isAscending: Bool = false, limit: Int = IssueQuery.limitDefault, condition: QueryNode = .everything,
        after: PageKey? = nil, now: Timestamp = Timestamp(microseconds: 0)
    ) {
        self.condition = condition
        self.isAscending = isAscending
        self.after = after
        self.now = now
        self.words = words
        self.since = since
        self.novelties = novelties
        self.severityMin = severityMin
        self.states = states
        self.pack = pack
        self.sort = sort
        self.limit = limit
    }
}

extension IssueQuery {
    /// All its conditions as one. Parts of other issues are left out unless it asks for them or for an id.
    package var node: QueryNode {
        var nodes: [QueryNode] = []
        if let states { nodes.append(.any(states.sorted { $0.rawValue < $1.rawValue }.map { .test(.state($0)) })) }
        if let novelties {
            nodes.append(.any(novelties.sorted { $0.rawValue < $1.rawValue }.map { .test(.novelty($0)) }))
        }
        if let since { nodes.append(.test(.time(.last, .atLeast, since))) }
        if severityMin > .clear { nodes.append(.test(.severity(.atLeast, severityMin))) }
        if let pack { nodes.append(.test(.name(.pack, [WildcardText(pack)]))) }
        for word in words where !word.isEmpty { nodes.append(.test(.title(word))) }
        if condition != .everything { nodes.append(condition) }
        if !condition.mentionsParts { nodes.append(.not(.test(.mark(.merged)))) }
        return .all(nodes)
    }
}

extension QueryNode {
    /// Whether it asks for parts of other issues, or for an issue by its id.
    fileprivate var mentionsParts: Bool {
        switch self {
        case .all(let nodes), .any(let nodes): nodes.contains(where: \.mentionsParts)
        case .not(let node): node.mentionsParts
        case .test(.mark(.merged)), .test(.name(.id, _)): true
        case .test: false
        }
    }
}

/// A place in an order of issues: behind the row with this value and number.
package struct PageKey: Sendable, Equatable, Codable {
    package var value: Int64
    package var number: Int64

    package init(value: Int64, number: Int64) {
        self.value = value
        self.number = number
    }
}

/// A page of a list.
package struct IssuePageRows: Sendable, Equatable {
    package var rows: [IssueRow]
    /// Where the next page begins; nil behind the last row.
    package var next: PageKey?
}
