import Glibc
import Synchronization

/// What the process is told from outside.
package enum Signals {
    private static let interrupts = Atomic(0)

    /// How the process is to end.
    package enum Request: Sendable {
        /// Ctrl-C.
        case interrupted
        /// `kill`, `systemctl stop`.
        case terminated
    }

    /// Makes a write into a pipe that nobody reads an error of that write instead of the end of the process.
    package static func ignoreBrokenPipe() { signal(SIGPIPE, SIG_IGN) }

    /// Whether Ctrl-C came since `noteInterrupts`.
    package static var isInterrupted: Bool { interrupts.load(ordering: .relaxed) > 0 }

    /// From now on the first Ctrl-C is only noted; the second ends the process at once.
    package static func noteInterrupts() {
        signal(SIGINT) { _ in
            if Signals.interrupts.wrappingAdd(1, ordering: .relaxed).newValue > 1 { _exit(130) }
        }
    }

    /// Waits for SIGINT, SIGTERM, SIGHUP or SIGUSR1 on a thread of its own and hands them to `onRequest`, `onHangUp` or
    /// `onQuestion`; a second SIGINT ends the process at once. Call it before any other thread is started: threads inherit
    /// the blocked signals.
    package static func listen(
        onRequest: @escaping @Sendable (Request) -> Void, onHangUp: @escaping @Sendable () -> Void,
        onQuestion: @escaping @Sendable () -> Void = {}
    ) {
        let numbers = [SIGINT, SIGTERM, SIGHUP, SIGUSR1]
        var set = sigset_t()
        sigemptyset(&set)
        for number in numbers { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        _ = WorkerThread(name: "signals") {
            var set = sigset_t()
            sigemptyset(&set)
            for number in numbers { sigaddset(&set, number) }
            var interruptCount = 0
            while true {
                var number: Int32 = 0
                guard sigwait(&set, &number) == 0 else { continue }
                switch number {
                case SIGHUP: onHangUp()
                case SIGUSR1: onQuestion()
                case SIGINT:
                    interruptCount += 1
                    if interruptCount > 1 { _exit(130) }
                    onRequest(.interrupted)
                default: onRequest(.terminated)
                }
            }
        }
    }
}
