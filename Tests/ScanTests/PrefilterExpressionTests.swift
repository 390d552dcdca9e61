import Testing

@testable import Scan

@Suite struct PrefilterExpressionTests {
    struct Rewriting: CustomTestStringConvertible, Sendable {
        let source: String
        let cut: String

        var testDescription: String { source }
    }

    @Test(arguments: [
        Rewriting(source: "upstream timed out", cut: "upstream timed out"),
        Rewriting(source: "error: .*", cut: "error: "),
        Rewriting(source: "error: (?<rest>.+)$", cut: "error: "),
        Rewriting(source: "error: (.*)", cut: "error: "),
        Rewriting(source: "out \\((?<errno>\\d+): (?<reason>[^)]+)\\)", cut: "out \\((\\d+): ([^)]+)\\)"),
        Rewriting(source: "done$", cut: "done(?:\\r?$)"),
        Rewriting(source: "\\Adone\\z", cut: "^done(?:\\r?$)"),
        Rewriting(source: "a|b.*", cut: "a|b.*"),
        Rewriting(source: "[$]x.*$", cut: "[$]x"),
        Rewriting(source: "[]$]x", cut: "[]$]x"),
        Rewriting(source: "\\$5 \\Q$1.*\\E", cut: "\\$5 \\$1\\.\\*"),
        Rewriting(source: "(?!INFO)code (?=x)y", cut: "code y"),
        Rewriting(source: "(?>ab|c)d++", cut: "(?:ab|c)d+"),
        Rewriting(source: "(?#say)x", cut: "x"),
        Rewriting(source: "(?i)fatal\\b.*", cut: "(?i)fatal\\b"),
        Rewriting(source: "(?m)^x", cut: "^x"),
        Rewriting(source: "(?-m)^x", cut: "^x"),
        Rewriting(source: "(?im:x)", cut: "(?i:x)"),
        Rewriting(source: "(?P<a>x)(?'b'y)", cut: "(x)(y)"),
        Rewriting(source: "x{2,}y{,3}{", cut: "x{2,}y{,3}{"),
        Rewriting(source: ".*", cut: ".*"),
        Rewriting(source: "5[0-9][0-9]", cut: "5[0-9][0-9]"),
        Rewriting(source: "x{2,5}y{3}z{1,200}a{0,9}b{40}c{20,30}d", cut: "x{2,5}y{3}z+a*b{8,}c{8,}d"),
        Rewriting(source: "key=[^\"]{1,80}\" end", cut: "key=[^\"\\n]+\" end"),
        Rewriting(source: "é+x\\x{41}\\x41\\d{3}", cut: "é+x\\x{41}\\x41\\d{3}"),
    ])
    func `keeps what decides and cuts what does not`(rewriting: Rewriting) throws {
        #expect(try PrefilterExpression(rewriting.source).cut == rewriting.cut)
    }

    @Test(arguments: [
        "a\\Kb", "\\Gx", "a\\Rb", "\\p{L}x", "(?x) a # b", "(*UTF)x", "(?(1)a|b)", "(a)(?1)", "(?|(a)|(b))",
    ])
    func `refuses what means something else on a block`(source: String) {
        #expect(throws: PrefilterExpression.Refusal.self) { try PrefilterExpression(source) }
    }

    @Test func `any text is either taken or refused`() {
        var random = SeededGenerator(seed: 7)
        let alphabet = Array("ab()[]{}|\\$^.*+?:=!<>'#PQE1,- \u{E9}")
        for _ in 0..<20_000 {
            let source = String(
                (0..<Int.random(in: 0..<16, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
            _ = try? PrefilterExpression(source)
        }
    }
}

/// Random numbers that a seed repeats (splitmix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
