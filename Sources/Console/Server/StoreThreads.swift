import HTTPTypes
import NIOPosix
import Synchronization

/// Threads on which pages block on the store: never the cooperative pool, which is as wide as the machine has cores.
final class StoreThreads: Sendable {
    private let pool: NIOThreadPool
    private let waiting = Atomic(0)
    private let waitingMax: Int

    init(threads: Int = ConsoleLimits.threads, waitingMax: Int = ConsoleLimits.waitingMax) {
        pool = NIOThreadPool(numberOfThreads: threads)
        self.waitingMax = waitingMax
        pool.start()
    }

    /// Runs `body` on one of the threads. Throws a `PageFault` with 503 where too much waits already.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let count = waiting.wrappingAdd(1, ordering: .relaxed).newValue
        defer { waiting.wrappingSubtract(1, ordering: .relaxed) }
        guard count <= waitingMax else {
            throw PageFault(
                status: .serviceUnavailable, title: "Too much at a time",
                message: "More pages are asked for than the console can make. Try again in a moment.", retrySeconds: 1)
        }
        return try await pool.runIfActive(body)
    }

    /// Ends the threads once what runs is done.
    func close() async {
        do { try await pool.shutdownGracefully() } catch {
            // Closed already.
        }
    }
}
