import Glibc
import Testing

@testable import Tail

/// Real sockets of this machine.
struct SyslogSocketTests {
    private let here = SocketPlace(host: "127.0.0.1", port: 0)

    /// Connected to `place`.
    private func client(_ type: __socket_type, _ place: SocketPlace) -> Int32 {
        let descriptor = socket(AF_INET, Int32(type.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(place.port)).bigEndian
        address.sin_addr.s_addr = inet_addr(place.host)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        #expect(result == 0)
        return descriptor
    }

    private func send(_ descriptor: Int32, _ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// What comes until there are so many messages, or a second long nothing.
    private func messages(_ count: Int, of sockets: SyslogSockets) -> [SyslogSockets.Message] {
        var found: [SyslogSockets.Message] = []
        while found.count < count {
            guard let arrivals = sockets.next(until: Tailer.monotonicNanos() + 1_000_000_000) else { break }
            let isOver = arrivals.messages.isEmpty && arrivals.connections == 0
            found += arrivals.messages
            if isOver { break }
        }
        return found
    }

    @Test func `datagrams and connections bring messages with their senders`() throws {
        let sockets = try SyslogSockets(udp: [here], tcp: [here])
        let datagram = client(SOCK_DGRAM, sockets.udp[0])
        let stream = client(SOCK_STREAM, sockets.tcp[0])
        defer {
            close(datagram)
            close(stream)
        }
        send(datagram, "<13>by udp\n")
        send(stream, "<13>by tcp\n<13>half")
        let found = messages(2, of: sockets)
        #expect(Set(found.map { String(decoding: $0.bytes, as: UTF8.self) }) == ["<13>by udp", "<13>by tcp"])
        #expect(found.allSatisfy { $0.sender == "127.0.0.1" })
        #expect(found.count { $0.connection == nil } == 1)
        // Nobody sends it again.
        #expect(sockets.rest().messages.map { String(decoding: $0.bytes, as: UTF8.self) } == ["<13>half"])
    }

    @Test func `of ten thousand datagrams each is read or counted as dropped`() throws {
        var limits = SyslogSockets.Limits()
        limits.roomBytes = 64 * 1_024
        let sockets = try SyslogSockets(udp: [here], tcp: [], limits: limits)
        let datagram = client(SOCK_DGRAM, sockets.udp[0])
        defer { close(datagram) }
        let text = "<11>" + String(repeating: "x", count: 500)
        for _ in 0..<10_000 { send(datagram, text) }
        let arrivals = sockets.rest()
        #expect(arrivals.messages.count > 0 && arrivals.dropped > 0)
        #expect(Int64(arrivals.messages.count) + arrivals.dropped == 10_000)
    }

    @Test func `connections beyond the limit are refused and counted`() throws {
        var limits = SyslogSockets.Limits()
        limits.connectionsMax = 2
        let sockets = try SyslogSockets(udp: [], tcp: [here], limits: limits)
        let clients = (0..<5).map { _ in client(SOCK_STREAM, sockets.tcp[0]) }
        defer { for descriptor in clients { close(descriptor) } }
        var refused = 0
        while refused < 3, let arrivals = sockets.next(until: Tailer.monotonicNanos() + 5_000_000_000) {
            refused += arrivals.refused
            #expect(arrivals.connections == 2)
        }
        #expect(refused == 3)
    }

    @Test func `a silent connection is ended`() throws {
        var limits = SyslogSockets.Limits()
        limits.idleSeconds = 0
        let sockets = try SyslogSockets(udp: [], tcp: [here], limits: limits)
        let stream = client(SOCK_STREAM, sockets.tcp[0])
        defer { close(stream) }
        while let arrivals = sockets.next(until: nil), arrivals.connections > 0 {}
        var byte: UInt8 = 0
        #expect(recv(stream, &byte, 1, 0) == 0)
    }

    @Test func `a port that is taken is told`() throws {
        let sockets = try SyslogSockets(udp: [], tcp: [here])
        #expect(throws: SyslogSockets.Fault.self) { try SyslogSockets(udp: [], tcp: [sockets.tcp[0]]) }
    }

    @Test func `stop ends the waiting, and the ports are free again`() throws {
        let sockets = try SyslogSockets(udp: [here], tcp: [here])
        sockets.stop()
        #expect(sockets.next(until: nil) == nil)
        #expect(sockets.rest().messages.isEmpty)
        let next = try SyslogSockets(udp: sockets.udp, tcp: sockets.tcp)
        #expect(next.udp == sockets.udp)
    }
}
