import Foundation
import Testing

/// `explain`, `packs coverage`, `packs new` and `packs test`, as a user runs them.
@Suite struct PackToolTests {
    private let folder = TemporaryFolder()

    static let log = """
        2026-11-22 10:00:00 ERROR [pay] Card 4711 refused by bank alpha
        2026-11-22 10:00:01 INFO [pay] all is well
        2026-11-22 10:00:02 ERROR [pay] Card 4712 refused by bank beta
        2026-11-22 10:00:03 ERROR [ship] Parcel 17 could not be weighed: scale offline
        2026-11-22 10:00:04 ERROR [ship] Parcel 18 could not be weighed: scale offline

        """

    private func pack() throws -> String {
        try folder.write(
            "pay.yaml",
            """
            pack: pay
            detect: {lines: ['^\\d{4}-\\d\\d-\\d\\d \\S+ \\w+ \\[']}
            header: '^(?<time>\\S+ \\S+) (?<level>\\w+) \\[(?<part>\\w+)\\] '
            mask: [{match: 'bank \\K\\w+', as: bank}]
            patterns:
              - id: pay.refused
                match: 'Card (?<card>\\d+) refused'
                severity: minor
                title: 'Card refused'
                fingerprint: [message]
              - id: pay.runaway
                match: 'Parcel (\\w+\\s?)+(?!.)'
            discard: [{match: 'all is well'}]
            """)
    }

    @Test func `explain says which pattern has a line, and why`() throws {
        let line = "2026-11-22 10:00:00 ERROR [pay] Card 4711 refused by bank alpha"
        let run = try Program.run("explain", "--packs", "patterns", "--pack", try pack(), line)
        #expect(run.status == 0, "\(run.errors)")
        for part in [
            "pattern      pay.refused", "severity     minor, as the pattern says", "capture      card=4711",
            "header       time=2026-11-22 10:00:00  level=ERROR  thread=pay",
            "candidates   pay.refused matched (line 1)", "message      Card 4711 refused by bank alpha",
            "masked       Card <num> refused by bank <bank>", "skeleton     Card <*> refused by bank <*>",
            ", of pattern, message",
        ] { #expect(run.output.contains(part), "\(part): \(run.output)") }
        #expect(run.errors.contains("packs: pay, core"))
        let same = try Program.run("packs", "explain", "--packs", "patterns", "--pack", try pack(), line)
        #expect(same.output == run.output)
    }

    @Test func `explain takes a file or standard input, record by record`() throws {
        let trace = "2026-11-22 10:00:00 ERROR boom\njava.lang.IllegalStateException: no\n\tat a.B.c(B.java:1)\nplain\n"
        for (arguments, input) in [([try folder.write("a.log", trace)], nil), (["-"], Data(trace.utf8))] {
            let run = try Program.run(
                ["explain", "--packs", "patterns", "--format", "json"] + arguments, input: input)
            #expect(run.status == 0)
            #expect(run.objects.map { $0["first_line"] as? Int } == [1, 4])
            #expect(run.objects.first?["exception"] as? String == "java.lang.IllegalStateException")
            #expect(run.objects.last?["rule"] is NSNull)
        }
        let one = try Program.run("explain", "--packs", "patterns", "-n", "1", "--format", "json", folder("a.log"))
        #expect(one.objects.count == 1)
    }

    @Test func `explain says that nobody has a line`() throws {
        let run = try Program.run("explain", "--packs", "patterns", "nothing of note")
        #expect(run.status == 1)
        #expect(run.output.contains("result       no pattern has it: no event"))
        #expect(try Program.run("explain", "--packs", "patterns", "--pack", "none", "x").status == 2)
    }

    @Test func `coverage counts hits, cost and what nobody claims`() throws {
        let hostile = "2026-11-22 10:00:05 ERROR [ship] Parcel " + String(repeating: "a", count: 200) + "!\n"
        let log = try folder.write("a.log", Self.log + hostile)
        let run = try Program.run(
            "packs", "coverage", "--packs", "patterns", "--pack", try pack(), "--format", "json", log)
        #expect(run.status == 0, "\(run.errors)")
        let rows = Dictionary(
            uniqueKeysWithValues: run.objects.compactMap { object in
                (object["tried"] as? Int).map { _ in (object["rule"] as? String ?? "", object) }
            })
        #expect(rows["pay.refused"]?["records"] as? Int == 2)
        #expect(rows["pay.runaway"]?["records"] as? Int == 0)
        #expect(rows["pay.runaway"]?["given_up"] as? Int ?? 0 >= 1)
        #expect(rows["pay: discard"]?["records"] as? Int == 1)
        let unclaimed = run.objects.filter { $0["unclaimed"] != nil }
        #expect(unclaimed.first?["unclaimed"] as? Int == 2)
        #expect((unclaimed.first?["title"] as? String)?.contains("could not be weighed") == true)
        let text = try Program.run("packs", "coverage", "--packs", "patterns", "--pack", try pack(), log)
        let never = text.output.split(separator: "\n").first { $0.hasPrefix("never hit") }
        #expect(never?.contains("core.") == false)
        #expect(text.output.contains("pay.runaway"))
        #expect(text.output.contains("no pack of its own claims:"))
    }

    @Test func `scan names a pattern that was given up`() throws {
        let hostile = "2026-11-22 10:00:05 ERROR [ship] Parcel " + String(repeating: "a", count: 200) + "!\n"
        let log = try folder.write("a.log", hostile)
        let run = try Program.run("scan", "--packs", "patterns", "--pack", try pack(), "--format", "json", log)
        #expect(run.status == 0)
        #expect(run.errors.contains("pay.runaway was given up at a match limit 1 times"), "\(run.errors)")
        #expect(run.objects.map { $0["pack"] as? String } == ["core"])
    }

    @Test(arguments: [
        "samples/business/shop.log", "samples/application/django.log", "samples/operating-system/syslog.log",
        "samples/application/nginx-error.log", "samples/network/cisco-switch.log",
    ])
    func `a draft lints clean, passes its own tests, and finds its log`(sample: String) throws {
        let draft = try Program.run("packs", "new", "--name", "draft", sample)
        #expect(draft.status == 0, "\(draft.errors)")
        let path = try folder.write("draft.yaml", draft.output)
        let lint = try Program.run("packs", "lint", "--strict", path)
        #expect(lint.status == 0, "\(lint.output)")
        let test = try Program.run("packs", "test", path)
        #expect(test.status == 0, "\(test.output)")
        let scan = try Program.run("scan", "--packs", path, "--format", "json", sample)
        #expect(scan.status == 0, "\(scan.errors)")
        #expect(scan.objects.allSatisfy { $0["pack"] as? String == "draft" })
    }

    @Test func `a draft has the header, captures at the masks, and the most frequent errors`() throws {
        let draft = try Program.run("packs", "new", try folder.write("logs/pay.log", Self.log))
        #expect(draft.status == 0)
        #expect(draft.output.contains("pack: pay\n"))
        #expect(draft.output.contains("(?<time>"))
        #expect(draft.output.contains("(?<level>"))
        #expect(draft.output.contains("id: pay.parcel-could-not-be"), "\(draft.output)")
        #expect(draft.output.contains("match: 'Parcel (?<value1>\\S{1,200}) could"), "\(draft.output)")
        #expect(draft.output.contains("title: 'Parcel {value1} could not be weighed"))
    }

    @Test func `patterns for what no pack claims are suggested, written, and then claim it`() throws {
        let log = try folder.write(
            "logs/cart.log",
            "2026-11-22 10:00:00 ERROR [main] cannot price item 4711 of the basket\n"
                + "2026-11-22 10:00:01 ERROR [main] cannot price item 12 of the basket\n"
                + "2026-11-22 10:00:02 ERROR [main] disk /dev/sda1: No space left on device\n")
        let store = folder("margay.db")
        #expect(try Program.run("scan", "--packs", "patterns", "--store", store, log).status == 0)
        let arguments = ["packs", "suggest", "--packs", "patterns", "--store", store]
        let printed = try Program.run(arguments + ["--format", "json"])
        #expect(
            printed.objects.map { $0["match"] as? String } == [#"cannot price item (?<value1>\S{1,200}) of the basket"#]
        )
        #expect(printed.objects.map { $0["count"] as? Int } == [2])
        let pack = folder("my-cart.yaml")
        let written = try Program.run(arguments + ["--write", pack])
        #expect(written.status == 0, "\(written.errors)")
        #expect(try Program.run("packs", "lint", "--strict", pack).status == 0)
        #expect(try Program.run("packs", "test", pack).status == 0)
        let scan = try Program.run("scan", "--packs", "shipped", "--pack", pack, "--format", "json", log)
        #expect(Set(scan.objects.compactMap { $0["pack"] as? String }) == ["my-cart", "core"])
        let again = try Program.run(arguments + ["--write", pack])
        #expect(again.status == 1 && again.errors.contains("my-cart.cannot-price-item-of has such lines already"))
        #expect(try Program.run(arguments + ["--write", folder("none/x.yaml")]).status == 2)
    }

    @Test func `a local pack overrides a shipped one by id, and packs show says what differs`() throws {
        let local = try folder.write(
            "local/redis.yaml",
            """
            pack: redis
            extends: redis
            patterns:
              - id: redis.own
                match: 'our proxy lost redis'
                tests: { match: ['our proxy lost redis'], ignore: ['our proxy found redis'] }

            """)
        let show = try Program.run("packs", "show", "--packs", "shipped", "--packs", folder("local"), "redis")
        #expect(show.status == 0 && show.errors.isEmpty, "\(show.errors)")
        #expect(show.output.contains("+ redis.own") && show.output.contains(local), "\(show.output)")
        try folder.write(
            "local/redis.yaml",
            "pack: redis\nextends: redis\npatterns:\n  - {id: redis.clients, match: 'nothing of the kind'}\n")
        let broken = try Program.run("packs", "show", "--packs", "shipped", "--packs", folder("local"), "redis")
        #expect(broken.status == 2 && broken.errors.contains("[breaks-override]"), "\(broken.errors)")
        #expect(broken.errors.contains("local/redis.yaml:4:10") && broken.errors.contains("patterns/redis.yaml:"))
    }

    @Test func `packs test says how many patterns have no test`() throws {
        let run = try Program.run("packs", "test", try pack())
        #expect(run.status == 0)
        #expect(run.output == "pay: 0 passed, 0 failed, 3 without a test\n")
    }

    @Test func `nothing to draft from`() throws {
        #expect(try Program.run("packs", "new", try folder.write("a.log", "all is well\n")).status == 1)
        #expect(try Program.run("packs", "new", folder("none.log")).status == 2)
        #expect(try Program.run("packs", "new", "--name", "A B", folder("a.log")).status == 64)
    }
}
