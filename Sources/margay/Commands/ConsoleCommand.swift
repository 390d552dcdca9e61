import Access
import Agent
import ArgumentParser
import Console
import Events
import Glibc
import Patterns
import Store
import Tail

struct ConsoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Serve the web console and the API of a store, until stopped.",
        discussion: """
            Works beside a 'margay watch' that writes the store, and without one. Without users it answers this machine \
            only, and nobody signs in; 'margay user add' makes users, and then everybody signs in. Opened to other \
            machines without users, it prints a link by which the first admin chooses a name and a password. A store \
            that cannot be written is shown read-only.
            """)

    @OptionGroup var store: StoreOptions

    @Option(
        help: ArgumentHelp(
            "Address and port; the configuration's, else 127.0.0.1:7077. Port 0 takes a free one.",
            valueName: "address"), transform: ListenArgument.parse)
    var listen: ListenAddress?

    @OptionGroup var packs: PackOptions

    @OptionGroup var common: CommonOptions

    func run() throws {
        let configuration = try common.configuration()
        var settings = configuration.console ?? ConsoleSettings()
        if let listen { settings.listen = listen }
        let stopper = ConsoleStopper()
        let log = AgentLog.logger(errors: common.errors, isQuiet: common.quiet, isVerbose: common.verbose)
        let server = ConsoleServer(log: log)
        Signals.listen(onRequest: { stopper.stop($0) }, onHangUp: { server.reload() })
        let (archive, readOnlyReason) = try open(store.path(configuration))
        let library = packs.library(configuration)
        common.report(library.diagnostics)
        let host = ConsoleHost.of(
            archive, configuration, library, author: Author.name, readOnlyReason: readOnlyReason,
            overrides: overrides)
        let opening = try server.open(host, settings, common)
        if let readOnlyReason { common.say("read only: \(readOnlyReason)") }
        common.say("console of \(archive.path) at \(opening.origin)/")
        let request = stopper.wait()
        server.stop()
        try store.reporting(common) { () throws(ArchiveError) in try archive.close() }
        if request == .interrupted { throw ExitStatus.interrupted }
    }

    private var overrides: [String: String] {
        var overrides: [String: String] = [:]
        if store.store != nil { overrides["store"] = "--store" }
        if listen != nil { overrides["console.listen"] = "--listen" }
        return overrides
    }

    /// For changes where that is possible, else for reading with the reason.
    private func open(_ path: String) throws -> (Archive, String?) {
        do throws(ArchiveError) {
            return (try Archive(path: path, mode: .change), nil)
        } catch {
            guard error.code == .denied else {
                common.errors.write(error.description.safe + "\n")
                throw ExitStatus.faulty
            }
            let archive = try store.reporting(common) { () throws(ArchiveError) in try Archive(path: path, mode: .read)
            }
            return (archive, "the store cannot be written by this user")
        }
    }
}

extension ConsoleServer {
    /// Starts it; says what whoever started it should know, and the set-up link where one was made, which is never kept
    /// quiet. Leaves with 2 and a message where it cannot be started.
    func open(_ host: ConsoleHost, _ settings: ConsoleSettings, _ common: CommonOptions) throws -> Opening {
        let opening: Opening
        do throws(ConsoleServer.Fault) {
            opening = try start(host, settings)
        } catch {
            common.errors.write("margay: \(error.description.safe)\n")
            throw ExitStatus.faulty
        }
        for warning in opening.warnings { common.errors.write("margay: \(warning.safe)\n") }
        if let link = opening.setupLink {
            common.errors.write(
                """
                margay: the console has no users yet; the first admin opens this link, once and within 24 hours:
                margay: \(link.safe)

                """)
        }
        return opening
    }
}

/// `--listen`.
enum ListenArgument {
    static func parse(_ text: String) throws -> ListenAddress {
        do throws(ListenAddress.Fault) {
            return try ListenAddress(text)
        } catch {
            throw ValidationError("--listen: \(error.description)")
        }
    }
}

/// Waits for a signal on the main thread.
private final class ConsoleStopper: @unchecked Sendable {
    // Sendable: `request` is touched within the lock only.
    private var request: Signals.Request?
    private let monitor = Monitor()

    func stop(_ request: Signals.Request) {
        monitor.locked {
            self.request = request
            monitor.notify()
        }
    }

    func wait() -> Signals.Request {
        monitor.locked {
            while true {
                if let request { return request }
                monitor.wait()
            }
        }
    }
}
