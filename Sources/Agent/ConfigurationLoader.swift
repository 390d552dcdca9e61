import Events
import Patterns
import Store
import Tail
import Triage

/// Reads `margay.yaml`. All its faults are reported at once.
struct ConfigurationLoader {
    private let document: YAMLDocument
    private let environment: Surroundings

    static func load(_ text: String, path: String, environment: Surroundings) -> Configuration.Result {
        let loader = ConfigurationLoader(document: YAMLDocument(path: path), environment: environment)
        var configuration = environment.defaults
        configuration.path = path
        if let top = loader.document.topMapping(of: text) { loader.read(top, into: &configuration) }
        return Configuration.Result(configuration: configuration, diagnostics: loader.document.diagnostics)
    }

    private func read(_ top: YAMLMapping, into configuration: inout Configuration) {
        if let store = top["store"]?.text("store") { configuration.storePath = environment.absolute(store) }
        if let node = top["node"]?.text("node") { configuration.node = node }
        configuration.packPaths = (top["packs"]?.texts("a pack's path") ?? []).map {
            $0 == ShippedPacks.word ? $0 : environment.absolute($0)
        }
        configuration.sources = (top["sources"]?.list() ?? []).compactMap { source($0) }
        reportDuplicateNames(configuration.sources)
        configuration.novelty = top["learning"].flatMap { novelty($0) } ?? .standard
        configuration.syslog = top["syslog"].flatMap { syslog($0) }
        let packPaths = configuration.packPaths
        configuration.console = top["console"].flatMap {
            ConsoleLoader(document: document, environment: environment, packPaths: packPaths).settings($0)
        }
        if let retention = top["retention"] { configuration.retention = self.retention(retention) }
        // Before the keys are gone through: asking for all of them makes all of them known.
        top.reportUnknownKeys(in: "the configuration")
        for entry in top.entries {
            guard let key = entry.key.text("a key") else { continue }
            configuration.origins[key] = entry.value.place
            guard key == "console", entry.value.isMapping,
                let console = document.mapping(entry.value, what: "the console")
            else { continue }
            for inner in console.entries {
                if let name = inner.key.text("a key") { configuration.origins["console.\(name)"] = inner.value.place }
            }
        }
    }

    private func syslog(_ value: YAMLValue) -> SyslogSettings? {
        SyslogLoader(document: document, environment: environment) { mapping, value in
            let packs = packs(mapping["packs"])
            let zone = mapping["timezone"].flatMap { self.zone($0) } ?? SystemTimeZone.local(environment)
            return Configuration.Source(
                files: SourceFiles(name: SyslogSettings.sourceName, include: [], start: .end, zone: zone),
                selection: selection(mapping, packs), zone: zone, group: mapping["group"]?.text("group"),
                place: value.place, packPlaces: packs ?? [])
        }.settings(value)
    }

    private func selection(_ mapping: YAMLMapping, _ packs: [(name: String, place: Place)]?) -> PackSelection {
        PackSelection(
            names: packs.map { $0.map(\.name) }, usesCore: mapping["core"]?.bool("core") ?? true,
            hidesEmails: mapping["hide_emails"]?.bool("hide_emails") ?? false)
    }

    private func source(_ value: YAMLValue) -> Configuration.Source? {
        guard let mapping = document.mapping(value, what: "a source") else { return nil }
        let journal = mapping["journal"].flatMap { JournalLoader(document, environment).source($0) }
        let hasJournal = mapping["journal"] != nil
        let paths = hasJournal ? mapping["paths"] : mapping.required("paths", of: "the source")
        let include = paths?.list().compactMap { glob($0) } ?? []
        let exclude = mapping["exclude"]?.list().compactMap { glob($0) } ?? []
        let name = mapping["name"]?.text("name")
        let packs = packs(mapping["packs"])
        let selection = selection(mapping, packs)
        let start = mapping["start"].flatMap { self.start($0) } ?? .end
        let zone = mapping["timezone"].flatMap { self.zone($0) } ?? SystemTimeZone.local(environment)
        let encoding = mapping["encoding"].flatMap { self.encoding($0) } ?? .automatic
        let format = mapping["format"].flatMap { self.format($0, encoding) } ?? .automatic
        let group = mapping["group"]?.text("group")
        let ignoreBefore = mapping["ignore_older"].flatMap { self.age($0) }
        mapping.reportUnknownKeys(in: "a source")
        if hasJournal, let paths {
            document.report(
                paths, "two-inputs", "a source follows files or the journal, not both",
                remedy: "make two sources, one with 'paths:' and one with 'journal:'")
        }
        if hasJournal {
            return journal.map { journal in
                Configuration.Source(
                    files: SourceFiles(name: name ?? "journal", include: [], start: start), journal: journal,
                    selection: selection, zone: zone,
                    group: group, place: value.place, packPlaces: packs ?? [])
            }
        }
        guard let first = include.first else {
            if paths != nil { document.report(paths, "no-paths", "the source names no paths", remedy: "add a glob") }
            return nil
        }
        return Configuration.Source(
            files: SourceFiles(
                name: name ?? first.text, include: include, exclude: exclude, start: start, encoding: encoding,
                format: format, zone: zone, ignoreBefore: ignoreBefore),
            selection: selection, zone: zone,
            group: group, place: value.place, packPlaces: packs ?? [])
    }

    /// What is remembered of a source is found by its name.
    private func reportDuplicateNames(_ sources: [Configuration.Source]) {
        var seen: [String: Place] = [:]
        for source in sources {
            if let first = seen.updateValue(source.place, forKey: source.files.name) {
                document.report(
                    Diagnostic(
                        source.place, .error, rule: "duplicate-name",
                        "the source '\(source.files.name)' is already there at line \(first.line)",
                        remedy: "give it another 'name:'"))
            }
        }
    }

    private func glob(_ value: YAMLValue) -> Glob? {
        guard let text = value.text("a path") else { return nil }
        do {
            return try Glob(environment.absolute(text))
        } catch {
            document.report(value, "bad-glob", "\(error)", remedy: "balance the brackets and braces")
            return nil
        }
    }

    /// Nil for `auto` and for nothing.
    private func packs(_ value: YAMLValue?) -> [(name: String, place: Place)]? {
        guard let value else { return nil }
        let names = value.list().compactMap { value in value.text("a pack's name").map { ($0, value.place) } }
        return names.map(\.0) == ["auto"] ? nil : names
    }

    private func start(_ value: YAMLValue) -> StartPolicy? {
        guard let text = value.text("start") else { return nil }
        if let policy = StartPolicy(stated: text, now: environment.now) { return policy }
        document.report(
            value, "bad-start", "'\(text)' is no place to start",
            remedy: "write end, beginning, an age as 24h ago, or a time as 2026-11-22 08:00")
        return nil
    }

    /// The moment before which a file is too old.
    private func age(_ value: YAMLValue) -> Timestamp? {
        guard let text = value.text("ignore_older") else { return nil }
        if let seconds = MomentText.seconds(text), seconds > 0 { return environment.now.moved(bySeconds: -seconds) }
        document.report(value, "bad-age", "'\(text)' is no age", remedy: "write a number and s, m, h, d or w, as 30d")
        return nil
    }

    /// `off`, or how long: `24h`, `3d`.
    private func novelty(_ value: YAMLValue) -> NoveltyPolicy? {
        guard let text = value.text("learning") else { return nil }
        if text == "off" { return .everything }
        if let seconds = MomentText.seconds(text), seconds > 0, seconds <= LearningPolicy.secondsMax {
            return NoveltyPolicy(learning: LearningPolicy(secondsMin: seconds), hasBudget: true)
        }
        document.report(
            value, "bad-learning", "'\(text)' is no time to learn", remedy: "write off, or up to 7d, such as 24h")
        return nil
    }

    /// `off`, or how long and how much: `{ age: 90d, size: 10GB }`, each of which may be `off`.
    private func retention(_ value: YAMLValue) -> RetentionPolicy {
        RetentionLoader(document: document).policy(value)
    }

    private func encoding(_ value: YAMLValue) -> TextEncoding? {
        guard let text = value.text("encoding") else { return nil }
        if text == "auto" { return .automatic }
        if let encoding = TextEncoding(rawValue: text) { return encoding }
        document.report(
            value, "bad-encoding", "'\(text)' is no encoding", remedy: "one of auto, utf-8, utf-16le, utf-16be, latin1")
        return nil
    }

    private func format(_ value: YAMLValue, _ encoding: TextEncoding) -> LineFormat? {
        guard let text = value.text("format") else { return nil }
        guard let format = LineFormat(rawValue: text) else {
            document.report(
                value, "bad-format", "'\(text)' is no format of lines", remedy: "one of auto, plain, docker, cri")
            return nil
        }
        let isWide = encoding == .utf16LittleEndian || encoding == .utf16BigEndian
        if isWide && (format == .docker || format == .cri) {
            document.report(
                value, "bad-format", "container runtimes do not write \(encoding.rawValue)",
                remedy: "remove one of both")
        }
        return format
    }

    private func zone(_ value: YAMLValue) -> TimeZoneRules? {
        guard let name = value.text("timezone") else { return nil }
        if let zone = SystemTimeZone.named(name) { return zone }
        document.report(
            value, "unknown-timezone", "'\(name)' is no time zone of this host",
            remedy: "write a name of the tz database, as Europe/London; see 'ls /usr/share/zoneinfo'")
        return nil
    }
}
