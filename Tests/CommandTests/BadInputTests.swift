import Foundation
import Glibc
import Testing

/// Whatever is wrong is said, with its place and what to do; the rest of the work goes on; the exit code remembers.
@Suite struct BadInputTests {
    private let folder = TemporaryFolder()

    private func goodLog() throws -> String { try folder.write("good.log", "2026-11-22 10:00:00 ERROR it broke\n") }

    @Test func `a missing file`() throws {
        let run = try Program.run("scan", "--format", "json", "--packs", "patterns", folder("none.log"), try goodLog())
        #expect(run.status == 2)
        #expect(run.objects.count == 1)
        #expect(
            run.errors.hasPrefix("\(folder("none.log")): error: [unreadable] No such file or directory; check the path")
        )
    }

    @Test(
        .disabled(if: access("/usr/share/margay/patterns", F_OK) == 0, "packs are installed here"),
        arguments: [
            ["scan", "good.log"], ["packs", "list"], ["scan", "--packs", "shipped", "good.log"],
        ])
    func `a program that does not find its own packs says so`(_ arguments: [String]) throws {
        _ = try goodLog()
        let run = try Program.run(arguments, in: folder.path)
        #expect(run.status == 2)
        #expect(run.errors.contains("shipped: error: [no-packs] the packs that come with margay were not found"))
        #expect(run.errors.contains("make install"))
    }

    @Test func `a directory without permission`() throws {
        try folder.write("locked/app.log", "x\n")
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: folder("locked"))
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder("locked")) }
        let run = try Program.run("scan", "--format", "json", "--packs", "patterns", folder("locked"), try goodLog())
        #expect(run.objects.count == 1)
        // Root may read everything.
        guard getuid() != 0 else { return #expect(run.status == 0) }
        #expect(run.status == 2)
        #expect(run.errors.contains("locked: error: [unreadable] Permission denied; ask for read permission"))
    }

    @Test func `a binary file`() throws {
        let binary = try folder.write("core.1234", Data((0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }))
        let run = try Program.run("scan", "--format", "json", "--packs", "patterns", binary, try goodLog())
        #expect(run.status == 2)
        #expect(run.objects.count == 1)
        #expect(
            run.errors.contains("core.1234: error: [binary] not a text file (byte 0 is NUL); leave it out"))
    }

    @Test func `a cut-off archive is read as far as it goes`() throws {
        let path = try folder.write("a.log", String(repeating: "2026-11-22 10:00:00 ERROR it broke\n", count: 5_000))
        let gzip = Process()
        gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        gzip.arguments = ["gzip", path]
        try gzip.run()
        gzip.waitUntilExit()
        let whole = try Data(contentsOf: URL(fileURLWithPath: path + ".gz"))
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: path + ".gz"))
        let run = try Program.run("scan", "--format", "json", "--packs", "patterns", path + ".gz")
        #expect(run.status == 2)
        #expect(run.objects.first?["count"] as? Int ?? 0 > 100)
        #expect(run.errors.contains("[damaged] cut off after"))
    }

    @Test(arguments: [
        ("pack: a\npatterns: [", "[yaml]"),
        ("pack: a\npatterns:\n  - {id: a.x, match: '('}\n", "a.yaml:3:24: error: [bad-expression]"),
        (
            "pack: a\npaterns: []\n",
            "a.yaml:2:1: error: [unknown-key] 'paterns' is not a key of a pack; did you mean 'patterns'?"
        ),
        (
            "pack: a\npatterns:\n  - {id: a.x, match: q}\n  - {id: a.x, match: r}\n",
            "a.yaml:4:10: error: [duplicate-id]"
        ),
    ])
    func `a broken pack does not stop the others`(text: String, message: String) throws {
        try folder.write("packs/a.yaml", text)
        try folder.write("packs/core.yaml", "pack: core\npatterns:\n  - {id: core.error, match: 'ERROR'}\n")
        let run = try Program.run("scan", "--format", "json", "--packs", folder("packs"), try goodLog())
        #expect(run.status == 2)
        #expect(run.objects.map { $0["pattern"] as? String } == ["core.error"])
        #expect(run.errors.contains(message), "\(run.errors)")
        let check = try Program.run("check", "--packs", folder("packs"))
        #expect(check.status == 2)
        #expect(check.errors.contains(message))
    }

    @Test func `a pack that is not there`() throws {
        let run = try Program.run("scan", "--packs", "patterns", "--pack", "ngins", try goodLog())
        #expect(run.status == 2)
        #expect(run.errors == "margay: no pack 'ngins'; did you mean 'nginx'?\n")
    }

    @Test func `a damaged store`() throws {
        let store = try folder.write("margay.db", Data(repeating: 0x5A, count: 8_192))
        for arguments in [["issues"], ["show", "ABC"], ["sources"], ["status"], ["watch", folder("x.log")]] {
            let run = try Program.run(arguments + ["--store", store])
            #expect(run.status == 2, "\(arguments)")
            #expect(run.errors.contains("margay.db: error: ["), "\(arguments): \(run.errors)")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: store)) == Data(repeating: 0x5A, count: 8_192))
    }

    @Test func `a store that is not there`() throws {
        let run = try Program.run("issues", "--store", folder("none.db"))
        #expect(run.status == 2)
        #expect(run.errors.contains("none.db: error: ["))
        #expect(!FileManager.default.fileExists(atPath: folder("none.db")))
    }

    @Test func `a configuration with faults names them all`() throws {
        let path = try folder.write("margay.yaml", "stoer: x\nsources:\n  - paths: ['/var/[']\n    packs: [ngins]\n")
        let run = try Program.run("check", "--config", path, "--packs", "patterns")
        #expect(run.status == 2)
        for part in ["margay.yaml:1:1: error: [unknown-key]", "margay.yaml:3:13: error: [bad-glob]"] {
            #expect(run.errors.contains(part), "\(run.errors)")
        }
    }

    @Test(arguments: [
        ["scan"], ["scan", "--threads", "0", "x"], ["scan", "--since", "some day", "x"],
        ["issues", "--severity", "bad"],
        ["frobnicate"], ["watch", "--start", "middle", "x"],
    ])
    func `wrong usage is 64`(arguments: [String]) throws {
        #expect(try Program.run(arguments).status == 64)
    }

    @Test func `nobody reading is no error`() throws {
        let log = String(repeating: "2026-11-22 10:00:00 ERROR it broke\n", count: 50_000)
        let path = try folder.write("many.log", log)
        let process = Program.process(["scan", "--events", "--packs", "patterns", path])
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        _ = try pipe.fileHandleForReading.read(upToCount: 10)
        try pipe.fileHandleForReading.close()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 0)
    }
}
