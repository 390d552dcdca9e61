import PCRE2

/// A header that none of the pack's own lines has.
enum IdleHeader: LintRule {
    static let name = "idle-header"
    static let level = Diagnostic.Level.warning
    static let meaning = "The header matches none of the pack's test lines."

    static func check(_ pack: Pack, among packs: LintedPacks) -> [Diagnostic] {
        guard let header = pack.header, header.text.place.path == pack.path else { return [] }
        let scratch = MatchScratch()
        let lines = pack.testLines
        let isMatched = lines.contains { line in
            var line = line
            return line.withUTF8 { scratch.match(header.compiled, in: UnsafeRawBufferPointer($0)) == .matched }
        }
        guard !lines.isEmpty, !isMatched else { return [] }
        return [
            remark(
                header.text.place, "the header matches none of the \(lines.count) lines of the pack's tests",
                "mend it, or take lines from a real log")
        ]
    }
}
