import CHyperscan
import Glibc
import PCRE2
package import Patterns

/// Finds, in one pass over a block, the lines that some rule of a pattern set may match.
///
/// It yields candidates, never verdicts: PCRE2 alone decides. A rule that Hyperscan cannot take is named in `perLine`
/// and makes every line a candidate for itself. Immutable and shared by all threads, each with a `PrefilterScratch`.
package final class Prefilter: @unchecked Sendable {
    // Safe to share: a Hyperscan database is read-only (hs_scan(3) takes it const); scratch space is per thread.
    let database: OpaquePointer?
    let ruleCount: Int
    /// Rules tried on every line, with the reason.
    package let perLine: [(rule: Int, reason: String)]

    /// `isEnabled: false` makes every line a candidate for every rule: slower, and with the same answer.
    ///
    /// Compiling takes milliseconds a rule; with a `cache` it is done once for each set of rules.
    package init(_ set: PatternSet, isEnabled: Bool = true, cache: PrefilterCache? = nil) {
        ruleCount = set.rules.count
        guard isEnabled, !set.rules.isEmpty else {
            database = nil
            perLine = set.rules.indices.map { ($0, "the prefilter is off") }
            return
        }
        guard hs_valid_platform() == HS_SUCCESS else {
            database = nil
            perLine = set.rules.indices.map { ($0, "this processor lacks what Hyperscan needs (SSSE3)") }
            return
        }
        let key = PrefilterCache.key(of: set.rules.map(\.expression.portableSource))
        if let entry = cache?.load(key) {
            database = entry.database
            perLine = entry.refused
            return
        }
        var compiler = PrefilterCompiler()
        for (index, rule) in set.rules.enumerated() { compiler.add(rule.expression, index: index) }
        database = compiler.compile()
        perLine = compiler.refused.sorted { $0.rule < $1.rule }
        cache?.store(PrefilterCache.Entry(database: database, refused: perLine), key)
    }

    deinit {
        if let database { hs_free_database(database) }
    }
}

/// Hands expressions to Hyperscan and sorts out those it refuses.
private struct PrefilterCompiler {
    /// What is handed over of an expression: from what is fastest to what says most.
    private enum Form: Int {
        case texts
        case cut
        case whole

        func text(of expression: PrefilterExpression) -> String {
            switch self {
            case .texts: expression.texts ?? expression.cut
            case .cut: expression.cut
            case .whole: expression.whole
            }
        }
    }

    private var expressions: [(rule: Int, derived: PrefilterExpression, form: Form)] = []
    private(set) var refused: [(rule: Int, reason: String)] = []

    mutating func add(_ expression: CompiledExpression, index: Int) {
        guard !expression.source.utf8.contains(0) else {
            return refused.append((index, "it holds a NUL"))
        }
        guard expression.lengthMin > 0 else {
            return refused.append((index, "it matches an empty line"))
        }
        do {
            expressions.append((index, try PrefilterExpression(expression.portableSource), .texts))
        } catch {
            refused.append((index, error.reason))
        }
    }

    /// The database of all that Hyperscan takes; nil when it takes nothing.
    mutating func compile() -> OpaquePointer? {
        while !expressions.isEmpty {
            var database: OpaquePointer?
            guard let (culprit, reason) = attempt(&database) else { return database }
            guard expressions.indices.contains(culprit) else {
                // Together they are too large: nothing says which one, so all are tried line by line.
                refused += expressions.map { ($0.rule, reason) }
                return nil
            }
            if let form = Form(rawValue: expressions[culprit].form.rawValue + 1) {
                expressions[culprit].form = form
            } else {
                refused.append((expressions[culprit].rule, reason))
                expressions.remove(at: culprit)
            }
        }
        return nil
    }

    /// Nil on success, else which expression is at fault (-1: none in particular) and why.
    private func attempt(_ database: inout OpaquePointer?) -> (culprit: Int, reason: String)? {
        let texts = expressions.map { strdup($0.form.text(of: $0.derived)) }
        defer { texts.forEach { free($0) } }
        let pointers = texts.map { UnsafePointer($0) }
        let flags = [UInt32](
            repeating: UInt32(HS_FLAG_MULTILINE) | UInt32(HS_FLAG_PREFILTER), count: expressions.count)
        let ids = expressions.map { UInt32($0.rule) }
        var error: UnsafeMutablePointer<hs_compile_error_t>?
        let result = hs_compile_multi(
            pointers, flags, ids, UInt32(expressions.count), UInt32(HS_MODE_BLOCK), nil, &database, &error)
        guard result != HS_SUCCESS else { return nil }
        defer { hs_free_compile_error(error) }
        let reason = error?.pointee.message.map { String(cString: $0) } ?? "Hyperscan refuses it"
        return (Int(error?.pointee.expression ?? -1), "Hyperscan: \(reason)")
    }
}

/// A line that a rule may match.
package struct Candidate: Comparable {
    /// A byte of the line, counted from the start of the block.
    package let position: UInt32
    package let rule: UInt32

    package static func < (left: Candidate, right: Candidate) -> Bool {
        (left.position, left.rule) < (right.position, right.rule)
    }
}

/// What one thread needs to run prefilters: Hyperscan's scratch space and room for candidates. Not shared.
package final class PrefilterScratch {
    private var scratch: OpaquePointer?
    private let state: UnsafeMutablePointer<ScanState>
    private let lines: UnsafeMutablePointer<SeenLine>
    private let prefilter: Prefilter

    /// Blocks are smaller than this, for positions are 32 bits wide.
    package static let blockBytesMax = 1 << 30

    package init(_ prefilter: Prefilter) {
        self.prefilter = prefilter
        if let database = prefilter.database {
            let result = hs_alloc_scratch(database, &scratch)
            precondition(result == HS_SUCCESS, "no memory for Hyperscan's scratch space")
        }
        lines = .allocate(capacity: max(1, prefilter.ruleCount))
        lines.initialize(repeating: SeenLine(from: 0, end: 0), count: max(1, prefilter.ruleCount))
        state = .allocate(capacity: 1)
        state.initialize(to: ScanState(lines: lines))
    }

    deinit {
        hs_free_scratch(scratch)
        state.pointee.candidates.deallocate()
        state.deallocate()
        lines.deallocate()
    }

    /// The candidates in `block`, in order, each line and rule once. Good until the next call; nothing is allocated once
    /// the buffer has grown to what a block needs.
    package func candidates(in block: UnsafeRawBufferPointer) -> UnsafeBufferPointer<Candidate> {
        precondition(block.count < PrefilterScratch.blockBytesMax, "a block of \(block.count) bytes is too large")
        state.pointee.count = 0
        guard let base = block.baseAddress, !block.isEmpty else { return UnsafeBufferPointer(start: nil, count: 0) }
        if let database = prefilter.database {
            lines.update(repeating: SeenLine(from: 0, end: 0), count: prefilter.ruleCount)
            state.pointee.base = base
            state.pointee.length = block.count
            state.pointee.isSorted = true
            let text = base.assumingMemoryBound(to: CChar.self)
            let result = hs_scan(database, text, UInt32(block.count), 0, scratch, onMatch, state)
            precondition(result == HS_SUCCESS, "hs_scan failed: \(result)")
        }
        if !prefilter.perLine.isEmpty { addEveryLine(of: block) }
        var found = UnsafeMutableBufferPointer(start: state.pointee.candidates, count: state.pointee.count)
        if !state.pointee.isSorted { found.sort() }
        return UnsafeBufferPointer(found)
    }

    private func addEveryLine(of block: UnsafeRawBufferPointer) {
        var start = 0
        while start < block.count {
            for (rule, _) in prefilter.perLine {
                state.pointee.append(Candidate(position: UInt32(start), rule: UInt32(rule)))
            }
            start = block.lineEnd(from: start) + 1
        }
        state.pointee.isSorted = false
    }
}

/// The part of a line from the end of a match on: `from ..< end`, where `end` is its newline.
private struct SeenLine {
    let from: UInt32
    let end: UInt32
}

/// What the callback of hs_scan works on; lives in memory of its own, so that the callback touches no object.
private struct ScanState {
    var base = UnsafeRawPointer(bitPattern: 1)!
    var length = 0
    /// For each rule: the line it was last seen in. Further reports of that line add nothing.
    var lines: UnsafeMutablePointer<SeenLine>
    var candidates: UnsafeMutablePointer<Candidate>
    var count = 0
    var capacity: Int
    var isSorted = true

    init(lines: UnsafeMutablePointer<SeenLine>) {
        self.lines = lines
        capacity = 4_096
        candidates = .allocate(capacity: capacity)
    }

    mutating func append(_ candidate: Candidate) {
        if count == capacity {
            let larger = UnsafeMutablePointer<Candidate>.allocate(capacity: capacity * 2)
            larger.moveInitialize(from: candidates, count: count)
            candidates.deallocate()
            candidates = larger
            capacity *= 2
        }
        if count > 0, candidate < candidates[count - 1] { isSorted = false }
        candidates[count] = candidate
        count += 1
    }
}

/// Called by Hyperscan for each end of a match, in the thread that scans.
private func onMatch(
    rule: UInt32, from: UInt64, to: UInt64, flags: UInt32, context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context, to > 0 else { return 0 }
    let state = context.assumingMemoryBound(to: ScanState.self)
    let last = Int(to) - 1
    // Hyperscan does not promise an order over different ends, so both ends of what was seen are compared.
    let seen = state.pointee.lines[Int(rule)]
    if last >= Int(seen.from) && last < Int(seen.end) { return 0 }
    let base = state.pointee.base
    // A match that ends in a newline is no match of a line; one that matters ends before it as well.
    if base.load(fromByteOffset: last, as: UInt8.self) == UInt8(ascii: "\n") { return 0 }
    let found = memchr(base + last, Int32(UInt8(ascii: "\n")), state.pointee.length - last)
    let end = found.map { base.distance(to: UnsafeRawPointer($0)) } ?? state.pointee.length
    state.pointee.lines[Int(rule)] = SeenLine(
        from: UInt32(truncatingIfNeeded: last), end: UInt32(truncatingIfNeeded: end))
    state.pointee.append(Candidate(position: UInt32(truncatingIfNeeded: last), rule: rule))
    return 0
}

extension Prefilter {
    /// Which library does the filtering, and its version.
    package static var libraryVersion: String {
        hs_version().map { "Hyperscan " + (String(cString: $0).split(separator: " ").first.map(String.init) ?? "") }
            ?? "Hyperscan"
    }
}
