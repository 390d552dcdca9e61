package import Events
import Glibc

/// Follows files: finds them, opens them, notices when they grow, and hands each out to be read by one thread at a time.
///
/// ```swift
/// let tailer = try Tailer(configuration, checkpoints: stored)
/// // On a thread of its own:            // On each scanning thread:
/// try tailer.run()                      while let follower = tailer.next() {
///                                           let result = follower.turn(budgetBytes: 4 << 20) { scan($0) }
///                                           store(follower.takeProgress())
///                                           tailer.release(follower, result)
///                                       }
/// ```
package final class Tailer: @unchecked Sendable {
    // Sendable: `queue` and `waker` are; `watched` belongs to the thread in `run()`, except for the two tables that
    // `files()` reads under the queue's lock.
    private let queue: TurnQueue
    private let waker: Waker
    private let watched: WatchedFiles
    private let clock: @Sendable () -> Int64
    private var isStopped = false
    /// When `run()` last found events.
    private var lastEvents = Int64.min / 2

    /// After a round with events, the next comes this much later: what happens in between is told in one go.
    private static let restNanos: Int64 = 3_000_000

    /// Prepares; touches no log yet. `checkpoints` are those stored last, in any order; `followedSources` the names of
    /// the sources that were followed before, so that what is new in them appeared meanwhile; `stored` what else was
    /// stored of the files of the checkpoints.
    ///
    /// `clock` gives nanoseconds that only go forward. Throws `SystemError` when no inotify instance or descriptor is left.
    package init(
        _ configuration: TailConfiguration, checkpoints: [Checkpoint], followedSources: Set<String> = [],
        stored: [FileIdentity: StoredFile] = [:],
        syscalls: Syscalls = .live,
        clock: @escaping @Sendable () -> Int64 = Tailer.monotonicNanos
    ) throws(SystemError) {
        self.clock = clock
        var bounded = configuration
        bounded.openFilesMax = Tailer.raiseOpenFiles(to: configuration.openFilesMax)
        queue = TurnQueue(clock: clock)
        waker = try Waker()
        watched = try WatchedFiles(
            bounded, checkpoints: checkpoints, followedSources: followedSources, stored: stored, queue: queue,
            syscalls: syscalls, clock: clock)
    }

    /// Watches and opens until `stop()`; the caller's thread is its own until then. Reads no log bytes, so that opening
    /// a file never waits behind reading one.
    ///
    /// `onReady` is called once, when everything that was there is known: whatever appears after it is new.
    /// `onBlocked` is called when some file has become unreadable, or readable again; `files()` tells which and why.
    /// Throws `SystemError` when inotify itself fails, which leaves nothing to go on with.
    package func run(onReady: () -> Void = {}, onBlocked: () -> Void = {}) throws(SystemError) {
        try look()
        onReady()
        var told = 0
        while !queue.withLock({ isStopped }) {
            if watched.blockedChanges != told {
                told = watched.blockedChanges
                onBlocked()
            }
            wait()
            try look()
        }
    }

    /// Ends `run()`, and `next()` in every thread. Callable from any thread, once or more.
    package func stop() {
        queue.withLock { isStopped = true }
        queue.stop()
        waker.wake()
    }

    /// Waits for a file with something to do and hands it to the calling thread alone; nil after `stop()`.
    package func next() -> Follower? { queue.takeWaiting() }

    /// Gives a follower back after its turn; the caller must not touch it any more.
    package func release(_ follower: Follower, _ result: TurnResult) {
        if queue.giveBack(follower, result) { waker.wake() }
    }

    /// All files that match, and those that leave, as of their last turn; also the ones that are not read, with the
    /// reason. Counts are those of the last turn, so use `state`, `checkpoint`, `size` and `note` only. Any thread.
    package func files() -> [FileProgress] {
        queue.withLock {
            watched.followers.values.map { $0.standing.progress ?? $0.initialProgress }
                + watched.blocked.map { path, entry in entry.progress(path, watched.configuration.sources) }
        }.sorted { $0.checkpoint.path < $1.checkpoint.path }
    }

    /// The paths that match and are not followed, with the reason, by path. Those left alone for their age come as
    /// `ignored`, with the checkpoint to be stored of each. Any thread.
    package func unreadFiles() -> (blocked: [UnreadFile], ignored: [FileProgress]) {
        queue.withLock {
            let sources = watched.configuration.sources
            var blocked: [UnreadFile] = []
            var ignored: [FileProgress] = []
            for (path, entry) in watched.blocked.sorted(by: { $0.key < $1.key }) {
                if entry.checkpoint == nil {
                    blocked.append(
                        UnreadFile(
                            path: path, source: entry.source.map { sources[$0].name } ?? "", state: entry.state,
                            reason: entry.reason, size: entry.size))
                } else {
                    ignored.append(entry.progress(path, sources))
                }
            }
            return (blocked, ignored)
        }
    }

    /// Whether a file is followed at present, or left alone for now. Any thread.
    package func knows(_ identity: FileIdentity) -> Bool {
        watched.relatives.isFollowed(identity)
            || queue.withLock { watched.blocked.values.contains { watched.isSame($0.identity, identity) } }
    }

    /// Whether `path`, or the log it may have been rotated from, belongs to a source. Any thread.
    package func matches(_ path: String) -> Bool { watched.claim(onRotated: path) != nil }

    /// Directories whose changes are not told and which are looked at every `pollMillis` instead, and why. Any thread.
    package func polledDirectories() -> [(path: String, reason: String)] {
        queue.withLock { watched.polled.sorted { $0.key < $1.key }.map { (path: $0.key, reason: $0.value) } }
    }

    /// One round of `run()` without waiting: for tests, which drive the tailer without threads.
    func look() throws(SystemError) {
        try watched.look()
        watched.wakeReadablePipes()
    }

    /// The pipes that are followed, for a last turn each (`Follower.isToEnd`): what has arrived in them would be lost.
    /// Call it when `run()` has returned and every thread has got nil from `next()`.
    package func pipesAtEnd() -> [Follower] {
        let pipes = watched.pipes.values.sorted { $0.fileKey < $1.fileKey }
        for pipe in pipes {
            pipe.current = pipe.assignment
            pipe.isToEnd = true
        }
        return pipes
    }

    /// As `next()`, but nil when nothing is to do at this moment.
    func nextNow() -> Follower? { queue.takeNow() }

    private func wait() {
        rest()
        var descriptors = [
            pollfd(fd: watched.watcher.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        descriptors += watched.quietPipes().descriptors
        let millis = (watched.nextLook - clock() + 999_999) / 1_000_000
        let count = poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: max(0, millis)))
        guard count > 0 else { return }
        if descriptors[0].revents != 0 { lastEvents = clock() }
        if descriptors[1].revents != 0 { waker.clear() }
    }

    /// Lets a burst gather: a file that is written to all the time costs some hundred rounds a second, not a round for
    /// every line. The first event after a pause is never kept waiting.
    private func rest() {
        let millis = (lastEvents + Tailer.restNanos - clock()) / 1_000_000
        guard millis > 0 else { return }
        var descriptor = pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0)
        poll(&descriptor, 1, Int32(clamping: min(millis, Tailer.restNanos / 1_000_000)))
    }

    /// CLOCK_MONOTONIC in nanoseconds.
    package static let monotonicNanos: @Sendable () -> Int64 = {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }

    /// Raises the soft limit of descriptors as far as it goes; returns how many of them files may have.
    private static func raiseOpenFiles(to wanted: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
        let reserve: UInt = 256
        let target = min(limit.rlim_max, UInt(max(0, wanted)) + reserve)
        if limit.rlim_cur < target {
            limit.rlim_cur = target
            // Refused: then there are fewer, which the next line accounts for.
            _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            _ = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return min(wanted, Int(clamping: limit.rlim_cur > 2 * reserve ? limit.rlim_cur - reserve : limit.rlim_cur / 2))
    }
}

/// What was stored of a file besides its checkpoint.
package struct StoredFile: Sendable {
    package var state: FileState
    /// Name of its source.
    package var source: String
    /// When that was.
    package var time: Timestamp

    package init(state: FileState, source: String, time: Timestamp) {
        self.state = state
        self.source = source
        self.time = time
    }

    /// It was read to its end or left alone on purpose: nothing is missed if it is gone.
    var isDone: Bool { state == .finished || state == .skipped }
}

extension Follower {
    /// Before the first turn: what stat said when it was opened.
    var initialProgress: FileProgress {
        let checkpoint = Checkpoint(
            path: assignment.path, identity: identity, generation: 0, offset: 0, lines: nil, head: .none, before: .none)
        return FileProgress(
            checkpoint: checkpoint, source: sourceName, state: .following, size: size, lines: 0, events: 0,
            bytesLost: 0, note: "")
    }
}

extension WatchedFiles.Blocked {
    fileprivate func progress(_ path: String, _ sources: [SourceFiles]) -> FileProgress {
        let checkpoint =
            checkpoint
            ?? Checkpoint(
                path: path, identity: identity, generation: 0, offset: 0, lines: nil, head: .none, before: .none)
        return FileProgress(
            checkpoint: checkpoint, source: source.map { sources[$0].name } ?? "", state: state, size: size, lines: 0,
            events: 0, bytesLost: 0, note: reason)
    }
}
