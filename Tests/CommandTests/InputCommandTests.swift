import Foundation
import Testing

/// `margay watch` with what is no file: standard input and FIFOs.
@Suite(.serialized) struct InputCommandTests {
    private let folder = TemporaryFolder()

    private var store: String { folder("margay.db") }

    private var packs: [String] { ["--packs", Program.root.appendingPathComponent("patterns").path] }

    private func counted() throws -> Int { try Program.counted(store) }

    private func file(_ name: String) throws -> [String: Any] {
        let run = try Program.run("sources", "--format", "json", "--store", store)
        return try #require(run.objects.first { ($0["file"] as? String) == name }, "\(run.objects)")
    }

    private func start(_ arguments: String..., input: Any? = nil) throws -> Process {
        let process = Program.process(["watch", "--store", store] + packs + arguments)
        if let input { process.standardInput = input }
        process.standardOutput = FileHandle(forWritingAtPath: try folder.write("output", ""))
        process.standardError = FileHandle(forWritingAtPath: try folder.write("errors", ""))
        try process.run()
        return process
    }

    private func waitUntilFollowing() throws {
        try eventually("following") {
            try String(contentsOfFile: folder("errors"), encoding: .utf8).contains("following ")
        }
    }

    private func stop(_ process: Process, _ signal: Int32) -> Int32 {
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
    }

    private func line(_ number: Int) -> String { "2026-11-22 10:00:00 ERROR worker lost job \(number)\n" }

    @Test func `standard input is followed to its end, with a last line that lacks its newline`() throws {
        let text = (0..<5_000).map(line).joined() + "2026-11-22 10:00:01 ERROR the last one"
        let run = try Program.run(["watch", "--store", store] + packs + ["-"], input: Data(text.utf8))
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("following 1 file of standard input"))
        #expect(try counted() == 5_001)
        let row = try file("-")
        #expect(row["state"] as? String == "finished")
        #expect(row["lines"] as? Int == 5_001)
        #expect(row["bytes_lost"] as? Int == 0)
        // The next one goes into the same row, from its first byte on.
        let next = try Program.run(["watch", "--store", store] + packs + ["-"], input: Data(line(1).utf8))
        #expect(next.status == 0)
        #expect(try file("-")["lines"] as? Int == 5_002)
        #expect(try counted() == 5_002)
    }

    @Test func `a pipe into watch counts while it is open, and its end ends watch`() throws {
        let pipe = Pipe()
        let process = try start("-", input: pipe)
        try pipe.fileHandleForReading.close()
        try waitUntilFollowing()
        try pipe.fileHandleForWriting.write(contentsOf: Data((line(1) + "half a li").utf8))
        try eventually("the first event") { try counted() == 1 }
        let row = try file("-")
        #expect(row["state"] as? String == "following")
        #expect(row["note"] as? String == "a pipe: what was read and not yet stored is lost by a crash")
        try pipe.fileHandleForWriting.write(contentsOf: Data(("ne\n" + line(2)).utf8))
        try pipe.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try counted() == 2)
        #expect(try file("-")["lines"] as? Int == 3)
    }

    @Test func `with other paths, watch goes on when standard input has ended`() throws {
        let log = try folder.write("app.log", line(1))
        let process = try start("--start", "beginning", "-", log, input: FileHandle(forReadingAtPath: log))
        try eventually("both are counted") { try counted() == 2 }
        try eventually("the end of standard input") { try file("-")["state"] as? String == "finished" }
        let handle = try #require(FileHandle(forWritingAtPath: log))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(line(2).utf8))
        try eventually("the file goes on") { try counted() == 3 }
        #expect(stop(process, SIGTERM) == 0)
    }

    @Test func `a stack trace cut by a pause in the pipe is one event`() throws {
        let pipe = Pipe()
        let process = try start("-", input: pipe)
        try waitUntilFollowing()
        try pipe.fileHandleForWriting.write(
            contentsOf: Data("2026-11-22 10:00:00 ERROR boom\njava.lang.IllegalStateException: x\n\tat a.B.c(B.ja".utf8)
        )
        try pipe.fileHandleForWriting.write(contentsOf: Data("va:1)\n\tat a.B.d(B.java:2)\n".utf8))
        try pipe.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(try counted() == 1)
        #expect(try file("-")["lines"] as? Int == 4)
    }

    @Test func `what has arrived is stored when watch is stopped`() throws {
        let pipe = Pipe()
        let process = try start("-", input: pipe)
        try waitUntilFollowing()
        try pipe.fileHandleForWriting.write(contentsOf: Data((line(1) + "2026-11-22 10:00:00 ERROR half").utf8))
        try eventually("the first event") { try counted() == 1 }
        #expect(stop(process, SIGTERM) == 0)
        #expect(try counted() == 2)
    }

    @Test func `a closed standard input is said, not waited for`() throws {
        let run = Process()
        run.executableURL = URL(fileURLWithPath: "/bin/sh")
        run.arguments = ["-c", "exec \(Program.path) watch --store \(store) - <&-"]
        run.standardError = FileHandle(forWritingAtPath: try folder.write("errors", ""))
        try run.run()
        run.waitUntilExit()
        #expect(run.terminationStatus == 64)
        #expect(try String(contentsOfFile: folder("errors"), encoding: .utf8).contains("standard input is closed"))
    }

    @Test func `writers of a FIFO come and go, a glob finds it, and every line counts once`() throws {
        let process = try start(folder("run/*.log"))
        try waitUntilFollowing()
        try FileManager.default.createDirectory(atPath: folder("run"), withIntermediateDirectories: true)
        let path = folder("run/app.log")
        #expect(mkfifo(path, 0o600) == 0)
        var written = 0
        for round in 0..<20 {
            // As a shell would: waits for the reader, writes, goes. Half of them leave without a newline.
            let handle = try #require(FileHandle(forWritingAtPath: path))
            var text = (0..<500).map { line(round * 1_000 + $0) }.joined()
            if round % 2 == 0 { text.removeLast() }
            try handle.write(contentsOf: Data(text.utf8))
            try handle.close()
            written += 500
            // What a writer left has to be taken before the next one comes, or the kernel joins the two.
            try eventually("round \(round)") { try counted() == written }
        }
        let row = try file(path)
        #expect(row["lines"] as? Int == written)
        #expect(row["note"] as? String == "a pipe: what was read and not yet stored is lost by a crash")
        #expect(stop(process, SIGTERM) == 0)
        #expect(try counted() == written)
    }
}
