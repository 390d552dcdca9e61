import Events
import Glibc
import Patterns
import Tail
import Triage

/// Reads `syslog:` of the configuration: a port, an address, or `{ udp: …, tcp: … }` with what applies to its messages.
struct SyslogLoader {
    let document: YAMLDocument
    let environment: Surroundings
    /// Reads the keys that every source has.
    let source: (YAMLMapping, YAMLValue) -> Configuration.Source

    static let messageBytes = 480...65_536
    static let connections = 1...10_000

    /// Nil, with a diagnostic, where it says nowhere to listen.
    func settings(_ value: YAMLValue) -> SyslogSettings? {
        guard value.isMapping else {
            let places = places(value)
            guard !places.isEmpty, let source = standardSource(value) else { return nil }
            return SyslogSettings(udp: places, tcp: places, limits: .init(), source: source)
        }
        guard let mapping = document.mapping(value, what: "syslog") else { return nil }
        let udp = mapping["udp"].map(places)
        let tcp = mapping["tcp"].map(places)
        var limits = SyslogSockets.Limits()
        if let bytes = mapping["message_bytes"].flatMap({ number($0, "message_bytes", SyslogLoader.messageBytes) }) {
            limits.messageBytesMax = bytes
        }
        if let count = mapping["connections"].flatMap({ number($0, "connections", SyslogLoader.connections) }) {
            limits.connectionsMax = count
        }
        if let seconds = mapping["idle"].flatMap(idle) { limits.idleSeconds = seconds }
        let source = source(mapping, value)
        mapping.reportUnknownKeys(in: "syslog")
        if udp == nil, tcp == nil {
            document.report(
                value, "missing-key", "syslog listens nowhere", remedy: "add 'udp: 514', 'tcp: 514' or both")
            return nil
        }
        return SyslogSettings(udp: udp ?? [], tcp: tcp ?? [], limits: limits, source: source)
    }

    /// A source of which nothing is said.
    private func standardSource(_ value: YAMLValue) -> Configuration.Source? {
        Configuration.Source(
            files: SourceFiles(name: SyslogSettings.sourceName, include: [], start: .end), selection: PackSelection(),
            zone: SystemTimeZone.local(environment), group: nil, place: value.place)
    }

    private func places(_ value: YAMLValue) -> [SocketPlace] {
        value.list().compactMap { value in
            guard let text = value.text("an address") else { return nil }
            if let place = SocketPlace(text) { return place }
            document.report(
                value, "bad-listen", "'\(text)' is no address with a port",
                remedy: "write 514 for this machine only, or an address such as 0.0.0.0:514 or [::]:514")
            return nil
        }
    }

    private func number(_ value: YAMLValue, _ name: String, _ range: ClosedRange<Int>) -> Int? {
        guard let text = value.text(name) else { return nil }
        if let number = Int(text), range.contains(number) { return number }
        document.report(
            value, "bad-number", "'\(text)' is no number for \(name)",
            remedy: "write one from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    private func idle(_ value: YAMLValue) -> Int64? {
        guard let text = value.text("idle") else { return nil }
        if let seconds = MomentText.seconds(text), seconds > 0 { return seconds }
        document.report(
            value, "bad-age", "'\(text)' is no time of silence", remedy: "write a number and s, m, h or d, as 10m")
        return nil
    }
}

extension SocketPlace {
    /// `514`, `localhost:514`, `0.0.0.0:514`, `[::]:514`; nil for anything else. A port alone is this machine's.
    package init?(_ text: String) {
        var host = "127.0.0.1"
        var port = text[...]
        if let colon = text.lastIndex(of: ":") {
            host = String(text[..<colon])
            port = text[text.index(after: colon)...]
            if host.hasPrefix("["), host.hasSuffix("]") {
                host = String(host.dropFirst().dropLast())
            } else if host.contains(":") {
                return nil
            }
            if host == "localhost" { host = "127.0.0.1" }
        }
        guard !port.isEmpty, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port),
            number <= 65_535, SocketPlace.isNumeric(host)
        else { return nil }
        self.init(host: host, port: number)
    }

    private static func isNumeric(_ host: String) -> Bool {
        var address = in6_addr()
        return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1
    }
}
