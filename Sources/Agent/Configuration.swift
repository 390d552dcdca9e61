package import Access
package import Events
import Glibc
package import Patterns
package import Store
package import Tail
package import Triage

/// What `margay.yaml` says, checked, with defaults filled in.
package struct Configuration: Sendable {
    /// The file it came from; nil when there was none.
    package var path: String?
    package var storePath: String
    /// Name of this host in events.
    package var node: String
    /// Directories or files of packs; empty means the shipped ones.
    package var packPaths: [String]
    package var sources: [Source]
    /// What is learned before it is told, and how much is told.
    package var novelty: NoveltyPolicy
    /// Where the console listens and whom it lets in; nil for no console.
    package var console: ConsoleSettings?
    /// Where syslog is listened to; nil for nowhere.
    package var syslog: SyslogSettings?
    /// How long and how much of it the store keeps.
    package var retention: RetentionPolicy = .standard

    /// Where the values of its keys stand, by these; `console.listen` for a key of a key. Keys that are not there are
    /// defaults.
    package var origins: [String: Place] = [:]

    /// Files to follow and what applies to them.
    package struct Source: Sendable {
        package var files: SourceFiles
        /// What of the journal is followed, instead of files.
        package var journal: JournalSource?
        package var selection: PackSelection
        package var zone: TimeZoneRules
        /// Name of the application or team that its issues belong to.
        package var group: String?
        /// Where it stands in the file.
        package var place: Place
        /// Where the names of its packs stand.
        package var packPlaces: [(name: String, place: Place)]

        package init(
            files: SourceFiles, journal: JournalSource? = nil, selection: PackSelection, zone: TimeZoneRules,
            group: String?, place: Place,
            packPlaces: [(name: String, place: Place)] = []
        ) {
            self.files = files
            self.journal = journal
            self.selection = selection
            self.zone = zone
            self.group = group
            self.place = place
            self.packPlaces = packPlaces
        }
    }

    package init(
        storePath: String, node: String, packPaths: [String] = [], sources: [Source] = [],
        novelty: NoveltyPolicy = .everything
    ) {
        self.novelty = novelty
        self.storePath = storePath
        self.node = node
        self.packPaths = packPaths
        self.sources = sources
    }

    /// Places where a configuration is looked for when none is named, in this order.
    package static let searchPaths = ["/etc/margay/margay.yaml", "margay.yaml"]

    /// What was read and all that is wrong with it.
    package struct Result: Sendable {
        package var configuration: Configuration
        package var diagnostics: [Diagnostic]

        package var hasErrors: Bool { diagnostics.contains { $0.level == .error } }
    }

    /// The configuration to use: the named file, `$MARGAY_CONFIG`, or the first of `searchPaths` that exists.
    package static func load(named: String?, environment: Surroundings) -> Result {
        let chosen = named ?? environment["MARGAY_CONFIG"]
        guard let path = chosen ?? searchPaths.first(where: { access($0, F_OK) == 0 }) else {
            return Result(configuration: environment.defaults, diagnostics: [])
        }
        do {
            let text = try contents(of: path, bytesMax: YAMLDocument.bytesMax)
            return ConfigurationLoader.load(text, path: path, environment: environment)
        } catch {
            let fault = Diagnostic(
                Place(path: path), .error, rule: "unreadable", error.reason,
                remedy: "check the path and its permissions")
            return Result(configuration: environment.defaults, diagnostics: [fault])
        }
    }
}

/// What a configuration takes from the process it runs in: a value, so that tests can choose it.
package struct Surroundings: Sendable {
    package var variables: [String: String]
    package var hostName: String
    package var workingDirectory: String
    package var userID: UInt32
    /// What `24h ago` counts from.
    package var now: Timestamp

    package init(
        variables: [String: String], hostName: String, workingDirectory: String, userID: UInt32,
        now: Timestamp = SystemClock.now()
    ) {
        self.variables = variables
        self.hostName = hostName
        self.workingDirectory = workingDirectory
        self.userID = userID
        self.now = now
    }

    /// Those of this process.
    package static func current() -> Surroundings {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            entry += 1
        }
        var name = [CChar](repeating: 0, count: 256)
        let hasName = gethostname(&name, name.count - 1) == 0
        let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let directory = getcwd(nil, 0)
        defer { free(directory) }
        return Surroundings(
            variables: variables, hostName: hasName ? String(decoding: bytes, as: UTF8.self) : "localhost",
            workingDirectory: directory.map { String(cString: $0) } ?? "/", userID: geteuid())
    }

    package subscript(name: String) -> String? {
        guard let value = variables[name], !value.isEmpty else { return nil }
        return value
    }

    /// `path` behind the working directory unless it is absolute.
    package func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        let base = workingDirectory.hasSuffix("/") ? String(workingDirectory.dropLast()) : workingDirectory
        return base + "/" + (path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
    }

    /// Where the store lies when nobody says: of the system for root, of the user for a user (XDG base directories).
    package var defaultStorePath: String {
        if userID == 0 { return "/var/lib/margay/margay.db" }
        if let state = self["XDG_STATE_HOME"] { return state + "/margay/margay.db" }
        if let home = self["HOME"] { return home + "/.local/state/margay/margay.db" }
        return absolute("margay.db")
    }

    /// Where what can be made again is kept: of the system for root, of the user for a user; nil where there is no place.
    package var cacheDirectory: String? {
        if let directory = self["CACHE_DIRECTORY"] { return directory }  // systemd.exec(5)
        if userID == 0 { return "/var/cache/margay" }
        if let cache = self["XDG_CACHE_HOME"] { return cache + "/margay" }
        return self["HOME"].map { $0 + "/.cache/margay" }
    }

    /// The configuration of a host that has none.
    package var defaults: Configuration {
        Configuration(storePath: defaultStorePath, node: hostName)
    }
}
