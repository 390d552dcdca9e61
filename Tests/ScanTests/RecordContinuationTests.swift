import Testing

@testable import Scan

struct RecordContinuationTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var open: String
        var next: String
        /// What of `next` carries on.
        var carried: String
        var isOpen: Bool
        /// A pack's rule; empty for files without one.
        var rule = ""

        var testDescription: String { name }
    }

    private static let error = "2026-11-22 10:00:00 ERROR failed\n"

    @Test(arguments: [
        Case(
            name: "frames go on, then another record", open: error + "\tat a.B.c(B.java:1)\n",
            next: "\tat a.B.d(B.java:2)\nCaused by: x.Y: z\n" + error,
            carried: "\tat a.B.d(B.java:2)\nCaused by: x.Y: z\n",
            isOpen: false),
        Case(
            name: "all goes on, and more may", open: error, next: "\tat a.B.c(B.java:1)\n",
            carried: "\tat a.B.c(B.java:1)\n", isOpen: true),
        Case(name: "a header begins another record", open: error, next: error, carried: "", isOpen: false),
        Case(
            name: "the last line of a traceback is not indented",
            open: "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n",
            next: "ValueError: x\n" + error,
            carried: "ValueError: x\n", isOpen: false),
        Case(name: "of an unknown record, a header is none", open: "", next: error, carried: "", isOpen: false),
        Case(
            name: "of an unknown record, an indented line may be", open: "", next: "  at f\n", carried: "  at f\n",
            isOpen: true),
        Case(
            name: "where a pack says so, a header carries on", open: "JOB 1\n" + error, next: error + "done\nJOB 2\n",
            carried: error + "done\n", isOpen: false, rule: "begins: '^JOB'"),
        Case(
            name: "what continues goes on, also behind a header's record", open: error, next: "> a\n> b\n" + error,
            carried: "> a\n> b\n", isOpen: false, rule: "continues: '^>'"),
        Case(
            name: "blank lines wait for what follows", open: "JOB 1\n", next: "a\n\nJOB 2\n", carried: "a\n",
            isOpen: false,
            rule: "begins: '^JOB'"),
        Case(
            name: "of an unknown record, what the pack says begins one carries none on", open: "", next: "JOB 2\n  x\n",
            carried: "", isOpen: false, rule: "begins: '^JOB'"),
        Case(
            name: "of an unknown record, a header may be a part", open: "", next: error, carried: error, isOpen: true,
            rule: "begins: '^JOB'"),
    ])
    func `what carries on over a rotation`(_ example: Case) {
        var (open, next) = (example.open, example.next)
        let rule = example.rule.isEmpty ? nil : RecordRule(RecordRuleTests.set(example.rule))
        let carried = open.withUTF8 { open in
            next.withUTF8 { next in
                RecordContinuation.carried(
                    after: UnsafeRawBufferPointer(open), by: UnsafeRawBufferPointer(next), rule: rule)
            }
        }
        #expect(carried.bytes == example.carried.utf8.count && carried.isOpen == example.isOpen)
    }
}
