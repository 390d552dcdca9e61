import Events
import Logging
import Tail

/// Syslog's messages → records → counts: listens on a thread of its own and hands what it finds to the writer.
///
/// Nobody in syslog waits for an answer, so what was received and not yet stored is lost by a crash; all other loss is
/// counted. While the writer has no room, nothing is read: senders by TCP wait, and of datagrams the kernel drops what it
/// has no room for, and counts it.
final class SyslogFollower: @unchecked Sendable {
    // Sendable: `sockets.stop()` and the constants are for any thread, all else for the one in `run`.
    private let sockets: SyslogSockets
    private let scanner: StreamScanner
    private let log: Logger
    private let messageBytesMax: Int
    /// Its state before anything came.
    let initialProgress: FileProgress

    private var progress: FileProgress
    private var window = JournalWindow(comparesTimes: false)
    private var reader: SyslogReader
    private var refused = 0
    private var broken = 0
    private var connections = 0
    /// What was lost was said once in Margay's own messages; `sources` counts on.
    private var isDropTold = false
    private var isRefusalTold = false

    /// Listens from now on. Throws `SyslogSockets.Fault`.
    init(
        _ settings: SyslogSettings, node: String, checkpoints: [Checkpoint], now: Timestamp, catalogue: PackCatalogue,
        costs: CostBook, log: Logger
    ) throws(SyslogSockets.Fault) {
        sockets = try SyslogSockets(udp: settings.udp, tcp: settings.tcp, limits: settings.limits)
        scanner = StreamScanner(settings.source, catalogue: catalogue, costs: costs, log: log)
        messageBytesMax = settings.limits.messageBytesMax
        self.log = log
        reader = SyslogReader(node: node, zone: settings.source.zone, now: now)
        progress = FileProgress(
            input: "syslog/", named: settings.source.files.name, among: checkpoints, isLearned: true)
        initialProgress = progress
    }

    /// Where it listens, with the ports that were taken.
    var listening: String {
        (sockets.udp.map { "udp \($0)" } + sockets.tcp.map { "tcp \($0)" }).joined(separator: ", ")
    }

    /// Ends `run`. Any thread.
    func stop() { sockets.stop() }

    /// Receives until `stop()`, and then takes what lies in the kernel: nobody sends it again.
    func run(into queue: BatchQueue) {
        while let arrivals = sockets.next(until: window.nextMoment) {
            take(arrivals)
            let taken = window.take(now: Tailer.monotonicNanos())
            hand(taken?.records ?? [], to: queue)
        }
        take(sockets.rest())
        hand(window.takeAll()?.records ?? [], to: queue)
        scanner.tellLastCosts()
    }

    private func take(_ arrivals: SyslogSockets.Arrivals) {
        let arrival = Tailer.monotonicNanos()
        reader.now = SystemClock.now()
        for message in arrivals.messages {
            progress.lines += 1
            progress.bytesLost += Int64(message.bytesCut)
            if let entry = reader.entry(of: message) { window.add(entry, arrival: arrival) }
        }
        progress.messagesLost += arrivals.dropped
        refused += arrivals.refused
        broken += arrivals.broken
        connections = arrivals.connections
        tell(arrivals)
    }

    private func tell(_ arrivals: SyslogSockets.Arrivals) {
        let name = progress.source
        if arrivals.dropped > 0, !isDropTold {
            isDropTold = true
            log.warning("\(name): the kernel dropped \(arrivals.dropped) datagrams; 'margay sources' counts on")
        }
        if arrivals.refused > 0, !isRefusalTold {
            isRefusalTold = true
            log.warning("\(name): too many connections, further ones are refused; raise 'connections:'")
        }
    }

    private func hand(_ records: [JournalRecord], to queue: BatchQueue) {
        guard !records.isEmpty || progress.lines > 0 || progress.messagesLost > 0 || progress.bytesLost > 0 else {
            return
        }
        let counts = scanner.scan(records, at: progress.checkpoint.offset, now: SystemClock.now())
        progress.checkpoint.offset += records.reduce(0) { $0 + Int64($1.text.count) }
        progress.size = progress.checkpoint.offset
        progress.events = Int64(counts.eventCount)
        progress.note = note
        queue.add(counts.own, progress, others: counts.others)
        progress.lines = 0
        progress.bytesLost = 0
        progress.messagesLost = 0
    }

    private var note: String {
        var notes = [listening]
        if connections > 0 { notes.append("\(connections) \(connections == 1 ? "connection" : "connections")") }
        if progress.messagesLost > 0 {
            notes.append("the kernel dropped \(progress.messagesLost) datagrams that came faster than they were read")
        }
        if progress.bytesLost > 0 { notes.append("messages were cut at \(messageBytesMax) bytes (message_bytes)") }
        if refused > 0 { notes.append("\(refused) connections refused since the start (connections)") }
        if broken > 0 { notes.append("\(broken) connections ended since the start, their lengths were none") }
        notes += reader.notes
        notes.append("what was received and not yet stored is lost by a crash")
        return notes.joined(separator: "; ")
    }
}
