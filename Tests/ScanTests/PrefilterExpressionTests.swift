import PCRE2
import Patterns
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
        Rewriting(source: "out \\((?<errno>\\d+): (?<reason>[^)]+)\\)", cut: "out \\((\\d+): ([^)\\n]+)\\)"),
        Rewriting(source: "done$", cut: "done(?:\\r?$)"),
        Rewriting(source: "\\Adone\\z", cut: "^done(?:\\r?$)"),
        Rewriting(source: "a|b.*", cut: "a|b"),
        // Found by fuzzing: the backslash took the first byte of a character with it, and its lines were missed.
        Rewriting(source: "\\\u{E9}abc", cut: "\u{E9}abc"),
        Rewriting(source: "^.*(?:one|two)", cut: "(?:one|two)"),
        Rewriting(source: "\\A.+a|.*b|^[^ ]*c|^ .*d", cut: "a|b|^[^ \\n]*c|^ .*d"),
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

    struct Texts: CustomTestStringConvertible, Sendable {
        let source: String
        let texts: String?

        var testDescription: String { source }
    }

    @Test(arguments: [
        Texts(source: "upstream timed out \\((?<errno>\\d+): [^)]+\\)", texts: "upstream\\ timed\\ out\\ \\("),
        Texts(source: "(?<who>\\w+) invoked oom-killer$", texts: "\\ invoked\\ oom\\-killer"),
        Texts(source: "(?i:link is down)", texts: "(?i)link\\ is\\ down"),
        Texts(source: "shor \\d", texts: nil),
        // Quotes, blanks and digits are in every line.
        Texts(source: "\" 404 - \"", texts: nil),
        Texts(source: "a beginning|an end of it", texts: "a\\ beginning|an\\ end\\ of\\ it"),
        Texts(source: "a beginning|of", texts: nil),
        Texts(source: "link(?: is)? (?:up|down)", texts: "link\\ down|link\\ is\\ down|link\\ is\\ up|link\\ up"),
        Texts(source: "\\t(?:error|warn)\\t", texts: "\\x09error\\x09|\\x09warn\\x09"),
        Texts(source: "[Ff]ailed\\b", texts: "Failed|failed"),
        Texts(source: "status [45]00 of it", texts: "status\\ 400\\ of\\ it|status\\ 500\\ of\\ it"),
        Texts(source: "[^F]aile|[a-z]ailed", texts: nil),
        // The later of two that are equally good: the first is often the name of the program.
        Texts(source: "of twelve bytes: .*twelve bytes is..", texts: "twelve\\ bytes\\ is"),
        Texts(
            source: "(?:a long beginning|of it): twelve bytes",
            texts: "a\\ long\\ beginning\\:\\ twelve\\ bytes|of\\ it\\:\\ twelve\\ bytes"),
        // What may be missing, or be there twice, is not in every match.
        Texts(source: "twelve bytess?", texts: "twelve\\ bytes|twelve\\ bytess"),
        Texts(source: "twelve bytes+", texts: "twelve\\ byte"),
        Texts(source: "bytes{2}", texts: "bytess"),
        Texts(source: "(?:bytes){2}", texts: "bytesbytes"),
        Texts(source: "(?:twelve bytes)?x", texts: nil),
        Texts(source: "(?:twelve bytes)*x", texts: nil),
        Texts(source: "(?:twelve bytes){0,3}x", texts: nil),
        Texts(source: "(twelve bytes)x", texts: "twelve\\ bytesx"),
        Texts(source: "twelve(?#or none)?", texts: nil),
        Texts(source: "twelve bytes.*", texts: "twelve\\ bytes"),
        Texts(source: "(?=twelve bytes)x", texts: nil),
        Texts(source: "twelve by(?!x)tes", texts: "twelve\\ b"),
        Texts(source: "(*UTF)(?i)twelve bytes", texts: nil),
    ])
    func `a few texts are enough`(example: Texts) throws {
        #expect(try PrefilterExpression(example.source).texts == example.texts)
    }

    @Test func `one of the texts is in every match`() throws {
        var random = SeededGenerator(seed: 12)
        let parts = [
            "a", "b", "ab", "\\.", ".", "(?:", "(", ")", "|", "*", "+", "?", "{2}", "{0,1}", "{1,2}", "(?#c)", "(?=a)",
            "[ab]",
            "[^a]", "(?i)", "^", "$", "\\b",
        ]
        let letters = ["a", "b", "A", "B", ".", "ab", "ba"]
        let scratch = MatchScratch()
        var compared = 0
        for _ in 0..<30_000 {
            let source = (0..<Int.random(in: 1..<9, using: &random)).map { _ in parts.randomElement(using: &random)! }
                .joined()
            guard let compiled = try? CompiledExpression(source),
                let rewritten = try? PrefilterExpression(source, weightMin: 1),
                let texts = rewritten.texts
            else { continue }
            let wanted = try CompiledExpression(texts)
            let cut = try? CompiledExpression(rewritten.cut)
            for _ in 0..<4 {
                let text = (0..<Int.random(in: 1..<9, using: &random)).map { _ in letters.randomElement(using: &random)!
                }.joined()
                let isThere = Array(text.utf8).withUnsafeBytes { bytes in
                    scratch.match(compiled, in: bytes) != .matched
                        || (scratch.match(wanted, in: bytes) == .matched
                            && cut.map { scratch.match($0, in: bytes) == .matched } != false)
                }
                #expect(isThere, "\(texts) and \(rewritten.cut) for \(source) in \(text)")
                compared += 1
            }
        }
        #expect(compared > 10_000)
    }

    @Test func `too many texts are none`() throws {
        let letters = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"].joined(
            separator: "|")
        #expect(try PrefilterExpression("(\(letters))x(\(letters))").texts?.split(separator: "|").count == 64)
        #expect(
            try PrefilterExpression("(\(letters))x(\(letters))x(\(letters))").texts?.split(separator: "|").count == 64)
        let many = (0...RequiredTexts.countMax).map { "number \($0) is bad" }.joined(separator: "|")
        #expect(try PrefilterExpression(many).texts == nil)
    }

    @Test(arguments: [
        "a\\Kb", "\\Gx", "a\\Rb", "\\p{L}x", "(?x) a # b", "(*UCP)x", "(?(1)a|b)", "(a)(?1)", "(?|(a)|(b))",
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

    /// What UTF mode and case do to the bytes of a match must not make the prefilter miss one.
    @Test(arguments: [
        "(*UTF)stra.e", "(*UTF)(?i)strasse|kelvin", "(*UTF)[^a]nde", "(*UTF)\\Snde", "(*UTF)\u{E9}+t\u{E9}",
        "(*UTF)[\u{E0}-\u{FF}]nde",
        "(*UTF)(?i)\u{C9}T\u{C9}", "(*UTF)x\\x{e9}y", "(*UTF)a{2}.{3}b", "(*LIMIT_MATCH=1000)st.*e",
        "(*UTF)(?i)[k-s]elvin",
        "(*UTF)\\Q\u{E9}\\Et", "(*UTF)\\\u{E9}t", "(*UTF)^\\h?x", "(*NO_JIT)(*UTF)n.h",
    ])
    func `the prefilter takes UTF mode and misses nothing`(source: String) throws {
        let text = "pack: a\npatterns:\n  - id: a.b\n    match: '\(source)'\n"
        let set = PatternSet(packs: [try #require(PackLoader.load(text, path: "a.yaml").pack)])
        let prefilter = Prefilter(set)
        #expect(prefilter.perLine.map(\.reason) == [])
        let scratch = PrefilterScratch(prefilter)
        let reference = ReferenceMatcher(set)
        let pieces = [
            "stra", "\u{DF}", "e", "STRA\u{17F}SE", "\u{212A}ELVIN", "kelvin", "\u{E9}", "t", "\u{C9}", "T", "nde",
            "\u{E4}", "a", "b",
            "x", "y", "\u{20AC}", "\u{1F600}", "\u{A0}", "n", "h", " ",
        ]
        var random = SeededGenerator(seed: 7)
        var matches = 0
        for round in 0..<2_000 {
            let few = pieces.shuffled(using: &random).prefix(3)
            var line = (0..<Int.random(in: 1...7, using: &random)).map { _ in few.randomElement(using: &random)! }
                .joined().utf8.map { $0 }
            if round == 0 { line = Array("\u{E9}\u{E9}t\u{E9} x\u{E9}y aa\u{20AC}\u{DF}xb".utf8) }
            if Int.random(in: 0..<8, using: &random) == 0 {
                line.insert(0xFF, at: Int.random(in: 0...line.count, using: &random))
            }
            line.withUnsafeBytes { bytes in
                guard reference.matches(0, bytes) else { return }
                matches += 1
                #expect(scratch.candidates(in: bytes).count == 1, "\(line)")
            }
        }
        #expect(matches > 0)
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
