import Foundation
import Testing

/// `margay watch` with a source `journal:`, on a stand-in for journalctl and, where there is one, on the real one.
@Suite(.serialized) struct JournalCommandTests {
    private let folder = TemporaryFolder()

    private var store: String { folder("margay.db") }

    /// Writes a stand-in: it prints the lines of `journal.json` from the asked cursor on, or from the head where it does
    /// not know the cursor, and goes on with what is appended.
    private func installStandIn() throws {
        try folder.write("journal.json", "")
        let script = """
            #!/bin/sh
            echo $$ >> '\(folder("starts"))'
            from=1
            for argument in "$@"; do
                case $argument in --cursor=*)
                    found=$(grep -n -m1 -F "\\"__CURSOR\\":\\"${argument#--cursor=}\\"" '\(folder("journal.json"))')
                    from=${found%%:*} ;;
                esac
            done
            exec tail -s 0.05 -n "+${from:-1}" -f '\(folder("journal.json"))'
            """
        // By another process: what is open for writing here while a program is started cannot be run.
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", "cat > '\(folder("journalctl"))' && chmod 755 '\(folder("journalctl"))'"]
        let pipe = Pipe()
        shell.standardInput = pipe
        try shell.run()
        try pipe.fileHandleForWriting.write(contentsOf: Data(script.utf8))
        try pipe.fileHandleForWriting.close()
        shell.waitUntilExit()
    }

    private func configure(_ journal: String, start: String = "beginning") throws {
        try folder.write(
            "margay.yaml",
            """
            store: \(store)
            packs: [\(Program.root.appendingPathComponent("patterns").path)]
            sources:
              - start: \(start)
                packs: [core]
                journal: \(journal)
            """)
    }

    private func start(_ name: String = "errors") throws -> Process {
        let process = Program.process(["watch", "--config", folder("margay.yaml")])
        process.standardOutput = FileHandle(forWritingAtPath: try folder.write("output", ""))
        process.standardError = FileHandle(forWritingAtPath: try folder.write(name, ""))
        try process.run()
        return process
    }

    private func stop(_ process: Process, _ signal: Int32) -> Int32 {
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
    }

    private func issues() throws -> [[String: Any]] {
        try Program.run("issues", "--all", "--format", "json", "--store", store).objects
    }

    private func counted() throws -> Int { try Program.counted(store) }

    private func row() throws -> [String: Any] {
        let run = try Program.run("sources", "--format", "json", "--store", store)
        return run.objects.first { ($0["file"] as? String) == "journal" } ?? [:]
    }

    private func append(_ lines: [String]) throws {
        let handle = try #require(FileHandle(forWritingAtPath: folder("journal.json")))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(lines.map { $0 + "\n" }.joined().utf8))
        try handle.close()
    }

    /// An entry as journalctl writes it. `number` is its place and, in milliseconds, its time.
    private func entry(
        _ number: Int, _ message: String, unit: String = "app.service", priority: Int = 6, process: Int = 12
    ) -> String {
        """
        {"__CURSOR":"s=a;i=\(String(number, radix: 16));x","__REALTIME_TIMESTAMP":"\(1_795_341_600_000_000 + number * 1_000)",\
        "PRIORITY":"\(priority)","SYSLOG_IDENTIFIER":"\(unit.split(separator: ".")[0])","_PID":"\(process)",\
        "_HOSTNAME":"web-1","_SYSTEMD_UNIT":"\(unit)","MESSAGE":"\(message)"}
        """
    }

    @Test func `levels, units and lines of a trace become events of their streams`() throws {
        try installStandIn()
        try configure("{ command: \(folder("journalctl")) }")
        try append([
            entry(1, "all is well"),
            entry(2, "the disk said no", priority: 3),
            entry(3, "a little late", priority: 4),
            entry(4, "ERROR cannot post", unit: "ledger.service"),
            // A trace line by line, with another unit in between.
            entry(5, "Exception in thread \\\"main\\\" java.lang.IllegalStateException: closed", unit: "shop.service"),
            entry(6, "also fine"),
            entry(7, "\\tat a.B.c(B.java:1)", unit: "shop.service"),
            entry(8, "\\tat a.B.d(B.java:2)", unit: "shop.service"),
            // Our own notices are nobody's events.
            entry(8, "GAT24 ERROR: new issue", unit: "margay.service", priority: 3),
            // One message of several lines, one of which looks like a record.
            entry(9, "gave up\\n2026-11-22 09:00:00 ERROR quoted\\nmore", unit: "mail.service", priority: 2),
        ])
        let process = try start()
        try eventually("all entries are accounted for") {
            (try row()["cursor"] as? String) == "s=a;i=9;x"
        }
        #expect(stop(process, SIGTERM) == 0)
        let found = try issues()
        #expect(found.count == 5)
        #expect(found.allSatisfy { $0["count"] as? Int == 1 })
        let files = found.compactMap { ($0["files"] as? [String])?.first }
        #expect(
            files.sorted() == [
                "journal:app.service", "journal:app.service", "journal:ledger.service", "journal:mail.service",
                "journal:shop.service",
            ])
        let trace = try #require(found.first { ($0["files"] as? [String]) == ["journal:shop.service"] })
        let sample = try #require(trace["sample"] as? String)
        #expect(sample.contains("shop[12]: Exception in thread") && sample.hasSuffix("\tat a.B.d(B.java:2)"))
        #expect(trace["first_seen"] as? String == "2026-11-22T10:00:00.005Z")
        let warning = try #require(found.first { ($0["title"] as? String)?.contains("late") == true })
        #expect(warning["severity"] as? String == "warning")
        #expect(try row()["lines"] as? Int == 11)
        #expect(try row()["state"] as? String == "following")
    }

    /// The promise itself, on a journal: entries of many units with traces among them, killed again and again.
    @Test func `kill -9 at any moment neither loses nor doubles an entry`() throws {
        try installStandIn()
        try configure("{ command: \(folder("journalctl")) }")
        var process = try start()
        var number = 0
        var expected = 0
        var stored = 0
        for block in 0..<60 {
            var lines: [String] = []
            for _ in 0..<400 {
                number += 1
                let unit = "unit\(number % 7).service"
                switch number % 5 {
                case 0: lines.append(entry(number, "\\tat a.B.c(B.java:\(number))", unit: unit, process: number % 7))
                case 1: lines.append(entry(number, "quiet", unit: unit, process: number % 7))
                default:
                    lines.append(entry(number, "lost job \(number)", unit: unit, priority: 3, process: number % 7))
                    expected += 1
                }
            }
            try append(lines)
            if block % 10 == 5 {
                // In the middle of it, wherever that is.
                try eventually("it has got on") { try counted() > stored }
                #expect(stop(process, SIGKILL) == -SIGKILL)
                stored = try counted()
                process = try start()
            }
        }
        try eventually("every entry is accounted for") {
            (try row()["cursor"] as? String) == "s=a;i=\(String(number, radix: 16));x"
        }
        let children = try String(contentsOfFile: folder("starts"), encoding: .utf8).split(separator: "\n").compactMap {
            Int32($0)
        }
        #expect(children.count == 7)
        #expect(stop(process, SIGTERM) == 0)
        // A line of a trace behind a quiet record or one of another level is a record of its own, and an event.
        let traces = try issues().filter { ($0["pattern"] as? String) == "core.stack-trace" }
        #expect(traces.isEmpty)
        #expect(try counted() == expected)
        #expect(try row()["bytes_lost"] as? Int == 0)
        // No child has outlived its watch.
        for child in children { #expect(kill(child, 0) != 0) }
    }

    @Test func `a cursor that the journal has dropped is said, and reading goes on`() throws {
        try installStandIn()
        try configure("{ command: \(folder("journalctl")) }")
        try append([entry(1, "a", priority: 3)])
        let first = try start()
        try eventually("the first") { try counted() == 1 }
        #expect(stop(first, SIGTERM) == 0)
        try folder.write("journal.json", entry(21, "b", priority: 3) + "\n")
        let second = try start()
        try eventually("the second") { try counted() == 2 }
        let row = try row()
        #expect((row["note"] as? String)?.hasSuffix("up to 19 entries lost") == true)
        #expect((row["loss"] as? String)?.hasSuffix("up to 19 entries lost") == true)
        #expect(row["generation"] as? Int == 1)
        #expect(row["bytes_lost"] as? Int == 1)
        let own = try Program.run("issues", "pack:margay", "--format", "json", "--store", store).objects
        #expect(own.map { $0["pattern"] as? String } == ["margay.bytes-lost"])
        #expect(stop(second, SIGTERM) == 0)
        // What is asked for was changed: then a cursor that does not come is no loss.
        try configure("{ command: \(folder("journalctl")), priority: err }")
        try folder.write("journal.json", entry(31, "c", priority: 3) + "\n")
        let third = try start()
        try eventually("the third") { try counted() == 3 }
        #expect(try self.row()["bytes_lost"] as? Int == 1)
        #expect(stop(third, SIGTERM) == 0)
    }

    @Test func `a journalctl that is missing is a row in sources, and its coming is noticed`() throws {
        try configure("{ command: \(folder("journalctl")) }")
        let process = try start()
        try eventually("the reason") { (try row()["note"] as? String)?.contains("cannot be started") == true }
        #expect(try row()["state"] as? String == "unreadable")
        try installStandIn()
        try append([entry(1, "a", priority: 3)])
        try eventually("it is read") { try counted() == 1 }
        #expect(try row()["state"] as? String == "following")
        #expect(stop(process, SIGTERM) == 0)
    }

    @Test func `from the end means from now on, also when nothing came before a crash`() throws {
        try installStandIn()
        try configure("{ command: \(folder("journalctl")) }", start: "end")
        let process = try start()
        try eventually("where it begins is stored") { (try row()["cursor"] as? String)?.hasPrefix("@") == true }
        let cursor = try #require(try row()["cursor"] as? String)
        #expect(stop(process, SIGKILL) == -SIGKILL)
        let second = try start()
        try eventually("it runs") {
            try String(contentsOfFile: folder("errors"), encoding: .utf8).contains("following")
        }
        #expect(try row()["cursor"] as? String == cursor)
        #expect(stop(second, SIGTERM) == 0)
    }

    private static let remote = "/lib/systemd/systemd-journal-remote"

    /// Real journal files, where the tools to make and read them are installed.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: remote)))
    func `real journal files are read to the end, followed, and gone on with`() throws {
        let directory = folder("journal")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let importer = Process()
        importer.executableURL = URL(fileURLWithPath: JournalCommandTests.remote)
        importer.arguments = ["--output=\(directory)/remote-test.journal", "-"]
        let pipe = Pipe()
        importer.standardInput = pipe
        importer.standardError = FileHandle.nullDevice
        try importer.run()
        let begin = 1_795_341_600_000_000
        func write(_ numbers: Range<Int>) throws {
            var text = Data()
            for number in numbers {
                text += Data(
                    """
                    __REALTIME_TIMESTAMP=\(begin + number * 1_000)
                    __MONOTONIC_TIMESTAMP=\(1_000_000 + number * 1_000)
                    _BOOT_ID=0123456789abcdef0123456789abcdef
                    PRIORITY=3
                    _PID=12
                    SYSLOG_IDENTIFIER=app
                    _SYSTEMD_UNIT=app\(number % 3).service

                    """.utf8)
                // What is not UTF-8 is written with its length (systemd's "Journal Export Format").
                let message = Data("lost job ".utf8) + Data([0xFF]) + Data(" \(number)\nsecond line".utf8)
                text += Data("MESSAGE\n".utf8)
                withUnsafeBytes(of: UInt64(message.count).littleEndian) { text += Data($0) }
                text += message + Data("\n\n".utf8)
            }
            try pipe.fileHandleForWriting.write(contentsOf: text)
        }
        try configure("{ directory: \(directory), units: [app0.service, app1.service], priority: err }")
        try write(0..<300)
        let first = try start()
        try eventually("what was there") { try counted() == 200 }
        try write(300..<600)
        try eventually("what came") { try counted() == 400 }
        #expect(stop(first, SIGKILL) == -SIGKILL)
        try write(600..<900)
        let second = try start()
        try eventually("what came meanwhile") { try counted() == 600 }
        #expect(stop(second, SIGTERM) == 0)
        #expect(try counted() == 600)
        #expect(try row()["generation"] as? Int == 0)
        #expect(try row()["lines"] as? Int == 1_200)
        try pipe.fileHandleForWriting.close()
        importer.waitUntilExit()
    }
}
