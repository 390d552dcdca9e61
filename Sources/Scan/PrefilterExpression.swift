import PCRE2

/// What the prefilter is given in place of an expression: something that matches at least wherever the expression does.
///
/// The prefilter looks at a block of many lines, PCRE2 at one line. So the ends of the line are rewritten (`\A` becomes
/// `^`, and `$` allows for the `\r` that PCRE2 is not shown), captures become plain groups, and what trails without
/// saying anything (`.*`, `(?<rest>.+)$`) is cut: every byte of it would be reported as another end of the match.
/// Cutting an end can only make an expression match more. So does forgetting the bounds of a repetition: `{1,200}` is
/// written by careful people for PCRE2, and costs Hyperscan a state for each of the 200 (compiling 700 patterns took
/// minutes with the bounds, and seconds without).
///
/// Where the expression cannot match without one of a few texts, those are enough: looking for texts alone is what
/// Hyperscan does fastest, and few lines hold one that says enough without being meant. Measured November 2026: 65
/// expressions over 300 MB, 1.4 GB/s with the expressions, 1.8 with one text for each that has one, and 0.8 against 1.3
/// where 13 % of lines match; the 913 expressions of all shipped packs over a quiet log, 206 MB/s with one text of twelve
/// bytes for each that has one, 580 with sets of texts and without idle beginnings.
struct PrefilterExpression: Equatable {
    /// Texts of which one is in every match, for Hyperscan to look for; nil where there are none that say enough.
    let texts: String?
    /// For Hyperscan, to be compiled with `HS_FLAG_MULTILINE | HS_FLAG_PREFILTER`.
    let cut: String
    /// The same with nothing cut, for when so little is left that Hyperscan refuses it.
    let whole: String

    /// Raised with every change of the rewriting, so that prefilters compiled before it are not used.
    static let rewritingVersion = 5
    /// Texts of less weight say too little by themselves: five letters, or more of other signs.
    static let weightMin = 10

    /// Why an expression has to be tried on every line instead.
    struct Refusal: Error, Equatable {
        let reason: String
    }

    /// Texts of a weight below `weightMin` are as good as none.
    init(_ source: String, weightMin: Int = PrefilterExpression.weightMin) throws(Refusal) {
        let verbs = try LeadingVerbs(source)
        let body = String(source.dropFirst(verbs.length))
        var parser = ExpressionRewriter(body, isUTF: verbs.isUTF, isFolding: false)
        var sequence = try parser.sequence(depth: 0)
        if verbs.isUTF && parser.ignoresCase {
            // Only now is it known that letters may be written by other bytes than their own.
            parser = ExpressionRewriter(body, isUTF: true, isFolding: true)
            sequence = try parser.sequence(depth: 0)
        }
        guard parser.isAtEnd else { throw Refusal(reason: "its brackets do not balance") }
        whole = sequence.text
        cut = sequence.withoutIdleEnds
        if !parser.isFolding, let texts = sequence.texts.texts, RequiredTexts.weight(of: texts) >= weightMin {
            let written = texts.map { $0.map { ExpressionRewriter.escaped(Unicode.Scalar($0)) }.joined() }
            self.texts = (parser.ignoresCase ? "(?i)" : "") + written.joined(separator: "|")
        } else {
            texts = nil
        }
    }
}

/// `(*UTF)(*LIMIT_MATCH=1000)`: what may stand before an expression.
private struct LeadingVerbs {
    /// In characters.
    let length: Int
    let isUTF: Bool

    /// Limits and ways of matching say nothing about what matches; the other verbs do.
    private static let harmless = [
        "LIMIT_MATCH", "LIMIT_DEPTH", "LIMIT_RECURSION", "LIMIT_HEAP", "NO_JIT", "NO_START_OPT", "NO_AUTO_POSSESS",
        "NO_DOTSTAR_ANCHOR", "NOTEMPTY", "NOTEMPTY_ATSTART",
    ]

    init(_ source: String) throws(PrefilterExpression.Refusal) {
        let verbs = source.leadingVerbs
        var isUTF = false
        for verb in verbs.split(separator: ")") {
            let name = verb.dropFirst(2).prefix { $0 != "=" }
            if name == "UTF" {
                isUTF = true
            } else if !LeadingVerbs.harmless.contains(String(name)) {
                throw .init(reason: "it begins with a verb (*\(name)…), which only PCRE2 knows")
            }
        }
        length = verbs.count
        self.isUTF = isUTF
    }
}
