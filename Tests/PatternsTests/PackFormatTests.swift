import Events
import PCRE2
import Testing

@testable import Patterns

/// Every key of a pack beyond the plain ones: what it does, and what is said when it is wrong.
@Suite struct PackFormatTests {
    private func load(_ text: String) throws -> Pack {
        let result = PackLoader.load(text, path: "p.yaml")
        #expect(result.diagnostics.map(\.description) == [])
        return try #require(result.pack)
    }

    /// What the first pattern of `pack` makes of `record`.
    private func interpret(_ record: String, _ pack: Pack) throws -> (Interpretation, Fingerprint) {
        let set = PatternSet(packs: [pack])
        let matcher = ReferenceMatcher(set)
        let interpreter = Interpreter(set)
        var text = record
        return try text.withUTF8 { buffer in
            let bytes = UnsafeRawBufferPointer(buffer)
            let match = try #require(matcher.match(bytes), "\(record)")
            let recognised = RecognisedRecord(rule: match.rule, bytes: bytes, line: match.line)
            var times = TimestampScanner(zone: .utc, reference: Timestamp(microseconds: 0))
            let header = RecordHeader.parse(recognised.firstLine, &times)
            let key = interpreter.fingerprint(of: recognised, captures: matcher.scratch, header: header).fingerprint
            return (interpreter.interpret(recognised, captures: matcher.scratch, header: header), key)
        }
    }

    // MARK: - define

    @Test func `a definition is filled in, with its captures and its own definitions`() throws {
        let pack = try load(
            #"""
            pack: a
            define:
              peer: '(?<peer>(?&address)):\d+'
              address: '\d{1,3}(?:\.\d{1,3}){3}'
            patterns:
              - id: a.lost
                match: '^lost (?&peer)|gone (?<who>x)'
                title: 'Lost {peer}'
            """#)
        #expect(
            pack.patterns[0].match.compiled.source
                == #"^lost (?:(?<peer>(?:\d{1,3}(?:\.\d{1,3}){3})):\d+)|gone (?<who>x)"#)
        let (meaning, _) = try interpret("lost 10.0.0.1:80", pack)
        #expect(meaning.title == "Lost 10.0.0.1")
        #expect(meaning.fields == ["peer": "10.0.0.1"])
    }

    @Test(arguments: [
        (#"\(?&x)"#, #"\(?&x)"#), (#"[(?&x)]"#, #"[(?&x)]"#), (#"\Q(?&x)\E(?&x)"#, #"\Q(?&x)\E(?:y)"#),
        (#"[]\](?&x)](?&x)"#, #"[]\](?&x)](?:y)"#), (#"(?<x>a)(?&x)"#, #"(?<x>a)(?:y)"#), ("(?&x)(?&x)", "(?:y)(?:y)"),
    ])
    func `a reference counts only where it is one`(source: String, expected: String) throws {
        var definitions = Definitions()
        definitions.add(
            Definition(
                name: "x", text: PlacedText(text: "y", place: Place(path: "p"), leadColumns: nil), resolved: "(?:y)",
                origin: "a"))
        #expect(try definitions.expand(source).text == expected)
    }

    @Test func `what the expression defines itself is left to PCRE2`() throws {
        let pack = try load("pack: a\npatterns:\n  - {id: a.b, match: '(?<n>\\d)x(?&n)'}\n")
        #expect(pack.patterns[0].match.compiled.source == #"(?<n>\d)x(?&n)"#)
    }

    static let faults: [(text: String, expected: [String])] = [
        (
            "pack: a\ndefine: {host: x}\npatterns:\n  - {id: a.b, match: 'at (?&hast)'}\n",
            [
                "p.yaml:4:26: error: [unknown-definition] '(?&hast)' is not defined; did you mean '(?&host)'?\n"
                    + "    at (?&hast)\n       ^"
            ]
        ),
        (
            "pack: a\ndefine:\n  x: '(?&y)'\n  y: 'b(?&x)'\npatterns:\n  - {id: a.b, match: q}\n",
            [
                "p.yaml:4:7: error: [unknown-definition] 'x' is defined by itself; write one of them out\n"
                    + "    b(?&x)\n    ^",
                "p.yaml:3:7: error: [unknown-definition] 'y' has a fault; mend it first\n    (?&y)\n    ^",
            ]
        ),
        (
            "pack: a\ndefine: {x: '(a', y: 'b)'}\npatterns:\n  - {id: a.b, match: q}\n",
            [
                "p.yaml:2:16: error: [bad-expression] PCRE2: missing closing parenthesis; see pcre2pattern(3)\n"
                    + "    (a\n      ^",
                "p.yaml:2:25: error: [bad-expression] PCRE2: unmatched closing parenthesis; see pcre2pattern(3)\n"
                    + "    b)\n      ^",
            ]
        ),
        (
            "pack: a\ndefine: {word: '\\w+'}\npatterns:\n  - {id: a.b, match: 'x(?&word)(y'}\n",
            [
                "p.yaml:4:34: error: [bad-expression] PCRE2: missing closing parenthesis; see pcre2pattern(3); this "
                    + "pattern is left out until then\n    x(?&word)(y\n               ^"
            ]
        ),
        (
            "pack: a\nmask: [{match: 'x*', as: x}, {match: y, as: Y}, {match: z}]\npatterns: [{id: a.b, match: q}]\n",
            [
                "p.yaml:2:16: error: [empty-mask] the mask can match nothing at all; let it match at least one "
                    + "character, with + instead of *",
                "p.yaml:2:45: error: [bad-name] 'Y' is no name for a placeholder; use lower-case letters, digits and "
                    + "dashes, at most 32",
                "p.yaml:2:49: error: [missing-key] the mask has no 'as'; add 'as:'",
            ]
        ),
        (
            "pack: a\noptions: utf8\npatterns: [{id: a.b, match: q}]\n",
            ["p.yaml:2:10: error: [unknown-option] 'utf8' is no option of expressions; did you mean 'utf'?"]
        ),
        (
            "pack: a\nextends: base\n",
            [
                "p.yaml:2:10: error: [unknown-pack] there is no pack 'base' to build on; it must lie in the same "
                    + "directory, or in one that is read before",
                "p.yaml:1:1: warning: [empty-pack] the pack has neither patterns nor discards; add 'patterns:'",
            ]
        ),
        (
            "pack: a\npatterns:\n  - {id: a.b, match: '(?<x>q)', fingerprint: [masked(y)], fields: [z]}\n",
            [
                "p.yaml:3:47: error: [no-such-field] the fingerprint names 'y', which neither 'match' nor the header "
                    + "captures; did you mean 'x'?",
                "p.yaml:3:68: error: [no-such-field] 'z' is kept, but nothing captures it; did you mean 'x'?",
            ]
        ),
    ]

    @Test(arguments: faults)
    func `says what is wrong`(text: String, expected: [String]) {
        #expect(PackLoader.load(text, path: "p.yaml").diagnostics.map(\.description) == expected)
    }

    @Test func `definitions that grow without end are refused`() {
        var text = "pack: a\ndefine:\n  x0: '" + String(repeating: "a", count: 100) + "'\n"
        for index in 1...30 { text += "  x\(index): '(?&x\(index - 1))(?&x\(index - 1))'\n" }
        text += "patterns: [{id: a.b, match: '(?&x30)'}]\n"
        let result = PackLoader.load(text, path: "p.yaml")
        #expect(result.diagnostics.first?.message == "with its definitions filled in, it is over 16384 bytes")
        #expect(result.pack?.patterns.isEmpty == true)
    }

    // MARK: - extends

    static let base = #"""
        pack: base
        header: '^(?<level>\w+): '
        levels: {bad: major, odd: minor}
        define: {code: '\d{3}'}
        mask: [{match: 'O-\w+', as: order}]
        patterns:
          - {id: base.failed, match: 'failed', severity: level}
          - {id: base.gone, match: 'gone'}
        discard:
          - {match: 'never mind'}
        """#

    private func library(_ texts: String...) -> PackLibrary {
        var library = PackLibrary()
        library.add(texts.enumerated().map { PackDraft($1, path: "\($0).yaml") })
        return library
    }

    @Test func `a pack inherits header, levels, definitions, masks, patterns and discards`() throws {
        let library = library(
            #"""
            pack: heir
            extends: base
            without: [base.gone]
            levels: {odd: critical}
            patterns:
              - {id: heir.code, match: 'code (?&code)'}
            """#, Self.base)
        #expect(library.diagnostics.map(\.description) == [])
        let heir = try #require(library.packs["heir"])
        #expect(heir.patterns.map(\.id) == ["heir.code", "base.failed"])
        #expect(heir.discards.count == 1)
        #expect(heir.levels == ["bad": .major, "odd": .critical])
        #expect(heir.patterns[0].match.compiled.source == #"code (?:\d{3})"#)
        #expect(try interpret("bad: it failed", heir).0.severity == .major)
        #expect(try interpret("odd: it failed", heir).0.severity == .critical)
        #expect(library.packs["base"]?.levels["odd"] == .minor)
    }

    @Test func `an inherited pattern makes the issue that it makes at home`() throws {
        let library = library("pack: heir\nextends: [base]\npatterns: [{id: heir.x, match: x}]\n", Self.base)
        let heir = try #require(library.packs["heir"])
        let base = try #require(library.packs["base"])
        #expect(try interpret("bad: it failed", heir).1 == interpret("bad: it failed", base).1)
    }

    @Test func `packs that build on each other are named, and used as far as they go`() {
        let library = library(
            "pack: a\nextends: b\npatterns: [{id: a.x, match: x}]\n",
            "pack: b\nextends: a\npatterns: [{id: b.x, match: x}]\n")
        #expect(
            library.diagnostics.map(\.description) == [
                "1.yaml:2:10: error: [extends-cycle] 'a' builds on 'b' itself; leave out one of the two"
            ])
        #expect(library.packs["a"]?.patterns.map(\.id) == ["a.x", "b.x"])
    }

    @Test func `a pack may build on the one that it replaces`() {
        var library = library(Self.base)
        library.add([PackDraft("pack: base\nextends: base\npatterns: [{id: base.own, match: x}]\n", path: "local.yaml")]
        )
        #expect(library.diagnostics.map(\.description) == [])
        #expect(library.packs["base"]?.patterns.map(\.id) == ["base.own", "base.failed", "base.gone"])
    }

    private func local(_ match: String) -> PackLibrary {
        var library = library(
            "pack: base\npatterns:\n  - {id: base.first, match: 'a', tests: {match: ['a bolt'], ignore: x}}\n"
                + "  - {id: base.second, match: 'b', tests: {match: ['bolt'], ignore: x}}\n")
        library.add([
            PackDraft(
                "pack: base\nextends: base\npatterns:\n  - {id: base.own, match: 'o'}\n"
                    + "  - {id: base.second, match: '\(match)', severity: critical}\n", path: "local.yaml")
        ])
        return library
    }

    @Test func `a pattern with the id of an inherited one stands in its place`() {
        let library = local("bol|nut")
        #expect(library.diagnostics.map(\.description) == [])
        let pack = library.packs["base"]
        #expect(pack?.patterns.map(\.id) == ["base.own", "base.first", "base.second"])
        #expect(pack?.patterns.last?.severity == .fixed(.critical) && pack?.patterns.last?.place.path == "local.yaml")
    }

    @Test func `one that does not match what that one must is refused, with both places`() {
        let library = local("nut")
        #expect(
            library.diagnostics.map(\.description) == [
                "local.yaml:5:10: error: [breaks-override] 'base.second' stands in for the pattern at 0.yaml:4:10 and "
                    + "does not match its test line at 4:51; that one is used; match that line too, or leave that one "
                    + "out by 'without' and give this one another id"
            ])
        #expect(library.packs["base"]?.patterns.last?.place.path == "0.yaml")
    }

    @Test func `a level that the heir's header does not capture`() {
        let library = library("pack: heir\nextends: base\nheader: '^'\npatterns: []\n", Self.base)
        #expect(
            library.diagnostics.map(\.description) == [
                "0.yaml: error: [no-such-field] the severity of 'base.failed' is 'level', but this pack's header "
                    + "captures none; add (?<level>…) to 'header', or the id to 'without'"
            ])
        #expect(library.packs["heir"]?.patterns.map(\.id) == ["base.gone"])
    }

    @Test func `two files with one pack are told`() {
        let library = library(Self.base, Self.base)
        #expect(
            library.diagnostics.map(\.description) == [
                "1.yaml: warning: [replaced-pack] the pack 'base' stands in 0.yaml too, which is not used; rename one "
                    + "of the two"
            ])
    }

    @Test func `auto asks the heir and not the pack that it builds on`() {
        let library = library(
            "pack: heir\nextends: base\ndetect: {lines: ['^x']}\npatterns: [{id: heir.x, match: x}]\n",
            Self.base + "\ndetect: {lines: ['^x']}\n")
        let choice = "x 1\nx 2\n".utf8.map { $0 }.withUnsafeBytes { head in
            PackChoice.choose(path: "/x.log", head: head, among: library.names.compactMap { library.packs[$0] })
        }
        #expect(choice.names == ["heir"])
        #expect(choice.reasons.last?.hasSuffix("'heir' builds on it and is asked instead") == true)
    }

    // MARK: - header, mask, fields, fingerprint

    @Test func `the header is cut off before masking`() throws {
        let pack = try load(
            #"""
            pack: a
            header: '^(?<time>\S+) shard (?<shard>\w+) \| '
            patterns: [{id: a.b, match: 'failed', fingerprint: [message]}]
            """#)
        let first = try interpret("10:00:00 shard red | copy failed at block 7", pack)
        let other = try interpret("11:30:01 shard blue | copy failed at block 9", pack)
        #expect(first.0.message == "copy failed at block 7")
        #expect(first.0.title == "copy failed at block <num>")
        #expect(first.1 == other.1)
        #expect(first.0.fields == ["shard": "red"])
    }

    @Test func `a pack's masks come before the common ones`() throws {
        let pack = try load(
            #"""
            pack: a
            mask:
              - { match: 'order \K[A-Z]{3}', as: order }
              - { match: '(?i)(?<=by )[a-z]+', as: who }
            patterns: [{id: a.b, match: 'failed', fingerprint: [message]}]
            """#)
        let first = try interpret("order ABC by ann failed after 3 s", pack)
        #expect(first.0.title == "order <order> by <who> failed after <num> s")
        #expect(first.1 == (try interpret("order XYZ by Bob failed after 70 s", pack)).1)
        #expect(first.1 != (try interpret("order abc by Bob failed after 70 s", pack)).1)
        // The name of a placeholder is for people: it is no part of the key.
        let renamed = try load(
            "pack: a\nmask:\n  - { match: 'order \\K[A-Z]{3}', as: id }\n  - { match: '(?i)(?<=by )[a-z]+', as: x }\n"
                + "patterns: [{id: a.b, match: 'failed', fingerprint: [message]}]\n")
        #expect(first.1 == (try interpret("order ABC by ann failed after 3 s", renamed)).1)
    }

    @Test func `a mask in a word masks the word`() throws {
        let pack = try load(
            "pack: a\nmask: [{match: 'user-[a-z]+', as: user}]\npatterns: [{id: a.b, match: '', fingerprint: [message]}]\n"
        )
        let first = try interpret("no room for id=user-ann, sorry", pack)
        #expect(first.0.title == "no room for id=<user>, sorry")
        #expect(first.1 == (try interpret("no room for id=user-bob, sorry", pack)).1)
    }

    @Test(arguments: [
        ("2026-11-22 10:00:00,593::WARNING::no room left", "no room left"),
        (": System: no room left", "System: no room left"),
        ("| - no room left", "no room left"), ("--room is no option", "--room is no option"), (":", ":"),
    ])
    func `a title does not begin with the signs that part a header from its message`(line: String, title: String) throws
    {
        let pack = try load("pack: a\npatterns: [{ id: a.all, match: '' }]\n")
        #expect(try interpret(line, pack).0.title == title)
    }

    @Test func `only the fields that are kept are kept, and a title may name the others`() throws {
        let pack = try load(
            #"""
            pack: a
            header: '^(?<shard>\w+) '
            fields: [shard]
            patterns:
              - { id: a.own, match: 'own (?<code>\d+) (?<who>\w+)', fields: [who], title: 'Code {code}' }
              - { id: a.all, match: 'code (?<code>\d+)', title: 'Code {code} of {shard}' }
            """#)
        #expect(try interpret("red own 7 ann", pack).0.fields == ["who": "ann"])
        #expect(try interpret("red own 7 ann", pack).0.title == "Code 7")
        #expect(try interpret("red code 7", pack).0.fields == ["shard": "red"])
        #expect(try interpret("red code 7", pack).0.title == "Code 7 of red")
    }

    @Test(arguments: [
        ("[part]", "disk: a failed: x 1", "net: a failed: x 1", false),
        ("[part]", "disk: a failed: x 1", "disk: b failed: y 2", true),
        ("[masked(what)]", "disk: a failed: x 1", "net: a failed: x 2", true),
        ("[masked(what)]", "disk: a failed: x 1", "disk: a failed: y 1", false),
        ("[what]", "disk: a failed: x 1", "disk: a failed: x 2", false),
    ])
    func `a fingerprint may name a field of the header, or mask a capture`(
        fingerprint: String, one: String, other: String, isSame: Bool
    ) throws {
        let pack = try load(
            "pack: a\nheader: '^(?<part>\\w+): '\npatterns:\n"
                + "  - { id: a.b, match: 'failed: (?<what>.*)', fingerprint: \(fingerprint) }\n")
        #expect((try interpret(one, pack).1 == interpret(other, pack).1) == isSame)
    }

    // MARK: - options

    @Test(arguments: [
        ("", "stra\u{DF}e", "stra.e", false), ("options: utf", "stra\u{DF}e", "stra.e", true),
        ("options: [utf, ignore-case]", "STRA\u{DF}E \u{C4}", "strasse|\u{E4}", true),
        ("options: ignore-case", "FATAL", "fatal", true), ("", "FATAL", "fatal", false),
        ("", "stra\u{DF}e", "(*UTF)stra.e", true),
    ])
    func `bytes or characters, with or without case`(
        options: String, line: String, match: String, isMatch: Bool
    ) throws {
        let pack = try load("pack: a\n\(options)\npatterns: [{id: a.b, match: '\(match)'}]\n")
        let own = try load("pack: a\npatterns:\n  - id: a.b\n    match: '\(match)'\n    \(options)\n")
        for pack in [pack, own] {
            let scratch = MatchScratch()
            let outcome = Array(line.utf8).withUnsafeBytes { scratch.match(pack.patterns[0].match.compiled, in: $0) }
            #expect((outcome == .matched) == isMatch)
        }
    }

    @Test func `bytes that are not UTF-8 hide nothing in UTF mode`() throws {
        for match in ["(*UTF)failed.$", "failed.$"] {
            let pack = try load("pack: a\noptions: utf\npatterns: [{id: a.b, match: '\(match)'}]\n")
            let scratch = MatchScratch()
            let line: [UInt8] = [0xFF, 0xC3] + Array("failed\u{E9}".utf8)
            #expect(line.withUnsafeBytes { scratch.match(pack.patterns[0].match.compiled, in: $0) } == .matched)
        }
    }

    @Test func `an expression may lower its limit and not raise it`() throws {
        let line = [UInt8](repeating: UInt8(ascii: "a"), count: 40)
        for (verb, limit) in [("(*LIMIT_MATCH=10)", UInt32(200_000)), ("(*LIMIT_MATCH=4000000000)", 10)] {
            let expression = try CompiledExpression(verb + "(a+)+$")
            let scratch = MatchScratch(limits: .init(match: limit))
            let outcome = (line + [UInt8(ascii: "!")]).withUnsafeBytes { scratch.match(expression, in: $0) }
            guard case .gaveUp = outcome else {
                Issue.record("\(verb) with a limit of \(limit): \(outcome)")
                continue
            }
        }
    }

    // MARK: - JSON lines

    @Test func `a JSON line is grouped by its message, and titled by the trace that it carries`() throws {
        let pack = try load(
            #"""
            pack: a
            patterns:
              - { id: a.trace, match: '"stack":', fingerprint: [exception, frames] }
              - { id: a.plain, match: '"level":50', fingerprint: [message] }
            """#)
        func line(_ id: Int, _ place: Int) -> String {
            #"{"level":50,"time":\#(id),"msg":"order \#(id) failed","reqId":"r-\#(id)","err":{"stack":"TypeError: x\n    at pay (/app/pay.js:\#(place):3)"}}"#
        }
        let first = try interpret(line(1, 7), pack)
        #expect(first.0.exception == "TypeError")
        #expect(first.0.language == "javascript")
        #expect(first.0.title.contains("TypeError"), "\(first.0.title)")
        #expect(first.1 == (try interpret(line(2, 9), pack)).1)
        let one = try interpret(#"{"level":50,"msg":"order 7 failed","reqId":"r-1","host":"a"}"#, pack)
        #expect(one.0.title == "order <num> failed")
        #expect(one.0.message == "order 7 failed")
        #expect(one.1 == (try interpret(#"{"level":50,"host":"b","reqId":"xyz","msg":"order 8 failed"}"#, pack)).1)
        #expect(one.1 != (try interpret(#"{"level":50,"msg":"invoice 8 failed"}"#, pack)).1)
    }
}
