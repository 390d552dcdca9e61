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
    /// Packs that it builds on, in the order in which they are written; what they hold is in here already.
    package var bases: [String]
    package var detection: Detection
    /// Programs that it speaks for where lines name theirs; nil: all.
    package var programs: ProgramNames?
    /// Whether it is about what products are made with (a language, a web framework): its patterns are asked behind those
    /// of packs for products.
    package var isRuntime: Bool
    /// Fragments that its expressions use, inherited ones among them.
    package var definitions: [Definition]
    /// Matched at the start of a record; what it matches is no part of the message, its named groups become fields.
    package var header: Expression?
    /// Which lines form a record; nil leaves it to the grammar that knows traces.
    package var record: RecordLines?
    /// What varies in its messages, in the order in which it is replaced.
    package var masks: [Mask]
    /// Names of the fields that events keep where a pattern does not say; nil: all.
    package var fields: [String]?
    /// Type of its events where a pattern does not say.
    package var type: EventType
    /// What a captured level word (in lower case) means.
    package var levels: [String: Severity]
    /// Its own, then the inherited ones.
    package var patterns: [Pattern]
    /// Its own, then the inherited ones.
    package var discards: [Discard]
    /// Lint rules that are not to speak about it.
    package var allowed: Set<String>

    /// What any header may tell, by the names that fields have.
    package static let headerFields = ["level", "host", "program", "process", "thread", "logger"]

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

/// A fragment of expressions: `(?&name)` stands for it.
package struct Definition: Sendable {
    package var name: String
    package var text: PlacedText
    /// With all that it refers to filled in, in a group of its own.
    package var resolved: String
    /// The pack that wrote it.
    package var origin: String
}

/// Which lines form a record, as a pack says.
package struct RecordLines: Sendable {
    /// A line that it matches begins a record. Alone, every other line goes on the record before.
    package var begins: Expression?
    /// A line that it matches, and `begins` does not, goes on the record before.
    package var continues: Expression?
}

/// What varies in a message, and the name of what is put in its place.
package struct Mask: Sendable {
    package var match: Expression
    /// Shown as `<name>`.
    package var name: String
    /// What replaces it.
    package var placeholder: [UInt8]
}

/// One expression of a pack and what a match means.
package struct Pattern: Sendable {
    /// The pack that wrote it; another one may have inherited it.
    package var origin: String
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
    /// Names of the fields that its events keep; nil: as the pack says.
    package var fields: [String]?
    package var runbook: String?
    /// Alerts even while its source is still being learnt.
    package var always: Bool
    /// Lint rules that are not to speak about it.
    package var allowed: Set<String>
    package var tests: PatternTests
}

extension Pattern {
    /// Whether it says no more than that something failed: its issues are told apart by their messages or traces alone.
    package var isGeneral: Bool {
        !fingerprint.isEmpty
            && fingerprint.allSatisfy { [.pattern, .message, .exception, .frames].contains($0) }
            && fingerprint.contains { $0 != .pattern }
    }
}

/// Records that are no events, whatever else would match them.
package struct Discard: Sendable {
    /// The pack that wrote it; another one may have inherited it.
    package var origin: String
    package var place: Place
    package var match: Expression
    /// Lint rules that are not to speak about it.
    package var allowed: Set<String>
    package var tests: PatternTests
}

/// A compiled expression and where it stands in its file.
package struct Expression: Sendable {
    /// As it was written; `compiled.source` has the definitions filled in.
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
    /// What a named group of `match` or `header` captured, or a field of that name.
    case capture(String)
    /// The same with its variable parts masked, as a message is.
    case masked(String)
    /// The message with its variable parts masked.
    case message
    /// The classes of the exceptions, outermost to innermost.
    case exception
    /// The innermost exception's own frames.
    case frames

    /// Fields of any header that may make two events two issues: what says where in the program they come from.
    package static let headerFields = ["program", "logger", "level"]
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
