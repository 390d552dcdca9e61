package import Events
package import Triage

/// Which issues to list. All conditions hold together; an empty query lists the open issues, latest first.
package struct IssueQuery: Sendable, Equatable {
    package enum Sort: String, Sendable, CaseIterable {
        case lastSeen = "last_seen"
        case firstSeen = "first_seen"
        case count
        case severity
    }

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
    /// Always the greatest first; equal ones by latest event, then by age in the store.
    package var sort: Sort
    /// At most this many rows; never more than `limitMax`.
    package var limit: Int

    package static let limitDefault = 1_000
    /// What one answer may take of memory: about a kilobyte a row, and the sample.
    package static let limitMax = 100_000
    package static let wordsMax = 32

    package init(
        words: [String] = [], since: Timestamp? = nil, novelties: Set<Novelty>? = nil, severityMin: Severity = .clear,
        states: Set<IssueState>? = [.open], pack: String? = nil, sort: Sort = .lastSeen,
        limit: Int = IssueQuery.limitDefault
    ) {
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

/// The `WHERE` of a query with its arguments, in order.
struct IssueCondition {
    enum Argument {
        case text(String)
        case integer(Int64)
    }

    private(set) var sql = "1"
    private(set) var arguments: [Argument] = []

    init(_ query: IssueQuery) {
        if let states = query.states { add(column: "state", oneOf: states.map(\.rawValue)) }
        if let novelties = query.novelties { add(column: "novelty", oneOf: novelties.map(\.rawValue)) }
        if let since = query.since { add("last_seen >= ?", [.integer(since.microseconds)]) }
        if query.severityMin > .clear { add("severity >= ?", [.integer(Int64(query.severityMin.rawValue))]) }
        if let pack = query.pack { add("pack = ?", [.text(pack)]) }
        for word in query.words where !word.isEmpty {
            add("instr(lower(title), lower(?)) > 0", [.text(word)])
        }
    }

    func bind(to statement: BoundStatement) {
        for (place, argument) in arguments.enumerated() {
            switch argument {
            case .text(let text): statement.bind(text, at: Int32(place + 1))
            case .integer(let integer): statement.bind(integer, at: Int32(place + 1))
            }
        }
    }

    private mutating func add(_ condition: String, _ added: [Argument]) {
        sql += " AND \(condition)"
        arguments += added
    }

    private mutating func add(column: String, oneOf words: [String]) {
        let marks = Array(repeating: "?", count: words.count).joined(separator: ", ")
        add("\(column) IN (\(marks))", words.sorted().map { .text($0) })
    }
}
