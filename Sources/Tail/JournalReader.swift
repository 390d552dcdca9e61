import Events
import Glibc

/// Reads the journal through journalctl(1), which it starts, and starts again with a growing pause when it ends.
///
/// `next` and everything else belong to one thread, whose end is journalctl's end too; `stop` is for any thread.
/// Nothing is read ahead: while nobody calls `next`, the pipe fills and journalctl waits.
package final class JournalReader: @unchecked Sendable {
    // Sendable: `waker` is; `isStopped` is touched under the monitor; the rest belongs to the thread that calls `next`.
    private let source: JournalSource
    private let waker: Waker
    private let monitor = Monitor()
    private var isStopped = false

    /// Behind the last entry that was handed out.
    package private(set) var position: JournalPosition
    private var child: ChildProcess?
    private var hasErrors = false
    /// The first entry has to be the one at which reading stands,
    private var isProving = false
    /// unless something else was asked when that was handed out, so that it may not be among what is asked now.
    private var wasAskedOtherwise: Bool
    private var hasArrived = false
    private var lines = JournalLines()
    private var complaint = Complaint()
    private var failures = 0
    private var startedAt: Int64 = 0
    private var restartAt = Int64.min
    private var outage = ""
    /// When a journalctl that still runs is taken to work, though it had nothing to tell.
    private var trustAt = Int64.max

    private static let trialNanos: Int64 = 2_000_000_000

    private let limits: Limits

    /// What bounds it.
    package struct Limits: Sendable {
        /// Bytes read at once.
        package var blockBytes = 64 * 1_024
        /// Bytes of an entry as JSON; what is longer is passed over and counted as lost.
        package var lineBytesMax = 8 * 1_024 * 1_024
        /// Bytes of a message; what is beyond is cut and counted as lost.
        package var messageBytesMax = 1_024 * 1_024
        /// Pause before journalctl is started again; twice as long each time, up to `pauseMillisMax`.
        package var pauseMillis = 1_000
        package var pauseMillisMax = 60_000

        package init() {}
    }

    /// What came since the last call.
    package struct Arrival: Sendable {
        package var entries: [JournalEntry] = []
        /// Bytes passed over, with the reasons in `notes`.
        package var bytesLost: Int64 = 0
        package var notes: [String] = []
        /// The journal no longer holds the entry up to which it was read. Counts as one byte lost: nobody knows more.
        package var isGap = false
        /// Why nothing is read now; empty while journalctl runs.
        package var outage = ""
    }

    /// `wasAskedOtherwise`: `position` was reached with other units, matches or levels than `source` has.
    /// Throws `SystemError` when no descriptor is left.
    package init(
        _ source: JournalSource, from position: JournalPosition, wasAskedOtherwise: Bool = false,
        limits: Limits = Limits()
    ) throws(SystemError) {
        self.source = source
        self.position = position
        self.wasAskedOtherwise = wasAskedOtherwise
        self.limits = limits
        waker = try Waker()
    }

    /// Ends a `next` that waits, and all later ones. Any thread.
    package func stop() {
        monitor.locked { isStopped = true }
        waker.wake()
    }

    /// Waits for entries, for news of journalctl, or until `deadline` (nanoseconds of `Tailer.monotonicNanos`; nil: for
    /// ever). Nil after `stop()`, when journalctl has been ended.
    package func next(until deadline: Int64?) -> Arrival? {
        var arrival = Arrival()
        if monitor.locked({ isStopped }) {
            endChild()
            return nil
        }
        let now = Tailer.monotonicNanos()
        if child == nil, now >= restartAt { start(now) }
        let own = child == nil ? restartAt : outage.isEmpty ? nil : trustAt
        wait(until: [deadline, own].compactMap(\.self).min(), &arrival)
        if child != nil, Tailer.monotonicNanos() >= trustAt { outage = "" }
        if outage.isEmpty, !complaint.told.isEmpty {
            arrival.notes.append("journalctl: \(complaint.told)")
            complaint.told = ""
        }
        arrival.outage = outage
        return arrival
    }

    private func start(_ now: Int64) {
        lines = JournalLines()
        complaint = Complaint()
        hasArrived = false
        if case .cursor = position { isProving = true } else { isProving = false }
        startedAt = now
        do throws(SystemError) {
            child = try ChildProcess(source.arguments(from: position))
            hasErrors = true
            trustAt = now + JournalReader.trialNanos
        } catch {
            let remedy = error.number == ENOENT ? "; install systemd, or name the program with 'command:'" : ""
            fail("\(source.command) cannot be started: \(error.reason)\(remedy)", now)
        }
    }

    /// Notes why nothing is read, and when to try again.
    private func fail(_ reason: String, _ now: Int64) {
        outage = reason
        let pause = min(limits.pauseMillisMax, limits.pauseMillis << min(failures, 20))
        failures += 1
        restartAt = now + Int64(pause) * 1_000_000
    }

    private func wait(until deadline: Int64?, _ arrival: inout Arrival) {
        var descriptors = [pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0)]
        if let child {
            descriptors.append(pollfd(fd: child.output, events: Int16(POLLIN), revents: 0))
            if hasErrors { descriptors.append(pollfd(fd: child.errors, events: Int16(POLLIN), revents: 0)) }
        }
        var millis: Int32 = -1
        if let deadline {
            millis = Int32(clamping: max(0, (deadline - Tailer.monotonicNanos() + 999_999) / 1_000_000))
        }
        guard poll(&descriptors, nfds_t(descriptors.count), millis) > 0 else { return }
        if descriptors[0].revents != 0 { waker.clear() }
        guard let child else { return }
        if descriptors.count > 2, descriptors[2].revents != 0 { hasErrors = complaint.read(from: child.errors) }
        if descriptors[1].revents != 0 { read(child, &arrival) }
    }

    private func read(_ child: ChildProcess, _ arrival: inout Arrival) {
        let count = lines.read(from: child.output, bytesMax: limits.blockBytes)
        guard count > 0 else { return childEnded(child, &arrival) }
        lines.takeWhole(bytesMax: limits.lineBytesMax) { line in
            guard let entry = JournalEntry(line, messageBytesMax: limits.messageBytesMax) else {
                arrival.bytesLost += Int64(line.count)
                Arrival.note("what journalctl wrote is no journal entry in JSON", in: &arrival)
                return
            }
            take(entry, &arrival)
        }
        if lines.bytesLost > 0 {
            arrival.bytesLost += lines.bytesLost
            lines.bytesLost = 0
            Arrival.note("an entry of more than \(limits.lineBytesMax) bytes was passed over", in: &arrival)
        }
    }

    private func take(_ entry: JournalEntry, _ arrival: inout Arrival) {
        if isProving, case .cursor(let cursor) = position {
            isProving = false
            outage = ""
            if cursor == entry.cursor { return }
            if !wasAskedOtherwise {
                let count = JournalPosition.entriesBetween(cursor, entry.cursor)
                declareGap(count.map { "up to \($0) entries" } ?? "an unknown number of entries", &arrival)
            }
        }
        if !hasArrived {
            hasArrived = true
            failures = 0
            outage = ""
        }
        if entry.bytesLost > 0 {
            arrival.bytesLost += Int64(entry.bytesLost)
            Arrival.note("a message of more than \(limits.messageBytesMax) bytes was cut", in: &arrival)
        }
        if entry.isOmitted { Arrival.note("journalctl left out a message for its size", in: &arrival) }
        position = .cursor(entry.cursor)
        wasAskedOtherwise = false
        arrival.entries.append(entry)
    }

    private func declareGap(_ lost: String, _ arrival: inout Arrival) {
        arrival.isGap = true
        // How much is not known, but something is, and it has to show.
        arrival.bytesLost += 1
        arrival.notes.append(
            "the journal no longer holds the entry up to which it was read; gone on from the next one there is, "
                + "\(lost) lost")
    }

    private func childEnded(_ child: ChildProcess, _ arrival: inout Arrival) {
        if hasErrors { hasErrors = complaint.read(from: child.errors) }
        let ending = child.end()
        self.child = nil
        let now = Tailer.monotonicNanos()
        // One that has served for a while did not fail at once.
        if now - startedAt > Int64(limits.pauseMillisMax) * 1_000_000 { failures = 0 }
        if isProving, case .exited(1...) = ending, complaint.last.contains("cursor") {
            position = .oldest
            declareGap("an unknown number of entries", &arrival)
        }
        let said = complaint.last.isEmpty ? "" : ": \(complaint.last)"
        fail("\(source.command) ended (\(ending.description))\(said)", now)
    }

    private func endChild() {
        _ = child?.end()
        child = nil
    }
}

extension JournalReader.Arrival {
    /// Notes that say nothing more when there are more of them.
    private static let notesMax = 4

    fileprivate static func note(_ text: String, in arrival: inout JournalReader.Arrival) {
        if arrival.notes.count < notesMax && !arrival.notes.contains(text) { arrival.notes.append(text) }
    }
}

/// What journalctl says on standard error: the last line of it.
private struct Complaint {
    /// Without control characters, at most `bytesMax` bytes.
    private(set) var last = ""
    /// A line that nobody was told yet.
    var told = ""
    private var rest: [UInt8] = []

    private static let bytesMax = 300

    /// Reads what is there; false once it has been closed.
    mutating func read(from descriptor: Int32) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 4 * 1_024)
        var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&question, 1, 0) > 0 {
            let count = Glibc.read(descriptor, &bytes, bytes.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                take([UInt8(ascii: "\n")])
                return false
            }
            take(bytes[..<count])
        }
        return true
    }

    private mutating func take(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                if rest.count < Complaint.bytesMax { rest.append(byte < 0x20 || byte == 0x7F ? 0x20 : byte) }
                continue
            }
            if !rest.isEmpty {
                last = String(decoding: rest, as: UTF8.self)
                told = last
            }
            rest.removeAll(keepingCapacity: true)
        }
    }
}
