package import Access
import Dispatch
package import Events
import Glibc
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Store
import Synchronization
import Triage

/// The console on its socket: started and stopped by the thread that also runs the rest, and waited for there.
package final class ConsoleServer: Sendable {
    /// Why it does not run, with what to do about it, without a full stop.
    package struct Fault: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// What came of a start.
    package struct Opening: Sendable, Equatable {
        /// With the port that was taken.
        package var address: ListenAddress
        /// The beginning of its addresses, for a browser.
        package var origin: String
        /// The address by which the first admin comes in, once; nil where none is needed, or one was made before.
        package var setupLink: String?
        /// What whoever started it should know; sentences.
        package var warnings: [String] = []
    }

    private struct State {
        var certificate: CertificateFiles?
        var group: ServiceGroup?
        var address: ListenAddress?
        var fault: Fault?
        var isOver = false
    }

    private let state = Mutex(State())
    /// Signalled once when it listens or has failed, and once when it is over.
    private let begun = DispatchSemaphore(value: 0)
    private let over = DispatchSemaphore(value: 0)
    private let isStarted = Atomic(false)
    private let log: Logger

    package init(log: Logger) {
        var log = log
        // What the server itself has to say of every start is said by whoever starts it.
        log.logLevel = max(log.logLevel, .warning)
        self.log = log
    }

    /// Serves `host` at `address` until `stop()`. Returns the address with the port that was taken. Blocks for a moment;
    /// not for the cooperative pool. Call it once.
    package func start(_ host: ConsoleHost, at address: ListenAddress) throws(Fault) -> ListenAddress {
        try start(host, ConsoleSettings(listen: address)).address
    }

    /// Serves `host` as `settings` say until `stop()`. Blocks for a moment; not for the cooperative pool. Call it once.
    ///
    /// A console that others can reach is not opened without somebody to sign in: without users and without a proxy in
    /// front that knows them, a set-up link is made. Throws where that cannot be, where the files of `tls` are not good,
    /// or the port cannot be had.
    package func start(_ host: ConsoleHost, _ settings: ConsoleSettings) throws(Fault) -> Opening {
        precondition(!isStarted.exchange(true, ordering: .relaxed), "a console is started once")
        do throws(Fault) {
            let link = try setupSecret(host, settings)
            let files: CertificateFiles?
            if let tls = settings.tls { files = try CertificateFiles(tls) } else { files = nil }
            state.withLock { $0.certificate = files }
            Task { await self.run(host, settings, files) }
            begun.wait()
            let (listening, fault) = state.withLock { ($0.address, $0.fault) }
            guard let listening else { throw fault ?? Fault(description: "the console could not be started") }
            let origin = settings.origin(port: listening.port)
            return Opening(
                address: listening, origin: origin, setupLink: link.map { "\(origin)/setup/\($0)" },
                warnings: ConsoleServer.warnings(settings))
        } catch {
            if state.withLock({ $0.group == nil }) { isStarted.store(false, ordering: .relaxed) }
            throw error
        }
    }

    /// Reads the files of the certificate anew, where they changed. For SIGHUP; otherwise it is done every few seconds.
    package func reload() {
        guard let files = state.withLock({ $0.certificate }) else { return }
        CertificateWatch.tell(files.look(), log)
    }

    /// The secret of a set-up link, where one has to be made.
    private func setupSecret(_ host: ConsoleHost, _ settings: ConsoleSettings) throws(Fault) -> String? {
        do throws(ArchiveError) {
            let now = host.clock()
            let verdict = OpeningRule.judge(
                isLoopback: settings.listen.isLoopback, hasUsers: try host.archive.hasUsers(),
                hasProxy: settings.proxy != nil, isLinkPending: try host.archive.isSetupPending(hash: nil, now: now),
                canWrite: host.readOnlyReason == nil)
            switch verdict {
            case .open: return nil
            case .refuse(let reason): throw ArchiveError(.denied, "\(settings.listen) \(reason)", path: "console")
            case .openWithLink:
                let secret = SecretText.newLink()
                _ = try host.archive.prepareSetup(
                    hash: SecretText.hash(secret), by: AuditEntry.machine, now: now)
                return secret
            }
        } catch {
            throw Fault(description: error.path == "console" ? "the console at \(error.message)" : error.description)
        }
    }

    private static func warnings(_ settings: ConsoleSettings) -> [String] {
        guard !settings.listen.isLoopback, settings.tls == nil else { return [] }
        return [
            "the console is open to other machines without encryption: passwords can be read on the way; give it "
                + "'tls:', or listen on 127.0.0.1 behind a proxy that has it"
        ]
    }

    /// Lets requests that are being answered finish, for a few seconds, and ends it. Blocks until it is over.
    package func stop() {
        guard isStarted.load(ordering: .relaxed) else { return }
        let group = state.withLock { $0.group }
        if let group { Task { await group.triggerGracefulShutdown() } }
        over.wait()
        over.signal()
    }

    private func run(_ host: ConsoleHost, _ settings: ConsoleSettings, _ files: CertificateFiles?) async {
        let threads = StoreThreads()
        let slowThreads = StoreThreads(threads: 1, waitingMax: ConsoleLimits.passwordsWaitingMax)
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let address = settings.listen
        let site = ConsoleSite(host: host, settings: settings)
        let responder = ConsoleResponder(site: site, threads: threads, slowThreads: slowThreads, live: LivePages())
        let application = ConsoleServer.application(responder, files, at: address, on: loops, log: log) {
            [self] port in
            state.withLock { $0.address = address.with(port: port) }
            begun.signal()
        }
        var services: [any Service] = [application]
        if let files { services.append(CertificateWatch(files: files, threads: threads, log: log)) }
        var configuration = ServiceGroupConfiguration(services: services, logger: log)
        configuration.maximumGracefulShutdownDuration = .seconds(5)
        let group = ServiceGroup(configuration: configuration)
        state.withLock { $0.group = group }
        do {
            try await group.run()
        } catch {
            let isNew = state.withLock { state in
                state.fault = ConsoleServer.fault(error, at: address)
                return state.address == nil
            }
            if isNew { begun.signal() }
        }
        await threads.close()
        await slowThreads.close()
        do { try await loops.shutdownGracefully() } catch {
            log.warning("the console's threads did not end: \(error)")
        }
        state.withLock { $0.isOver = true }
        over.signal()
    }

    /// The application.
    private static func application(
        _ responder: ConsoleResponder, _ files: CertificateFiles?, at address: ListenAddress,
        on loops: any EventLoopGroup, log: Logger, onListening: @escaping @Sendable (Int) -> Void
    ) -> Application<ConsoleResponder> {
        var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
        decoder.maxHeaderFieldSize = ConsoleLimits.headerBytesMax
        decoder.maxHeaderListSize = ConsoleLimits.headerBytesMax
        decoder.maxHeaderFieldCount = ConsoleLimits.headersMax
        let waiting = WaitingConnections()
        let channel = HTTP1Channel.Configuration(
            additionalChannelHandlers: [WaitingConnections.Watch(waiting)],
            idleTimeout: .seconds(ConsoleLimits.idleSeconds), httpDecoderConfiguration: decoder)
        let server = HTTPServerBuilder { responder -> any ServerChildChannel in
            let base = HTTP1Channel(responder: responder, configuration: channel)
            return if let files { SecureChannel(base: base, files: files) } else { base }
        }
        return Application(
            responder: responder, server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: nil, backlog: 256,
                availableConnectionsDelegate: MaximumAvailableConnections(ConsoleLimits.connectionsMax)),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? address.port) },
            eventLoopGroupProvider: .shared(loops), logger: log)
    }

    private static func fault(_ error: any Error, at address: ListenAddress) -> Fault {
        guard let error = error as? IOError else {
            return Fault(description: "the console cannot listen on \(address): \(error)")
        }
        switch error.errnoCode {
        case EADDRINUSE:
            return Fault(
                description: """
                    the console cannot listen on \(address): another program has this port; end it, or name another \
                    one, as --listen 127.0.0.1:\(address.port < 65_535 ? address.port + 1 : 7_077)
                    """)
        case EACCES:
            return Fault(
                description: """
                    the console cannot listen on \(address): ports below 1024 are for root; name another one, as \
                    --listen 127.0.0.1:7077
                    """)
        default:
            return Fault(
                description: "the console cannot listen on \(address): \(String(cString: strerror(error.errnoCode)))")
        }
    }
}
