package import Patterns

/// Says which patterns the prefilter cannot take, so that they are tried on every line: never a silent slowness.
package enum PrefilterAdvice {
    package static func diagnostics(for pack: Pack) -> [Diagnostic] {
        let set = PatternSet(packs: [pack])
        return Prefilter(set).perLine.map { rule, reason in
            let rule = set.rules[rule]
            let place = rule.pattern?.match.text.place ?? Place(path: pack.path)
            return Diagnostic(
                place, .advice, rule: "every-line", "\(rule.name) is tried on every line: \(reason)",
                remedy: "write it without that, or accept that it is slow")
        }
    }
}
