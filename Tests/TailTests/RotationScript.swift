import Events
import Glibc
import Synchronization
import Testing

@testable import Tail

/// One run of random steps on a real directory, with a tailer beside it that is killed and started again, and the model
/// of what must have been accounted for in the end.
///
/// Law: every line is accounted for exactly once. A line that nobody could save (cut before it was read, with no copy)
/// may be missing, and is never there twice. A record that was written without a pause is one record.
final class RotationScript {
    /// How the log is rotated, and what is tried on it.
    enum Kind: CaseIterable {
        /// Renamed, and nothing is compressed.
        case plain
        case renamed, copied, mixed, linked, lossy
    }

    enum Step: CaseIterable {
        case writeRecord, writeMore, writeHalf, look, turn, settle, pass, passLong, commit, kill, restart, stop, start
        case rename, reopen, copyTruncate, compress, deleteOldest, recreate, swapLink, truncate, forbid, overflow, touch
    }

    private struct Record {
        var lines: [String] = []
        /// Its writer paused, or it lies in more than two files.
        var mayBeSplit = false
        var mayBeLost = false
        var rotations = 0
    }

    private let kind: Kind
    private let folder: TemporaryFolder
    private let tail: TailHarness
    private let faults: ScriptFaults
    private var random: SeededRandom
    private var writer: Int32 = -1
    private var pendingHalf: [UInt8] = []
    private var records: [Record] = []
    private var linkTargets = 0
    private var isDown = false
    private var isForbidden = false
    /// Cut since everything was last settled.
    private var isCut = false
    /// Lines since the last moment at which everything was committed.
    private var firstUncertain = 0
    private(set) var history: [String] = []
    var isVerbose = false

    private static let rotationsMax = 14

    init(seed: Int, kinds: [Kind]) throws {
        random = SeededRandom(seed: UInt64(seed))
        kind = kinds[seed % kinds.count]
        let folder = try TemporaryFolder()
        self.folder = folder
        let globs = [["a.log"], ["*.log"], ["a.log*"]][random.next(below: 3)]
        faults = ScriptFaults()
        if kind == .linked { try folder.makeLink("a.log", to: "target0") }
        let source = SourceFiles(name: "test", include: try globs.map { try Glob(folder($0)) }, start: .beginning)
        var configuration = TailConfiguration(sources: [source])
        configuration.blockBytes = 512
        configuration.recordQuietMillis = 50
        configuration.leavingQuietMillis = 10_000
        configuration.continuation = RotationScript.continuation
        tail = try TailHarness(configuration, syscalls: faults.syscalls)
        tail.commitsByHand = true
        tail.budgetBytes = 700
        // A scanner that keeps the last record back.
        tail.consume = RotationScript.keepLastRecord
        history.append("\(kind) \(globs)")
        reopen()
        writeRecord()
        try settleAndCommit()
    }

    deinit { close(writer) }

    /// Accounts for all but the last record of a chunk that may go on.
    static func keepLastRecord(_ chunk: Chunk) -> Int {
        guard chunk.ending == .more else { return chunk.bytes.count }
        var last = 0
        var at = 0
        for line in chunk.bytes.split(separator: UInt8(ascii: "\n")) {
            if line.first != UInt8(ascii: " ") { last = at }
            at += line.count + 1
        }
        return last
    }

    /// Lines that begin with a blank carry on any record.
    static let continuation: RecordContinuation = { _, next, _ in
        var bytes = 0
        for line in next.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard line.first == UInt8(ascii: " ") else { break }
            bytes = min(next.count, bytes + line.count + 1)
        }
        return CarriedLines(bytes: bytes, isOpen: bytes == next.count)
    }

    func run(steps: Int) throws {
        let choice = RotationScript.steps(of: kind)
        for _ in 0..<steps {
            let step = choice[random.next(below: choice.count)]
            history.append("\(step)")
            try perform(step)
            if isVerbose { history.append(picture) }
        }
    }

    /// Finishes what is half written, and lets everything come to rest.
    func finish() throws {
        if isForbidden { allow() }
        if isDown { try start() }
        finishHalf()
        for _ in 0..<3 { try tail.settle(afterMillis: 11_000) }
        tail.commit()
    }

    private static func steps(of kind: Kind) -> [Step] {
        let common: [Step] = [
            .writeRecord, .writeRecord, .writeRecord, .writeMore, .writeMore, .writeHalf, .look, .turn, .turn, .turn,
            .settle, .pass, .passLong, .commit, .commit, .kill, .restart, .stop, .start, .start, .touch, .overflow,
            .deleteOldest,
        ]
        switch kind {
        case .plain: return common + [.rename, .rename, .reopen, .reopen, .recreate]
        case .renamed: return common + [.rename, .rename, .reopen, .reopen, .compress, .compress, .recreate, .forbid]
        case .copied: return common + [.copyTruncate, .copyTruncate, .copyTruncate, .compress, .compress]
        case .mixed:
            return common + [.rename, .reopen, .reopen, .copyTruncate, .copyTruncate, .compress, .compress]
        case .linked: return common + [.swapLink, .swapLink, .reopen]
        case .lossy: return common + [.rename, .reopen, .copyTruncate, .truncate, .truncate]
        }
    }

    private func perform(_ step: Step) throws {
        switch step {
        case .writeRecord: writeRecord()
        case .writeMore: writeMore()
        case .writeHalf: writeHalf()
        case .look: if !isDown { try tail.tailer.look() }
        case .turn: if !isDown { tail.takeTurn() }
        case .settle: if !isDown { try tail.settle() }
        case .pass: try pass(millis: 60)
        case .passLong:
            // A file that is let go shows half a line as it is.
            finishHalf()
            try pass(millis: 11_000)
        case .commit: tail.commit()
        case .kill: if !isDown { try tail.restart() }
        case .restart:
            tail.commit()
            if !isDown { try tail.restart() }
        case .stop: isDown = true
        case .start: if isDown { try start() }
        case .rename: if !isForbidden { rotate { folder.rename("a.log", "a.log.1") } }
        case .reopen: reopen()
        case .copyTruncate: if !isForbidden { try copyTruncate() }
        case .compress: if !isForbidden { compress() }
        case .deleteOldest: try deleteOldest()
        case .recreate: try recreate()
        case .swapLink: try swapLink()
        case .truncate: if !isForbidden { truncate() }
        case .forbid: if isForbidden { allow() } else { faults.isForbidding = true; isForbidden = true }
        case .overflow: faults.isOverflowing = true
        case .touch: folder.append("a.log", "")
        }
    }

    /// Everything there is, for a look at one seed.
    private var picture: String {
        let files = names().sorted().map { name in
            let text = String(decoding: folder.read(name), as: UTF8.self).split(separator: "\n")
            return "\(name)#\(inode(folder(name)))[\(text.first?.prefix(12) ?? "")…\(text.last?.prefix(12) ?? "")]"
        }
        let progress = tail.tailer.files().map {
            "\($0.checkpoint.path.suffix(9))#\($0.checkpoint.identity.inode)g\($0.checkpoint.generation)@\($0.checkpoint.offset)/\($0.size) \($0.state) \($0.note)"
        }
        return "\n    disk \(files)\n    tail \(progress)\n    written \(records.count) notes \(tail.notes.count)\n"
    }

    // MARK: The tailer

    private func start() throws {
        isDown = false
        try tail.restart()
    }

    private func pass(millis: Int64) throws {
        splitAllowed()
        if isDown { tail.clock.advance(millis: millis) } else { try tail.settle(afterMillis: millis) }
    }

    private func allow() {
        faults.isForbidding = false
        isForbidden = false
        splitAllowed()
        // What forbade it is gone: the next try comes soon.
        tail.clock.advance(millis: 6_000)
    }

    /// Everything written is read and stored, so that files may be deleted.
    private func settleAndCommit() throws {
        if isForbidden { allow() }
        if isDown { try start() }
        splitAllowed()
        for _ in 0..<3 { try tail.settle(afterMillis: 200) }
        tail.commit()
        firstUncertain = records.count
        isCut = false
    }

    /// Whether something of the present file is accounted for, in whatever generation.
    private var isKnown: Bool {
        tail.checkpoints.contains { $0.identity.inode == inode(writer) && $0.head.length > 0 }
    }

    // MARK: The writer

    private func splitAllowed() {
        if !records.isEmpty { records[records.count - 1].mayBeSplit = true }
    }

    private func line(_ prefix: String) -> String {
        prefix + String(repeating: "x", count: random.next(below: random.next(below: 4) == 0 ? 400 : 20))
    }

    private func newRecord() -> String {
        // Begins differently from every other: a proof over few equal bytes proves nothing.
        var mixed = SeededRandom(seed: UInt64(records.count))
        let first = line("\(String(mixed.next(below: 1 << 40), radix: 36)) \(records.count): ")
        records.append(Record(lines: [first]))
        return first
    }

    private func writeRecord() {
        finishHalf()
        for _ in 0...random.next(below: 6) {
            put(newRecord() + "\n")
            for _ in 0..<random.next(below: 3) { more() }
        }
    }

    private func writeMore() {
        finishHalf()
        for _ in 0...random.next(below: 3) { more() }
    }

    private func more() {
        guard let last = records.indices.last else { return }
        let next = line(" at \(last).\(records[last].lines.count) ")
        records[last].lines.append(next)
        if records[last].rotations > 1 { records[last].mayBeSplit = true }
        put(next + "\n")
    }

    private func writeHalf() {
        guard pendingHalf.isEmpty else { return finishHalf() }
        let bytes = Array((newRecord() + "\n").utf8)
        let half = 6 + random.next(below: bytes.count - 6)
        put(String(decoding: bytes[..<half], as: UTF8.self))
        pendingHalf = Array(bytes[half...])
    }

    private func finishHalf() {
        guard !pendingHalf.isEmpty else { return }
        put(String(decoding: pendingHalf, as: UTF8.self))
        pendingHalf = []
    }

    private func put(_ text: String) {
        let bytes = Array(text.utf8)
        #expect(write(writer, bytes, bytes.count) == bytes.count)
    }

    private func reopen() {
        finishHalf()
        if writer >= 0 { close(writer) }
        writer = open(folder("a.log"), O_WRONLY | O_APPEND | O_CREAT, 0o644)
        #expect(writer >= 0)
    }

    /// Whether the writer writes to what lies at the path now, and not to a renamed file.
    private var ownsCurrent: Bool { inode(writer) == inode(folder("a.log")) }

    private func inode(_ path: String) -> UInt { var found = stat(); return stat(path, &found) == 0 ? found.st_ino : 0 }

    private func inode(_ descriptor: Int32) -> UInt {
        var found = stat()
        return fstat(descriptor, &found) == 0 ? found.st_ino : 0
    }

    // MARK: Rotation

    private func names() -> Set<String> { Set((try? Syscalls.live.list(folder.path)) ?? []) }

    /// The name, plain or compressed, of the part with this number.
    private func part(_ number: Int, in names: Set<String>) -> String? {
        ["", ".gz", ".zst", ".bz2", ".xz"].map { "a.log.\(number)\($0)" }.first { names.contains($0) }
    }

    private func rotate(_ last: () -> Void) {
        let names = names()
        guard names.contains("a.log"), part(RotationScript.rotationsMax, in: names) == nil else { return }
        for number in stride(from: RotationScript.rotationsMax - 1, to: 0, by: -1) {
            guard let name = part(number, in: names) else { continue }
            folder.rename(name, "a.log.\(number + 1)" + name.dropFirst("a.log.\(number)".count))
        }
        last()
        if !records.isEmpty { records[records.count - 1].rotations += 1 }
    }

    private func copyTruncate() throws {
        // Where a line is torn, no reader can put it together.
        guard ownsCurrent else { return }
        finishHalf()
        // Of a log that was cut twice between two looks, or never read, nobody can tell for certain.
        if isCut || !isKnown { try settleAndCommit() }
        isCut = true
        rotate {
            folder.write("a.log.1", folder.read("a.log"))
            #expect(Glibc.truncate(folder("a.log"), 0) == 0)
        }
    }

    private func compress() {
        let names = names()
        let number = 1 + random.next(below: 3)
        guard let name = part(number, in: names), !RotatedName.isArchive(name), inode(folder(name)) != inode(writer)
        else { return }
        let format = Archives.formats[random.next(below: Archives.formats.count)]
        let archive = name + Archives.suffix(format)
        var times = stat()
        #expect(stat(folder(name), &times) == 0)
        folder.write(archive, Archives.member(folder.read(name), format))
        var both = [times.st_mtim, times.st_mtim]
        #expect(utimensat(AT_FDCWD, folder(archive), &both, 0) == 0)
        folder.remove(name)
    }

    private func deleteOldest() throws {
        guard random.next(below: 3) == 0, inode(writer) == inode(folder("a.log")) else { return }
        finishHalf()
        try settleAndCommit()
        for number in 3...RotationScript.rotationsMax {
            if let name = part(number, in: names()) { folder.remove(name) }
        }
    }

    private func recreate() throws {
        guard ownsCurrent else { return }
        finishHalf()
        try settleAndCommit()
        folder.remove("a.log")
        reopen()
    }

    private func swapLink() throws {
        guard !isForbidden, !isDown else { return }
        // Of a target that was never met, nothing tells once no link leads to it.
        try tail.settle()
        tail.commit()
        linkTargets += 1
        records[records.count - 1].rotations += 1
        try folder.makeLink("a.log", to: "target\(linkTargets)")
    }

    /// Cut with no copy: what was not committed before may be lost.
    private func truncate() {
        guard ownsCurrent else { return }
        finishHalf()
        isCut = true
        for index in records.indices.dropFirst(max(0, firstUncertain - 1)) { records[index].mayBeLost = true }
        #expect(Glibc.truncate(folder("a.log"), 0) == 0)
    }

    // MARK: The verdict

    /// What is wrong; nil when the law holds.
    var difference: String? {
        var counts: [String: Int] = [:]
        var before: [String: String] = [:]
        for piece in tail.pieces {
            var previous = ""
            for line in piece.split(separator: "\n").map(String.init) {
                counts[line, default: 0] += 1
                before[line] = previous
                previous = line
            }
        }
        var wrong: [String] = []
        for record in records {
            for (index, line) in record.lines.enumerated() {
                let count = counts.removeValue(forKey: line) ?? 0
                if count == 0 && record.mayBeLost { continue }
                if count != 1 {
                    wrong.append("\(line.prefix(18))…: \(count) times")
                } else if kind != .plain, index > 0, !record.mayBeSplit, !record.mayBeLost,
                    before[line] != record.lines[index - 1]
                {
                    wrong.append("\(line.prefix(18))…: split")
                }
            }
        }
        wrong += counts.keys.map { "\($0.prefix(18))…: never written" }
        if kind != .lossy, tail.bytesLost > 0 { wrong.append("\(tail.bytesLost) bytes told as lost") }
        return wrong.isEmpty ? nil : wrong.joined(separator: ", ") + "\nnotes: \(tail.notes)"
    }
}

/// Faults that a script switches on.
final class ScriptFaults: Sendable {
    private let state = Mutex((isForbidding: false, isOverflowing: false))

    var isForbidding: Bool {
        get { state.withLock { $0.isForbidding } }
        set { state.withLock { $0.isForbidding = newValue } }
    }

    /// The next read of events tells that some were dropped, and drops them.
    var isOverflowing: Bool {
        get { state.withLock { $0.isOverflowing } }
        set { state.withLock { $0.isOverflowing = newValue } }
    }

    var syscalls: Syscalls {
        var syscalls = Syscalls.live
        let live = Syscalls.live
        syscalls.open = { path throws(SystemError) in
            if self.isForbidding { throw SystemError(call: "open", number: EACCES) }
            return try live.open(path)
        }
        syscalls.read = { descriptor, buffer throws(SystemError) in
            guard
                self.state.withLock({ state in
                    defer { state.isOverflowing = false }
                    return state.isOverflowing
                })
            else { return try live.read(descriptor, buffer) }
            while let count = try? live.read(descriptor, buffer), count > 0 {}
            // struct inotify_event with nothing but the mask.
            buffer.storeBytes(of: -1, as: Int32.self)
            buffer.storeBytes(of: UInt32(IN_Q_OVERFLOW), toByteOffset: 4, as: UInt32.self)
            buffer.storeBytes(of: 0, toByteOffset: 8, as: UInt64.self)
            return 16
        }
        return syscalls
    }
}

extension TemporaryFolder {
    func read(_ name: String) -> [UInt8] {
        guard let descriptor = try? Syscalls.live.open(self(name)) else { return [] }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = Glibc.read(descriptor, &block, block.count), count > 0 { all += block[..<count] }
        return all
    }

    /// A symbolic link, swapped in one step where there is one already.
    func makeLink(_ name: String, to target: String) throws {
        try #require(symlink(target, self(name + ".new")) == 0)
        rename(name + ".new", name)
    }
}
