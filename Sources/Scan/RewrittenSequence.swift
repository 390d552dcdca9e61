/// One element of an expression with its quantifier, rewritten.
struct RewrittenItem {
    var text: String
    /// A line end.
    var isEnd = false
    /// May match nothing, so that it need not be there.
    var isOptional = false
    /// Any number of something unspecific, like `.+` or `[^ ]+`: says next to nothing at the end of an expression.
    var isIdle = false
    /// The ASCII character that it is, once and nothing else.
    var byte: UInt8?
    /// The longest text that is in every match of the group that it is.
    var innerLiteral: [UInt8] = []

    /// Says that it may be there any number of times, or not at all.
    mutating func forgetLiteral() {
        byte = nil
        innerLiteral = []
    }
}

struct RewrittenSequence {
    var items: [RewrittenItem] = []
    /// Pieces between `|` that came before the current items.
    var alternatives: [[RewrittenItem]] = []
    /// A quantifier stands behind a comment, where it was not taken for one.
    var hasStrayQuantifier = false

    var text: String { (alternatives + [items]).map { $0.map(\.text).joined() }.joined(separator: "|") }

    /// The longest text that is in every match; empty where there is none, as among alternatives.
    var longestLiteral: [UInt8] {
        guard alternatives.isEmpty, !hasStrayQuantifier else { return [] }
        var longest: [UInt8] = []
        var run: [UInt8] = []
        for item in items {
            if let byte = item.byte {
                run.append(byte)
            } else {
                run = item.innerLiteral
            }
            if run.count > longest.count { longest = run }
            if item.byte == nil { run = [] }
        }
        return longest
    }

    var withoutIdleEnd: String {
        guard alternatives.isEmpty else { return text }
        var items = items
        while items.count > 1, let last = items.last {
            let before = items[items.count - 2]
            guard last.isIdle || last.isOptional || (last.isEnd && (before.isIdle || before.isOptional)) else { break }
            items.removeLast()
        }
        return items.map(\.text).joined()
    }
}
