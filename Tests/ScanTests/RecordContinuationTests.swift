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
    ])
    func `what carries on over a rotation`(_ example: Case) {
        var (open, next) = (example.open, example.next)
        let carried = open.withUTF8 { open in
            next.withUTF8 { next in
                RecordContinuation.carried(after: UnsafeRawBufferPointer(open), by: UnsafeRawBufferPointer(next))
            }
        }
        #expect(carried.bytes == example.carried.utf8.count && carried.isOpen == example.isOpen)
    }
}
