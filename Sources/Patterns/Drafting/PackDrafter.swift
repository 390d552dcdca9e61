import Events
import PCRE2

/// Writes a pack from a log: how to know such logs, where the message begins, and patterns for the errors that come
/// most often, with tests from the lines.
///
/// A draft is a beginning, to be read and named by somebody who knows the application. It passes its own tests and has
/// nothing that the linter minds: what would not is left out.
package struct PackDrafter {
    /// Patterns in a draft.
    package static let patternsMax = 20
    /// Lines that are looked at for the header and the way to know the log.
    static let headLinesMax = 1_000
    /// Different messages that are told apart.
    static let skeletonsMax = 10_000
    /// Characters of a line that goes into a test.
    static let testLineMax = 600
    /// Share of the lines, in percent, that must have the header for the pack to have it.
    static let headerSharePercentMin = 40

    private let name: String
    private let path: String
    private var header: Expression?
    private var headerText: String?
    /// By skeleton, the lines with it, in order of appearance.
    private var groups: [String: (count: Int, lines: [String])] = [:]
    private var order: [String] = []
    private var quiet: [String] = []

    private init(name: String, path: String) {
        self.name = name
        self.path = path
    }

    /// The YAML of a pack `name` for the log `path`, whose text is `bytes`. Nil where no line looks like an error.
    package static func draft(_ bytes: UnsafeRawBufferPointer, name: String, path: String) -> String? {
        var drafter = PackDrafter(name: name, path: path)
        let lines = ReferenceMatcher.lines(of: bytes)
        drafter.findHeader(bytes, lines.prefix(headLinesMax))
        drafter.gather(bytes, lines)
        return drafter.finish()
    }

    /// A pack's name made of a file's: `my_app.2026.log` is `my-app`.
    package static func name(for path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let stem = file.split(separator: ".").first.map(String.init) ?? file
        let name = String(stem.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
            .split(separator: "-").joined(separator: "-").drop { !$0.isLetter }
        return name.isEmpty ? "application" : String(name)
    }

    private mutating func findHeader(_ bytes: UnsafeRawBufferPointer, _ lines: ArraySlice<Range<Int>>) {
        var times = TimestampScanner(zone: .utc, reference: Timestamp(microseconds: 0))
        var counts: [LineSketch: Int] = [:]
        var headed = 0
        for line in lines where !line.isEmpty {
            let line = UnsafeRawBufferPointer(rebasing: bytes[line])
            guard RecordHeader.startsRecord(line) else { continue }
            headed += 1
            if let sketch = LineSketch(line, RecordHeader.parse(line, &times)) { counts[sketch, default: 0] += 1 }
        }
        let best = counts.max { ($0.value, $1.key.expression) < ($1.value, $0.key.expression) }
        guard let best, best.value * 100 >= headed * PackDrafter.headerSharePercentMin,
            let compiled = PackDrafter.compiled(best.key.expression)
        else { return }
        headerText = best.key.expression
        header = Expression(
            text: PlacedText(text: best.key.expression, place: Place(path: path), leadColumns: nil),
            compiled: compiled)
    }

    /// Nil where PCRE2 refuses a sketch: then the pack has no header.
    private static func compiled(_ expression: String) -> CompiledExpression? {
        do { return try CompiledExpression(expression) } catch { return nil }
    }

    private mutating func gather(_ bytes: UnsafeRawBufferPointer, _ lines: [Range<Int>]) {
        var times = TimestampScanner(zone: .utc, reference: Timestamp(microseconds: 0))
        var normaliser = Normaliser()
        let scratch = MatchScratch()
        for range in lines where !range.isEmpty && range.count <= PackDrafter.testLineMax {
            let line = UnsafeRawBufferPointer(rebasing: bytes[range])
            guard RecordHeader.startsRecord(line) || header == nil else { continue }
            let parsed = RecordHeader.parse(line, &times)
            let text = String(decoding: line, as: UTF8.self)
            guard text.utf8.elementsEqual(line), text.quotedForYAML != nil else { continue }
            guard parsed.level.map({ $0 >= .error }) ?? text.looksLikeTrouble else {
                if quiet.count < 50, !text.looksLikeTrouble { quiet.append(text) }
                continue
            }
            var start = parsed.messageStart
            if let header, scratch.match(header.compiled, in: line) == .matched, let whole = scratch.capture(0),
                whole.lowerBound == 0
            {
                start = whole.upperBound
            }
            normaliser.normalise(UnsafeRawBufferPointer(rebasing: line[min(start, line.count)...]))
            let skeleton = normaliser.skeleton
            if groups[skeleton] == nil {
                guard groups.count < PackDrafter.skeletonsMax else { continue }
                order.append(skeleton)
            }
            groups[skeleton, default: (0, [])].count += 1
            if groups[skeleton]?.lines.count ?? 0 < 3 { groups[skeleton]?.lines.append(text) }
        }
    }

    private func finish() -> String? {
        let ranked = order.enumerated().sorted { left, right in
            (groups[right.element]?.count ?? 0, left.offset) < (groups[left.element]?.count ?? 0, right.offset)
        }
        var taken: Set<String> = []
        var patterns: [DraftPattern] = []
        for (_, skeleton) in ranked where patterns.count < PackDrafter.patternsMax {
            guard let group = groups[skeleton],
                let pattern = DraftPattern(skeleton: skeleton, lines: group.lines, pack: name, taken: taken)
            else { continue }
            taken.insert(pattern.id)
            patterns.append(pattern)
        }
        // The longer expression is the narrower one: it is asked first.
        patterns.sort { ($1.match.count, $0.id) < ($0.match.count, $1.id) }
        // What fails or what the linter minds is taken out; each round takes out one at least.
        while !patterns.isEmpty {
            let text = yaml(patterns)
            let faulty = faults(in: text, patterns)
            if faulty.isEmpty { return text }
            patterns.removeAll { faulty.contains($0.id) }
        }
        return nil
    }

    /// Ids of the patterns at which a test fails or a rule speaks; all of them where the fault lies elsewhere.
    private func faults(in text: String, _ patterns: [DraftPattern]) -> Set<String> {
        var library = PackLibrary()
        library.add([PackDraft(text, path: path)])
        guard let pack = library.packs[name] else { return Set(patterns.map(\.id)) }
        let report = PackTester.test(pack)
        let found = Linter.lint(library) + report.failures
        guard !found.isEmpty else { return [] }
        let starts = pack.ownPatterns.map { ($0.place.line, $0.id) }
        let ids = found.compactMap { fault in starts.last { $0.0 <= fault.place.line }?.1 }
        return ids.isEmpty ? Set(patterns.map(\.id)) : Set(ids)
    }

    private func yaml(_ patterns: [DraftPattern]) -> String {
        let parts = path.split(separator: "/").suffix(2).joined(separator: "/")
        var text = """
            # Drafted from a log by margay packs new: read it, name the patterns for what they mean, judge how bad each is.
            pack: \(name)
            description: Errors of \(name)
            detect:
              paths: [\(("**/" + parts).quotedForYAML ?? "'**/\(name).log'")]

            """
        if let headerText, let quoted = headerText.quotedForYAML {
            text += "  lines: [\(quoted)]\nheader: \(quoted)\n"
        }
        text += "patterns:\n"
        for (index, pattern) in patterns.enumerated() {
            guard pattern.match.quotedForYAML != nil, pattern.title.quotedForYAML != nil else { continue }
            let ignored = ignored(by: pattern, among: patterns, index)
            for line in pattern.yaml(severity: .indeterminate, type: nil, ignored: ignored).split(separator: "\n") {
                text += "  \(line)\n"
            }
        }
        return text
    }

    /// A line that the pattern must leave alone: of another pattern, or a quiet one.
    private func ignored(by pattern: DraftPattern, among patterns: [DraftPattern], _ index: Int) -> String {
        let others = patterns.filter { $0.id != pattern.id }
        if !others.isEmpty { return others[index % others.count].lines.first ?? "all is well" }
        return quiet.first ?? "all is well"
    }
}

extension String {
    /// Whether a line without a level speaks of a failure.
    fileprivate var looksLikeTrouble: Bool {
        let text = lowercased()
        return ["error", "fail", "fatal", "exception", "panic", "denied", "refused", "timed out", "unable", "cannot"]
            .contains { text.contains($0) }
    }
}
