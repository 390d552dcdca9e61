import Agent
import ArgumentParser
import Events
import Glibc
import Patterns
import Store
import Synchronization
import Tail
import Triage

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Read finished logs and list the issues in them.",
        discussion: "Exit code: 0 issues found, 1 none found, 2 a file or pack could not be used.")

    @Option(
        help: ArgumentHelp(
            "Pack to use, by name or by file; without it packs are chosen by themselves.", valueName: "name|path"))
    var pack: [String] = []

    @OptionGroup var packs: PackOptions

    @Option(help: ArgumentHelp("Store to add the counts to; without it nothing is kept.", valueName: "path"))
    var store: String?

    @Option(help: ArgumentHelp("Leave out events before this: 2h, 3d, 2026-11-22, or a time.", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("Leave out events at or after this.", valueName: "time"))
    var until: TimeArgument?

    @Option(help: "text or json (JSON Lines).")
    var format = OutputFormat.text

    @Option(help: "How text lies in the logs: auto, utf-8, utf-16le, utf-16be or latin1.")
    var encoding: EncodingChoice?

    @Flag(help: "List every event instead of the issues.")
    var events = false

    @Flag(help: "Make every record an event, known or not.")
    var all = false

    @Flag(name: .customLong("no-core"), help: "Leave out the pack 'core'.")
    var noCore = false

    @Flag(name: .customLong("hide-emails"), help: "Show <email> in place of e-mail addresses.")
    var hideEmails = false

    @Flag(name: .customLong("no-prefilter"), help: "Try every pattern on every line: same answer, slower.")
    var noPrefilter = false

    @Option(help: ArgumentHelp("Scanning threads; as many as processors by default.", valueName: "n"))
    var threads: Int?

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("Logs, directories of logs, or - for standard input.", valueName: "file"))
    var paths: [String]

    func validate() throws {
        if let threads, threads < 1 || threads > 256 {
            throw ValidationError("--threads \(threads): give a number from 1 to 256")
        }
    }

    func run() throws {
        let configuration = try common.configuration()
        let files = pack.filter { $0.contains("/") || $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
        let library = packs.library(configuration, adding: files, only: wanted(files))
        common.report(library.diagnostics)
        let names = try packNames(library, files: files)
        let expansion = LogFiles.expand(paths)
        common.report(expansion.faults)

        var options = LogScan.Options()
        options.selection = PackSelection(
            names: names, usesCore: !noCore, takesEveryRecord: all, hidesEmails: hideEmails)
        options.threads = threads ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let now = SystemClock.now()
        options.since = since?.time(now: now)
        options.until = until?.time(now: now)
        options.zone = SystemTimeZone.local(.current())
        options.wantsEvents = events
        options.shape = shapes(configuration)
        let catalogue = PackCatalogue(library, isPrefilterEnabled: !noPrefilter, cache: .standard)
        let scan = LogScan(files: expansion.files, catalogue: catalogue, options: options, now: now)
        let outcome = run(scan, totalBytes: expansion.totalBytes)
        try finish(outcome, configuration, now: now, hasFaults: library.hasErrors || !expansion.faults.isEmpty)
    }

    /// Names of the packs that are asked; nil where they are chosen among all.
    private func wanted(_ files: [String]) -> Set<String>? {
        pack.isEmpty ? nil : Set(pack).subtracting(files).union(noCore ? [] : [Pack.coreName])
    }

    /// What the configuration says of each log's text; the option overrules it.
    private func shapes(_ configuration: Configuration) -> @Sendable (String) -> LogShape {
        let surroundings = Surroundings.current()
        let encoding = encoding?.encoding
        return { path in
            var shape = path == "-" ? LogShape() : configuration.shape(of: surroundings.absolute(path))
            if let encoding { shape.encoding = encoding }
            return shape
        }
    }

    private func packNames(_ library: PackLibrary, files: [String]) throws -> [String]? {
        guard !pack.isEmpty else { return nil }
        let names = try pack.compactMap { wanted -> String? in
            if files.contains(wanted) { return library.packs.values.first { $0.path == wanted }?.name }
            if library.packs[wanted] != nil { return wanted }
            let remedy = wanted.nearest(in: library.names).map { "did you mean '\($0)'?" }
            common.errors.write(
                "margay: no pack '\(wanted.safe)'; \(remedy ?? "there are: \(library.names.sorted().joined(separator: ", "))")\n"
            )
            throw ExitStatus.faulty
        }
        if names.isEmpty { throw ExitStatus.faulty }
        return names
    }

    /// Scans while a progress bar runs, and stops between two blocks on Ctrl-C.
    private func run(_ scan: LogScan, totalBytes: Int64?) -> LogScan.Outcome {
        let output = common.output
        let format = format
        let isBroken = Atomic(false)
        let progress = common.quiet ? nil : ProgressBar.start(for: scan, totalBytes: totalBytes, on: common.errors)
        let outcome = scan.run(
            isCancelled: { isBroken.load(ordering: .relaxed) || Signals.isInterrupted },
            onEvents: { events in
                guard !events.isEmpty else { return }
                let text = events.map { format == .json ? EventListing.json($0) : EventListing.line($0) }.joined()
                if !output.write(text) { isBroken.store(true, ordering: .relaxed) }
            })
        progress?.stop()
        return outcome
    }

    private func finish(
        _ outcome: LogScan.Outcome, _ configuration: Configuration, now: Timestamp, hasFaults: Bool
    ) throws {
        common.report(outcome.faults)
        for (pattern, count) in outcome.matchesGivenUp {
            common.say("margay: \(pattern) was given up at a match limit \(count) times; simplify its expression")
        }
        if common.verbose { for (path, reason) in outcome.choices { common.say("\(path): \(reason)") } }
        let issues = SiblingFamilies.joined(outcome.issues)
        var rows = IssueRow.rows(of: issues, node: configuration.node)
        if let store, !Signals.isInterrupted { try keep(outcome, in: store, configuration, now: now, &rows) }
        if !events {
            let text =
                format == .json
                ? rows.map { $0.json + "\n" }.joined()
                : IssueListing.table(rows, for: common.output, now: now)
            if !rows.isEmpty { common.output.write(text) }
        }
        summarise(outcome, issueCount: issues.count)
        if Signals.isInterrupted { throw ExitStatus.interrupted }
        if hasFaults || !outcome.faults.isEmpty { throw ExitStatus.faulty }
        if outcome.eventCount == 0 { throw ExitStatus.nothingFound }
    }

    private func summarise(_ outcome: LogScan.Outcome, issueCount: Int) {
        guard format == .text else { return }
        var line = "\(issueCount) \(issueCount == 1 ? "issue" : "issues"), "
        line += "\(outcome.eventCount) events in \(outcome.lines) lines of \(outcome.filesRead) "
        line += outcome.filesRead == 1 ? "file" : "files"
        if outcome.linesCut > 0 { line += "; \(outcome.linesCut) lines over 1 MiB were cut" }
        if outcome.linesForeign > 0 { line += "; \(outcome.linesForeign) lines not wrapped as the others" }
        if outcome.recordsCut > 0 { line += "; \(outcome.recordsCut) records over 1,000 lines were cut" }
        common.say(line)
    }

    private func isFamily(_ fingerprint: Fingerprint, _ outcome: LogScan.Outcome) -> Bool {
        !outcome.issues.contains { $0.fingerprint == fingerprint }
    }

    private func keep(
        _ outcome: LogScan.Outcome, in path: String, _ configuration: Configuration, now: Timestamp,
        _ rows: inout [IssueRow]
    ) throws {
        do throws(ArchiveError) {
            let archive = try Archive(path: Surroundings.current().absolute(path), mode: .write)
            let sequence = try archive.lastSequence(node: configuration.node) + 1
            let notices = try archive.apply(
                Batch(node: configuration.node, sequence: sequence, issues: outcome.issues, files: [], time: now))
            let news = Dictionary(notices.map { ($0.fingerprint, $0.verdict.novelty) }, uniquingKeysWith: { $1 })
            for index in rows.indices {
                // The counts stay those of this scan; what the store knows of the issue is added.
                rows[index].novelty = news[rows[index].fingerprint] ?? .known
                let text = rows[index].fingerprint.description
                guard case .found(let known) = try archive.issue(matching: text, now: now) else { continue }
                // A family is told by none of its messages: the store says whether somebody has judged it.
                if isFamily(rows[index].fingerprint, outcome) { rows[index].novelty = known.row.novelty }
                rows[index].id = known.row.id
                rows[index].state = known.row.state
                rows[index].owner = known.row.owner
            }
            try archive.close()
        } catch {
            common.errors.write(error.description.safe + "\n")
            throw ExitStatus.faulty
        }
    }
}

/// Names of encodings on the command line: those of the configuration.
enum EncodingChoice: String, ExpressibleByArgument, CaseIterable {
    case automatic = "auto"
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    case latin1

    var encoding: TextEncoding {
        switch self {
        case .automatic: .automatic
        case .utf8: .utf8
        case .utf16LittleEndian: .utf16LittleEndian
        case .utf16BigEndian: .utf16BigEndian
        case .latin1: .latin1
        }
    }
}
