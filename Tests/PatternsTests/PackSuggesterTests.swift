import Events
import Testing

@testable import Patterns

@Suite struct PackSuggesterTests {
    private func issue(
        _ id: String, _ samples: String..., severity: Severity = .indeterminate, count: Int = 1
    ) -> PackSuggester.Unclaimed {
        PackSuggester.Unclaimed(
            id: id, severity: severity, type: .application, count: count, files: ["/srv/shop/logs/cart.log"],
            samples: samples)
    }

    private let priced = [
        "2026-11-22 10:00:00 ERROR [main] Cart - cannot price item 4711 of the basket",
        "2026-11-22 10:00:01 ERROR [main] Cart - cannot price item 12 of the basket",
    ]

    private func suggest(
        _ issues: [PackSuggester.Unclaimed], into text: String? = nil
    ) throws -> PackSuggester.Result {
        try PackSuggester.suggest(issues, path: "cart.yaml", text: text, name: "cart", among: PackLibrary())
    }

    @Test func `an expression has the words, and a capture where the samples differ`() throws {
        let result = try suggest([issue("A", priced[0], priced[1], severity: .major, count: 2)])
        let made = try #require(result.suggestions.first)
        #expect(made.match == #"cannot price item (?<value1>\S{1,200}) of the basket"#)
        #expect(made.title == "cannot price item {value1} of the basket")
        #expect(made.severity == .major && made.count == 2 && made.issues == ["A"])
        let written = try #require(result.pack)
        let pack = try #require(PackLoader.load(written, path: "cart.yaml").pack)
        #expect(pack.detection.paths.map { $0.matches("/srv/shop/logs/cart.log") } == [true])
        #expect(PackTester.test(pack).failures.isEmpty && pack.patterns.map(\.id) == [made.id])
    }

    @Test func `words that differ between the samples are one capture`() throws {
        let words = ["mail", "chat", "maps"].map { "2026-11-22 10:00:05 ERROR plugin \($0) of this site is away" }
        let made = try suggest([issue("A", words[0], words[1], words[2])]).suggestions
        #expect(made.map(\.match) == [#"plugin (?<value1>\S{1,200}) of this site is away"#])
    }

    @Test func `issues with one skeleton are one pattern, as bad as the worst`() throws {
        let result = try suggest([
            issue("A", priced[0], severity: .warning, count: 3), issue("B", priced[1], severity: .critical, count: 4),
        ])
        #expect(result.suggestions.map(\.issues) == [["A", "B"]])
        #expect(result.suggestions.map(\.count) == [7] && result.suggestions.map(\.severity) == [.critical])
    }

    @Test(arguments: [
        ("", "it has no sample of one line"), ("2026-11-22 10:00:00 ERROR 7", "its messages have too few words"),
        ("\u{1}\u{2}", "it has no sample of one line"),
    ])
    func `what cannot become a pattern is named, with the reason`(sample: String, reason: String) throws {
        let result = try suggest([issue("A", sample)])
        #expect(result.pack == nil && result.suggestions.isEmpty)
        #expect(
            result.leftOut.count == 1 && result.leftOut.first?.reason.hasPrefix(reason) == true, "\(result.leftOut)")
    }

    @Test func `a pack keeps all that it has, comments and keys behind the list too`() throws {
        let text = """
            # Mine.
            pack: cart
            detect: {lines: ['^2026']}
            patterns:
            - id: cart.voucher   # by hand
              match: 'voucher (?<code>\\w+) has run out'
              tests: { match: ['2026 voucher X has run out'], ignore: ['x'] }

            # What is no event.
            discard:
              - match: 'healthz'
                tests: { match: ['GET /healthz'], ignore: ['x'] }

            """
        let result = try suggest(
            [issue("A", priced[0]), issue("B", "2026-11-22 10:00:00 ERROR voucher Y has run out")], into: text)
        let written = try #require(result.pack)
        let parts = text.split(separator: "\n# What is no event.")
        #expect(written.hasPrefix(parts[0]) && written.hasSuffix("\n# What is no event." + parts[1]))
        #expect(result.leftOut.map(\.reason) == ["cart.voucher has such lines already"])
        let pack = try #require(PackLoader.load(written, path: "cart.yaml").pack)
        #expect(pack.patterns.map(\.id) == ["cart.voucher", "cart.cannot-price-item-of"] && pack.discards.count == 1)
        // Once more finds nothing to do.
        #expect(try suggest([issue("A", priced[0])], into: written).pack == nil)
    }

    @Test(arguments: [
        "pack: cart\npatterns: [{id: cart.a, match: x}]\n", "pack: cart\nextends: []\ndiscard: [{match: x}]\n",
    ])
    func `a pack without a list of one item a line is refused`(text: String) {
        #expect(throws: PackSuggester.Refusal.self) { try suggest([issue("A", priced[0])], into: text) }
    }

    @Test func `a pack with faults is refused, with them`() {
        do throws(PackSuggester.Refusal) {
            _ = try PackSuggester.suggest(
                [issue("A", priced[0])], path: "cart.yaml", text: "pack: cart\npatterns:\n  - {id: x, match: '('}\n",
                name: "cart", among: PackLibrary())
            Issue.record("a broken pack was taken")
        } catch {
            guard case .faulty(let diagnostics) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(diagnostics.map(\.rule).sorted() == ["bad-expression", "bad-id"])
        }
    }

    @Test func `an empty list is filled`() throws {
        let result = try suggest(
            [issue("A", priced[0])], into: "pack: cart\ndetect: {lines: ['^2']}\npatterns:\n")
        let written = try #require(result.pack)
        #expect(PackLoader.load(written, path: "").pack?.patterns.count == 1)
    }
}
