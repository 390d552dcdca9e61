import Glibc

/// A lock with a condition to wait for (pthreads(7)): for threads of our own, which may block.
///
/// What it guards lies beside it, in an owner that touches it within `locked` only.
package final class Monitor: @unchecked Sendable {
    // Safe to share: pthread's mutex and condition are made for it and never move.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    package init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // A wall clock that jumps must not stretch or cut a wait.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` while no other thread is in `locked`.
    package func locked<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Within `locked`: lets others in until `notify` or for no reason; ask again what was waited for.
    package func wait() { pthread_cond_wait(condition, mutex) }

    /// As `wait`, until a moment of `Tailer.monotonicNanos` at the latest. Returns false when that is reached.
    package func wait(untilNanos deadline: Int64) -> Bool {
        var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
        return pthread_cond_timedwait(condition, mutex, &time) != ETIMEDOUT
    }

    /// Wakes one that waits.
    package func notifyOne() { pthread_cond_signal(condition) }

    /// Wakes all that wait.
    package func notify() { pthread_cond_broadcast(condition) }
}
