package import Events
import Glibc

/// The wall clock, read in one place; everything below takes the time as a parameter.
package enum SystemClock {
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            microseconds: Int64(time.tv_sec) * Timestamp.microsecondsPerSecond + Int64(time.tv_nsec) / 1_000)
    }

    /// Milliseconds of a clock that never jumps, for waiting and for rates.
    package static func monotonicMillis() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}

extension SystemClock {
    /// Waits: for a display that is drawn at intervals, never for something that can be waited for itself.
    package static func pause(millis: UInt32) { usleep(millis * 1_000) }
}
