import Testing

@testable import PCRE2

@Suite struct CompiledExpressionTests {
    private func capture(_ expression: String, _ subject: String, _ group: Int) throws -> String? {
        let compiled = try CompiledExpression(expression)
        let scratch = MatchScratch()
        let bytes = Array(subject.utf8)
        return bytes.withUnsafeBytes { buffer in
            guard scratch.match(compiled, in: buffer) == .matched, let range = scratch.capture(group) else {
                return nil
            }
            return String(decoding: buffer[range], as: UTF8.self)
        }
    }

    @Test func `captures by number`() throws {
        #expect(try capture("(\\d+)-(\\w+)", "x 12-ab y", 0) == "12-ab")
        #expect(try capture("(\\d+)-(\\w+)", "x 12-ab y", 2) == "ab")
        #expect(try capture("(a)|(b)", "b", 1) == nil)
        #expect(try capture("(\\d+)", "none", 0) == nil)
    }

    @Test func `names come with their numbers`() throws {
        let compiled = try CompiledExpression("(?<errno>\\d+): (?<reason>[^)]+)")
        #expect(compiled.names.map(\.name) == ["errno", "reason"])
        #expect(compiled.number(of: "reason") == 2)
        #expect(compiled.number(of: "nobody") == nil)
    }

    @Test(arguments: [
        ("a(b", 3, "missing closing parenthesis"), ("[a", 2, "missing terminating ] for character class"),
        ("a**+*", 2, "quantifier does not follow a repeatable item"),
        ("\\C", 2, "using \\C is disabled by the application"),
    ])
    func `a fault is told with its place`(expression: String, offset: Int, message: String) {
        #expect(throws: ExpressionError(message: message, offset: offset)) { try CompiledExpression(expression) }
    }

    @Test func `an expression that backtracks without end is given up, and the next match works`() throws {
        let evil = try CompiledExpression("^(a+)+$")
        let scratch = MatchScratch()
        let subject = [UInt8](repeating: UInt8(ascii: "a"), count: 40) + [UInt8(ascii: "!")]
        let outcome = subject.withUnsafeBytes { scratch.match(evil, in: $0) }
        guard case .gaveUp(let reason) = outcome else { Issue.record("not given up: \(outcome)"); return }
        #expect(reason == "match limit exceeded")
        let simple = try CompiledExpression("a!")
        #expect(subject.withUnsafeBytes { scratch.match(simple, in: $0) } == .matched)
    }

    @Test func `any bytes are a subject, also none`() throws {
        let compiled = try CompiledExpression("^x*$")
        let scratch = MatchScratch()
        #expect(scratch.match(compiled, in: UnsafeRawBufferPointer(start: nil, count: 0)) == .matched)
        let bytes: [UInt8] = [0xFF, 0x00, 0xC3, 0x28]
        #expect(bytes.withUnsafeBytes { scratch.match(compiled, in: $0) } == .notMatched)
    }

    @Test func `invalid UTF-8 is no fault in UTF mode`() throws {
        let compiled = try CompiledExpression("ä", options: .utf)
        let scratch = MatchScratch()
        let bytes: [UInt8] = [0xFF, 0xC3, 0xA4, 0xFE]
        #expect(bytes.withUnsafeBytes { scratch.match(compiled, in: $0) } == .matched)
        #expect(scratch.capture(0) == 1..<3)
    }

    @Test func `more groups than are kept still match`() throws {
        let groups = (0..<100).map { _ in "(a)" }.joined()
        let compiled = try CompiledExpression(groups)
        let scratch = MatchScratch()
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 100)
        #expect(bytes.withUnsafeBytes { scratch.match(compiled, in: $0) } == .matched)
        #expect(scratch.capture(MatchScratch.capturesMax) == 63..<64)
        #expect(scratch.capture(MatchScratch.capturesMax + 1) == nil)
    }
}
