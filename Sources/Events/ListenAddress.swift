/// Where the console listens: `127.0.0.1:7077`, `[::]:443`, `localhost:7077`, or a port alone for this machine only.
package struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// An address or a name of this host, without brackets.
    package let host: String
    /// 0 takes any free one.
    package let port: Int

    package static let standard = ListenAddress(host: "127.0.0.1", port: 7_077)

    private init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// What is wrong with an address, and how to mend it; each a clause.
    package struct Fault: Error, Equatable, CustomStringConvertible {
        package let message: String
        package let remedy: String

        package var description: String { "\(message); \(remedy)" }
    }

    package init(_ text: String) throws(Fault) {
        let host: Substring
        let port: Substring
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.hasPrefix(":") else { throw ListenAddress.malformed(text) }
            port = rest.dropFirst()
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        } else {
            host = "127.0.0.1"
            port = text[...]
        }
        guard !port.isEmpty, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port),
            number <= 65_535
        else { throw ListenAddress.malformed(text) }
        guard !host.isEmpty, host.utf8.allSatisfy(ListenAddress.isOfHost) else { throw ListenAddress.malformed(text) }
        self.init(host: String(host), port: number)
    }

    /// The same with the port that was really taken.
    package func with(port: Int) -> ListenAddress { ListenAddress(host: host, port: port) }

    /// Whether nobody but this machine can reach it.
    package var isLoopback: Bool { ListenAddress.isLoopback(host) }

    /// The host for the address bar of a browser here: one that listens everywhere is reached by this machine's name for
    /// itself.
    package var visitedHost: String { ["0.0.0.0", "::"].contains(host) ? "localhost" : host }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Names and addresses that lead to this machine and cannot lead elsewhere.
    package static func isLoopback(_ host: some StringProtocol) -> Bool {
        ["127.0.0.1", "::1", "localhost"].contains(host.lowercased())
    }

    /// Letters, digits, `-`, `.`, `:` and `%` (of `fe80::1%eth0`).
    private static func isOfHost(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x25: true
        default: false
        }
    }

    private static func malformed(_ text: String) -> Fault {
        Fault(message: "'\(text)' is no address with a port", remedy: "give one such as 127.0.0.1:7077")
    }
}
