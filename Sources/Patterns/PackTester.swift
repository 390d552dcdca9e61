import Events

/// Runs the lines that a pack brings with it: each pattern must have its own, and leave alone what it says it ignores.
package struct PackTester {
    /// What came of one pack.
    package struct Report: Sendable {
        package var pack: String
        package var passed: Int
        /// One diagnostic for each test that failed, at its place in the pack.
        package var failures: [Diagnostic]
        /// Patterns without a line that must match.
        package var untested: [Diagnostic]
    }

    private let pack: Pack
    private let set: PatternSet
    private let matcher: ReferenceMatcher
    private let interpreter: Interpreter
    private var report: Report

    /// Whether other packs are asked too.
    private let isAmongOthers: Bool

    private init(_ pack: Pack, _ set: PatternSet, isAmongOthers: Bool) {
        self.pack = pack
        self.set = set
        self.isAmongOthers = isAmongOthers
        matcher = ReferenceMatcher(set)
        interpreter = Interpreter(set)
        report = Report(pack: pack.name, passed: 0, failures: [], untested: [])
    }

    /// The pack's tests, with nothing else asked.
    package static func test(_ pack: Pack) -> Report {
        var tester = PackTester(pack, PatternSet(packs: [pack]), isAmongOthers: false)
        // What is inherited is tested where it was written.
        for index in tester.set.rules.indices where tester.set.rules[index].origin == pack.name {
            tester.testRule(index)
        }
        return tester.report
    }

    /// The pack's tests again where all of `packs`, the pack among them, are asked about each line, as for a log that
    /// everybody writes: whether each line still goes to the pattern that it was written for.
    package static func test(_ pack: Pack, in set: PatternSet) -> Report {
        var tester = PackTester(pack, set, isAmongOthers: true)
        for index in set.rules.indices
        where set.rules[index].origin == pack.name && set.rules[index].pack.name == pack.name {
            for test in set.rules[index].pattern?.tests.match ?? [] { tester.check(test, rule: index) }
        }
        return tester.report
    }

    private mutating func testRule(_ index: Int) {
        let rule = set.rules[index]
        let discard = index < pack.discards.count ? pack.discards[index] : nil
        let tests = rule.pattern?.tests ?? discard?.tests ?? PatternTests(match: [], ignore: [])
        let place = rule.pattern?.place ?? discard?.place ?? Place(path: pack.path)
        if tests.match.isEmpty {
            report.untested.append(
                Diagnostic(
                    place, .warning, rule: "untested", "\(rule.name) has no line that it must match",
                    remedy: "add 'tests: {match: […]}' with a real line"))
        }
        for test in tests.match { check(test, rule: index) }
        for test in tests.ignore {
            var line = test.line
            line.withUTF8 { bytes in
                let match = matcher.match(UnsafeRawBufferPointer(bytes))
                if match?.rule == index {
                    fail(test.place, "\(rule.name) matches a line that it must ignore", "narrow the expression")
                } else {
                    report.passed += 1
                }
            }
        }
    }

    private mutating func check(_ test: PatternTests.MatchCase, rule index: Int) {
        let rule = set.rules[index]
        var line = test.line.hasSuffix("\n") ? String(test.line.dropLast()) : test.line
        line.withUTF8 { buffer in
            let bytes = UnsafeRawBufferPointer(buffer)
            guard let match = matcher.match(bytes) else {
                return fail(test.place, "\(rule.name) does not match its own line", "mend the expression or the line")
            }
            if isAmongOthers, match.rule != index, isLeft(to: set.rules[match.rule], by: rule) {
                return report.passed += 1
            }
            guard match.rule == index else {
                return fail(
                    test.place, "\(set.rules[match.rule].name), asked earlier, has the line of \(rule.name)",
                    "put the narrower pattern first, or narrow the other")
            }
            guard rule.pattern != nil else { return report.passed += 1 }
            compare(test, RecognisedRecord(rule: index, bytes: bytes, line: match.line))
        }
    }

    /// Whether `rule` may leave a line of its tests to `other`: what takes whole levels, and what is for any log, leave it
    /// to whoever knows more.
    private func isLeft(to other: PatternSet.Rule, by rule: PatternSet.Rule) -> Bool {
        guard let pattern = rule.pattern else { return false }
        guard let rival = other.pattern else { return rule.pack.name == Pack.coreName && other.pack.programs != nil }
        if pattern.allowed.contains(Overlap.name) || rival.allowed.contains(Overlap.name) { return true }
        if rule.pack.name == Pack.coreName {
            return other.pack.isRuntime || other.pack.programs != nil || rival.severity == .level
        }
        return (pattern.isGeneral || pattern.severity == .level) && !rival.isGeneral && rival.severity != .level
    }

    private mutating func compare(_ test: PatternTests.MatchCase, _ record: RecognisedRecord) {
        var scanner = TimestampScanner(zone: .utc, reference: Timestamp(microseconds: 0))
        let header = RecordHeader.parse(record.firstLine, &scanner)
        let got = interpreter.interpret(record, captures: matcher.scratch, header: header)
        let name = set.rules[record.rule].name
        var wrong = false
        for (field, expected, place) in test.expect {
            let actual: String? =
                switch field {
                case "severity": got.severity.name
                case "type": got.type.rawValue
                case "title": got.title
                case "message": got.message
                case "exception": got.exception
                case "language": got.language
                default: got.fields[field]
                }
            guard actual != expected else { continue }
            wrong = true
            let found = actual.map { "'\($0.printable)'" } ?? "nothing"
            fail(place, "\(name): \(field) is \(found), not '\(expected.printable)'", "mend the pattern or the test")
        }
        if !wrong { report.passed += 1 }
    }

    private mutating func fail(_ place: Place, _ message: String, _ remedy: String) {
        report.failures.append(Diagnostic(place, .error, rule: "test-failed", message, remedy: remedy))
    }
}
