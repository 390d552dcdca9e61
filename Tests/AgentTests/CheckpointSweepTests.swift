import Events
import Glibc
import Store
import Tail
import Testing

@testable import Agent

struct CheckpointSweepTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var file: CheckpointSweep.Circumstances
        var days: Int64
        var expected: CheckpointSweep.Verdict

        init(
            _ name: String, known: Bool = false, matched: Bool = true, _ presence: FilePresence.Answer,
            crowded: Bool = false, days: Int64, _ expected: CheckpointSweep.Verdict
        ) {
            self.name = name
            file = .init(isKnown: known, isMatched: matched, presence: presence, isCrowded: crowded)
            self.days = days
            self.expected = expected
        }

        var testDescription: String { name }
    }

    @Test(arguments: [
        Case("followed", known: true, .gone, crowded: true, days: 999, .keep),
        Case("on disk, however old", .present, days: 9_999, .keep),
        Case("on disk, among too many", .present, crowded: true, days: 9_999, .keep),
        Case("gone of late", .gone, days: 6, .keep), Case("gone for long", .gone, days: 7, .forget),
        Case("gone of late, among too many", .gone, crowded: true, days: 1, .forget),
        Case("gone a moment ago, among too many", .gone, crowded: true, days: 0, .keep),
        Case("an archive may hold it", .archived, days: 999, .keep),
        Case("an archive may hold it, among too many", .archived, crowded: true, days: 1, .forget),
        Case("its directory is away", .unknown, days: 29, .keep),
        Case("its directory is away for long", .unknown, days: 30, .forget),
        Case("of no source", matched: false, .present, days: 29, .keep),
        Case("of no source for long", matched: false, .present, days: 30, .forget),
    ])
    func `what is kept and what is forgotten`(_ sample: Case) {
        #expect(CheckpointSweep.verdict(sample.file, age: sample.days * 86_400) == sample.expected)
    }

    private let folder: String
    private let archive: Archive

    init() throws {
        var template = Array("/tmp/margay-sweep-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) != nil }
        try #require(made)
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        archive = try Archive(path: folder + "/store/margay.db", mode: .write)
    }

    private func progress(_ path: String, _ identity: FileIdentity) -> FileProgress {
        FileProgress(
            checkpoint: Checkpoint(
                path: path, identity: identity, generation: 0, offset: 10, lines: 1,
                head: ContentProof(length: 10, hash: 1), before: ContentProof(length: 10, hash: 1)),
            source: "s", state: .finished, size: 10, lines: 1, events: 0, bytesLost: 1, note: "")
    }

    /// The identity of a new file on disk.
    private func make(_ name: String) throws -> FileIdentity {
        let descriptor = open(folder + "/" + name, O_WRONLY | O_CREAT, 0o644)
        #expect(descriptor >= 0)
        defer { close(descriptor) }
        return try Syscalls.live.status(descriptor).identity
    }

    private func step(_ sweep: inout CheckpointSweep, at time: Timestamp) throws -> Int {
        var presence = FilePresence()
        return try sweep.step(
            archive, node: "n", configured: ["s"], now: time, presence: &presence, isKnown: { _ in false },
            isMatched: { _ in true })
    }

    @Test func `a quarter of a million rotations leave a bounded table, and a file still on disk is never forgotten`()
        throws
    {
        defer { remove() }
        let rotations = 250_000
        let perBatch = 10_000
        let here = try (0..<3).map { try make("app.log.\($0)") }
        let start = Timestamp(seconds: 1_795_000_000)
        var sweep = CheckpointSweep()
        var largest = 0
        for number in 0..<rotations / perBatch {
            // One rotation a second: a batch in a few hours.
            let time = start.moved(bySeconds: Int64((number + 1) * perBatch))
            var files = (0..<perBatch).map { index in
                let inode = UInt64(1 << 40 + number * perBatch + index)
                return progress(
                    "\(folder)/app.log.1", FileIdentity(device: here[0].device, inode: inode, birthNanoseconds: 1))
            }
            if number == 0 { files += here.enumerated().map { progress("\(folder)/app.log.\($0.offset)", $0.element) } }
            _ = try archive.apply(
                Batch(node: "n", sequence: UInt64(number + 1), issues: [], files: files, time: time))
            for second in 61..<70 as Range<Int64> { _ = try step(&sweep, at: time.moved(bySeconds: second)) }
            largest = max(largest, try archive.fileCount(node: "n"))
        }
        #expect(largest <= CheckpointSweep.filesMax + perBatch)
        let kept = try archive.checkpoints(node: "n")
        #expect(kept.count <= CheckpointSweep.filesMax + perBatch && kept.count > 100)
        #expect(Set(kept.map(\.identity)).isSuperset(of: here))
        #expect(try archive.counts().bytesLost == Int64(rotations + 3))
    }

    @Test func `a file whose inode number was given out again is gone`() throws {
        defer { remove() }
        let there = try make("app.log")
        var before = there
        before.birthNanoseconds -= 1_000
        let start = Timestamp(seconds: 1_795_000_000)
        _ = try archive.apply(
            Batch(
                node: "n", sequence: 1, issues: [],
                files: [progress("\(folder)/app.log", there), progress("\(folder)/app.log", before)], time: start))
        var sweep = CheckpointSweep()
        #expect(try step(&sweep, at: start.moved(bySeconds: CheckpointSweep.goneSeconds + 1)) == 1)
        #expect(try archive.checkpoints(node: "n").map(\.identity) == [there])
    }

    @Test func `a file under another rotated name is there, and one of which there may be an archive is kept`() throws {
        defer { remove() }
        let renamed = try make("app.log.7")
        _ = try make("app.log.8.gz")
        let now = try Syscalls.live.statusOfPath(folder + "/app.log.8.gz", true).modifiedNanoseconds / 1_000
        let time = Timestamp(microseconds: now)
        let device = renamed.device
        func gone(_ inode: UInt64, bornSecondsAgo age: Int64) -> FileIdentity {
            FileIdentity(device: device, inode: inode, birthNanoseconds: (now - age * 1_000_000) * 1_000)
        }
        let packed = gone(1 << 40, bornSecondsAgo: 60)
        let younger = gone(1 << 41, bornSecondsAgo: -60)
        _ = try archive.apply(
            Batch(
                node: "n", sequence: 1, issues: [],
                files: [
                    progress("\(folder)/app.log.1", renamed), progress("\(folder)/app.log.1", packed),
                    progress("\(folder)/app.log.1", younger),
                    progress("\(folder)/none/app.log", gone(5, bornSecondsAgo: 9)),
                ], time: time))
        var sweep = CheckpointSweep()
        #expect(try step(&sweep, at: time.moved(bySeconds: CheckpointSweep.goneSeconds + 1)) == 1)
        let kept = try archive.checkpoints(node: "n").map(\.identity)
        #expect(kept.contains(renamed) && kept.contains(packed) && !kept.contains(younger) && kept.count == 3)
    }

    private func remove() {
        // A test's own folder, with nothing in it that anybody else made.
        var pid: pid_t = 0
        let words = ["rm", "-rf", folder]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        if posix_spawnp(&pid, "rm", nil, nil, &arguments, environ) == 0 { waitpid(pid, nil, 0) }
    }
}
