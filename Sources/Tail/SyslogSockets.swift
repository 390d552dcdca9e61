import CLinux
import Glibc

/// Receives the messages of syslog's senders, by UDP and by TCP.
///
/// `next` and `rest` belong to one thread; `stop` is for any. Nothing is read ahead: while nobody calls `next`, TCP's
/// senders wait, and the kernel keeps datagrams as long as it has room and counts what it drops.
package final class SyslogSockets: @unchecked Sendable {
    // Sendable: `waker` and the constants are; `isStopped` is touched under the monitor; the rest belongs to the thread
    // that calls `next`.
    private let waker: Waker
    private let monitor = Monitor()
    private var isStopped = false
    private let limits: Limits
    private var datagrams: [Datagrams] = []
    private var listeners: [Int32] = []
    private var connections: [Connection] = []
    private var connectionsMade = 0
    /// The connection that is read first: each has its turn.
    private var turn = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: SyslogSockets.blockBytes, alignment: 16)

    /// Where it listens, with the ports that were taken.
    package private(set) var udp: [SocketPlace] = []
    package private(set) var tcp: [SocketPlace] = []

    /// Read at once: more than a datagram can have.
    static let blockBytes = 64 * 1_024
    /// Datagrams of a socket, and bytes of all connections, that are handed out at once.
    static let datagramsMax = 1_000
    static let streamBytesMax = 1_024 * 1_024
    static let backlog: Int32 = 128
    static let restRoundsMax = 50
    /// Bytes of a numeric address with its zone and the final NUL.
    private static let senderBytes = 64

    private struct Datagrams {
        let descriptor: Int32
        /// As the kernel counts them.
        var dropped: Int64
    }

    private struct Connection {
        let descriptor: Int32
        let number: Int
        let sender: String
        var framer: SyslogFramer
        var lastRead: Int64
    }

    /// Listens from now on. Throws `Fault`.
    package init(udp: [SocketPlace], tcp: [SocketPlace], limits: Limits = Limits()) throws(Fault) {
        self.limits = limits
        do { waker = try Waker() } catch {
            throw Fault(place: SocketPlace(host: "", port: 0), isDatagrams: false, error: error)
        }
        for place in udp {
            let descriptor = margay_bind_datagrams(place.host, Int32(place.port), Int32(clamping: limits.roomBytes))
            guard descriptor >= 0 else { throw SyslogSockets.fault(place, true, "bind", -descriptor) }
            datagrams.append(Datagrams(descriptor: descriptor, dropped: max(0, margay_dropped(descriptor))))
            self.udp.append(SocketPlace(host: place.host, port: Int(margay_local_port(descriptor))))
        }
        for place in tcp {
            let descriptor = margay_listen(place.host, Int32(place.port), SyslogSockets.backlog)
            guard descriptor >= 0 else { throw SyslogSockets.fault(place, false, "listen", -descriptor) }
            listeners.append(descriptor)
            self.tcp.append(SocketPlace(host: place.host, port: Int(margay_local_port(descriptor))))
        }
    }

    private static func fault(_ place: SocketPlace, _ isDatagrams: Bool, _ call: String, _ number: Int32) -> Fault {
        Fault(place: place, isDatagrams: isDatagrams, error: SystemError(call: call, number: number))
    }

    deinit {
        closeAll()
        buffer.deallocate()
    }

    /// Ends the waiting of `next`, and every later one. Any thread.
    package func stop() {
        monitor.locked { isStopped = true }
        waker.wake()
    }

    /// Waits for messages, until `deadline` (of `Tailer.monotonicNanos`) at the latest, and takes as many as may be handed
    /// out at once; nil once it is stopped.
    package func next(until deadline: Int64?) -> Arrivals? {
        let waiting = [waker.descriptor] + datagrams.map(\.descriptor) + listeners + connections.map(\.descriptor)
        var polled = waiting.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let count = poll(&polled, nfds_t(polled.count), timeout(until: deadline))
        if monitor.locked({ isStopped }) { return nil }
        if count > 0 { waker.clear() }
        let ready = Set(polled.lazy.filter { $0.revents != 0 }.map(\.fd))
        return take { ready.contains($0) }
    }

    /// What came before it was stopped and still lies in the kernel, as much as `restRoundsMax` calls of `next` would have
    /// brought; what connections have begun and not finished. Ends them, and listens no more: another may take its ports.
    package func rest() -> Arrivals {
        var arrivals = take { _ in true }
        for _ in 1..<SyslogSockets.restRoundsMax {
            let more = take { _ in true }
            arrivals.add(more)
            if more.messages.isEmpty { break }
        }
        for index in connections.indices {
            let (number, sender) = (connections[index].number, connections[index].sender)
            connections[index].framer.end { message in
                arrivals.messages.append(
                    Message(
                        bytes: message.bytes, bytesCut: message.bytesCut, sender: sender, connection: number))
            }
        }
        closeAll()
        return arrivals
    }

    private func closeAll() {
        for descriptor in datagrams.map(\.descriptor) + listeners + connections.map(\.descriptor) { close(descriptor) }
        datagrams = []
        listeners = []
        connections = []
    }

    private func timeout(until deadline: Int64?) -> Int32 {
        let oldest = connections.lazy.map(\.lastRead).min().map { $0 + limits.idleSeconds * 1_000_000_000 }
        guard let moment = [deadline, oldest].compactMap(\.self).min() else { return -1 }
        // Rounded up: a moment too early would be waited for again and again.
        return Int32(clamping: max(0, (moment - Tailer.monotonicNanos() + 999_999) / 1_000_000))
    }

    private func take(_ isReady: (Int32) -> Bool) -> Arrivals {
        var arrivals = Arrivals()
        for index in datagrams.indices where isReady(datagrams[index].descriptor) { receive(index, &arrivals) }
        let now = Tailer.monotonicNanos()
        for listener in listeners where isReady(listener) { accept(listener, now: now, &arrivals) }
        read(isReady, now: now, &arrivals)
        arrivals.connections = connections.count
        return arrivals
    }

    private func receive(_ index: Int, _ arrivals: inout Arrivals) {
        let descriptor = datagrams[index].descriptor
        var sender = [CChar](repeating: 0, count: SyslogSockets.senderBytes)
        var lastName = (characters: sender, text: "")
        for _ in 0..<SyslogSockets.datagramsMax {
            let count = margay_receive(descriptor, buffer.baseAddress, buffer.count, &sender, sender.count)
            guard count >= 0 else { break }
            if sender != lastName.characters { lastName = (sender, SyslogSockets.text(sender)) }
            let bytes = SyslogFramer.trimmed(Array(buffer[..<min(count, buffer.count)]))
            arrivals.messages.append(
                Message(
                    bytes: Array(bytes.prefix(limits.messageBytesMax)),
                    bytesCut: max(0, bytes.count - limits.messageBytesMax) + max(0, count - buffer.count),
                    sender: lastName.text, connection: nil))
        }
        let dropped = margay_dropped(descriptor)
        guard dropped >= 0 else { return }
        arrivals.dropped += (dropped - datagrams[index].dropped) & 0xFFFF_FFFF
        datagrams[index].dropped = dropped
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func accept(_ listener: Int32, now: Int64, _ arrivals: inout Arrivals) {
        var sender = [CChar](repeating: 0, count: SyslogSockets.senderBytes)
        for _ in 0..<SyslogSockets.backlog {
            let descriptor = margay_accept(listener, &sender, sender.count)
            guard descriptor >= 0 else { return }
            guard connections.count < limits.connectionsMax else {
                close(descriptor)
                arrivals.refused += 1
                continue
            }
            connectionsMade += 1
            connections.append(
                Connection(
                    descriptor: descriptor, number: connectionsMade, sender: SyslogSockets.text(sender),
                    framer: SyslogFramer(messageBytesMax: limits.messageBytesMax), lastRead: now))
        }
    }

    /// Reads from connections in turn until nobody has anything or enough was read.
    private func read(_ isReady: (Int32) -> Bool, now: Int64, _ arrivals: inout Arrivals) {
        var bytesRead = 0
        var over: Set<Int> = []
        let first = connections.isEmpty ? 0 : turn % connections.count
        for index in Array(connections.indices[first...]) + Array(connections.indices[..<first]) {
            let isIdle = now - connections[index].lastRead >= limits.idleSeconds * 1_000_000_000
            guard isReady(connections[index].descriptor), bytesRead < SyslogSockets.streamBytesMax else {
                if isIdle { over.insert(index) }
                continue
            }
            turn = index + 1
            if !read(index, now: now, &bytesRead, &arrivals) { over.insert(index) }
        }
        for index in over.sorted().reversed() { end(connections.remove(at: index), &arrivals) }
    }

    /// Returns whether the connection goes on.
    private func read(_ index: Int, now: Int64, _ bytesRead: inout Int, _ arrivals: inout Arrivals) -> Bool {
        let count = Glibc.read(connections[index].descriptor, buffer.baseAddress, buffer.count)
        if count < 0 { return errno == EAGAIN || errno == EINTR }
        if count == 0 { return false }
        bytesRead += count
        connections[index].lastRead = now
        let (number, sender) = (connections[index].number, connections[index].sender)
        connections[index].framer.add(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { message in
            arrivals.messages.append(
                Message(bytes: message.bytes, bytesCut: message.bytesCut, sender: sender, connection: number))
        }
        if connections[index].framer.isBroken { arrivals.broken += 1 }
        return !connections[index].framer.isBroken
    }

    private func end(_ connection: Connection, _ arrivals: inout Arrivals) {
        var connection = connection
        connection.framer.end { message in
            arrivals.messages.append(
                Message(
                    bytes: message.bytes, bytesCut: message.bytesCut, sender: connection.sender,
                    connection: connection.number))
        }
        close(connection.descriptor)
    }
}
