import Testing

@testable import Patterns

@Suite struct PackTesterTests {
    private func report(_ text: String) throws -> PackTester.Report {
        let result = PackLoader.load(text, path: "p.yaml")
        #expect(result.diagnostics.filter { $0.level == .error } == [])
        return PackTester.test(try #require(result.pack))
    }

    @Test func `passes what matches, with its fields`() throws {
        let report = try report(
            #"""
            pack: a
            header: '^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?<level>\w+) '
            levels: {error: major}
            patterns:
              - id: a.timeout
                match: 'timed out after (?<seconds>\d+) s'
                severity: level
                title: 'Timed out after {seconds} s'
                tests:
                  match:
                    - line: '2026-11-22 10:00:00 ERROR call timed out after 30 s'
                      expect: { severity: major, seconds: 30, title: 'Timed out after 30 s', type: application }
                  ignore: ['2026-11-22 10:00:00 INFO call took 30 s']
            """#)
        #expect(report.failures.map(\.description) == [])
        #expect(report.passed == 2)
    }

    @Test func `fails what does not match, what another has, and what should be ignored`() throws {
        let report = try report(
            #"""
            pack: a
            patterns:
              - id: a.wide
                match: 'failed'
                tests: { match: ['it failed'], ignore: ['it failed not'] }
              - id: a.narrow
                match: 'badly failed'
                tests: { match: ['badly failed', 'fine'] }
              - id: a.fields
                match: 'code (?<code>\d+)'
                tests: { match: [{ line: 'code 7', expect: { code: 8, severity: major } }] }
            """#)
        #expect(
            report.failures.map(\.description) == [
                "p.yaml:5:45: error: [test-failed] a.wide matches a line that it must ignore; narrow the expression",
                "p.yaml:8:22: error: [test-failed] a.wide, asked earlier, has the line of a.narrow; put the narrower "
                    + "pattern first, or narrow the other",
                "p.yaml:8:38: error: [test-failed] a.narrow does not match its own line; mend the expression or the line",
                "p.yaml:11:56: error: [test-failed] a.fields: code is '7', not '8'; mend the pattern or the test",
                "p.yaml:11:69: error: [test-failed] a.fields: severity is 'indeterminate', not 'major'; mend the pattern "
                    + "or the test",
            ])
    }

    @Test func `what takes levels is asked when every pack has been asked for what it knows`() throws {
        func pack(_ name: String, _ patterns: String) throws -> Pack {
            try #require(PackLoader.load("pack: \(name)\npatterns:\n" + patterns, path: "p.yaml").pack)
        }
        let first = try pack(
            "a",
            """
              - {id: a.known, match: 'kettle'}
              - {id: a.level, match: '^(?<level>\\w+)', severity: level}
              - {id: a.last, match: 'x'}
            discard: [{match: 'tea'}]

            """)
        let second = try pack("b", "  - {id: b.known, match: 'spoon'}\n")
        let core = try pack("core", "  - {id: core.known, match: 'pot'}\n")
        #expect(
            PatternSet(packs: [first, second, core], everyRecord: true).rules.map(\.name) == [
                "a: discard", "a.known", "b.known", "a.level", "a.last", "core.known", "any.record",
            ])
    }

    @Test func `together, a line that goes to another pack's pattern fails, unless that is allowed`() throws {
        func pack(_ text: String) throws -> Pack { try #require(PackLoader.load(text, path: "p.yaml").pack) }
        let wide = try pack("{pack: a, patterns: [{id: a.wide, match: failed, tests: {match: [it failed]}}]}")
        let narrow = "{pack: b, patterns: [{id: b.narrow, match: job failed, ALLOW tests: {match: [job failed]}}]}"
        func failures(_ packs: [Pack], of pack: Pack) -> [String] {
            PackTester.test(pack, in: PatternSet(packs: packs)).failures.map(\.message)
        }
        let strict = try pack(narrow.replacing("ALLOW ", with: ""))
        #expect(failures([wide, strict], of: strict) == ["a.wide, asked earlier, has the line of b.narrow"])
        #expect(failures([strict, wide], of: strict) == [] && failures([strict, wide], of: wide) == [])
        let lenient = try pack(narrow.replacing("ALLOW ", with: "allow: [overlap], "))
        #expect(failures([wide, lenient], of: lenient) == [])
    }
}
