import Foundation
import Testing

@testable import Patterns

/// Each lint rule: a pack about which it speaks, word by word, and one about which it is silent.
@Suite struct LintTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let rule: String
        let text: String
        let expected: [String]

        var testDescription: String { rule + (expected.isEmpty ? ", nothing to say" : "") }
    }

    /// A pack of one pattern with a test of each kind.
    static func pack(_ match: String, lines: [String] = ["q"], more: String = "", keys: String = "") -> String {
        let tests = "tests: {match: [\(lines.map { "'\($0)'" }.joined(separator: ", "))], ignore: ['']}"
        return "pack: a\ndetect: {lines: ['^']}\n\(keys)patterns:\n  - {id: a.b, match: '\(match)', \(more)\(tests)}\n"
    }

    static let cases = [
        Case(
            rule: "unanchored-any", text: pack(".*failed"),
            expected: [
                "a.yaml:4:23: advice: [unanchored-any] the expression begins with any number of anything; drop it: an "
                    + "expression is looked for in the whole line; or say what stands there\n    .*failed\n    ^"
            ]),
        Case(
            rule: "unanchored-any", text: pack("x|^.+failed"),
            expected: [
                "a.yaml:4:26: advice: [unanchored-any] the expression begins with any number of anything; drop it: an "
                    + "expression is looked for in the whole line; or say what stands there\n    x|^.+failed\n       ^"
            ]),
        Case(rule: "unanchored-any", text: pack("^[a-z]*failed .*"), expected: []),
        Case(
            rule: "nested-quantifier", text: pack("^(?:a|(\\w+\\s?))+$"),
            expected: [
                "a.yaml:4:38: warning: [nested-quantifier] a.b repeats a repetition: a line that nearly matches is "
                    + "tried in very many ways; take out one of the two, or make the inner one possessive (++)\n"
                    + "    ^(?:a|(\\w+\\s?))+$\n                   ^"
            ]),
        Case(
            rule: "nested-quantifier", text: pack("(a*)*"),
            expected: [
                "a.yaml:4:27: warning: [nested-quantifier] a.b repeats a repetition: a line that nearly matches is "
                    + "tried in very many ways; take out one of the two, or make the inner one possessive (++)\n"
                    + "    (a*)*\n        ^"
            ]),
        Case(rule: "nested-quantifier", text: pack("(?:\\w+,)+(?:a++)*(\\w+=\\d+ )*"), expected: []),
        Case(
            rule: "untested", text: "pack: a\ndetect: {lines: x}\npatterns: [{id: a.b, match: x}]\n",
            expected: [
                "a.yaml:3:17: warning: [untested] a.b has no line that it must match; add 'tests: {match: […]}' with a "
                    + "real line"
            ]),
        Case(
            rule: "nothing-ignored",
            text: "pack: a\ndetect: {lines: x}\npatterns: [{id: a.b, match: x, tests: {match: x}}]\n",
            expected: [
                "a.yaml:3:17: advice: [nothing-ignored] a.b has no line that it must leave alone; add a line that is "
                    + "nearly one of its own to 'tests: {ignore: […]}'"
            ]),
        Case(
            rule: "shadowed",
            text: pack("fail", lines: ["fail"]) + "  - {id: a.c, match: failed, tests: {match: failed, ignore: x}}\n",
            expected: [
                "a.yaml:5:10: warning: [shadowed] a.b, asked earlier, takes every test line of a.c; put the narrower "
                    + "one first, or narrow the other"
            ]),
        Case(
            rule: "shadowed",
            text: pack("fail!", lines: ["fail!"]) + "  - {id: a.c, match: fail, tests: {match: [fail], ignore: x}}\n",
            expected: []),
        Case(
            rule: "same-expression", text: pack("fail") + "  - {id: a.c, match: fail, tests: {match: q, ignore: x}}\n",
            expected: ["a.yaml:5:22: warning: [same-expression] a.c has the expression of a.b; take out one of the two"]
        ),
        Case(
            rule: "unused-definition", text: pack("(?&used)", keys: "define: {used: x, idle: y}\n"),
            expected: [
                "a.yaml:3:25: advice: [unused-definition] nothing refers to 'idle'; write (?&idle), or take it out"
            ]),
        Case(
            rule: "varying-fingerprint", text: pack("job (?<n>\\d+)", lines: ["job 123456"], more: "fingerprint: n, "),
            expected: [
                "a.yaml:4:10: advice: [varying-fingerprint] a.b: 'n' is part of the fingerprint and holds '123456'; "
                    + "write masked(n), if that differs from event to event"
            ]),
        Case(
            rule: "varying-fingerprint",
            text: pack("job (?<n>\\d+)", lines: ["job 123456"], more: "fingerprint: masked(n), "), expected: []),
        Case(
            rule: "undetected", text: "pack: a\npatterns: [{id: a.b, match: q, tests: {match: q, ignore: x}}]\n",
            expected: [
                "a.yaml:1:1: advice: [undetected] 'a' has no 'detect': it applies only where it is named; add "
                    + "'detect:' with 'paths' or 'lines'"
            ]),
        Case(
            rule: "idle-header", text: pack("q", keys: "header: '^\\d+ '\n"),
            expected: [
                "a.yaml:3:9: warning: [idle-header] the header matches none of the 1 lines of the pack's tests; mend "
                    + "it, or take lines from a real log"
            ]),
        Case(
            rule: "many-captures", text: pack(String(repeating: "(x)", count: 65)),
            expected: [
                "a.yaml:4:22: warning: [many-captures] a.b has 65 groups; the first 64 are reported; write (?:…) where "
                    + "nothing is to be captured"
            ]),
        Case(
            rule: "unknown-rule", text: pack("q", more: "allow: [untestd, bad-id], "),
            expected: [
                "a.yaml:4:10: warning: [unknown-rule] 'bad-id' is a fault and cannot be switched off; see "
                    + "Docs/reference/lint.md",
                "a.yaml:4:10: warning: [unknown-rule] there is no rule 'untestd'; did you mean 'untested'?",
            ]),
        Case(
            rule: "common-literal", text: pack("(?<a>\\w+): ", lines: (0..<12).map { "word\($0): x" }),
            expected: [
                "a.yaml:4:22: advice: [common-literal] a.b: ': ', its longest fixed text, stands in 12 of 12 test "
                    + "lines; write out more of the text that makes the line what it is"
            ]),
        Case(
            rule: "common-literal", text: pack("(?:ab|cd)\\d: ", lines: (0..<12).map { "word\($0): x" }), expected: []),
    ]

    private func lint(_ texts: String...) -> [Diagnostic] {
        var library = PackLibrary()
        library.add(texts.map { PackDraft($0, path: "\($0.dropFirst(6).prefix(1)).yaml") })
        return Linter.lint(library)
    }

    @Test(arguments: cases)
    func `each rule says what it finds, and nothing else`(given: Case) {
        #expect(lint(given.text).filter { $0.rule == given.rule }.map(\.description) == given.expected)
    }

    @Test func `every rule has a case here`() {
        let tried = Set(Self.cases.map(\.rule)).union(["overlap"])
        #expect(Set(LintCatalogue.rules.map { $0.name }) == tried)
    }

    @Test func `two packs for the same files that want the same lines`() {
        let other =
            "pack: c\ndetect: {lines: ['^log']}\npatterns:\n"
            + "  - {id: c.d, match: 'disk \\w+', tests: {match: 'log disk full', ignore: x}}\n"
        let found = lint(Self.pack("full", lines: ["log disk full"]).replacing("'^'", with: "'^log'"), other)
        #expect(
            found.map(\.description) == [
                "c.yaml:4:10: advice: [overlap] a.b, of another pack for such files and asked earlier, matches a test "
                    + "line of c.d; leave the line to one of the two, or let one pack build on the other"
            ])
        // What takes levels is asked later, and takes nothing away.
        let level = Self.pack("(?<level>full)", lines: ["log disk full"], more: "severity: level, ")
        #expect(lint(level.replacing("'^'", with: "'^log'"), other).map(\.rule) == ["overlap"])
        #expect(lint(level.replacing("'^'", with: "'^log'"), other).first?.place.path == "a.yaml")
        let apart = Self.pack("full", lines: ["disk full"]).replacing("'^'", with: "'^disk'")
        #expect(lint(apart, other) == [])
    }

    @Test(arguments: [
        "  - {id: a.b, match: '.*x', allow: [unanchored-any, untested]}\n",
        "  - {id: a.b, match: '.*x'}\nallow: [unanchored-any, untested]\n",
    ])
    func `a pattern or a pack switches a rule off`(patterns: String) {
        #expect(lint("pack: a\ndetect: {lines: ['^']}\npatterns:\n" + patterns).map(\.description) == [])
    }

    @Test func `a rule that a pattern has switched off still speaks about the next one`() {
        let found = lint(
            "pack: a\ndetect: {lines: ['^']}\npatterns:\n  - {id: a.b, match: 'y', allow: untested}\n  - {id: a.c, match: 'z'}\n"
        )
        #expect(found.map(\.rule) == ["untested"])
        #expect(found.first?.place.line == 5)
    }

    @Test func `every rule is in the reference, with its level`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("Docs/reference/lint.md"), encoding: .utf8)
        for entry in LintCatalogue.entries {
            let line = text.split(separator: "\n").first {
                $0.hasPrefix("| `\(entry.name)` | \(entry.level.rawValue) |")
            }
            #expect(line != nil, "\(entry.name)")
        }
    }

    @Test func `any text is a tree`() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("ab()[]{}|\\$^.*+?:=!<>'#&PQEx1,-^ \u{E9}")
        for _ in 0..<20_000 {
            let source = String(
                (0..<Int.random(in: 0..<20, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
            let tree = ExpressionTree(source)
            #expect(!tree.alternatives.isEmpty)
            _ = RequiredLiterals(source)
            _ = ExpressionWalk.references(in: source)
        }
    }
}
