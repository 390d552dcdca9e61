import Testing

@testable import Patterns

@Suite struct PackLoaderTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let text: String
        let expected: [String]
    }

    static let faults = [
        Fault(
            testDescription: "unknown key", text: "pack: a\npatterns:\n  - id: a.b\n    match: x\n    severty: major\n",
            expected: ["p.yaml:5:5: error: [unknown-key] 'severty' is not a key of a pattern; did you mean 'severity'?"]
        ),
        Fault(
            testDescription: "PCRE2 fault, exact column",
            text: "pack: a\npatterns:\n  - id: a.b\n    match: 'out \\((\\d+'\n",
            expected: [
                """
                p.yaml:4:23: error: [bad-expression] PCRE2: missing closing parenthesis; see pcre2pattern(3); this pattern \
                is left out until then
                    out \\((\\d+
                              ^
                """
            ]),
        Fault(
            testDescription: "duplicate id",
            text: "pack: a\npatterns:\n  - {id: a.b, match: x}\n  - {id: a.b, match: y}\n",
            expected: [
                "p.yaml:4:10: error: [duplicate-id] 'a.b' is already the id of the pattern at line 3; rename one of them"
            ]),
        Fault(
            testDescription: "YAML fault", text: "pack: a\npatterns: [\n",
            expected: [
                "p.yaml:3:1: error: [yaml] did not find expected node content; quote a value that holds any of "
                    + ": # { } [ ] , & * ! | > ' \" % @ in single quotes"
            ]),
        Fault(
            testDescription: "several faults at once",
            text: """
                pack: a
                type: aplication
                patterns:
                  - id: b.c
                    match: x
                    severity: bad
                  - id: a.d
                    match: '(?<reason>x)'
                    title: '{raeson} {'
                  - id: a.e
                    match: '(?<reason>x)'
                    title: '{raeson}'
                    fingerprint: [pattern, resaon]
                """,
            expected: [
                "p.yaml:2:7: error: [unknown-type] 'aplication' is no type of event; did you mean 'application'?",
                "p.yaml:4:9: error: [bad-id] 'b.c' is no id for a pattern of the pack 'a'; write a.name-of-the-fault, in "
                    + "lower-case letters, digits and dashes",
                "p.yaml:6:15: error: [unknown-severity] 'bad' is no severity; one of critical, major, minor, warning, "
                    + "indeterminate, clear, level",
                "p.yaml:9:22: error: [bad-title] '{' is not closed; write '{{' for a brace\n    {raeson} {\n             ^",
                "p.yaml:12:12: error: [no-such-field] the title names '{raeson}', which nothing captures; did you mean "
                    + "'{reason}'?",
                "p.yaml:13:28: error: [no-such-field] the fingerprint names 'resaon', which neither 'match' nor the header "
                    + "captures; did you mean 'reason'?",
            ]),
        Fault(
            testDescription: "duplicate key", text: "pack: a\npack: b\n",
            expected: ["p.yaml:1:1: error: [duplicate-key] 'pack' stands twice; keep one of them"]),
        Fault(
            testDescription: "not a mapping", text: "- a\n",
            expected: ["p.yaml:1:1: error: [wrong-kind] the file must be a mapping of keys to values, not a list"]),
        Fault(
            testDescription: "empty", text: "",
            expected: [
                "p.yaml: error: [yaml] the file is empty; see Docs/reference/packs.md for what belongs in it"
            ]),
        Fault(
            testDescription: "severity by a level that nothing captures",
            text: "pack: a\npatterns:\n  - id: a.b\n    match: x\n    severity: level\n",
            expected: [
                "p.yaml:5:15: error: [no-such-field] severity is 'level', but no group captures it; add (?<level>…) to "
                    + "'match' or to the pack's 'header'"
            ]),
    ]

    @Test(arguments: faults)
    func `says what is wrong, where, and how to mend it`(fault: Fault) {
        let result = PackLoader.load(fault.text, path: "p.yaml")
        #expect(result.diagnostics.map(\.description) == fault.expected)
    }

    @Test func `a pattern with a fault is left out, the others stay`() throws {
        let result = PackLoader.load(
            "pack: a\npatterns:\n  - {id: a.b, match: '('}\n  - {id: a.c, match: 'x'}\n", path: "p.yaml")
        #expect(result.hasErrors)
        #expect(result.pack?.patterns.map(\.id) == ["a.c"])
    }

    @Test func `random text never crashes it`() {
        var random = SystemRandomNumberGenerator()
        let pieces = [
            "pack: a\n", "patterns:\n", "  - id: a.b\n", "    match: '(", "'", "\n", "[", "{", "&x ", "*x", "- ", "? ",
            ": ",
            "\t", "|\n", "!!binary ", "%YAML", "---\n", "\u{0}", "é", "\"\\x", "tests:\n", "    tests: {match: [x",
            "]}", "#",
        ]
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 0..<30, using: &random)).map { _ in pieces.randomElement()! }.joined()
            let result = PackLoader.load(text, path: "p.yaml")
            #expect(result.pack != nil || !result.diagnostics.isEmpty, "\(text)")
        }
    }

    @Test(arguments: ["[", "{a: ", "- "])
    func `deep nesting is refused`(opening: String) {
        let result = PackLoader.load(String(repeating: opening, count: 100_000), path: "p.yaml")
        #expect(result.pack == nil)
        #expect(result.hasErrors)
    }
}
