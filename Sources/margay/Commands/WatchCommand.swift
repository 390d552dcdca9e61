import Agent
import ArgumentParser
import CLinux
import Console
import Events
import Glibc
import Logging
import Notify
import Patterns
import Store
import Synchronization
import Tail
import Triage

struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Follow log files until stopped; new issues are printed as they appear.",
        discussion: """
            Without paths the sources of the configuration are followed. Quote globs, so that margay follows files that \
            appear later too. Files that are there at the first start are read from their end (--start beginning: from \
            their first line; --start 24h: from the first record of the last day); after that, every start goes on where \
            the last one stopped. On a terminal three lines say how it goes; elsewhere SIGUSR1 asks for them.
            """)

    @OptionGroup var packs: PackOptions

    @OptionGroup var store: StoreOptions

    @Option(
        help: ArgumentHelp(
            "Where to begin in files that are there at the first start: end, beginning, or a time (24h, 2026-11-22).",
            valueName: "place"))
    var start = StartArgument.end

    @Option(help: ArgumentHelp("Scanning threads; as many as processors by default.", valueName: "n"))
    var threads: Int?

    @OptionGroup var common: CommonOptions

    @Argument(
        help: ArgumentHelp(
            "Files, FIFOs or globs (** goes into directories); - is standard input, until its end.",
            valueName: "file|glob"))
    var paths: [String] = []

    func validate() throws {
        if let threads, threads < 1 || threads > 256 {
            throw ValidationError("--threads \(threads): give a number from 1 to 256")
        }
    }

    func run() throws {
        margay_keep_small()
        var configuration = try common.configuration()
        configuration.storePath = store.path(configuration)
        if !paths.isEmpty {
            configuration.sources = try givenSources()
            configuration.syslog = nil
            // Somebody looks on, and wants to see all of it.
            configuration.novelty = .everything
        }
        guard !configuration.sources.isEmpty || configuration.syslog != nil || configuration.console != nil else {
            throw ValidationError(
                "nothing to follow: name files or globs, or give the configuration 'sources:', 'syslog:' or 'console:'")
        }
        let library = packs.library(configuration)
        common.report(library.diagnostics)
        let log = AgentLog.logger(errors: common.errors, isQuiet: common.quiet, isVerbose: common.verbose)
        try follow(configuration, library, log)
        if library.hasErrors { throw ExitStatus.faulty }
    }

    private func givenSources() throws -> [Configuration.Source] {
        let surroundings = Surroundings.current()
        var seen: Set<String> = []
        return try paths.filter { seen.insert($0).inserted }.map { path in
            if path == SourceFiles.standardInputPath { return try standardInput(surroundings) }
            let absolute = surroundings.absolute(path)
            let glob: Glob
            if PathText.withBytes(absolute, { access($0, F_OK) }) == 0 {
                glob = Glob(literal: absolute)
            } else {
                do { glob = try Glob(absolute) } catch { throw ValidationError("\(path): \(error)") }
            }
            let zone = SystemTimeZone.local(surroundings)
            return Configuration.Source(
                files: SourceFiles(name: path, include: [glob], start: start.policy, zone: zone),
                selection: PackSelection(), zone: zone, group: nil, place: Place(path: path))
        }
    }

    private func standardInput(_ surroundings: Surroundings) throws -> Configuration.Source {
        guard fcntl(STDIN_FILENO, F_GETFD) >= 0 else {
            throw ValidationError("-: standard input is closed; pipe a log into 'margay watch -'")
        }
        // All of it is new.
        var files = SourceFiles(name: SourceFiles.standardInputPath, include: [], start: .beginning)
        files.isStandardInput = true
        return Configuration.Source(
            files: files, selection: PackSelection(), zone: SystemTimeZone.local(surroundings), group: nil,
            place: Place(path: files.name))
    }

    private func follow(_ configuration: Configuration, _ library: PackLibrary, _ log: Logger) throws {
        let stopper = Stopper()
        Signals.listen(
            onRequest: { stopper.stop($0) },
            onHangUp: {
                guard let console = stopper.console else {
                    log.notice("SIGHUP: nothing to reload in this version")
                    return
                }
                console.reload()
            },
            onQuestion: {
                // As dd answers: on standard error, whatever it is.
                for line in stopper.lines { log.notice("\(line)") }
            })
        let output = common.output
        let errors = common.errors
        let courier = Courier(
            channels: [
                LineChannel(name: "terminal", descriptor: output.descriptor) { notice in
                    (output.isTerminal ? errors.freshLine : "") + NoticeLine.text(notice, for: output)
                }
            ], log: log)
        let deliverer = WorkerThread(name: "courier") { courier.run() }
        defer {
            courier.close()
            deliverer.join()
        }
        // A store that is damaged while it is written is kept aside, and following goes on with a new one.
        var isOver = false
        while !isOver {
            isOver = try followOnce(configuration, library, log, stopper, courier)
        }
        if stopper.request == .interrupted { throw ExitStatus.interrupted }
    }

    /// Returns whether that was all: false when the store has to be opened anew.
    private func followOnce(
        _ configuration: Configuration, _ library: PackLibrary, _ log: Logger, _ stopper: Stopper, _ courier: Courier
    ) throws -> Bool {
        let errors = common.errors
        let (archive, keptAside) = try openStore(configuration)
        let pipeline: FollowPipeline
        do {
            pipeline = try FollowPipeline(
                configuration, catalogue: PackCatalogue(library, cache: .standard), archive: archive,
                scanners: threads ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))), log: log,
                onNotices: { courier.post($0) })
        } catch let error as ArchiveError {
            errors.write(error.description.safe + "\n")
            throw ExitStatus.faulty
        } catch let fault as SyslogSockets.Fault {
            errors.write("margay: \(fault.sentence)\n")
            throw ExitStatus.faulty
        }
        let console = try startConsole(configuration, library, archive, pipeline.intake, log)
        stopper.hold(console)
        if let listening = pipeline.syslogListening { common.say("syslog at \(listening)") }
        stopper.hold(pipeline)
        if let keptAside { pipeline.report(HealthEvent(.storeDamaged, subject: "store", "kept aside as \(keptAside)")) }
        for (pack, faults) in WatchCommand.faults(library) {
            pipeline.report(HealthEvent(.packUnusable, subject: pack, faults[0], file: pack))
        }
        let progress = common.quiet ? nil : LiveLines.start(for: pipeline, archive, on: errors)
        let names = configuration.sources.map { $0.files.isStandardInput ? "standard input" : $0.files.name }
        let followed = names.isEmpty ? "" : " of \(names.joined(separator: ", "))"
        pipeline.run { [common] count in
            common.say(
                "following \(count) \(count == 1 ? "file" : "files")\(followed); store \(configuration.storePath)")
            LearningText.tell(archive, configuration, common)
        }
        progress?.stop()
        console?.stop()
        let isDamaged = pipeline.isStoreDamaged && stopper.request == nil
        if !isDamaged { summarise(pipeline) }
        do throws(ArchiveError) {
            try archive.close()
        } catch  where isDamaged {
            // What cannot be written back is kept aside with the rest.
        } catch {
            errors.write(error.description.safe + "\n")
            throw ExitStatus.faulty
        }
        return !isDamaged
    }

    /// The errors of packs by their files.
    private static func faults(_ library: PackLibrary) -> [(pack: String, faults: [String])] {
        let errors = library.diagnostics.filter { $0.level == .error }
        return Dictionary(grouping: errors, by: \.place.path).sorted { $0.key < $1.key }.map {
            (pack: $0.key, faults: $0.value.map(\.description))
        }
    }

    private func openStore(_ configuration: Configuration) throws -> (archive: Archive, keptAside: String?) {
        let opened = try store.reporting(common) { () throws(ArchiveError) in
            try Archive.openForWatching(path: configuration.storePath, now: SystemClock.now())
        }
        if let aside = opened.keptAside {
            // Said even with --quiet.
            common.errors.write(
                """
                margay: THE STORE WAS DAMAGED and is kept aside as \(aside.safe)
                margay: a new store was begun; 'margay store restore' brings back what can be read

                """)
        }
        return (opened.archive, opened.keptAside)
    }

    /// The console beside it, where the configuration asks for one. Where it cannot listen, nothing is followed either:
    /// whoever asked for it would look for it in vain.
    private func startConsole(
        _ configuration: Configuration, _ library: PackLibrary, _ archive: Archive, _ intake: EventIntake,
        _ log: Logger
    ) throws -> ConsoleServer? {
        guard let settings = configuration.console else { return nil }
        let server = ConsoleServer(log: log)
        var host = ConsoleHost.of(
            archive, configuration, library, author: "console",
            overrides: store.store == nil ? [:] : ["store": "--store"])
        host.takeEvents = { events, request, bytes, answer in
            intake.take(events, request: request, bytes: bytes, answer: answer)
        }
        let opening = try server.open(host, settings, common)
        common.say("console at \(opening.origin)/")
        return server
    }

    private func summarise(_ pipeline: FollowPipeline) {
        let totals = pipeline.totals
        var line = "\(totals.newIssues) new issues, \(totals.events) events in \(totals.lines) lines"
        if totals.held > 0 { line += "; \(totals.held) more are in 'margay issues', learned or over the budget" }
        if totals.bytesLost > 0 { line += "; \(totals.bytesLost) bytes lost, see 'margay sources'" }
        common.say(line + "; checkpoint saved")
    }
}

/// Brings a signal and the pipeline together, whichever comes first.
private final class Stopper: Sendable {
    private struct State {
        var request: Signals.Request?
        var pipeline: FollowPipeline?
        var console: ConsoleServer?
    }

    private let state = Mutex(State())

    var request: Signals.Request? { state.withLock { $0.request } }

    /// The console that runs beside it, if any.
    var console: ConsoleServer? { state.withLock { $0.console } }

    func hold(_ console: ConsoleServer?) { state.withLock { $0.console = console } }

    /// How following goes at this moment; empty where it has not begun.
    var lines: [String] { state.withLock { $0.pipeline }.map(LiveLines.once) ?? [] }

    func stop(_ request: Signals.Request) {
        let pipeline = state.withLock { state in
            state.request = request
            return state.pipeline
        }
        pipeline?.stop()
    }

    func hold(_ pipeline: FollowPipeline) {
        let isStopped = state.withLock { state in
            state.pipeline = pipeline
            return state.request != nil
        }
        if isStopped { pipeline.stop() }
    }
}
