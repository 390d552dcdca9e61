package import Events
import PCRE2
package import Patterns
package import Scan
import Tail

/// How well the packs fit some logs: which patterns hit, what they cost, and what looks like an error and is nobody's.
package struct CoverageScan {
    /// One pattern or discard.
    package struct Row: Sendable {
        package var rule: String
        package var pack: String
        package var isDiscard: Bool
        /// Records that it has; for a discard, lines that it matches.
        package var records = 0
        package var cost = PatternTiming.Cost()
    }

    /// Records that look alike and that no pattern of a named pack has.
    package struct Unclaimed: Sendable {
        package var count: Int
        /// The pattern of `core` that has them; nil where not even that knows them.
        package var rule: String?
        package var title: String
        package var file: String
        package var line: Int64
    }

    package struct Outcome: Sendable {
        /// In asking order.
        package var rows: [Row] = []
        /// The most frequent first.
        package var unclaimed: [Unclaimed] = []
        package var lines: Int64 = 0
        package var faults: [Diagnostic] = []
        package var choices: [(path: String, reason: String)] = []
    }

    /// Different shapes of unclaimed records that are counted.
    static let unclaimedMax = 10_000

    /// What a line says that something went wrong, in any application.
    private static let troubleWords =
        "(?i)\\b(?:errors?|fail(?:ed|ure|s)?|fatal|panic(?:ked)?|exception|traceback|denied|refused|rejected|timed out|"
        + "timeout|unreachable|unable|cannot|could not|can't|corrupt(?:ed)?|crash(?:ed)?|abort(?:ed)?|out of memory)\\b"

    private let catalogue: PackCatalogue
    private var outcome = Outcome()
    private var rows: [String: Int] = [:]
    private var shapes: [Fingerprint: Int] = [:]
    private let trouble: CompiledExpression
    private let scratch = MatchScratch()

    private init(_ catalogue: PackCatalogue) throws(ExpressionError) {
        self.catalogue = catalogue
        trouble = try CompiledExpression(CoverageScan.troubleWords)
    }

    /// Reads `files` from end to end.
    package static func run(
        _ files: [String], _ catalogue: PackCatalogue, _ selection: PackSelection, zone: TimeZoneRules, now: Timestamp
    ) throws -> Outcome {
        var coverage = try CoverageScan(catalogue)
        coverage.read(files, selection, zone, now)
        return coverage.outcome
    }

    private mutating func read(_ files: [String], _ selection: PackSelection, _ zone: TimeZoneRules, _ now: Timestamp) {
        var every = selection
        every.takesEveryRecord = true
        let reader = BlockReader(files: files) { [catalogue] path in
            LogScan.open(path, LogShape(), catalogue, every, zone, now: now)
        }
        let buffer = BlockBuffer()
        var scanners: [ObjectIdentifier: (scanner: RecordScanner, timing: PatternTiming)] = [:]
        while let block = reader.next(into: buffer) {
            let key = ObjectIdentifier(block.file.patterns)
            let known = scanners[key] ?? begin(block.file.patterns)
            scanners[key] = known
            let chunk = block.chunk(in: buffer)
            known.timing.measure(chunk.bytes)
            var state = FileScanState(
                zone: zone, reference: block.file.fallbackTime, beginsInside: block.beginsInside)
            _ = known.scanner.scan(chunk, &state) { note($0, known.scanner, file: block.file.path) }
        }
        for (_, known) in scanners { add(known.timing.costs, of: known.scanner.set) }
        outcome.unclaimed.sort { ($1.count, $0.title) < ($0.count, $1.title) }
        outcome.lines = reader.totals.lines
        outcome.faults = reader.totals.faults
        outcome.choices = reader.totals.choices
    }

    private mutating func begin(_ compiled: CompiledSet) -> (scanner: RecordScanner, timing: PatternTiming) {
        for rule in compiled.patterns.rules where rule.pack.name != Pack.everyRecordName && rows[rule.name] == nil {
            rows[rule.name] = outcome.rows.count
            outcome.rows.append(Row(rule: rule.name, pack: rule.origin, isDiscard: rule.isDiscard))
        }
        return (
            RecordScanner(compiled.patterns, prefilter: compiled.prefilter),
            PatternTiming(compiled.patterns, prefilter: compiled.prefilter)
        )
    }

    private mutating func add(_ costs: [PatternTiming.Cost], of set: PatternSet) {
        for (index, cost) in costs.enumerated() {
            guard let row = rows[set.rules[index].name] else { continue }
            outcome.rows[row].cost.tries += cost.tries
            outcome.rows[row].cost.matches += cost.matches
            outcome.rows[row].cost.givenUp += cost.givenUp
            outcome.rows[row].cost.nanoseconds += cost.nanoseconds
            if set.rules[index].isDiscard { outcome.rows[row].records += cost.matches }
        }
    }

    private mutating func note(_ scanned: ScannedRecord, _ scanner: RecordScanner, file: String) {
        let rule = scanner.set.rules[scanned.record.rule]
        if let row = rows[rule.name] { outcome.rows[row].records += 1 }
        let isCore = rule.origin == Pack.coreName
        guard isCore || rule.pack.name == Pack.everyRecordName else { return }
        if !isCore {
            let isTrouble = ReferenceMatcher.lines(of: scanned.record.bytes).contains { line in
                scratch.match(trouble, in: UnsafeRawBufferPointer(rebasing: scanned.record.bytes[line])) == .matched
            }
            guard isTrouble else { return }
        }
        if let known = shapes[scanned.fingerprint] {
            outcome.unclaimed[known].count += 1
        } else if shapes.count < CoverageScan.unclaimedMax {
            shapes[scanned.fingerprint] = outcome.unclaimed.count
            let event = scanner.event(scanned, file: file)
            outcome.unclaimed.append(
                Unclaimed(
                    count: 1, rule: isCore ? rule.name : nil, title: event.title, file: file, line: scanned.firstLine))
        }
    }
}
