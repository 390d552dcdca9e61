/// Where the console listens: `127.0.0.1:7077`, `localhost:7077`, `[::1]:7077`, or a port alone.
package struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// `127.0.0.1`, `::1` or `localhost`.
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
        guard ListenAddress.isLoopback(host) else {
            throw Fault(
                message: "'\(text)' is open to other machines, and the console has no users yet to keep strangers out",
                remedy:
                    "listen on 127.0.0.1:\(number), and reach it from elsewhere by ssh -L \(number):127.0.0.1:\(number)"
            )
        }
        self.init(host: String(host), port: number)
    }

    /// The same with the port that was really taken.
    package func with(port: Int) -> ListenAddress { ListenAddress(host: host, port: port) }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Names and addresses that lead to this machine and cannot lead elsewhere.
    package static func isLoopback(_ host: some StringProtocol) -> Bool {
        ["127.0.0.1", "::1", "localhost"].contains(host.lowercased())
    }

    private static func malformed(_ text: String) -> Fault {
        Fault(message: "'\(text)' is no address with a port", remedy: "give one such as 127.0.0.1:7077")
    }
}
