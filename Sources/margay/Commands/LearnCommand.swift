import Agent
import ArgumentParser
import Events
import Glibc
import Patterns
import Scan
import Store
import Triage

struct LearnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn", abstract: "Take what is there as known, so that only what comes later is new.",
        discussion: """
            With files, the issues in them are known from now on, without being counted. --status shows what the \
            followed sources have learned, --accept ends their learning at once, --export writes the fingerprints that \
            are known to standard output, --import reads them from such a file.
            """)

    @OptionGroup var packs: PackOptions
    @OptionGroup var store: StoreOptions

    @Flag(help: "Show what each source has learned, and since when.")
    var status = false

    @Flag(help: "End learning of the sources named, or of all.")
    var accept = false

    @Flag(help: "Write known fingerprints, one a line, with their titles.")
    var export = false

    @Option(
        name: .customLong("import"),
        help: ArgumentHelp("Take the fingerprints of an exported file as known.", valueName: "file"))
    var imported: String?

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("Logs or directories of logs; with --accept, names of sources.", valueName: "file"))
    var names: [String] = []

    /// Largest file of fingerprints, in bytes.
    private static let importBytesMax = 256 * 1_024 * 1_024

    func validate() throws {
        let modes = [status, accept, export, imported != nil].filter { $0 }.count
        guard modes <= 1 else { throw ValidationError("give one of --status, --accept, --export and --import") }
        if modes == 0, names.isEmpty { throw ValidationError("name logs to learn from, or give --status or --accept") }
        if status || export || imported != nil, !names.isEmpty {
            throw ValidationError("no names are taken here")
        }
    }

    func run() throws {
        if status { return try showStatus() }
        if accept { return try acceptAll() }
        if export { return try exportAll() }
        if let imported { return try importAll(imported) }
        try learn()
    }

    private func showStatus() throws {
        let archive = try store.open(common)
        let sources = try store.reporting(common) { () throws(ArchiveError) in try archive.sources() }
        let baselines = try store.reporting(common) { () throws(ArchiveError) in try archive.baselines() }
        var table = Table([
            Table.Column(heading: "SOURCE"), Table.Column(heading: "NODE"), Table.Column(heading: "LEARNING"),
            Table.Column(heading: "ISSUES", isRightAligned: true),
            Table.Column(heading: "EVENTS", isRightAligned: true),
            Table.Column(heading: "HELD", isRightAligned: true), Table.Column(heading: "NOTE", isFlexible: true),
        ])
        for source in sources {
            let learning = source.learning
            var note = learning.isLearning ? "since \(learning.began)" : learning.endedBecause ?? ""
            if source.grouping.isPoor { note += "; its errors do not fall into groups: write a pattern or a mask" }
            table.add([
                Table.Cell(source.name), Table.Cell(source.node),
                Table.Cell(learning.isLearning ? "learning" : "learned"), Table.Cell(String(learning.issues)),
                Table.Cell(String(learning.events)), Table.Cell(String(source.held)), Table.Cell(note),
            ])
        }
        for baseline in baselines {
            table.add([
                Table.Cell(baseline.name), Table.Cell("-"), Table.Cell("baseline"), Table.Cell(String(baseline.count)),
                Table.Cell("-"), Table.Cell("-"), Table.Cell("fingerprints taken as known"),
            ])
        }
        guard !sources.isEmpty || !baselines.isEmpty else {
            common.say("nothing was learned yet")
            throw ExitStatus.nothingFound
        }
        common.output.write(table.text(for: common.output))
    }

    private func acceptAll() throws {
        var ended: [String] = []
        for name in names.isEmpty ? [nil] : names.map(Optional.some) {
            ended += try store.change(common) { archive throws(ArchiveError) in
                try archive.acceptLearned(name, by: Author.name, now: SystemClock.now())
            }
        }
        for name in ended { common.output.write("\(name.safe)\n") }
        if ended.isEmpty {
            common.say("no such source is learning; 'margay learn --status' shows them")
            throw ExitStatus.nothingFound
        }
    }

    private func exportAll() throws {
        let archive = try store.open(common)
        let known = try store.reporting(common) { () throws(ArchiveError) in try archive.knownFingerprints() }
        common.output.write(known.map { "\($0.fingerprint)\t\($0.title.safe)\n" }.joined())
        if known.isEmpty { throw ExitStatus.nothingFound }
    }

    private func importAll(_ path: String) throws {
        let text: String
        do throws(FileFault) {
            text = try contents(of: path, bytesMax: LearnCommand.importBytesMax)
        } catch {
            common.errors.write("\(path.safe): error: [unreadable] \(error.reason); check the path\n")
            throw ExitStatus.faulty
        }
        var fingerprints: [Fingerprint] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let word = line.split(separator: "\t").first, !word.isEmpty else { continue }
            guard let fingerprint = Fingerprint(String(word)) else {
                common.errors.write(
                    "\(path.safe):\(number + 1): error: [no-fingerprint] '\(String(word.prefix(40)).safe)' is no "
                        + "fingerprint; take a file that 'margay learn --export' wrote\n")
                throw ExitStatus.faulty
            }
            fingerprints.append(fingerprint)
        }
        try keep(fingerprints, name: path.split(separator: "/").last.map(String.init) ?? path)
    }

    private func learn() throws {
        let configuration = try common.configuration()
        let library = packs.library(configuration)
        common.report(library.diagnostics)
        let expansion = LogFiles.expand(names)
        common.report(expansion.faults)
        var options = LogScan.Options()
        options.threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        options.zone = SystemTimeZone.local(.current())
        let catalogue = PackCatalogue(library, isPrefilterEnabled: true, cache: .standard)
        let scan = LogScan(files: expansion.files, catalogue: catalogue, options: options, now: SystemClock.now())
        let outcome = scan.run(isCancelled: { Signals.isInterrupted }, onEvents: { _ in })
        common.report(outcome.faults)
        if Signals.isInterrupted { throw ExitStatus.interrupted }
        try keep(outcome.issues.map(\.fingerprint), name: names.joined(separator: " "))
        if library.hasErrors || !expansion.faults.isEmpty || !outcome.faults.isEmpty { throw ExitStatus.faulty }
    }

    private func keep(_ fingerprints: [Fingerprint], name: String) throws {
        let added = try store.change(common) { archive throws(ArchiveError) in
            try archive.addBaseline(fingerprints, name: String(name.prefix(200)))
        }
        common.say("\(added) of \(fingerprints.count) issues were not known yet, and are now")
    }
}
