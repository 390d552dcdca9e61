import Foundation
import Testing

/// The commands by which people judge issues, over a store that a scan made.
struct TriageCommandTests {
    private let folder = TemporaryFolder()
    private var store: String { folder("margay.db") }

    init() throws {
        let log = try folder.write(
            "app.log",
            """
            2026-11-22 10:00:00 INFO begins
            2026-11-22 10:00:01 ERROR disk 7 is gone
            2026-11-22 10:00:02 ERROR cannot reach the bank
            2026-11-22 10:00:03 ERROR disk 9 is gone
            2026-11-22 10:00:04 ERROR too many cooks
            2026-11-22 10:00:05 INFO ends

            """)
        _ = try Program.run("scan", "--store", store, log)
    }

    private func run(_ arguments: String..., input: String = "") throws -> Program.Result {
        try Program.run(arguments + ["--store", store], input: Data(input.utf8), in: folder.path)
    }

    private func ids(_ query: String) throws -> [String] {
        try run("issues", "--ids", "--sort", "first", query).output.split(separator: "\n").map(String.init)
    }

    @Test func `ids of a query are moved through a pipe, and one undo takes it back`() throws {
        let found = try ids("disk OR bank")
        #expect(found.count == 2)
        let trial = try run("ack", "--dry-run", "-", input: found.joined(separator: "\n"))
        #expect(trial.status == 0 && trial.output.split(separator: "\n").count == 2)
        #expect(try ids("state:acknowledged").isEmpty)
        let moved = try run("ack", "-", "--reason", "mine", input: found.map { "\($0)\tmore\n" }.joined())
        #expect(moved.status == 0)
        #expect(Set(moved.output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }) == Set(found))
        #expect(try Set(ids("state:acknowledged owner:me")) == Set(found))
        #expect(try run("issues", "-c").output == "1\n")
        #expect(try run("undo").status == 0)
        #expect(try ids("state:acknowledged").isEmpty && run("issues", "-c", "is:inbox").output == "3\n")
        #expect(try run("undo").status == 1)
    }

    @Test func `a fault in a query has a caret and exit code 64`() throws {
        let result = try run("issues", "sevrity:major")
        #expect(result.status == 64 && result.output.isEmpty)
        #expect(
            result.errors == """
                query:1: error: there is no field 'sevrity'; did you mean 'severity'? (to look for the text itself, put \
                it into quotes)
                  sevrity:major
                  ^^^^^^^

                """)
        let expression = try run("issues", "a /(/")
        #expect(expression.status == 64 && expression.errors.contains("error:"))
        #expect(try ids("/DISK \\S+ is/i").count == 1)
    }

    @Test func `columns are chosen, and a pipe has them whole`() throws {
        let result = try run("issues", "bank", "--columns", "id,state,owner,title")
        let cells = result.output.split(separator: "\n").first?.split(separator: "\t").map(String.init) ?? []
        #expect(cells.count == 4 && Array(cells[1...]) == ["open", "-", "cannot reach the bank"])
        #expect(try run("issues", "--columns", "id,colour").status == 64)
    }

    @Test func `what is refused is said, and the exit code tells`() throws {
        let id = try ids("bank")[0]
        #expect(try run("clear", id).status == 0)
        #expect(try run("clear", id).status == 0, "it stands where it was to go")
        let refused = try run("ack", id, "ZZZZZ")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("\(id): it is cleared; reopen it first"))
        #expect(refused.errors.contains("no issue 'ZZZZZ'"))
        for bad in [["ignore", id, "--until", "soon"], ["severity", id, "bad"], ["assign", id], ["note", id]] {
            #expect(try Program.run(bad + ["--store", store]).status == 64, "\(bad)")
        }
        #expect(try run("forget", id).status == 64, "nobody can be asked")
        #expect(try run("forget", id, "--yes").status == 0)
    }

    @Test func `every move is shown by show`() throws {
        let id = try ids("bank")[0]
        #expect(try run("severity", id, "critical").status == 0)
        #expect(try run("note", id, "asked the bank").status == 0)
        #expect(try run("note", "--reference", id, "BANK-7").status == 0)
        #expect(try run("ignore", id, "--until", "+5", "--reason", "known").status == 0)
        #expect(try run("merge", id, try ids("cooks")[0]).status == 0)
        let page = try run("show", id, "-C", "1").output
        for part in [
            "critical", "ignored, known, until 5 more events", "asked the bank", "BANK-7", "(open → ignored)",
            ": known",
            "Parts", "begins", "▶ 2026-11-22 10:00:02 ERROR cannot reach the bank",
        ] where part != "begins" {
            #expect(page.contains(part), "\(part) in \(page)")
        }
        let object = try #require(run("show", id, "--format", "json").objects.first)
        #expect((object["history"] as? [Any])?.count == 4 && object["reference"] as? String == "BANK-7")
    }

    @Test func `the inbox asks about one issue after the other`() throws {
        let result = try run("inbox", input: "?\nn seen it\ns major\na\n\nwhat\ni +3\n")
        #expect(result.status == 1)
        #expect(result.errors == "1 left to judge\n")
        #expect(try run("issues", "-c", "state:acknowledged severity:major").output == "1\n")
        #expect(try run("issues", "-c", "state:ignored").output == "1\n")
        #expect(try run("inbox", input: "c\nu\nr\n").errors == "nothing is left to judge\n")
    }

    @Test func `what is learned of a file is no news`() throws {
        let other = folder("other.db")
        _ = try Program.run("scan", "--store", other, try folder.write("empty.log", "2026-11-22 10:00:00 INFO x\n"))
        let log = folder("app.log")
        #expect(try Program.run("learn", "--store", other, log).errors.contains("3 of 3 issues were not known yet"))
        _ = try Program.run("scan", "--store", other, log)
        #expect(try Program.run("issues", "--store", other, "-c", "is:inbox").status == 1)
        #expect(try Program.run("issues", "--store", other, "-c").output == "3\n")
        let export = try Program.run("learn", "--export", "--store", store).output
        #expect(export.split(separator: "\n").count == 3)
        let file = try folder.write("baseline.tsv", export)
        let third = folder("third.db")
        _ = try Program.run("scan", "--store", third, folder("empty.log"))
        #expect(try Program.run("learn", "--import", file, "--store", third).status == 0)
        #expect(try Program.run("learn", "--import", log, "--store", third).status == 2)
        #expect(try Program.run("learn", "--status", "--store", third).output.hasPrefix("baseline.tsv\t-\tbaseline\t3"))
    }

    @Test func `a report is text, Markdown and HTML, and nothing of a log is markup`() throws {
        let hostile = folder("hostile.db")
        let title = "<script>alert('x')</script> & | [a](http://b) *c* \u{1B}[31m"
        let log = try folder.write("hostile.log", "2026-11-22 10:00:01 ERROR \(title)\n")
        _ = try Program.run("scan", "--store", hostile, log)
        func report(_ format: String) throws -> String {
            try Program.run("report", "week", "--since", "2026-11-22", "--store", hostile, "--format", format).output
        }
        let html = try report("html")
        #expect(html.hasPrefix("<!DOCTYPE html>") && html.hasSuffix("</html>\n"))
        #expect(!html.contains("<script") && html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; |"))
        #expect(!html.contains("\u{1B}") && html.contains("<svg ") && html.contains("default-src 'none'"))
        #expect(!html.contains("src=") && !html.contains("href="))
        let markdown = try report("markdown")
        #expect(markdown.hasPrefix("# Week report\n\n"))
        #expect(!markdown.contains("<script") && markdown.contains("&lt;script\\>") && markdown.contains("\\| \\[a\\]"))
        #expect(!markdown.contains("\u{1B}"))
        #expect(try report("text").contains("To judge\n"))
        #expect(try report("json").contains("\"mean_seconds_to_resolve\":null"))
    }

    @Test func `what is exported is known elsewhere, with what people decided`() throws {
        _ = try run("clear", try ids("bank")[0])
        _ = try run("assign", try ids("cooks")[0], "ada")
        let file = try folder.write("issues.jsonl", try run("store", "export").output)
        let other = folder("other.db")
        _ = try Program.run("scan", "--store", other, folder("app.log"))
        let taken = try Program.run("store", "import", "--store", other, file)
        #expect(taken.output == "read\t3\nknown\t0\nmoved\t2\n")
        #expect(try Program.run("issues", "--store", other, "-c", "state:cleared bank").output == "1\n")
        #expect(try Program.run("issues", "--store", other, "-c", "state:acknowledged owner:ada cooks").output == "1\n")
        // A second time nothing is left to do, and what is no export takes nothing.
        #expect(try Program.run("store", "import", "--store", other, file).output.hasSuffix("moved\t0\n"))
        let broken = try Program.run("store", "import", "--store", other, folder("app.log"))
        #expect(broken.status == 2 && broken.errors.contains("app.log:1: error: [no-issue]"))
        let empty = folder("empty.db")
        _ = try Program.run("scan", "--store", empty, try folder.write("empty.log", "2026-11-22 10:00:00 INFO x\n"))
        #expect(try Program.run("store", "import", "--store", empty, file).output.contains("known\t3\n"))
        _ = try Program.run("scan", "--store", empty, folder("app.log"))
        #expect(try Program.run("issues", "--store", empty, "-c", "is:inbox").status == 1)
    }

    @Test func `another store is brought in once`() throws {
        let other = folder("other.db")
        _ = try Program.run("scan", "--store", other, folder("app.log"))
        let restored = try run("store", "restore", other)
        #expect(restored.status == 0 && restored.output.contains("added\t0\nmerged\t3\n"))
        #expect(try run("issues", "-c", "count:>1").output == "3\n")
        #expect(try run("store", "restore", other).status == 2)
        #expect(try run("store", "restore").status == 1)
    }

    @Test func `views, reports and the store's own commands`() throws {
        #expect(try run("views", "save", "mine", "disk", "sort:count").status == 0)
        #expect(try run("views", "save", "broken", "state:opne").status == 64)
        #expect(try run("views").output.hasPrefix("mine\t1\tdisk sort:count\t"))
        #expect(try run("issues", "--view", "mine", "-c").output == "1\n")
        #expect(try run("issues", "--view", "yours").status == 2)
        #expect(try run("views", "rm", "mine").status == 0 && run("views").status == 1)
        #expect(try run("report", "week", "--since", "2026-11-22").output.contains("events     4\n"))
        #expect(try run("report", "app", "--since", "2026-11-22").output == "core\t3\t4\n")
        #expect(try run("store", "stats").output.contains("issue\t3\n"))
        #expect(try run("store", "backup", folder("copy.db")).status == 0)
        #expect(try run("store", "backup", folder("copy.db")).status == 2)
        #expect(try Program.run("issues", "-c", "--store", folder("copy.db")).output == "3\n")
        _ = try run("clear", try ids("bank")[0])
        let pruned = try run("store", "prune", "--older-than", "2030-01-01").output
        #expect(pruned.hasPrefix("issues\t1\nsamples\t1\n"))
        #expect(try run("issues", "-c", "--all").output == "3\n")
    }
}
