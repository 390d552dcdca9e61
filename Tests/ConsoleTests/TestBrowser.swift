import Foundation
import Glibc
import Testing

@testable import Console

/// What a server sent back.
struct TestReply: Sendable {
    var status: Int
    /// Names in lower case.
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// A visitor with cookies, on sockets of its own: each request a connection.
final class TestBrowser: @unchecked Sendable {
    // Safe to share: a test uses one browser after the other, never two at a time.
    let port: Int
    private var cookies: [String: String] = [:]

    init(port: Int) { self.port = port }

    func get(_ target: String, headers: [String] = []) async throws -> TestReply {
        try await request("GET", target, headers: headers, body: nil)
    }

    /// Follows redirects, as a browser does.
    func visit(_ target: String) async throws -> TestReply {
        var reply = try await get(target)
        var hops = 0
        while reply.status == 303, let next = reply.header("location"), hops < 5 {
            reply = try await get(next)
            hops += 1
        }
        return reply
    }

    func post(_ target: String, _ fields: [(String, String)], headers: [String] = []) async throws -> TestReply {
        let body = fields.map { "\(FormFields.encoded($0))=\(FormFields.encoded($1))" }.joined(separator: "&")
        return try await request(
            "POST", target, headers: headers + ["Content-Type: application/x-www-form-urlencoded"],
            body: Array(body.utf8))
    }

    /// Sends a form of a page with the fields that it has, some of them changed, pressing the button that is named.
    func submit(_ form: HTMLForm, _ changes: [String: String]) async throws -> TestReply {
        var fields = form.fields.filter { changes[$0.0] == nil }
        fields += changes.map { ($0.key, $0.value) }
        let reply = try await post(form.action, fields)
        guard reply.status == 303, let next = reply.header("location") else { return reply }
        return try await visit(next)
    }

    func request(_ method: String, _ target: String, headers: [String], body: [UInt8]?) async throws -> TestReply {
        var lines = ["\(method) \(target) HTTP/1.1"]
        if !headers.contains(where: { $0.lowercased().hasPrefix("host:") }) { lines.append("Host: 127.0.0.1:\(port)") }
        lines += headers
        if !cookies.isEmpty {
            lines.append("Cookie: " + cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; "))
        }
        if let body { lines.append("Content-Length: \(body.count)") }
        lines.append("Connection: close")
        let bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? [])
        let port = port
        let reply = try await offPool { try TestSocket(port: port).exchange(bytes) }
        for (name, value) in reply.headers where name == "set-cookie" {
            let pair = value.split(separator: ";")[0].split(separator: "=", maxSplits: 1)
            cookies[String(pair[0])] = String(pair[1])
        }
        return reply
    }
}

/// A connection to this machine.
final class TestSocket: Sendable {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    /// The next bytes; none at the end.
    func receive() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : []
    }

    func exchange(_ request: [UInt8]) throws -> TestReply {
        send(request)
        var all: [UInt8] = []
        while true {
            let more = receive()
            if more.isEmpty { break }
            all += more
        }
        return try TestSocket.reply(all)
    }

    static func reply(_ bytes: [UInt8]) throws -> TestReply {
        let text = String(decoding: bytes, as: UTF8.self)
        let mark = try #require(bytes.firstRange(of: Array("\r\n\r\n".utf8)), "no answer: \(text.prefix(200))")
        let lines = String(decoding: bytes[..<mark.lowerBound], as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: true)
        let status = try #require(lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) })
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), String(line[line.index(after: colon)...].drop { $0 == " " }))
        }
        return TestReply(status: status, headers: headers, body: Array(bytes[mark.upperBound...]))
    }
}
