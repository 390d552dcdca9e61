package import Events

/// Where the console listens and whom it lets in.
package struct ConsoleSettings: Sendable, Equatable {
    /// Files of a certificate and its key, in PEM.
    package struct TLS: Sendable, Equatable {
        /// The certificate with those that vouch for it behind it.
        package var certificate: String
        package var key: String
        /// Where the configuration names them, for messages: `margay.yaml:3:9`.
        package var place: String

        package init(certificate: String, key: String, place: String) {
            self.certificate = certificate
            self.key = key
            self.place = place
        }
    }

    /// A proxy in front that has people sign in and says who they are.
    package struct Proxy: Sendable, Equatable {
        /// Whose word is taken.
        package var addresses: [AddressRange]
        /// The header that holds the name.
        package var userHeader: String
        /// Of people who are no users of the store.
        package var role: Role

        package init(addresses: [AddressRange], userHeader: String, role: Role) {
            self.addresses = addresses
            self.userHeader = userHeader
            self.role = role
        }
    }

    package var listen: ListenAddress
    /// Names by which browsers may reach it, beside those of this machine; in lower case, without a port.
    package var names: [String]
    package var tls: TLS?
    package var proxy: Proxy?
    /// The directory to whose packs editors may add patterns; nil for none.
    package var localPacks: String?

    package init(
        listen: ListenAddress = .standard, names: [String] = [], tls: TLS? = nil, proxy: Proxy? = nil,
        localPacks: String? = nil
    ) {
        self.listen = listen
        self.names = names
        self.tls = tls
        self.proxy = proxy
        self.localPacks = localPacks
    }

    /// The beginning of its addresses, for people: the first name it was given, else where it listens.
    package func origin(port: Int) -> String {
        let host = names.first ?? listen.visitedHost
        return "\(tls == nil ? "http" : "https")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
}
