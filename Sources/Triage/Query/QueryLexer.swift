/// A piece of a query with its place.
struct QueryToken: Equatable {
    enum Kind: Equatable {
        /// Outside of quotes: a word, `AND`, `OR`, `NOT`.
        case word(String)
        case quoted(String)
        case expression(String, ignoresCase: Bool)
        /// `name:` with an operator and values; several only in brackets.
        case field(name: String, comparison: Comparison?, values: [Value])
        /// A `-` directly before something.
        case minus
        case open
        case close
        case end
    }

    struct Value: Equatable {
        var text: String
        var isQuoted: Bool
        var offset: Int
        var length: Int
    }

    var kind: Kind
    var offset: Int
    var length: Int
}

/// Cuts a query into tokens.
struct QueryLexer {
    private let query: String
    private let bytes: [UInt8]
    private var place = 0

    init(_ query: String) {
        self.query = query
        bytes = Array(query.utf8)
    }

    mutating func next() throws(QueryFault) -> QueryToken {
        while place < bytes.count, isSpace(bytes[place]) { place += 1 }
        let start = place
        guard place < bytes.count else { return QueryToken(kind: .end, offset: start, length: 1) }
        let kind: QueryToken.Kind
        switch bytes[place] {
        case UInt8(ascii: "("):
            place += 1
            kind = .open
        case UInt8(ascii: ")"):
            place += 1
            kind = .close
        case UInt8(ascii: "-") where place + 1 < bytes.count && !isSpace(bytes[place + 1]):
            place += 1
            kind = .minus
        case UInt8(ascii: "\""): kind = .quoted(try quoted())
        case UInt8(ascii: "/"): kind = try expression()
        default: kind = try wordOrField()
        }
        return QueryToken(kind: kind, offset: start, length: max(1, place - start))
    }

    func fault(_ offset: Int, _ length: Int, _ message: String) -> QueryFault {
        QueryFault(query: query, offset: offset, length: length, message: message)
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte <= 0x20 }

    private func isEdge(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")")
    }

    /// Between quotes; `\"` and `\\` stand for the second character.
    private mutating func quoted() throws(QueryFault) -> String {
        let start = place
        place += 1
        var text: [UInt8] = []
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            if bytes[place] == UInt8(ascii: "\\"), place + 1 < bytes.count,
                bytes[place + 1] == UInt8(ascii: "\"") || bytes[place + 1] == UInt8(ascii: "\\")
            {
                place += 1
            }
            text.append(bytes[place])
            place += 1
        }
        guard place < bytes.count else { throw fault(start, 1, "this quote is never closed; expected another \"") }
        place += 1
        return String(decoding: text, as: UTF8.self)
    }

    /// `/…/` or `/…/i`; `\/` stands for a slash.
    private mutating func expression() throws(QueryFault) -> QueryToken.Kind {
        let start = place
        place += 1
        var text: [UInt8] = []
        while place < bytes.count, bytes[place] != UInt8(ascii: "/") {
            if bytes[place] == UInt8(ascii: "\\"), place + 1 < bytes.count {
                if bytes[place + 1] != UInt8(ascii: "/") { text.append(bytes[place]) }
                place += 1
            }
            text.append(bytes[place])
            place += 1
        }
        guard place < bytes.count else {
            throw fault(start, 1, "this expression is never closed; expected another /, or quotes round a path")
        }
        place += 1
        guard !text.isEmpty else { throw fault(start, 2, "the expression is empty; expected something between // ") }
        let ignoresCase = place < bytes.count && bytes[place] == UInt8(ascii: "i")
        if ignoresCase { place += 1 }
        if place < bytes.count, !isEdge(bytes[place]) {
            throw fault(place, 1, "expected a space or the end behind /…/; a path goes into quotes")
        }
        return .expression(String(decoding: text, as: UTF8.self), ignoresCase: ignoresCase)
    }

    private mutating func wordOrField() throws(QueryFault) -> QueryToken.Kind {
        let start = place
        while place < bytes.count, bytes[place] >= UInt8(ascii: "a"), bytes[place] <= UInt8(ascii: "z") { place += 1 }
        if place > start, place < bytes.count, bytes[place] == UInt8(ascii: ":") {
            let name = String(decoding: bytes[start..<place], as: UTF8.self)
            place += 1
            let comparison = comparison()
            return .field(name: name, comparison: comparison, values: try values(of: name))
        }
        while place < bytes.count, !isEdge(bytes[place]) { place += 1 }
        return .word(String(decoding: bytes[start..<place], as: UTF8.self))
    }

    private mutating func comparison() -> Comparison? {
        for comparison in [Comparison.atLeast, .atMost, .more, .less, .equal]
        where bytes[place...].starts(with: comparison.rawValue.utf8) {
            place += comparison.rawValue.utf8.count
            return comparison
        }
        return nil
    }

    private mutating func values(of name: String) throws(QueryFault) -> [QueryToken.Value] {
        guard place < bytes.count, bytes[place] == UInt8(ascii: "[") else { return [try value(of: name, stop: [])] }
        let start = place
        place += 1
        var values: [QueryToken.Value] = []
        while true {
            while place < bytes.count, isSpace(bytes[place]) { place += 1 }
            guard place < bytes.count else { throw fault(start, 1, "this list is never closed; expected ]") }
            values.append(try value(of: name, stop: [UInt8(ascii: ","), UInt8(ascii: "]")]))
            while place < bytes.count, isSpace(bytes[place]) { place += 1 }
            guard place < bytes.count else { throw fault(start, 1, "this list is never closed; expected ]") }
            place += 1
            if bytes[place - 1] == UInt8(ascii: "]") { return values }
            if bytes[place - 1] != UInt8(ascii: ",") { throw fault(place - 1, 1, "expected , or ] in this list") }
        }
    }

    private mutating func value(of name: String, stop: [UInt8]) throws(QueryFault) -> QueryToken.Value {
        let start = place
        if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
            let text = try quoted()
            return QueryToken.Value(text: text, isQuoted: true, offset: start, length: place - start)
        }
        while place < bytes.count, !isEdge(bytes[place]), !stop.contains(bytes[place]) { place += 1 }
        guard place > start else {
            throw fault(start, 1, "expected a value behind '\(name):'; to look for the text itself, put it into quotes")
        }
        return QueryToken.Value(
            text: String(decoding: bytes[start..<place], as: UTF8.self), isQuoted: false, offset: start,
            length: place - start)
    }
}
