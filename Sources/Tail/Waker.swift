import CLinux
import Glibc

/// Wakes a thread that waits in poll(2), from any other thread.
package final class Waker: Sendable {
    /// Readable while a wake-up has not been taken.
    let descriptor: Int32

    /// Throws `SystemError` when no descriptor is left.
    package init() throws(SystemError) {
        descriptor = margay_eventfd()
        if descriptor < 0 { throw SystemError(call: "eventfd", number: -descriptor) }
    }

    deinit { close(descriptor) }

    /// Makes `descriptor` readable; several wake-ups count as one.
    package func wake() {
        var one: UInt64 = 1
        // Fails only when 2^64 wake-ups are pending, and then the sleeper is awake anyway.
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// Takes the wake-up, so that the next wait waits.
    func clear() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }
}
