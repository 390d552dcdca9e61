import Events
import Foundation
import Store
import Testing

@Suite(.serialized) struct SourcesCommandTests {
    private let folder = TemporaryFolder()

    /// A configuration of one source `logs` with these further lines, and of whatever else is given.
    private func configure(_ keys: String = "", _ others: String = "") throws -> String {
        try folder.write(
            "margay.yaml",
            """
            store: \(folder("margay.db"))
            node: web-1
            packs: [\(Program.root.appendingPathComponent("patterns").path)]
            sources:
              - name: logs
                paths: ['\(folder("logs"))/*.log']
                exclude: ['\(folder("logs"))/debug*']
                timezone: UTC
            \(keys.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
            \(others)
            """)
    }

    private func watch(_ configuration: String) throws -> Process {
        let process = Program.process(["watch", "--config", configuration])
        process.standardOutput = FileHandle(forWritingAtPath: try folder.write("output", ""))
        process.standardError = FileHandle(forWritingAtPath: try folder.write("errors", ""))
        try process.run()
        try eventually("following") { try errors().contains("following ") }
        return process
    }

    private func errors() throws -> String { try String(contentsOfFile: folder("errors"), encoding: .utf8) }

    private func end(_ process: Process, _ signal: Int32 = SIGTERM) {
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
    }

    private func counted() throws -> Int { try Program.counted(folder("margay.db")) }

    private func sources(_ configuration: String, _ more: String...) throws -> [[String: Any]] {
        try Program.run(["sources", "--format", "json", "--config", configuration] + more).objects
    }

    @Test func `what is not read, and why, whether or not anybody watches`() throws {
        try folder.write("logs/a.log", "2026-11-22 10:00:00 ERROR it broke\n")
        try folder.write("logs/old.log", "2019-01-01 10:00:00 ERROR it broke\n")
        try folder.write("logs/debug.log", "x\n")
        let path = folder("logs/old.log")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_546_336_800)], ofItemAtPath: path)
        #expect(symlink("/dev/null", folder("logs/device.log")) == 0)
        let configuration = try configure(
            "start: beginning\nignore_older: 30d", "  - name: gone\n    paths: ['\(folder("none"))/*.log']")
        let first = try watch(configuration)
        try eventually("the first event") { try counted() == 1 }
        for isWatching in [true, false] {
            if !isWatching { end(first) }
            let listed = try sources(configuration, "/")
            let states = listed.map {
                "\(URL(fileURLWithPath: $0["file"] as? String ?? "").lastPathComponent) \($0["state"] as? String ?? "")"
            }
            #expect(
                states == [
                    "a.log following", "debug.log excluded", "device.log skipped", "old.log skipped", "*.log missing",
                ])
            let notes = listed.map { $0["note"] as? String ?? "" }
            #expect(notes[1] == "left out by exclude: \(folder("logs"))/debug*")
            #expect(notes[3].hasPrefix("ignore_older: last written to 2019-01-01T"))
            #expect(notes[2] == "neither a file nor a FIFO")
            #expect(notes[4] == "no file matches: there is no directory \(folder("none"))")
        }
        // What comes while nobody watches shows as lag.
        let log = try #require(FileHandle(forWritingAtPath: folder("logs/a.log")))
        try log.seekToEnd()
        try log.write(contentsOf: Data("2026-11-22 10:00:01 ERROR it broke\n".utf8))
        try folder.write("logs/b.log", "new\n")
        let behind = try sources(configuration)
        #expect(behind.first?["lag_bytes"] as? Int == 35)
        #expect(behind.first { ($0["file"] as? String)?.hasSuffix("b.log") == true }?["state"] as? String == "unseen")
        // And the old file is read from where it ended, when it is written to while nobody watches.
        let old = try #require(FileHandle(forWritingAtPath: path))
        try old.seekToEnd()
        try old.write(contentsOf: Data("2026-11-22 10:00:02 ERROR it broke again\n".utf8))
        let second = try watch(configuration)
        try eventually("the events that came meanwhile") { try counted() == 3 }
        end(second)
        #expect(try counted() == 3)
    }

    @Test func `a start at a moment counts what is since, once, though it is killed`() throws {
        let begin = Date(timeIntervalSince1970: 1_795_000_000)
        let format = ISO8601DateFormatter()
        func text(_ seconds: Range<Int>) -> String {
            seconds.map { "\(format.string(from: begin + TimeInterval($0))) ERROR job \($0) failed\n" }.joined()
        }
        try folder.write("logs/a.log", text(0..<50_000))
        let moment = format.string(from: begin + 20_000)
        let configuration = try configure("start: '\(moment)'")
        for _ in 0..<4 { end(try watch(configuration), SIGKILL) }
        let last = try watch(configuration)
        try eventually("all since the moment") { try counted() >= 30_000 }
        end(last)
        #expect(try counted() == 30_000)
        #expect(try sources(configuration).first?["lag_seconds"] as? Int == 0)
    }

    @Test func `a damaged checkpoint does not stop the start, and is told`() throws {
        let log = try folder.write("logs/a.log", "2026-11-22 10:00:00 ERROR a\n2026-11-22 10:00:00 ERROR b\n")
        let configuration = try configure()
        do {
            let archive = try Archive(path: folder("margay.db"), mode: .write)
            let damaged = Checkpoint(
                path: log, identity: FileIdentity(device: 1, inode: 2, birthNanoseconds: 3), generation: 0, offset: 10,
                lines: nil, head: ContentProof(length: 5_000, hash: 1), before: .none)
            _ = try archive.apply(
                Batch(
                    node: "web-1", sequence: 1, issues: [],
                    files: [
                        FileProgress(
                            checkpoint: damaged, source: "logs", state: .following, size: 10, lines: 0, events: 0,
                            bytesLost: 0, note: "")
                    ], sources: ["logs"], time: Timestamp(seconds: 1_795_000_000)))
            try archive.close()
        }
        let process = try watch(configuration)
        try eventually("both events") { try counted() == 2 }
        end(process)
        #expect(
            try errors().contains("the checkpoint of \(log) is damaged (it proves 5000 first bytes) and passed over"))
    }

    @Test func `a store that cannot be opened is said, with what to do`() throws {
        try folder.write("logs/a.log", "x\n")
        try folder.write("margay.db", Data(repeating: 7, count: 5_000))
        let run = try Program.run("watch", "--config", try configure())
        #expect(run.status == 2)
        #expect(run.errors.contains("[not-a-database] is not an SQLite database; name another file as the store"))
    }
}
