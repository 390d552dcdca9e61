package import Events

/// A query and how its result is sorted.
package struct IssueFilter: Sendable, Equatable {
    package var condition: QueryNode
    /// Nil where the query does not say.
    package var sort: IssueSort?
    /// Least first instead of greatest first.
    package var isAscending: Bool

    package init(condition: QueryNode = .everything, sort: IssueSort? = nil, isAscending: Bool = false) {
        self.condition = condition
        self.sort = sort
        self.isAscending = isAscending
    }

    /// Longest query, in bytes.
    package static let bytesMax = 4 * 1_024
    /// Most conditions in one query, and parentheses in one another.
    package static let testsMax = 64
    package static let depthMax = 32
}

/// What a query is read with.
package struct QuerySetting: Sendable {
    /// Durations count back from here.
    package var now: Timestamp
    /// Who `me` is.
    package var me: String
    /// Compiles a regular expression, or says as a clause what is wrong with it; nil where none are possible.
    package var compile: (@Sendable (_ source: String, _ ignoresCase: Bool) -> CompiledQueryExpression)?

    package init(
        now: Timestamp, me: String,
        compile: (@Sendable (_ source: String, _ ignoresCase: Bool) -> CompiledQueryExpression)? = nil
    ) {
        self.now = now
        self.me = me
        self.compile = compile
    }
}

/// What came of an expression.
package enum CompiledQueryExpression: Sendable {
    case matcher(@Sendable (UnsafeRawBufferPointer) -> Bool)
    /// A clause, and the byte of the expression that it speaks of.
    case fault(String, offset: Int)
}

/// Reads the query language: `field:value`, words, "phrases" and /expressions/, joined by AND (or nothing), OR, NOT
/// (or `-`) and parentheses. NOT binds closest, then AND, then OR.
package struct QueryParser {
    private var lexer: QueryLexer
    private var token: QueryToken
    let setting: QuerySetting
    private var tests = 0
    private var depth = 0
    private(set) var filter = IssueFilter()

    /// The filter that `query` describes. Throws the first fault, with its place.
    package static func parse(_ query: String, _ setting: QuerySetting) throws(QueryFault) -> IssueFilter {
        guard query.utf8.count <= IssueFilter.bytesMax else {
            throw QueryFault(
                query: String(query.prefix(40)), offset: 0, length: 1,
                message: "the query is longer than \(IssueFilter.bytesMax) bytes")
        }
        var parser = try QueryParser(query, setting)
        guard parser.token.kind != .end else { return IssueFilter() }
        let condition = try parser.alternatives()
        switch parser.token.kind {
        case .end: break
        case .close: throw parser.fault("there is no parenthesis to close here")
        default: throw parser.fault("expected AND, OR or the end")
        }
        parser.filter.condition = condition
        return parser.filter
    }

    private init(_ query: String, _ setting: QuerySetting) throws(QueryFault) {
        lexer = QueryLexer(query)
        self.setting = setting
        token = try lexer.next()
    }

    func fault(_ message: String) -> QueryFault { lexer.fault(token.offset, token.length, message) }

    func fault(_ value: QueryToken.Value, _ message: String) -> QueryFault {
        lexer.fault(value.offset, value.length, message)
    }

    private mutating func advance() throws(QueryFault) { token = try lexer.next() }

    private mutating func alternatives() throws(QueryFault) -> QueryNode {
        var nodes = [try conjunction()]
        while token.kind == .word("OR") {
            try advance()
            nodes.append(try conjunction())
        }
        return nodes.count == 1 ? nodes[0] : .any(nodes)
    }

    private mutating func conjunction() throws(QueryFault) -> QueryNode {
        var nodes: [QueryNode] = []
        while true {
            if let node = try factor() { nodes.append(node) }
            switch token.kind {
            case .end, .close, .word("OR"): return nodes.count == 1 ? nodes[0] : .all(nodes)
            case .word("AND"): try advance()
            default: break
            }
        }
    }

    /// Nil for what is no condition: `sort:`.
    private mutating func factor() throws(QueryFault) -> QueryNode? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= IssueFilter.depthMax else {
            throw fault("parentheses and negations go deeper than \(IssueFilter.depthMax)")
        }
        switch token.kind {
        case .minus, .word("NOT"):
            try advance()
            guard let node = try factor() else { throw fault("a sort cannot be negated") }
            return .not(node)
        case .open:
            let start = token
            try advance()
            let node = try alternatives()
            guard token.kind == .close else {
                throw lexer.fault(start.offset, 1, "this parenthesis is never closed; expected )")
            }
            try advance()
            return node
        case .end, .close, .word("AND"), .word("OR"):
            throw fault("expected a word, a field such as state:open, or a parenthesis")
        default: return try test()
        }
    }

    private mutating func test() throws(QueryFault) -> QueryNode? {
        tests += 1
        guard tests <= IssueFilter.testsMax else {
            throw fault("a query takes at most \(IssueFilter.testsMax) conditions")
        }
        let node: QueryNode?
        switch token.kind {
        case .word(let text): node = .test(bare(text))
        case .quoted(let text):
            if text.isEmpty { throw fault("the quotes are empty; expected a text between them") }
            node = .test(.words(text))
        case .expression(let source, let ignoresCase): node = .test(try expression(source, ignoresCase: ignoresCase))
        case .field("sort", let comparison, let values):
            try setSort(comparison, values)
            node = nil
        case .field(let name, let comparison, let values):
            guard let field = QueryField(rawValue: name) else { throw unknownField(name) }
            node = try condition(field, comparison, values)
        case .minus, .open, .close, .end: node = nil
        }
        try advance()
        return node
    }

    /// A bare word is searched, except that a novelty other than `new` and `rare`, which are words of logs too, is that
    /// novelty: `-known`.
    private func bare(_ text: String) -> QueryTest {
        switch text {
        case "known", "regressed", "returned", "spiking": .novelty(Novelty(rawValue: text) ?? .known)
        default: .words(text)
        }
    }

    private func expression(_ source: String, ignoresCase: Bool) throws(QueryFault) -> QueryTest {
        guard let compile = setting.compile else { throw fault("expressions cannot be used here") }
        switch compile(source, ignoresCase) {
        case .matcher(let matches):
            return .expression(QueryExpression(source: source, ignoresCase: ignoresCase, matches: matches))
        case .fault(let message, let offset):
            throw lexer.fault(token.offset + 1 + min(offset, source.utf8.count), 1, message)
        }
    }

    private mutating func setSort(_ comparison: Comparison?, _ values: [QueryToken.Value]) throws(QueryFault) {
        guard let value = values.first, values.count == 1, comparison == nil else {
            throw fault("expected one field to sort by, as sort:count")
        }
        var name = value.text[...]
        let sign = name.first
        if sign == "-" || sign == "+" { name.removeFirst() }
        guard let sort = IssueSort(name: name) else {
            throw fault(value, unknown(String(name), "field to sort by", IssueSort.allCases.map(\.rawValue)))
        }
        guard depth == 1, filter.sort == nil else { throw fault("a query is sorted once, outside of parentheses") }
        filter.sort = sort
        filter.isAscending = sign == "+"
    }

    private func unknownField(_ name: String) -> QueryFault {
        let names = QueryField.allCases.map(\.rawValue) + ["sort"]
        var message = "there is no field '\(name)'; "
        if let near = NearestWord.of(name, in: names) {
            message += "did you mean '\(near)'?"
        } else {
            message += "there are: \(names.joined(separator: ", "))"
        }
        return lexer.fault(
            token.offset, name.utf8.count, message + " (to look for the text itself, put it into quotes)")
    }

    /// The sentence about a word that is none of `words`.
    func unknown(_ word: String, _ what: String, _ words: [String]) -> String {
        if let near = NearestWord.of(word, in: words) { return "'\(word)' is no \(what); did you mean '\(near)'?" }
        return "'\(word)' is no \(what); expected \(words.joined(separator: ", "))"
    }
}
