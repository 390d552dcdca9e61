import Events
import Glibc
import Synchronization
import Testing

@testable import Tail

/// A clock that stands still until it is told to go on.
final class HandClock: Sendable {
    private let nanos = Atomic<Int64>(1_000_000_000_000)

    var now: @Sendable () -> Int64 { { self.nanos.load(ordering: .relaxed) } }

    func advance(millis: Int64) { nanos.wrappingAdd(millis * 1_000_000, ordering: .relaxed) }
}

/// A tailer with everything round it that an agent would have, on one thread and with a clock in hand: no sleeping.
///
/// What has been accounted for and the checkpoints are updated together, as the store does in one transaction.
final class TailHarness {
    let clock = HandClock()
    private(set) var tailer: Tailer
    var configuration: TailConfiguration
    var syscalls = Syscalls.live
    /// Bytes read in a turn.
    var budgetBytes = 1 << 20
    /// Decides how much of a chunk is accounted for; all of it unless a test says otherwise.
    var consume: (Chunk) -> Int = { $0.bytes.count }

    /// Everything accounted for, by the log it belongs to; a line that lacked its newline ends in "⏎".
    private(set) var text: [String: [UInt8]] = [:]
    private(set) var endings: [Chunk.Ending] = []
    private(set) var chunks: [(offset: Int64, line: Int64?, bytes: [UInt8], ending: Chunk.Ending)] = []
    private(set) var notes: [String] = []
    private(set) var bytesLost: Int64 = 0
    private(set) var lines: Int64 = 0
    /// The rows of the store, one a file.
    private(set) var stored: [FileIdentity: FileProgress] = [:]
    private(set) var failures: [String] = []
    /// Turns taken, to see that what is idle stays idle.
    private(set) var turns = 0
    /// What turns have found stays out of everything above until `commit()`.
    var commitsByHand = false
    /// The pieces of text accounted for, in the order of their commits.
    private(set) var pieces: [String] = []
    private(set) var storedFiles: [FileIdentity: StoredFile] = [:]
    private var pending = Pending()

    /// What would wait for the store.
    private struct Pending {
        var text: [(stream: String, bytes: [UInt8])] = []
        var files: [FileIdentity: FileProgress] = [:]
        var notes: [String] = []
        var bytesLost: Int64 = 0
        var lines: Int64 = 0
    }

    init(_ configuration: TailConfiguration, checkpoints: [Checkpoint] = [], syscalls: Syscalls = .live) throws {
        self.configuration = configuration
        self.syscalls = syscalls
        tailer = try Tailer(configuration, checkpoints: checkpoints, syscalls: syscalls, clock: clock.now)
    }

    /// Follows `globs` (below `folder`) from the beginning, with short limits in time.
    convenience init(
        _ folder: TemporaryFolder, _ globs: [String] = ["*.log"], exclude: [String] = [],
        start: StartPolicy = .beginning, change: (inout TailConfiguration) -> Void = { _ in }
    ) throws {
        let source = SourceFiles(
            name: "test", include: try globs.map { try Glob(folder($0)) },
            exclude: try exclude.map { try Glob(folder($0)) }, start: start)
        var configuration = TailConfiguration(sources: [source])
        change(&configuration)
        try self.init(configuration)
    }

    /// Looks and reads until there is nothing to do at this moment.
    func settle() throws {
        for _ in 0..<1_000 {
            try tailer.look()
            var worked = false
            while takeTurn() { worked = true }
            if !worked { return }
        }
        Issue.record("never idle")
    }

    /// Settles, lets time pass, settles again: open records are closed, and what left is let go.
    func settle(afterMillis millis: Int64) throws {
        try settle()
        clock.advance(millis: millis)
        try settle()
    }

    /// One turn of one file; false when there was none to take.
    @discardableResult
    func takeTurn() -> Bool {
        guard let follower = tailer.nextNow() else { return false }
        turns += 1
        var accounted: [UInt8] = []
        let result = follower.turn(budgetBytes: budgetBytes) { chunk in
            let count = chunk.ending == .ended ? chunk.bytes.count : consume(chunk)
            endings.append(chunk.ending)
            chunks.append((chunk.offset, chunk.line, Array(chunk.bytes), chunk.ending))
            accounted += chunk.bytes[..<count]
            if chunk.ending == .ended, chunk.bytes.last != UInt8(ascii: "\n") { accounted += Array("⏎\n".utf8) }
            return count
        }
        if !accounted.isEmpty { pending.text.append((follower.stream, accounted)) }
        for progress in follower.takeSettled() + [follower.takeProgress()] { keep(progress) }
        if case .failed(let reason) = result { failures.append(reason) }
        tailer.release(follower, result)
        if !commitsByHand { commit() }
        return true
    }

    private func keep(_ progress: FileProgress) {
        pending.files[progress.checkpoint.identity] = progress
        pending.bytesLost += progress.bytesLost
        pending.lines += progress.lines
        if !progress.note.isEmpty { pending.notes.append(progress.note) }
    }

    /// Stores what was found and the checkpoints that account for it, in one.
    func commit() {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let time = Timestamp(microseconds: Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000)
        for (identity, progress) in pending.files {
            storedFiles[identity] = StoredFile(state: progress.state, source: progress.source, time: time)
        }
        for (stream, bytes) in pending.text {
            text[stream, default: []] += bytes
            pieces.append(String(decoding: bytes, as: UTF8.self))
        }
        stored.merge(pending.files) { $1 }
        notes += pending.notes
        bytesLost += pending.bytesLost
        lines += pending.lines
        pending = Pending()
    }

    /// kill −9 and start: only what was stored survives.
    func restart() throws {
        pending = Pending()
        tailer = try Tailer(
            configuration, checkpoints: checkpoints, stored: storedFiles, syscalls: syscalls, clock: clock.now)
    }

    /// What the store would give back.
    var checkpoints: [Checkpoint] {
        var all = stored.mapValues(\.checkpoint)
        for file in tailer.unreadFiles().ignored where all[file.checkpoint.identity] == nil {
            all[file.checkpoint.identity] = file.checkpoint
        }
        return Array(all.values)
    }

    /// The text accounted for of one log.
    func read(_ path: String) -> String { String(decoding: text[path] ?? [], as: UTF8.self) }

    func progress(_ path: String) -> FileProgress? { tailer.files().first { $0.checkpoint.path == path } }
}
