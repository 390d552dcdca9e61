import PCRE2

/// What becomes of an inherited pattern that the pack writes anew under its id.
extension PackLoader {
    /// Own patterns first; one with the id of an inherited pattern stands in that one's place, so that the order in which
    /// patterns are asked stays. One that does not match what it must is refused, and the inherited one is used.
    func layered(_ own: [Pattern], over inherited: [Pattern]) -> [Pattern] {
        var below = inherited
        var above: [Pattern] = []
        let scratch = MatchScratch()
        for pattern in own {
            guard let slot = below.firstIndex(where: { $0.id == pattern.id }) else {
                above.append(pattern)
                continue
            }
            let base = below[slot]
            guard let lost = base.tests.match.first(where: { !pattern.matches($0.line, for: nil, scratch) }) else {
                below[slot] = pattern
                continue
            }
            document.report(
                Diagnostic(
                    pattern.place, .error, rule: "breaks-override",
                    "'\(pattern.id)' stands in for the pattern at \(base.place.path):\(base.place.line):"
                        + "\(base.place.column) and does not match its test line at \(lost.place.line):"
                        + "\(lost.place.column); that one is used",
                    remedy: "match that line too, or leave that one out by 'without' and give this one another id"))
        }
        return above + below
    }
}
