package import Events
import Glibc
package import Patterns
import Scan
import Synchronization
import Tail

/// Reads finished logs from end to end and says what is in them: the work behind `margay scan`.
package final class LogScan: Sendable {
    package struct Options: Sendable {
        package var selection = PackSelection()
        /// At least 1.
        package var threads = 1
        /// Events before it are left out, and those at or after `until`.
        package var since: Timestamp?
        package var until: Timestamp?
        package var zone: TimeZoneRules = .utc
        /// Whether events are handed out one by one.
        package var wantsEvents = false
        /// How the text of a log lies on disk, by its path.
        package var shape: @Sendable (String) -> LogShape = { _ in LogShape() }

        package init() {}
    }

    /// All that a scan found.
    package struct Outcome: Sendable {
        package var issues: [IssueDelta]
        package var eventCount: Int
        package var lines: Int64
        package var filesRead: Int
        package var bytesRead: Int64
        /// Lines cut because they were too long, records closed by a limit.
        package var linesCut: Int
        package var recordsCut: Int
        /// Lines that are not wrapped as the others of their file, and were scanned as they are.
        package var linesForeign: Int
        /// For each pattern that hit a match limit: how often.
        package var matchesGivenUp: [(pattern: String, count: Int)]
        package var faults: [Diagnostic]
        /// Which packs were chosen for which file, and why.
        package var choices: [(path: String, reason: String)]
    }

    /// Bytes looked at to choose packs and to tell a log from a binary file.
    static let headBytes = 64 * 1_024

    private let reader: BlockReader
    private let options: Options
    private let turn = OrderedTurn()
    private let collected = Mutex(Collected())

    private struct Collected {
        var rollup = Rollup()
        var seen: Set<Fingerprint> = []
        var recordsCut = 0
        var matchesGivenUp: [String: Int] = [:]
    }

    /// `files` are paths of logs, `-` for standard input, in the order in which they are scanned.
    package init(files: [String], catalogue: PackCatalogue, options: Options, now: Timestamp) {
        self.options = options
        let selection = options.selection
        let zone = options.zone
        let shape = options.shape
        reader = BlockReader(files: files) { path in
            LogScan.open(path, shape(path), catalogue, selection, zone, now: now)
        }
    }

    /// Bytes taken from disk so far, for a progress bar. Any thread.
    package var bytesRead: Int64 { reader.totals.bytesRead }

    /// Scans everything and returns when it is done.
    ///
    /// `onEvents` is called with the events of one block after the other, in file order, on scanning threads, one at a
    /// time. `isCancelled` is asked between blocks.
    package func run(
        isCancelled: @escaping @Sendable () -> Bool = { false },
        onEvents: @escaping @Sendable ([Event]) -> Void = { _ in }
    ) -> Outcome {
        let workers = (0..<max(1, options.threads)).map { index in
            WorkerThread(name: "scan-\(index)") { [self] in work(isCancelled, onEvents) }
        }
        for worker in workers { worker.join() }
        let totals = reader.totals
        return collected.withLock { collected in
            Outcome(
                issues: collected.rollup.deltas(), eventCount: collected.rollup.eventCount, lines: totals.lines,
                filesRead: totals.filesRead, bytesRead: totals.bytesRead, linesCut: totals.linesCut,
                recordsCut: collected.recordsCut, linesForeign: totals.linesForeign,
                matchesGivenUp: collected.matchesGivenUp.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
                faults: totals.faults, choices: totals.choices)
        }
    }

    private func work(_ isCancelled: () -> Bool, _ onEvents: ([Event]) -> Void) {
        let buffer = BlockBuffer()
        var scanners: [ObjectIdentifier: RecordScanner] = [:]
        var rollup = Rollup()
        while !isCancelled(), let block = reader.next(into: buffer) {
            let key = ObjectIdentifier(block.file.patterns)
            let scanner =
                scanners[key] ?? RecordScanner(block.file.patterns.patterns, prefilter: block.file.patterns.prefilter)
            scanners[key] = scanner
            let events = scan(block, buffer, scanner, &rollup)
            guard options.wantsEvents else { continue }
            turn.wait(for: block.number)
            onEvents(markNew(events))
            turn.finish(block.number)
        }
        collected.withLock { collected in
            collected.rollup.merge(rollup)
            for scanner in scanners.values {
                collected.recordsCut += scanner.recordsCut
                for (rule, count) in scanner.matchesGivenUp {
                    collected.matchesGivenUp[scanner.set.rules[rule].name, default: 0] += count
                }
            }
        }
    }

    private func scan(
        _ block: Block, _ buffer: BlockBuffer, _ scanner: RecordScanner, _ rollup: inout Rollup
    ) -> [Event] {
        var events: [Event] = []
        var state = FileScanState(
            zone: block.file.zone, reference: block.file.fallbackTime, beginsInside: block.beginsInside)
        _ = scanner.scan(block.chunk(in: buffer), &state) { scanned in
            if let time = scanned.time {
                if let since = options.since, time < since { return }
                if let until = options.until, time >= until { return }
            }
            rollup.add(
                scanned, of: scanner.set, file: block.file.path, fallback: block.file.fallbackTime, hasLines: true)
            if options.wantsEvents { events.append(scanner.event(scanned, file: block.file.path)) }
        }
        return events
    }

    private func markNew(_ events: [Event]) -> [Event] {
        collected.withLock { collected in
            events.map { event in
                var event = event
                event.new = collected.seen.insert(event.fingerprint).inserted
                return event
            }
        }
    }
}

// MARK: - Opening

extension LogScan {
    /// Opens a log and chooses its packs; the diagnostic says why it cannot be read.
    static func open(
        _ path: String, _ shape: LogShape, _ catalogue: PackCatalogue, _ selection: PackSelection,
        _ zone: TimeZoneRules, now: Timestamp
    ) -> Result<OpenLog, Diagnostic> {
        do throws(LogStreamError) {
            let stream = try LogStream(path: path)
            let head = try head(of: stream)
            let told = head.withUnsafeBytes {
                TextLayout.assumed(by: $0, encoding: shape.encoding, format: shape.format)
            }
            let text = decoded(head, told)
            if let position = BinaryContent.position(in: text) {
                return .failure(
                    Diagnostic(
                        Place(path: path), .error, rule: "binary",
                        "not a text file (byte \(position) is NUL)",
                        remedy: "leave it out, or decompress or decode it and pipe the text into '-'"))
            }
            let (set, reason) = text.withUnsafeBytes { catalogue.set(for: path, head: $0, selection) }
            let reading = told.layout.name.map { "; read as \($0)" } ?? ""
            let file = ScannedFile(
                path: path, patterns: set, fallbackTime: lastChange(of: path) ?? now, zone: zone)
            return .success(OpenLog(stream: stream, head: head, told: told, file: file, reason: reason + reading))
        } catch {
            return .failure(
                Diagnostic(
                    Place(path: path), .error, rule: "unreadable", error.reason,
                    remedy: error.isRefused
                        ? "then scan what comes out as '-'" : "check the path and its permissions"))
        }
    }

    /// The text of a head, by which packs are chosen.
    private static func decoded(_ head: [UInt8], _ told: TextLayout.Told) -> [UInt8] {
        if told.layout.isPlain { return Array(head[told.markBytes...]) }
        let text = DecodedText()
        head[told.markBytes...].withUnsafeBytes { raw in
            // Half a line at the end is left out: of a wrapped one, nothing could be made.
            let end = told.layout.linesEnd(in: raw) ?? raw.count
            LineDecoder(told.layout, lineBytesMax: headBytes)
                .decode(UnsafeRawBufferPointer(rebasing: raw[..<end]), into: text, isFinal: true)
        }
        return Array(text.bytes)
    }

    private static func head(of stream: LogStream) throws(LogStreamError) -> [UInt8] {
        var head = [UInt8](repeating: 0, count: headBytes)
        var filled = 0
        while filled < head.count {
            var count = 0
            var failure: LogStreamError?
            head.withUnsafeMutableBytes { buffer in
                do throws(LogStreamError) {
                    count = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            if count == 0 { break }
            filled += count
        }
        head.removeLast(head.count - filled)
        return head
    }

    private static func lastChange(of path: String) -> Timestamp? {
        var information = stat()
        guard path != "-", PathText.withBytes(path, { stat($0, &information) }) == 0 else { return nil }
        return Timestamp(seconds: Int64(information.st_mtim.tv_sec))
    }
}
