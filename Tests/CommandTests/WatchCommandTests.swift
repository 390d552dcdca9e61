import Foundation
import Testing

@Suite(.serialized) struct WatchCommandTests {
    private let folder = TemporaryFolder()

    private var store: String { folder("margay.db") }

    private func start(_ arguments: String..., output: String = "output") throws -> Process {
        let process = Program.process(
            ["watch", "--store", store, "--packs", Program.root.appendingPathComponent("patterns").path] + arguments)
        process.standardOutput = FileHandle(forWritingAtPath: try folder.write(output, ""))
        process.standardError = FileHandle(forWritingAtPath: try folder.write("errors", ""))
        try process.run()
        return process
    }

    /// Files that appear from now on are new to it.
    private func waitUntilFollowing() throws {
        try eventually("following") {
            try String(contentsOfFile: folder("errors"), encoding: .utf8).contains("following ")
        }
    }

    private func counted() throws -> Int { try Program.counted(store) }

    private func stop(_ process: Process, _ signal: Int32) -> Int32 {
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
    }

    @Test func `a damaged store is kept aside, following goes on, and all comes back`() throws {
        let log = try folder.write("logs/app.log", "")
        let first = try start(folder("logs/**"))
        try waitUntilFollowing()
        try append("2026-11-22 10:00:00 ERROR disk 7 is gone\nquiet\n", to: log)
        try eventually("the first event") { try counted() == 1 }
        #expect(stop(first, SIGTERM) == 0)
        // Garbage over the pages with the sample: the next one that is to be written meets them.
        var bytes = try Data(contentsOf: URL(fileURLWithPath: store))
        let sample = Data("disk 7 is gone".utf8)
        let pages = stride(from: 0, to: bytes.count, by: 4_096).filter {
            bytes[$0..<$0 + 4_096].range(of: sample) != nil
        }
        try #require(!pages.isEmpty)
        for page in pages { bytes.replaceSubrange(page..<page + 4_096, with: Data(repeating: 0xAB, count: 4_096)) }
        try bytes.write(to: URL(fileURLWithPath: store))
        let second = try start(folder("logs/**"))
        try waitUntilFollowing()
        try append("2026-11-22 10:00:05 ERROR no room for the cooks\nquiet\n", to: log)
        try eventually("the second event, in a new store") { try counted() == 1 }
        #expect(stop(second, SIGTERM) == 0)
        let errors = try String(contentsOfFile: folder("errors"), encoding: .utf8)
        #expect(errors.contains("THE STORE WAS DAMAGED and is kept aside as \(store).damaged-"))
        let status = try Program.run("status", "--store", store)
        #expect(status.status == 1 && status.output.contains("'margay store restore' brings it back"))
        let restored = try Program.run("store", "restore", "--store", store)
        #expect(restored.status == 0 && restored.output.contains("added\t1\nmerged\t0\n"))
        #expect(try counted() == 2)
        #expect(try Program.run("status", "--store", store).status == 0)
    }

    @Test func `who watches is told what is learned, and ends it`() throws {
        _ = try folder.write("logs/app.log", "")
        let configuration = try folder.write(
            "margay.yaml", "store: \(store)\nsources: [{ name: web, paths: ['\(folder("logs/*.log"))'] }]\n")
        let process = Program.process(
            ["watch", "--config", configuration, "--packs", Program.root.appendingPathComponent("patterns").path])
        process.standardOutput = FileHandle(forWritingAtPath: try folder.write("output", ""))
        process.standardError = FileHandle(forWritingAtPath: try folder.write("errors", ""))
        try process.run()
        try eventually("what is said at the start") {
            let errors = try String(contentsOfFile: folder("errors"), encoding: .utf8)
            return errors.contains("web is being learned since 2") && errors.contains("'margay learn --accept' ends it")
        }
        let status = try Program.run("status", "--config", configuration)
        #expect(status.output.contains("learning web is being learned since "))
        #expect(try Program.run("sources", "--config", configuration).errors.contains("web is being learned since "))
        let inbox = try Program.run("inbox", "--config", configuration)
        #expect(inbox.status == 0 && inbox.errors.contains("web being learned: 0 issues are taken as known"))
        kill(process.processIdentifier, SIGUSR1)
        try eventually("how it goes, for who asks") {
            try String(contentsOfFile: folder("errors"), encoding: .utf8).contains("margay: notice: lag   none\n")
        }
        #expect(try Program.run("learn", "--accept", "--config", configuration).output == "web\n")
        #expect(try !Program.run("status", "--config", configuration).output.contains("learning"))
        #expect(stop(process, SIGTERM) == 0)
    }

    @Test func `a new issue is printed once, counted on, and shown`() throws {
        let process = try start(folder("logs/**"))
        try waitUntilFollowing()
        let log = try folder.write("logs/app.log", "2026-11-22 10:00:00 ERROR disk 7 is gone\nquiet\n")
        try eventually("the first event") { try counted() == 1 }
        try append("2026-11-22 10:00:05 ERROR disk 8 is gone\nquiet\n", to: log)
        try eventually("the second event, and the quiet line behind it") {
            let files = try Program.run("sources", "--format", "json", "--store", store)
            return files.objects.first?["lines"] as? Int == 4
        }
        #expect(try counted() == 2)
        #expect(stop(process, SIGTERM) == 0)
        let printed = try String(contentsOfFile: folder("output"), encoding: .utf8).split(separator: "\n")
        #expect(printed.count == 1)
        let cells = try #require(printed.first).split(separator: "\t").map(String.init)
        #expect(Array(cells[1...4]) == ["new", "indeterminate", "application", "1"])
        #expect(cells[7] == "disk <num> is gone")
        let shown = try Program.run("show", cells[0], "--store", store)
        #expect(shown.output.contains("Why new      first event 2026-11-22T10:00:00Z"))
        let files = try Program.run("sources", "--format", "json", "--store", store)
        #expect(files.objects.map { $0["file"] as? String } == [log])
        #expect(files.objects.first?["lag_bytes"] as? Int == 0)
        #expect(files.objects.first?["lines"] as? Int == 4)
    }

    @Test func `Ctrl-C saves the checkpoint, and the next start goes on from there`() throws {
        let log = try folder.write("app.log", "2026-11-22 10:00:00 ERROR a\n")
        let first = try start("--start", "beginning", log)
        try eventually("the first event") { try counted() == 1 }
        #expect(stop(first, SIGINT) == 130)
        try append("2026-11-22 10:00:01 ERROR b\n", to: log)
        let second = try start("--start", "beginning", log)
        try eventually("the second event") { try counted() == 2 }
        #expect(stop(second, SIGTERM) == 0)
        #expect(try counted() == 2)
    }

    @Test func `a container's log is counted by what the program wrote, also when killed between two parts`() throws {
        func line(_ text: String, isWhole: Bool = true) -> String {
            let ending = isWhole ? "\\n" : ""
            return #"{"log":"\#(text)\#(ending)","stream":"stderr","time":"2026-11-22T10:11:12.5Z"}"# + "\n"
        }
        let written = line("ERROR disk one") + line("ERROR disk ", isWhole: false)
        let log = try folder.write("app-json.log", written)
        let first = try start("--start", "beginning", log)
        try eventually("the first event") { try counted() == 1 }
        #expect(stop(first, SIGKILL) == -SIGKILL)
        try append(line("two ", isWhole: false) + line("is gone"), to: log)
        let second = try start("--start", "beginning", log)
        try eventually("the second event") { try counted() == 2 }
        #expect(stop(second, SIGTERM) == 0)
        let run = try Program.run("issues", "--all", "--format", "json", "--store", store)
        #expect(Set(run.objects.map { $0["title"] as? String }) == ["disk one", "disk two is gone"])
        let two = try #require(run.objects.first { $0["title"] as? String == "disk two is gone" })
        #expect(two["first_seen"] as? String == "2026-11-22T10:11:12.500Z")
        let shown = try Program.run("show", two["id"] as? String ?? "", "--format", "json", "--store", store)
        let sample = try #require((shown.objects.first?["samples"] as? [[String: Any]])?.first)
        #expect(sample["line"] as? Int == 2 && sample["offset"] as? Int == line("ERROR disk one").utf8.count)
        #expect((sample["fields"] as? [String: String])?["stream"] == "stderr")
    }

    @Test func `a second watch on one store is refused`() throws {
        let log = try folder.write("app.log", "2026-11-22 10:00:00 ERROR a\n")
        let first = try start("--start", "beginning", log)
        try eventually("the first event") { try counted() == 1 }
        let second = try Program.run("watch", "--store", store, log)
        #expect(second.status == 2)
        #expect(second.errors.contains("margay.db: error: ["))
        #expect(stop(first, SIGTERM) == 0)
    }

    /// The promise itself: 100,000 lines with rotations, killed again and again, and every one counted once.
    @Test func `kill -9 at any moment neither loses nor doubles a line`() throws {
        let lines = 100_000
        try folder.write("logs/readme.txt", "not a log\n")
        let log = folder("logs/app.log")
        var process = try start(folder("logs/app.log*"))
        try waitUntilFollowing()
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        var handle = try #require(FileHandle(forWritingAtPath: log))
        var written = 0
        var kills = 0
        for block in 0..<200 {
            var text = ""
            for line in 0..<(lines / 200) {
                text += "2026-11-22 10:00:00 ERROR worker \(line % 9) lost job \(block)-\(line)\n"
                written += 1
            }
            // Half a line now, the rest later: a fragment must never count.
            let cut = text.utf8.count / 2
            try handle.write(contentsOf: Data(text.utf8.prefix(cut)))
            if block % 20 == 10 {
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                kills += 1
            }
            try handle.write(contentsOf: Data(text.utf8.dropFirst(cut)))
            if block % 20 == 15 {
                try FileManager.default.moveItem(atPath: log, toPath: log + ".\(block)")
                _ = FileManager.default.createFile(atPath: log, contents: nil)
                handle = try #require(FileHandle(forWritingAtPath: log))
            }
            if block % 20 == 10 { process = try start(folder("logs/app.log*")) }
        }
        #expect(written == lines)
        #expect(kills == 10)
        try eventually("every line is counted") { try counted() >= lines }
        #expect(stop(process, SIGTERM) == 0)
        #expect(try counted() == lines)
        let files = try Program.run("sources", "--format", "json", "--store", store)
        #expect(files.objects.reduce(0) { $0 + ($1["bytes_lost"] as? Int ?? 0) } == 0)
    }

    private func append(_ text: String, to path: String) throws {
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }
}
