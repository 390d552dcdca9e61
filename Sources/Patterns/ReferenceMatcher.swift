package import PCRE2

/// The plain meaning of a pattern set: every rule in order, on every line in order, with PCRE2 and nothing else.
///
/// Slow and simple on purpose. The pack tester uses it, and the scanner's tests compare the fast way with it.
package struct ReferenceMatcher {
    /// The rule that has the record and the line that matched.
    package struct Match: Equatable {
        package let rule: Int
        /// Bytes of the record.
        package let line: Range<Int>
    }

    private let set: PatternSet
    package let scratch = MatchScratch()

    package init(_ set: PatternSet) { self.set = set }

    /// The first rule that matches any line of `record`; its captures are left in `scratch`.
    package func match(_ record: UnsafeRawBufferPointer) -> Match? {
        let lines = ReferenceMatcher.lines(of: record)
        for index in set.rules.indices {
            for line in lines where matches(index, UnsafeRawBufferPointer(rebasing: record[line])) {
                return Match(rule: index, line: line)
            }
        }
        return nil
    }

    /// Whether that one rule matches that one line.
    package func matches(_ rule: Int, _ line: UnsafeRawBufferPointer) -> Bool {
        scratch.match(set.rules[rule].expression, in: line) == .matched && set.rules[rule].isMeant(for: line)
    }

    /// Bounds of the lines, without `\n` and a `\r` before it.
    package static func lines(of record: UnsafeRawBufferPointer) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        for index in 0...record.count where index == record.count || record[index] == UInt8(ascii: "\n") {
            if index == record.count && start == index && !lines.isEmpty { break }
            let end = index > start && record[index - 1] == UInt8(ascii: "\r") ? index - 1 : index
            lines.append(start..<end)
            start = index + 1
        }
        return lines
    }
}
