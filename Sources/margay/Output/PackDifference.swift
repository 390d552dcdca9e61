import Events
import Patterns

/// What a local pack does otherwise than the shipped one of its name, in the manner of diff(1): `+` added, `-` left out,
/// `~` written anew, with both expressions.
struct PackDifference {
    let text: String

    init(of pack: Pack, from base: Pack) {
        var lines = ["in place of the shipped \(base.path.safe):"]
        let before = Dictionary(base.patterns.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Set(pack.patterns.map(\.id))
        for pattern in pack.patterns {
            guard let old = before[pattern.id] else {
                lines.append("  + \(pattern.id)  \(PackDifference.place(pattern))")
                continue
            }
            guard pattern.place != old.place else { continue }
            lines.append("  ~ \(pattern.id)  \(PackDifference.place(pattern)), shipped at line \(old.place.line)")
            if pattern.match.text.text != old.match.text.text {
                lines.append("      - \(old.match.text.text.safe)")
                lines.append("      + \(pattern.match.text.text.safe)")
            }
            if pattern.severity != old.severity {
                lines.append("      severity \(old.severity.word), now \(pattern.severity.word)")
            }
        }
        for pattern in base.patterns where !after.contains(pattern.id) { lines.append("  - \(pattern.id)") }
        if lines.count == 1 { lines.append("  the same patterns") }
        text = lines.map { $0 + "\n" }.joined()
    }

    private static func place(_ pattern: Pattern) -> String { "\(pattern.place.path.safe):\(pattern.place.line)" }
}

extension SeverityRule {
    /// The severity's name, or where it comes from.
    var word: String {
        switch self {
        case .fixed(let severity): severity.name
        case .level: "by level"
        }
    }
}
