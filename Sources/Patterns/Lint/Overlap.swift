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
                    && own.contains(where: { rival.matches($0, for: other.programs, scratch) })
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
        (rank(of: pattern), name) < (pack.rank(of: other), pack.name)
    }

    /// Where a pattern comes when several packs are asked: patterns that know a fault by its text before those for whole
    /// levels, and among either those of products before those of what products are made with (`PatternSet`).
    private func rank(of pattern: Pattern) -> Int {
        (knowingPatterns.contains { $0.id == pattern.id } ? 0 : 2) + (isRuntime ? 1 : 0)
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
    /// Whether it matches a line of `record`, where its pack speaks for `programs`.
    func matches(_ record: String, for programs: ProgramNames?, _ scratch: MatchScratch) -> Bool {
        var record = record
        return record.withUTF8 { buffer in
            let bytes = UnsafeRawBufferPointer(buffer)
            return ReferenceMatcher.lines(of: bytes).contains { line in
                let line = UnsafeRawBufferPointer(rebasing: bytes[line])
                return scratch.match(match.compiled, in: line) == .matched && programs?.allow(line) ?? true
            }
        }
    }
}
