import Foundation
import Testing

@testable import margay

/// What people expect of any command, by habit.
struct HabitTests {
    private let folder = TemporaryFolder()
    private var store: String { folder("margay.db") }
    private let packs = Program.root.appendingPathComponent("patterns").path

    init() throws {
        let log = try folder.write(
            "app.log",
            """
            2026-11-22 10:00:01 ERROR disk 7 is gone
            2026-11-22 10:00:02 ERROR cannot reach the bank
            2026-11-22 10:00:04 ERROR too many cooks
            2026-11-22 10:00:05 INFO ends

            """)
        _ = try Program.run("scan", "--store", store, log)
    }

    private func run(_ arguments: String...) throws -> Program.Result {
        try Program.run(arguments + ["--store", store], in: folder.path)
    }

    /// On a terminal of so many rows, made by script(1).
    private func onTerminal(_ command: String, rows: Int, variables: String = "") throws -> String {
        let process = Program.process([], in: folder.path)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
        process.arguments = [
            "-qec", "stty rows \(rows) cols 100; \(variables) '\(Program.path)' \(command) --store '\(store)'",
            "/dev/null",
        ]
        process.environment?["TERM"] = "xterm"
        let output = try folder.write("terminal", Data())
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardInput = FileHandle(forReadingAtPath: "/dev/null")
        try process.run()
        process.waitUntilExit()
        return try String(contentsOfFile: output, encoding: .utf8)
    }

    @Test(arguments: [
        ("isues", "margay: no command 'isues'; did you mean 'issues'?\n"),
        ("wombat", "margay: no command 'wombat'; 'margay --help' lists them\n"),
        ("\u{1B}[31m", "margay: no command '\\x1b[31m'; 'margay --help' lists them\n"),
    ])
    func `a word that is no command is named, with one that is meant`(_ word: String, _ message: String) throws {
        let result = try Program.run(word)
        #expect(result.status == 64 && result.output.isEmpty && result.errors == message)
    }

    @Test(arguments: [
        (["issues", "-n2"], ["issues", "-n", "2"]), (["issues", "-known"], ["issues", " -known"]),
        (["issues", "-pack:nginx", "-c"], ["issues", " -pack:nginx", "-c"]), (["issues", "-fq"], ["issues", "-fq"]),
        (["issues", "--", "-known"], ["issues", "--", "-known"]), (["show", "-known"], ["show", "-known"]),
        (["issues", "-"], ["issues", "-"]), (["inbox", "-\"a b\""], ["inbox", " -\"a b\""]), ([], []),
    ])
    func `a term of a query may begin with a hyphen`(_ given: [String], _ expected: [String]) {
        #expect(QueryArguments.shielded(given) == expected)
    }

    @Test func `options that stand for conditions`() throws {
        #expect(try run("issues", "-c", "-bank").output == "2\n")
        #expect(try run("issues", "-n1", "--ids").output.split(separator: "\n").count == 1)
        #expect(try run("issues", "--json").output == run("issues", "--format", "json").output)
        #expect(try run("issues", "-c", "--until", "2026-11-22T10:00:02Z").output == "1\n")
        #expect(try run("issues", "-c", "--node", "no-such-*").status == 1)
        let id = try run("issues", "--ids", "bank").output.trimmingCharacters(in: .newlines)
        #expect(try run("assign", id, "ada").status == 0)
        #expect(try run("issues", "-c", "owner:ada").output == "1\n", "who owns an issue acknowledged it")
        #expect(try run("issues", "-c").output == "2\n")
    }

    @Test func `an issue is explained by its id, and a line that looks like one is a line`() throws {
        let id = try run("issues", "--ids", "bank").output.trimmingCharacters(in: .newlines)
        let explained = try run("explain", "--packs", packs, id)
        #expect(
            explained.status == 0
                && explained.output.contains("Why new      first event 2026-11-22T10:00:02Z, no alias"))
        #expect(
            explained.output.contains("the same issue, by ") && explained.output.contains("  skeleton     cannot reach")
        )
        let object = try #require(try run("explain", "--packs", packs, "--format", "json", id).objects.first)
        #expect(object["fingerprint"] as? String == object["fingerprint_today"] as? String)
        let line = try run("explain", "--packs", packs, "ZZZZZ")
        #expect(line.status == 1 && line.output.hasPrefix("line 1: ZZZZZ\n"))
    }

    @Test func `ids are completed from the store that the line names`() throws {
        let ids = try run("issues", "--ids").output.split(separator: "\n").map(String.init)
        let words = ["margay", "show", "--store", store, String(ids[0].prefix(1))]
        let found = try Program.run(["---completion", "show", "--", "positional@0", "4", "1"] + words, in: folder.path)
        let offered = found.output.split(separator: "\n").map(String.init)
        #expect(offered.contains(ids[0]) && offered.allSatisfy { $0.hasPrefix(ids[0].prefix(1)) })
        for shell in ["bash", "zsh", "fish"] {
            let script = try Program.run("completion", shell)
            #expect(script.status == 0 && script.output.contains("---completion"), "\(shell)")
        }
        #expect(try Program.run("completion", "tcsh").status == 64)
    }

    @Test func `manual pages are made of the commands and of the keys of packs`() throws {
        let pages = folder("man")
        #expect(try Program.run("manual", "--output", pages).status == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: pages)
        #expect(names.contains("margay.1") && names.contains("margay-issues.1") && names.contains("margay-pack.5"))
        for name in names {
            let text = try String(contentsOfFile: pages + "/" + name, encoding: .utf8)
            // Every line is a request that man(7) has, or text: no log, no option begins one by accident.
            for line in text.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
                let request = line.prefix { $0 != " " }
                #expect(
                    [".TH", ".SH", ".TP", ".B", ".BR", ".I", ".PP", ".br", ".RS", ".RE"].contains(request),
                    "\(name): \(line)")
            }
        }
        #expect(try Program.run("manual", "issues").output.contains("\\fB\\-\\-columns\\fR \\fINAMES\\fR"))
        #expect(try Program.run("manual", "nothing").status == 64)
    }

    @Test func `what is longer than the screen goes through the pager, on a terminal only`() throws {
        try #require(FileManager.default.isExecutableFile(atPath: "/usr/bin/script"))
        let seen = folder("seen")
        let pager = "MARGAY_PAGER='cat >\"\(seen)\"'"
        let short = try onTerminal("issues", rows: 40, variables: pager)
        #expect(short.contains("too many cooks") && !FileManager.default.fileExists(atPath: seen))
        let off = try onTerminal("issues --no-pager", rows: 3, variables: pager)
        #expect(off.contains("too many cooks") && !FileManager.default.fileExists(atPath: seen))
        let long = try onTerminal("issues", rows: 3, variables: pager)
        #expect(!long.contains("too many cooks"))
        #expect(try String(contentsOfFile: seen, encoding: .utf8).contains("too many cooks"))
        // A pager that is not there is no reason to show nothing.
        #expect(try onTerminal("issues", rows: 3, variables: "MARGAY_PAGER=no-such-pager").contains("too many cooks"))
    }
}
