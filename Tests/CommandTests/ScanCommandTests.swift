import Foundation
import Testing

@Suite struct ScanCommandTests {
    static let log = """
        2026-11-22 10:00:00 INFO ok
        2026-11-22 10:00:00 ERROR [main] Order - cannot price
        java.lang.IllegalStateException: no price
        \tat com.example.Price.of(Price.java:12)
        2026-11-22 10:00:01 INFO [main] Order - next
        2026-11-22 10:00:02 ERROR disk 5 failed for user 7
        2026-11-22 10:00:03 ERROR disk 6 failed for user 9

        """

    @Test func `issues are JSON Lines with the fields of the contract, in their order`() throws {
        let folder = TemporaryFolder()
        let path = try folder.write("app.log", Self.log)
        let run = try Program.run("scan", "--format", "json", "--packs", "patterns", path)
        #expect(run.status == 0)
        #expect(run.objects.count == 2)
        let issue = try #require(run.objects.first { $0["count"] as? Int == 2 })
        #expect(issue["title"] as? String == "disk <num> failed for user <num>")
        #expect(issue["severity"] as? String == "indeterminate")
        #expect(issue["state"] as? String == "open")
        #expect(issue["novelty"] as? String == "new")
        #expect(issue["first_seen"] as? String == "2026-11-22T10:00:02Z")
        #expect(issue["last_seen"] as? String == "2026-11-22T10:00:03Z")
        #expect(issue["files"] as? [String] == [path])
        #expect(issue["owner"] is NSNull)
        let keys = try #require(run.output.split(separator: "\n").first).matches(of: /"([a-z_]+)":/).map {
            String($0.1)
        }
        #expect(
            keys == [
                "id", "fingerprint", "title", "pack", "pattern", "severity", "type", "state", "novelty", "count",
                "first_seen", "last_seen", "nodes", "files", "owner", "sample",
            ])
    }

    @Test func `a stack trace is one event with its lines, its language and its class`() throws {
        let folder = TemporaryFolder()
        let path = try folder.write("app.log", Self.log)
        let run = try Program.run("scan", "--events", "--format", "json", "--packs", "patterns", path)
        let event = try #require(run.objects.first)
        #expect(event["first_line"] as? Int == 2)
        #expect(event["last_line"] as? Int == 4)
        #expect(event["offset"] as? Int == 28)
        #expect(event["language"] as? String == "java")
        #expect(event["exception"] as? String == "java.lang.IllegalStateException")
        #expect(event["message"] as? String == "no price")
        #expect(run.objects.map { $0["new"] as? Bool } == [true, true, false])
    }

    @Test func `errors that differ in one word are one issue once there are five of them`() throws {
        let folder = TemporaryFolder()
        let words = ["mail", "chat", "maps", "news", "shop", "docs"]
        let lines = words.map { "2026-11-22 10:00:00 ERROR cannot load plugin \($0) of this site\n" }
        let few = try folder.write("few.log", lines.prefix(4).joined())
        #expect(try Program.run("scan", "--format", "json", "--packs", "patterns", few).objects.count == 4)
        let many = try folder.write("many.log", lines.joined())
        let run = try Program.run("scan", "--format", "json", "--packs", "patterns", many)
        #expect(run.objects.map { $0["title"] as? String } == ["cannot load plugin <*> of this site"])
        #expect(run.objects.map { $0["count"] as? Int } == [6])
        // With a store the issue is the store's.
        let store = folder("margay.db")
        let kept = try Program.run("scan", "--format", "json", "--packs", "patterns", "--store", store, many)
        let issues = try Program.run("issues", "--format", "json", "--store", store)
        #expect(issues.objects.map { $0["id"] as? String } == kept.objects.map { $0["id"] as? String })
        #expect(issues.objects.map { $0["count"] as? Int } == [6])
    }

    @Test func `standard input, CRLF and gzip give the same events`() throws {
        let folder = TemporaryFolder()
        let path = try folder.write("app.log", Self.log)
        let arguments = ["scan", "--events", "--format", "json", "--packs", "patterns"]
        func fingerprints(_ run: Program.Result) -> [String] { run.objects.compactMap { $0["fingerprint"] as? String } }
        let plain = fingerprints(try Program.run(arguments + [path]))
        #expect(plain.count == 3)
        #expect(fingerprints(try Program.run(arguments + ["-"], input: Data(Self.log.utf8))) == plain)
        let crlf = try folder.write("crlf.log", Self.log.replacingOccurrences(of: "\n", with: "\r\n"))
        #expect(fingerprints(try Program.run(arguments + [crlf])) == plain)
        let gzip = Process()
        gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-k", path]
        try gzip.run()
        gzip.waitUntilExit()
        #expect(fingerprints(try Program.run(arguments + [path + ".gz"])) == plain)
    }

    @Test func `nothing found is exit code 1`() throws {
        let folder = TemporaryFolder()
        let run = try Program.run("scan", "--packs", "patterns", try folder.write("quiet.log", "all is well\n"))
        #expect(run.status == 1)
        #expect(run.output == "")
    }

    @Test func `everything is an event with --all`() throws {
        let folder = TemporaryFolder()
        let run = try Program.run(
            "scan", "--all", "--events", "--format", "json", "--packs", "patterns",
            try folder.write("quiet.log", "user 1 in\nuser 2 in\nbye\n"))
        #expect(run.status == 0)
        #expect(run.objects.map { $0["severity"] as? String } == ["clear", "clear", "clear"])
        #expect(Set(run.objects.compactMap { $0["fingerprint"] as? String }).count == 2)
    }

    @Test func `a store knows at the second scan what it met at the first`() throws {
        let folder = TemporaryFolder()
        let path = try folder.write("app.log", Self.log)
        let arguments = ["scan", "--format", "json", "--packs", "patterns", "--store", folder("margay.db"), path]
        let first = try Program.run(arguments)
        let second = try Program.run(arguments)
        #expect(first.objects.map { $0["novelty"] as? String } == ["new", "new"])
        #expect(second.objects.map { $0["novelty"] as? String } == ["known", "known"])
        #expect(second.objects.map { $0["id"] as? String } == first.objects.map { $0["id"] as? String })
    }

    @Test func `since and until choose by event time`() throws {
        let folder = TemporaryFolder()
        let path = try folder.write("app.log", Self.log)
        let run = try Program.run(
            "scan", "--events", "--format", "json", "--packs", "patterns", "--since", "2026-11-22 10:00:02", "--until",
            "2026-11-22T10:00:03Z", path)
        #expect(run.objects.map { $0["time"] as? String } == ["2026-11-22T10:00:02Z"])
    }

    @Test func `a log without years that runs over New Year is dated by its last change`() throws {
        let folder = TemporaryFolder()
        let path = try folder.write(
            "app.log", "Dec 30 12:00:00 web app[1]: ERROR one is lost\nJan  2 12:00:00 web app[1]: ERROR two are lost\n"
        )
        let changed = try #require(ISO8601DateFormatter().date(from: "2027-01-04T06:00:00Z"))
        try FileManager.default.setAttributes([.modificationDate: changed], ofItemAtPath: path)
        let run = try Program.run("scan", "--events", "--format", "json", "--packs", "patterns", "--pack", "core", path)
        let times = run.objects.compactMap { $0["time"] as? String }
        #expect(times.map { $0.prefix(7) } == ["2026-12", "2027-01"])
    }

    @Test func `e-mail addresses are hidden where that is asked for`() throws {
        let folder = TemporaryFolder()
        let path = try folder.write(
            "app.log", "2026-11-22 10:00:00 ERROR no box for bob@example.com\n  cc eve@example.com\n")
        let options = ["scan", "--format", "json", "--packs", "patterns", "--pack", "core"]
        let open = try Program.run(options + [path])
        let hidden = try Program.run(options + ["--hide-emails", path])
        #expect(open.output.contains("bob@example.com") && open.output.contains("eve@example.com"))
        #expect(!hidden.output.contains("@example.com") && hidden.output.contains("no box for <email>"))
        #expect(open.objects.first?["fingerprint"] as? String == hidden.objects.first?["fingerprint"] as? String)
    }

    @Test func `hostile text reaches neither terminal nor JSON as anything but text`() throws {
        let folder = TemporaryFolder()
        var log = Data("2026-11-22 10:00:00 ERROR \u{1B}[2J\u{1B}]0;owned\u{7} <script> \" \\ \u{202E}".utf8)
        log += [0xFF, 0xFE, 0x00, 0xC3, 0x0A]
        let path = try folder.write("hostile.log", log)
        let text = try Program.run("scan", "--packs", "patterns", path)
        #expect(text.status == 0)
        #expect(text.output.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" || $0 == "\t" })
        #expect(!text.output.unicodeScalars.contains("\u{202E}"))
        let json = try Program.run("scan", "--events", "--format", "json", "--packs", "patterns", path)
        #expect(json.objects.count == 1)
        #expect(json.output.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A })
    }

    @Test func `a line of 30 MB is one line, cut, and what follows is found`() throws {
        let folder = TemporaryFolder()
        var log = Data("2026-11-22 10:00:00 ERROR before\n2026-11-22 10:00:01 ERROR ".utf8)
        log += Data(repeating: UInt8(ascii: "x"), count: 30_000_000)
        log += Data("\n2026-11-22 10:00:02 ERROR after\n".utf8)
        let run = try Program.run(
            "scan", "--events", "--format", "json", "--packs", "patterns", try folder.write("long.log", log))
        #expect(run.objects.map { $0["first_line"] as? Int } == [1, 2, 3])
        #expect(run.objects.last?["offset"] as? Int == log.count - 32)
    }
}
