/// What is known of the texts that a part of an expression matches: all of them, where they are few, and some of which
/// one is in every match.
///
/// Built up from the parts, as in "Regular Expression Matching with a Trigram Index" (Russ Cox, 2012), with whole texts
/// in place of trigrams. Whatever is not understood may be taken for `anything`: then less is known, and nothing wrong.
struct RequiredTexts: Equatable {
    /// All texts that it can match, sorted, each once; nil where they are too many or unknown.
    private(set) var all: [[UInt8]]?
    /// Texts of which each match holds at least one; nil where none are known. Never with an empty text.
    private(set) var some: [[UInt8]]?

    /// More texts than this are too many to look for in place of one expression.
    static let countMax = 128
    /// Repetitions of a part are written out up to this number.
    static let repetitionsMax = 8

    /// A part that matches nothing but the empty text, as an assertion does.
    static let empty = RequiredTexts(all: [[]], some: nil)
    /// A part of which nothing is known.
    static let anything = RequiredTexts(all: nil, some: nil)

    /// A part that matches one of `bytes`.
    static func byte(oneOf bytes: [UInt8]) -> RequiredTexts {
        RequiredTexts(all: Set(bytes).sorted().map { [$0] }, some: nil)
    }

    /// The best texts to look for: at least one of them is in every match. Nil where there are none.
    var texts: [[UInt8]]? { RequiredTexts.better(some, RequiredTexts.sayingSomething(all)) }

    /// How much the least telling of `texts` says. A letter says 2; anything else says 1, for quotes, blanks and digits
    /// are in every line.
    static func weight(of texts: [[UInt8]]) -> Int {
        texts.map { text in text.reduce(0) { $0 + (isLetter($1) ? 2 : 1) } }.min() ?? 0
    }

    /// One part after the other.
    static func sequence(_ parts: some Swift.Sequence<RequiredTexts>) -> RequiredTexts {
        var run: [[UInt8]] = [[]]
        var best: [[UInt8]]?
        var isWhole = true
        for part in parts {
            if let all = part.all, all.count * run.count <= countMax {
                run = all.count == 1 && run.count == 1 ? [run[0] + all[0]] : products(run, all)
                continue
            }
            isWhole = false
            best = better(better(best, sayingSomething(run)), part.some)
            run = part.all ?? [[]]
        }
        return RequiredTexts(all: isWhole ? run : nil, some: isWhole ? best : better(best, sayingSomething(run)))
    }

    /// One part or another.
    static func alternatives(_ parts: [RequiredTexts]) -> RequiredTexts {
        if parts.count == 1 { return parts[0] }
        let all = parts.allSatisfy { $0.all != nil } ? few(parts.flatMap { $0.all ?? [] }) : nil
        let texts = parts.map(\.texts)
        let some = texts.allSatisfy { $0 != nil } ? few(texts.flatMap { $0 ?? [] }) : nil
        return RequiredTexts(all: all, some: some)
    }

    /// The part `least` to `most` times; `most` nil: any number of times.
    func times(_ least: Int, _ most: Int?) -> RequiredTexts {
        guard least > 0 else {
            if most == 1, let all { return RequiredTexts(all: RequiredTexts.few(all + [[]]), some: nil) }
            return .anything
        }
        if least == most, least <= RequiredTexts.repetitionsMax {
            return RequiredTexts.sequence(repeatElement(self, count: least))
        }
        return RequiredTexts(all: nil, some: texts)
    }

    /// Each of `left` followed by each of `right`.
    private static func products(_ left: [[UInt8]], _ right: [[UInt8]]) -> [[UInt8]] {
        Set(left.flatMap { start in right.map { start + $0 } }).sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Sorted, each once; nil where they are too many.
    private static func few(_ texts: [[UInt8]]) -> [[UInt8]]? {
        let distinct = Set(texts)
        return distinct.count <= countMax ? distinct.sorted { $0.lexicographicallyPrecedes($1) } : nil
    }

    /// The texts, if each of them has something in it.
    private static func sayingSomething(_ texts: [[UInt8]]?) -> [[UInt8]]? {
        guard let texts, !texts.isEmpty, texts.allSatisfy({ !$0.isEmpty }) else { return nil }
        return texts
    }

    /// Beyond this weight texts are equally good: hardly a line holds one of them by chance.
    private static let weightEnough = 24

    /// Which of two is met less often by chance; among equals the fewer, and then the later: what tells faults apart
    /// stands behind the name of the program, which is in all its lines.
    private static func better(_ first: [[UInt8]]?, _ second: [[UInt8]]?) -> [[UInt8]]? {
        guard let first else { return second }
        guard let second else { return first }
        let weights = (min(weight(of: first), weightEnough), min(weight(of: second), weightEnough))
        if weights.0 != weights.1 { return weights.0 > weights.1 ? first : second }
        return first.count < second.count ? first : second
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }
}
