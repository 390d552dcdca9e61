import PCRE2

/// Two patterns that want the same lines: a test line of one is matched by another one of the same severity rule.
///
/// Decided by running each pattern's test lines through the others: a pattern of another pack for such files that is
/// asked earlier takes the line. Within a pack, a later pattern may be wider on purpose. Of two packs that are chosen for
/// one file, patterns for whole levels are asked last, and else the pack whose name comes first is asked first.
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
                for rival in other.ownPatterns
                where other.asks(rival, before: pattern, of: pack)
                    && own.contains(where: { rival.matches($0, scratch) })
                {
                    found.append(
                        remark(
                            pattern.place,
                            "\(rival.id), of another pack for such files and asked earlier, matches a test line of \(pattern.id)",
                            "leave the line to one of the two, or let one pack build on the other"))
                }
            }
        }
        return found
    }
}

extension Pack {
    /// Whether a pattern of this pack comes before one of another pack in the asking order of both.
    fileprivate func asks(_ pattern: Pattern, before other: Pattern, of pack: Pack) -> Bool {
        let isKnowing = knowingPatterns.contains { $0.id == pattern.id }
        let isOtherKnowing = pack.knowingPatterns.contains { $0.id == other.id }
        return isKnowing == isOtherKnowing ? name < pack.name : isKnowing
    }

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
