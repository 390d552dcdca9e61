import Events
import Glibc
import Store
import Synchronization
import Triage

/// Measures the store: not part of the program that ships. `Benchmarks/store.py` runs it and says what has to come out.
///
///     StoreBench fill PATH ISSUES     makes a store with that many issues, 2 % of them to be judged
///     StoreBench ingest PATH ROUNDS   200,000 events over 10,000 of them a round, alone and beside a reader
///     StoreBench pages PATH           pages and details, each query in every order
///
/// Each line it prints is a name, then figures, with tabs between. It leaves with 1 where a count is wrong.
@main
struct StoreBench {
    static let liveMax = 10_000
    static let eventsEach = 20
    static let batchMax = 10_000

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else { return usage() }
        switch (arguments[1], arguments.dropFirst(3).first.flatMap { Int($0) }) {
        case ("fill", let issues?) where issues > 0: try Filling(path: arguments[2]).run(issues)
        case ("ingest", let rounds?) where rounds > 0: try Ingesting(path: arguments[2]).run(rounds)
        case ("pages", _): try Paging(path: arguments[2]).run()
        default: usage()
        }
    }

    private static func usage() {
        tell("usage: StoreBench fill PATH ISSUES | ingest PATH ROUNDS | pages PATH", to: STDERR_FILENO)
        exit(64)
    }

    static func tell(_ line: String, to descriptor: Int32 = STDOUT_FILENO) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }

    static func fail(_ reason: String) -> Never {
        tell("not ok: " + reason, to: STDERR_FILENO)
        exit(1)
    }
}
