import Access
import Events
import Glibc
import Patterns

/// Reads `console:` of the configuration.
struct ConsoleLoader {
    let document: YAMLDocument
    let environment: Surroundings
    /// Directories and files of packs that the configuration names.
    let packPaths: [String]

    /// Headers that mean something else to browsers, proxies or us, and so cannot hold a name.
    private static let takenHeaders: Set<String> = [
        "authorization", "cookie", "host", "origin", "content-type", "content-length", "connection", "referer",
        "user-agent", "x-forwarded-for", "forwarded",
    ]

    func settings(_ value: YAMLValue) -> ConsoleSettings? {
        guard let mapping = document.mapping(value, what: "the console") else { return nil }
        var settings = ConsoleSettings()
        let listen = mapping["listen"].map { address($0) }
        if let names = mapping["names"] { settings.names = names.list().compactMap { name($0) } }
        if let tls = mapping["tls"] { settings.tls = self.tls(tls) }
        if let proxy = mapping["proxy"] { settings.proxy = self.proxy(proxy) }
        if let directory = mapping["local_packs"] { settings.localPacks = localPacks(directory) }
        mapping.reportUnknownKeys(in: "the console")
        switch listen {
        case .some(let address?): settings.listen = address
        case .some(nil): return nil
        case nil: break
        }
        return settings
    }

    private func address(_ value: YAMLValue) -> ListenAddress? {
        guard let text = value.text("listen") else { return nil }
        do throws(ListenAddress.Fault) {
            return try ListenAddress(text)
        } catch {
            document.report(value, "bad-listen", error.message, remedy: error.remedy)
            return nil
        }
    }

    private func name(_ value: YAMLValue) -> String? {
        guard let text = value.text("a name of the console") else { return nil }
        let isName =
            !text.isEmpty && text.utf8.count <= 253
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2D || byte == 0x2E
            }
        if isName || AddressRange.isAddress(text) { return text.lowercased() }
        document.report(
            value, "bad-name", "'\(text)' is no name of a host",
            remedy: "write what stands in the address bar, without http:// and port: margay.example.org")
        return nil
    }

    /// A directory that `packs` names: what is written elsewhere is never read.
    private func localPacks(_ value: YAMLValue) -> String? {
        guard let text = value.text("local_packs") else { return nil }
        let path = ConsoleLoader.withoutSlash(environment.absolute(text))
        if packPaths.contains(where: { ConsoleLoader.withoutSlash($0) == path }) { return path }
        document.report(
            value, "bad-local-packs", "'\(text)' is none of the directories of 'packs'",
            remedy: "list it there too, behind the shipped ones: packs: [shipped, \(path)]")
        return nil
    }

    private static func withoutSlash(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    private func tls(_ value: YAMLValue) -> ConsoleSettings.TLS? {
        guard let mapping = document.mapping(value, what: "tls") else { return nil }
        let certificate = mapping.required("certificate", of: "tls").flatMap { file($0, "the certificate") }
        let key = mapping.required("key", of: "tls").flatMap { file($0, "the key") }
        mapping.reportUnknownKeys(in: "tls")
        guard let certificate, let key else { return nil }
        return ConsoleSettings.TLS(certificate: certificate, key: key, place: value.place.description)
    }

    /// The absolute path of a file that can be read.
    private func file(_ value: YAMLValue, _ what: String) -> String? {
        guard let text = value.text(what) else { return nil }
        let path = environment.absolute(text)
        guard access(path, R_OK) == 0 else {
            document.report(
                value, "bad-tls", "\(what) \(path) cannot be read: \(String(cString: strerror(errno)))",
                remedy: "name a PEM file that the user of Margay may read")
            return nil
        }
        return path
    }

    private func proxy(_ value: YAMLValue) -> ConsoleSettings.Proxy? {
        guard let mapping = document.mapping(value, what: "proxy") else { return nil }
        let addresses = mapping.required("addresses", of: "the proxy")?.list().compactMap { range($0) } ?? []
        let header = mapping["user_header"].map { self.header($0) } ?? "X-Remote-User"
        let role = mapping["role"].map { self.role($0) } ?? .viewer
        mapping.reportUnknownKeys(in: "the proxy")
        guard !addresses.isEmpty, let header, let role else { return nil }
        return ConsoleSettings.Proxy(addresses: addresses, userHeader: header, role: role)
    }

    private func range(_ value: YAMLValue) -> AddressRange? {
        guard let text = value.text("an address") else { return nil }
        if let range = AddressRange(text) { return range }
        document.report(
            value, "bad-address", "'\(text)' is no address",
            remedy: "write the address that the proxy connects from, such as 127.0.0.1 or 10.0.0.0/24")
        return nil
    }

    private func header(_ value: YAMLValue) -> String? {
        guard let text = value.text("user_header") else { return nil }
        let isName =
            !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2D
            }
        if isName, !ConsoleLoader.takenHeaders.contains(text.lowercased()) { return text }
        document.report(
            value, "bad-header", "'\(text)' is no header that can hold a name",
            remedy: "write one that the proxy sets itself and takes from nobody, such as X-Remote-User")
        return nil
    }

    private func role(_ value: YAMLValue) -> Role? {
        guard let text = value.text("role") else { return nil }
        if let role = Role(rawValue: text) { return role }
        document.report(
            value, "bad-role", "'\(text)' is no role", remedy: "write viewer, responder, editor or admin")
        return nil
    }
}
