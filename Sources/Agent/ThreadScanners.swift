import Patterns
import Scan

/// The scanners of one thread, one for each choice of packs, and the way of what their patterns cost to the writer.
///
/// Belongs to one thread at a time.
struct ThreadScanners {
    private let costs: CostBook
    /// By the chosen packs, which the catalogue keeps as long as the process runs.
    private var scanners: [ObjectIdentifier: RecordScanner] = [:]
    /// When costs were last told, in milliseconds of `SystemClock.monotonicMillis`.
    private var told: Int64

    /// `now`: milliseconds of `SystemClock.monotonicMillis`; the first costs are told a pause later.
    init(costs: CostBook, now: Int64 = SystemClock.monotonicMillis()) {
        self.costs = costs
        told = now
    }

    /// The scanner for a choice of packs, made where there is none yet.
    mutating func scanner(for patterns: CompiledSet) -> RecordScanner {
        let key = ObjectIdentifier(patterns)
        if let scanner = scanners[key] { return scanner }
        let scanner = RecordScanner(patterns.patterns, prefilter: patterns.prefilter)
        scanners[key] = scanner
        return scanner
    }

    /// Hands over what patterns cost since the last time, at most every `CostBook.pauseSeconds`.
    mutating func tellCosts(now: Int64 = SystemClock.monotonicMillis()) {
        guard now - told >= CostBook.pauseSeconds * 1_000 else { return }
        told = now
        tellLastCosts()
    }

    /// Hands over what is left when nothing is scanned any more.
    func tellLastCosts() { for scanner in scanners.values { costs.add(scanner.takeCosts()) } }
}
