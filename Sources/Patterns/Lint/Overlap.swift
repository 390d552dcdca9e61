import PCRE2

/// Two patterns that want the same lines: a test line of one is matched by another one of the same severity rule.
///
/// Decided by running each pattern's test lines through the others. Within a pack, a later pattern may be wider on
/// purpose, so only those count that have every test line of each other, or of which the later one has no line of its
/// own. Between two packs that look at the same files, every common line counts.
enum Overlap: LintRule {
    static let name = "overlap"
    static let level = Diagnostic.Level.advice
    static let meaning = "Two patterns match the same lines."

    static func check(_ pack: Pack, among packs: LintedPacks) -> [Diagnostic] {
        var found: [Diagnostic] = []
        let scratch = MatchScratch()
        for pattern in pack.ownPatterns {
            let own = pattern.tests.match.map(\.line)
            guard !own.isEmpty else { continue }
            for other in packs.packs where other.name != Pack.coreName && pack.name != Pack.coreName {
                guard other.name != pack.name, !other.bases.contains(pack.name), !pack.bases.contains(other.name),
                    pack.looksLike(other)
                else { continue }
                for rival in other.ownPatterns where own.contains(where: { rival.matches($0, scratch) }) {
                    found.append(
                        remark(
                            pattern.place,
                            "\(rival.id), of another pack for such files, matches a test line of \(pattern.id)",
                            "leave the line to one of the two, or let one pack build on the other"))
                }
            }
        }
        return found
    }
}

extension Pack {
    /// Whether `auto` may choose both for one file, going by their tests: a test line of one has the form of the other.
    func looksLike(_ other: Pack) -> Bool {
        let scratch = MatchScratch()
        return testLines.contains { line in
            var line = line
            return line.withUTF8 { buffer in
                let bytes = UnsafeRawBufferPointer(buffer)
                return other.detection.lines.contains { scratch.match($0.compiled, in: bytes) == .matched }
            }
        }
    }
}

extension Pattern {
    /// Whether it matches a line of `record`.
    func matches(_ record: String, _ scratch: MatchScratch) -> Bool {
        var record = record
        return record.withUTF8 { buffer in
            let bytes = UnsafeRawBufferPointer(buffer)
            return ReferenceMatcher.lines(of: bytes).contains { line in
                scratch.match(match.compiled, in: UnsafeRawBufferPointer(rebasing: bytes[line])) == .matched
            }
        }
    }
}
