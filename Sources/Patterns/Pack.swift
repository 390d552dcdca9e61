package import Events
package import PCRE2

/// Patterns for one application, as written by people and shared between hosts.
package struct Pack: Sendable {
    /// Unique among the packs in use; every pattern's id begins with it and a dot.
    package var name: String
    /// One line.
    package var description: String
    /// The file it was read from.
    package var path: String
    package var detection: Detection
    /// Matched at the start of a record; what it matches is no part of the message, its named groups become fields.
    package var header: Expression?
    /// Type of its events where a pattern does not say.
    package var type: EventType
    /// What a captured level word (in lower case) means.
    package var levels: [String: Severity]
    package var patterns: [Pattern]
    package var discards: [Discard]

    /// The pack that lies beside every other.
    package static let coreName = "core"
}

/// How `auto` knows that a pack is meant for a file.
package struct Detection: Sendable {
    /// Globs of paths.
    package var paths: [Glob]
    /// Expressions for whole lines.
    package var lines: [Expression]
}

/// One expression of a pack and what a match means.
package struct Pattern: Sendable {
    /// `pack.name-of-fault`.
    package var id: String
    /// Where the id stands in its file.
    package var place: Place
    package var match: Expression
    package var severity: SeverityRule
    /// Nil: the pack's.
    package var type: EventType?
    package var title: TitleTemplate
    package var fingerprint: [FingerprintPart]
    package var runbook: String?
    /// Alerts even while its source is still being learnt.
    package var always: Bool
    package var tests: PatternTests
}

/// Records that are no events, whatever else would match them.
package struct Discard: Sendable {
    package var place: Place
    package var match: Expression
    package var tests: PatternTests
}

/// A compiled expression and where it stands in its file.
package struct Expression: Sendable {
    package var text: PlacedText
    package var compiled: CompiledExpression
}

/// How the severity of an event is found.
package enum SeverityRule: Sendable, Equatable {
    case fixed(Severity)
    /// By the captured `level`, through the pack's `levels`.
    case level
}

/// One ingredient of an issue's fingerprint.
package enum FingerprintPart: Sendable, Equatable {
    /// The pattern's id.
    case pattern
    /// What a named group captured.
    case capture(String)
    /// The message with its variable parts masked.
    case message
    /// The classes of the exceptions, outermost to innermost.
    case exception
    /// The innermost exception's own frames.
    case frames
}

/// Lines that say what a pattern is for.
package struct PatternTests: Sendable {
    package struct MatchCase: Sendable {
        package var line: String
        package var place: Place
        /// `severity`, `type`, `title` or a field, with the value it must have.
        package var expect: [(name: String, value: String, place: Place)]
    }

    package struct IgnoreCase: Sendable {
        package var line: String
        package var place: Place
    }

    package var match: [MatchCase]
    package var ignore: [IgnoreCase]
}
