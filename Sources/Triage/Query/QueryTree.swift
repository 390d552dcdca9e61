package import Events

/// A query as it was understood: what an issue has to be, have or hold. Times are absolute by now.
package indirect enum QueryNode: Sendable, Equatable {
    /// Each of them; all issues where there are none.
    case all([QueryNode])
    /// At least one of them.
    case any([QueryNode])
    case not(QueryNode)
    case test(QueryTest)
}

/// One condition on one issue.
package enum QueryTest: Sendable, Equatable {
    case novelty(Novelty)
    case state(IssueState)
    case mark(QueryMark)
    case has(QueryAttribute)
    case severity(Comparison, Severity)
    case type(EventType)
    /// Some value of the field matches one of the patterns.
    case name(QueryName, [WildcardText])
    case time(QueryMoment, Comparison, Timestamp)
    case count(Comparison, Int)
    /// Events of a span of clock hours.
    case rate(Comparison, Int, QueryRate)
    /// Held by title, sample or notes; the case of ASCII letters does not matter.
    case words(String)
    /// Held by the title.
    case title(String)
    /// Matches title, sample or notes.
    case expression(QueryExpression)
}

package enum Comparison: String, Sendable, CaseIterable {
    case less = "<"
    case atMost = "<="
    case equal = "="
    case atLeast = ">="
    case more = ">"

    package func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch self {
        case .less: left < right
        case .atMost: left <= right
        case .equal: left == right
        case .atLeast: left >= right
        case .more: left > right
        }
    }
}

/// What `is:` knows beside novelties and states.
package enum QueryMark: String, Sendable, CaseIterable {
    /// Open, news, and nobody has judged it.
    case inbox
    case unowned
    /// Came while its source was learned.
    case learned
    /// Part of another issue.
    case merged
    case forgotten
}

/// What `has:` asks for.
package enum QueryAttribute: String, Sendable, CaseIterable {
    case owner, runbook, reference, note, sample
}

/// Fields whose values are names; `*` in a pattern stands for anything.
package enum QueryName: String, Sendable, CaseIterable {
    case id, pack, pattern, node, file, source, owner, reference
}

package enum QueryMoment: String, Sendable, CaseIterable {
    case first, last
}

package enum QueryRate: String, Sendable, CaseIterable {
    /// The busier of the current clock hour and the one before.
    case hour = "h"
    /// The 24 clock hours that end with the current one.
    case day = "d"
}

/// What a list is sorted by. Equal ones follow by their number in the store, in the same direction.
package enum IssueSort: String, Sendable, CaseIterable {
    case lastSeen = "last_seen"
    case firstSeen = "first_seen"
    case count
    case severity

    /// The name, or a short one: `last`, `first`.
    package init?(name: some StringProtocol) {
        switch name {
        case "last": self = .lastSeen
        case "first": self = .firstSeen
        default: self.init(rawValue: String(name))
        }
    }
}

/// A pattern of a name: `*` stands for any number of bytes, everything else for itself.
package struct WildcardText: Sendable, Equatable {
    /// As written, the case of letters as it is.
    package let text: String

    package init(_ text: String) { self.text = text }

    package var hasWildcard: Bool { text.utf8.contains(UInt8(ascii: "*")) }

    /// Whether the whole of `candidate` matches. Linear in candidate times pattern at worst; bytes, so that any text will do.
    package func matches(_ candidate: UnsafeRawBufferPointer) -> Bool {
        var text = text
        return text.withUTF8 { pattern in
            var place = 0
            var next = 0
            var star: (pattern: Int, candidate: Int)?
            while place < candidate.count {
                if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
                    star = (next, place)
                    next += 1
                } else if next < pattern.count, pattern[next] == candidate[place] {
                    next += 1
                    place += 1
                } else if let last = star {
                    star = (last.pattern, last.candidate + 1)
                    next = last.pattern + 1
                    place = last.candidate + 1
                } else {
                    return false
                }
            }
            return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
        }
    }

    package func matches(_ candidate: String) -> Bool {
        var candidate = candidate
        return candidate.withUTF8 { matches(UnsafeRawBufferPointer($0)) }
    }
}

/// A regular expression of a query, compiled by whoever has an engine for it.
package struct QueryExpression: Sendable, Equatable {
    package let source: String
    package let ignoresCase: Bool
    /// Whether some part of these bytes matches. Any thread.
    package let matches: @Sendable (UnsafeRawBufferPointer) -> Bool

    package init(source: String, ignoresCase: Bool, matches: @escaping @Sendable (UnsafeRawBufferPointer) -> Bool) {
        self.source = source
        self.ignoresCase = ignoresCase
        self.matches = matches
    }

    package static func == (left: QueryExpression, right: QueryExpression) -> Bool {
        left.source == right.source && left.ignoresCase == right.ignoresCase
    }
}

extension QueryNode {
    package static let everything = QueryNode.all([])

    /// The states that a list shows which is asked for this and no state: the open ones, and with them the acknowledged
    /// ones where it asks for an owner, since who takes an issue acknowledges it; nil where the query says it itself.
    package var statesMeant: Set<IssueState>? {
        if mentionsState { return nil }
        return mentionsOwner ? [.open, .acknowledged] : [.open]
    }

    private var mentionsOwner: Bool {
        switch self {
        case .all(let nodes), .any(let nodes): nodes.contains(where: \.mentionsOwner)
        case .not: false
        case .test(.name(.owner, _)), .test(.has(.owner)): true
        case .test: false
        }
    }

    /// Whether the query says itself which states it means; where it does not, lists show the open ones.
    package var mentionsState: Bool {
        switch self {
        case .all(let nodes), .any(let nodes): nodes.contains(where: \.mentionsState)
        case .not(let node): node.mentionsState
        case .test(.state), .test(.mark(.inbox)), .test(.mark(.merged)), .test(.name(.id, _)): true
        case .test: false
        }
    }
}
