import Tail

/// Lets threads that finish their numbered pieces in any order speak in the order of the numbers.
///
/// Each thread holds one piece at a time, so that memory is bounded by the number of threads.
final class OrderedTurn: @unchecked Sendable {
    // Safe to share: `next` is touched within `monitor.locked` only.
    private var next = 0
    private let monitor = Monitor()

    /// Waits until every piece before `number` is finished.
    func wait(for number: Int) {
        monitor.locked {
            while next != number { monitor.wait() }
        }
    }

    /// Passes the turn on to the piece after `number`.
    func finish(_ number: Int) {
        monitor.locked {
            next = number + 1
            monitor.notify()
        }
    }
}
