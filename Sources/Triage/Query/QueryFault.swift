/// What is wrong with a query, and where.
package struct QueryFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The query, whole.
    package let query: String
    /// First byte of the place, and how many it has; at least 1, and possibly just behind the end.
    package let offset: Int
    package let length: Int
    /// What is wrong and what was expected, without a full stop.
    package let message: String

    package init(query: String, offset: Int, length: Int, message: String) {
        self.query = query
        self.offset = offset
        self.length = length
        self.message = message
    }

    /// Column of the place, from 1, in characters.
    package var column: Int { String(decoding: query.utf8.prefix(offset), as: UTF8.self).count + 1 }

    /// Three lines: message with column, query, caret. Control characters of the query become spaces.
    package var description: String {
        let shown = String(String.UnicodeScalarView(query.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
        let place = query.utf8.dropFirst(offset).prefix(length)
        let width = max(1, String(decoding: place, as: UTF8.self).count)
        return """
            query:\(column): error: \(message)
              \(shown)
              \(String(repeating: " ", count: column - 1))\(String(repeating: "^", count: width))
            """
    }
}

/// The nearest of some words to a mistyped one.
package enum NearestWord {
    /// The one with the fewest edits, at most a third of the length and at least one; nil where all are too far.
    package static func of(_ word: String, in words: [String]) -> String? {
        let wanted = Array(word.utf8.prefix(64))
        let allowed = max(1, wanted.count / 3)
        let distances = words.map { (word: $0, edits: edits(wanted, Array($0.utf8))) }
        guard let best = distances.min(by: { $0.edits < $1.edits }), best.edits <= allowed else { return nil }
        return best.word
    }

    /// Insertions, deletions and changes between the two; a swap of neighbours counts as one.
    private static func edits(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var before = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let same = left[row] == right[column]
                var cost = min(last[column] + (same ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, before[column - 1] + 1)
                }
                current.append(cost)
            }
            (before, last) = (last, current)
        }
        return last[right.count]
    }
}
