/// How bad an event is: the six perceived severities of ITU-T X.733, ordered so that a worse one compares greater.
package enum Severity: Int, CaseIterable, Comparable, Sendable, Codable {
    case clear = 0
    /// Nobody has judged it yet: an error that no pattern knows.
    case indeterminate = 1
    case warning = 2
    case minor = 3
    case major = 4
    case critical = 5

    /// The word used in packs, queries and output.
    package var name: String {
        switch self {
        case .clear: "clear"
        case .indeterminate: "indeterminate"
        case .warning: "warning"
        case .minor: "minor"
        case .major: "major"
        case .critical: "critical"
        }
    }

    /// A shape for each severity, so that colour is never the only difference.
    package var shape: String {
        switch self {
        case .critical: "■"
        case .major: "◆"
        case .minor: "▲"
        case .warning: "●"
        case .indeterminate: "○"
        case .clear: "✓"
        }
    }

    /// The severity with that name, in lower case; nil for any other word.
    package init?(name: some StringProtocol) {
        guard let severity = Severity.allCases.first(where: { $0.name == name }) else { return nil }
        self = severity
    }

    package static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
}
