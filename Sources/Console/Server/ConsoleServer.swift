import Dispatch
package import Events
import Glibc
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The console on its socket: started and stopped by the thread that also runs the rest, and waited for there.
package final class ConsoleServer: Sendable {
    /// Why it does not run, with what to do about it, without a full stop.
    package struct Fault: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    private struct State {
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
        precondition(!isStarted.exchange(true, ordering: .relaxed), "a console is started once")
        Task { await self.run(host, at: address) }
        begun.wait()
        let (listening, fault) = state.withLock { ($0.address, $0.fault) }
        guard let listening else { throw fault ?? Fault(description: "the console could not be started") }
        return listening
    }

    /// Lets requests that are being answered finish, for a few seconds, and ends it. Blocks until it is over.
    package func stop() {
        guard isStarted.load(ordering: .relaxed) else { return }
        let group = state.withLock { $0.group }
        if let group { Task { await group.triggerGracefulShutdown() } }
        over.wait()
        over.signal()
    }

    private func run(_ host: ConsoleHost, at address: ListenAddress) async {
        let threads = StoreThreads()
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let application = ConsoleServer.application(
            ConsoleSite(host: host), threads, at: address, on: loops, log: log
        ) { [self] port in
            state.withLock { $0.address = address.with(port: port) }
            begun.signal()
        }
        var configuration = ServiceGroupConfiguration(services: [application], logger: log)
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
        do { try await loops.shutdownGracefully() } catch {
            log.warning("the console's threads did not end: \(error)")
        }
        state.withLock { $0.isOver = true }
        over.signal()
    }

    /// The application, for `run` and for tests.
    static func application(
        _ site: ConsoleSite, _ threads: StoreThreads, at address: ListenAddress, on loops: any EventLoopGroup,
        log: Logger, onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) -> Application<ConsoleResponder> {
        var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
        decoder.maxHeaderFieldSize = ConsoleLimits.headerBytesMax
        decoder.maxHeaderListSize = ConsoleLimits.headerBytesMax
        decoder.maxHeaderFieldCount = ConsoleLimits.headersMax
        let waiting = WaitingConnections()
        return Application(
            responder: ConsoleResponder(site: site, threads: threads, live: LivePages()),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [WaitingConnections.Watch(waiting)],
                    idleTimeout: .seconds(ConsoleLimits.idleSeconds), httpDecoderConfiguration: decoder)),
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
