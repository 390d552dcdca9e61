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
            Works beside a 'margay watch' that writes the store, and without one. It has no users yet, so it listens on \
            this machine only; from elsewhere reach it through ssh -L 7077:127.0.0.1:7077. A store that cannot be \
            written is shown read-only.
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
        let address = listen ?? configuration.console ?? .standard
        let stopper = ConsoleStopper()
        Signals.listen(onRequest: { stopper.stop($0) }, onHangUp: {})
        let (archive, readOnlyReason) = try open(store.path(configuration))
        let library = packs.library(configuration)
        common.report(library.diagnostics)
        let host = ConsoleHost.of(
            archive, configuration, library, author: Author.name, readOnlyReason: readOnlyReason)
        let log = AgentLog.logger(errors: common.errors, isQuiet: common.quiet, isVerbose: common.verbose)
        let server = ConsoleServer(log: log)
        let listening: ListenAddress
        do throws(ConsoleServer.Fault) {
            listening = try server.start(host, at: address)
        } catch {
            common.errors.write("margay: \(error.description.safe)\n")
            throw ExitStatus.faulty
        }
        if let readOnlyReason { common.say("read only: \(readOnlyReason)") }
        common.say("console of \(archive.path) at http://\(listening)/")
        let request = stopper.wait()
        server.stop()
        try store.reporting(common) { () throws(ArchiveError) in try archive.close() }
        if request == .interrupted { throw ExitStatus.interrupted }
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
