import Events
import PCRE2
import Patterns
import Scan

/// Called by libFuzzer with any bytes. The first one says what the rest is: a pack, an expression, or a log.
///
/// Nothing may crash, and a log must give the same events with the prefilter and without it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 1 else { return 0 }
    let bytes = UnsafeRawBufferPointer(start: start + 1, count: count - 1)
    switch start[0] % 4 {
    case 0: readPack(String(decoding: bytes, as: UTF8.self))
    case 1: readExpression(String(decoding: bytes, as: UTF8.self))
    case 2: scan(bytes, FuzzSets.known)
    default: readLine(bytes)
    }
    return 0
}

private func readPack(_ text: String) {
    var library = PackLibrary()
    library.add([PackDraft(text, path: "fuzz.yaml")])
    _ = Linter.lint(library).map(\.description)
    for pack in library.packs.values { _ = PackTester.test(pack) }
}

/// The expression in a pack that is otherwise right, on a log made of its own text.
private func readExpression(_ text: String) {
    let quoted = text.replacing("'", with: "''").filter { !$0.isNewline }
    let result = PackLoader.load("pack: a\npatterns:\n  - {id: a.b, match: '\(quoted)'}\n", path: "fuzz.yaml")
    guard let pack = result.pack, !pack.patterns.isEmpty else { return }
    let set = PatternSet(packs: [pack])
    Array("\(text)\n2026-11-22 10:00:00 ERROR x\n\(text)\n".utf8).withUnsafeBytes { bytes in
        scan(bytes, FuzzSets.Pair(set))
    }
}

private func scan(_ bytes: UnsafeRawBufferPointer, _ pair: FuzzSets.Pair) {
    let filtered = events(bytes, pair.set, pair.on)
    let plain = events(bytes, pair.set, pair.off)
    precondition(filtered == plain, "the prefilter changes the answer")
}

private func events(_ bytes: UnsafeRawBufferPointer, _ set: PatternSet, _ prefilter: Prefilter) -> [String] {
    let scanner = RecordScanner(set, prefilter: prefilter)
    var state = FileScanState(zone: .utc, reference: Timestamp(seconds: 1_795_000_000))
    var found: [String] = []
    _ = scanner.scan(Chunk(bytes: bytes, offset: 0, line: 1, ending: .ended), &state) { scanned in
        let event = scanner.event(scanned, file: "fuzz.log")
        found.append("\(event.pattern) \(event.offset) \(event.length) \(event.fingerprint)")
    }
    // What a limit stopped may differ: a rule that is asked about fewer lines gives up on fewer of them.
    return scanner.matchesGivenUp.isEmpty ? found : []
}

private func readLine(_ bytes: UnsafeRawBufferPointer) {
    var times = TimestampScanner(zone: .utc, reference: Timestamp(seconds: 1_795_000_000))
    _ = RecordHeader.parse(bytes, &times)
    _ = StackTrace.parse(bytes)
    var normaliser = Normaliser()
    normaliser.normalise(bytes)
    _ = normaliser.display()
    _ = PackDrafter.draft(bytes, name: "fuzz", path: "/fuzz.log")
}

/// Packs of every kind of rule, compiled once.
private enum FuzzSets {
    struct Pair: Sendable {
        let set: PatternSet
        let on: Prefilter
        let off: Prefilter

        init(_ set: PatternSet) {
            self.set = set
            on = Prefilter(set)
            off = Prefilter(set, isEnabled: false)
        }
    }

    static let known: Pair = {
        let text = #"""
            pack: a
            define: { word: '[a-z]+' }
            header: '^(?<time>\S+ \S+) (?<level>\w+) '
            record: { continues: '^\+' }
            mask: [{ match: 'id \K\w+', as: id }]
            patterns:
              - { id: a.anchored, match: '^ERR (?<code>\d+)$', fingerprint: [code] }
              - { id: a.look, match: '(?<!no )error(?! ignored)', severity: level, fingerprint: [message] }
              - { id: a.wide, match: 'stra.e (?&word)', options: [utf, ignore-case] }
              - { id: a.trace, match: '^\s+at \w', fingerprint: [exception, frames] }
              - { id: a.json, match: '"level":"?[e5]', fingerprint: [message, frames] }
            discard: [{ match: 'healthcheck' }]
            """#
        return Pair(PatternSet(packs: PackLoader.load(text, path: "a.yaml").pack.map { [$0] } ?? []))
    }()
}
