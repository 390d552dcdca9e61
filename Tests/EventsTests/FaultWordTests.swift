import Testing

@testable import Events

@Suite struct FaultWordTests {
    private func isIn(_ text: String) -> Bool { Array(text.utf8).withUnsafeBytes { FaultWord.isIn($0) } }

    @Test(arguments: [
        "cannot reach the database", "HttpError", "Job failed", "connection REFUSED", "request timed out", "(error)",
        "Can't open it", "order not found", "panic!", "x=1 err=2", "unable to bind", "lost 3 packets",
    ])
    func `a sentence that tells of a fault`(text: String) { #expect(isIn(text)) }

    @Test(arguments: [
        "", "listening on port 3000", "App online", "default value", "mailbox", "terror", "connected", "11 listeners",
        "outer", "kernel ready", "\u{0}\u{0}",
    ])
    func `a sentence that does not`(text: String) { #expect(!isIn(text)) }

    @Test func `only the first bytes count`() {
        #expect(!isIn(String(repeating: "x ", count: 600) + "failed"))
    }
}
