package import Access
package import Events
package import Store
package import Triage

/// What the console is given by the process around it. The closures block on the disk; they are called on threads of
/// the console's own, several at a time.
package struct ConsoleHost: Sendable {
    package var archive: Archive
    /// Why nothing can be changed, as a clause; nil where it can.
    package var readOnlyReason: String?
    /// Whose name stands in the history of issues where the visitor has given none.
    package var author: String
    package var version: String
    package var clock: @Sendable () -> Timestamp
    /// Compiles an expression of a query.
    package var compile: @Sendable (_ source: String, _ ignoresCase: Bool) -> CompiledQueryExpression
    /// The lines round a record; nil where no file has it any more.
    package var context: @Sendable (_ sample: Sample, _ lines: Int) -> RecordContext?
    /// The files that are or should be followed, as `margay sources` has them.
    package var sources: @Sendable (_ now: Timestamp) throws(ArchiveError) -> [SourceEntry]
    /// The packs in use, by name.
    package var packs: @Sendable () -> [PackFacts]
    /// By the ids of the patterns of a pack in use, which of them earlier ones keep from their lines, as sentences.
    package var shadows: @Sendable (_ pack: String) -> [String: [String]] = { _ in [:] }
    /// A pattern for an issue that no pack claims.
    package var draft: @Sendable (_ issue: IssueDetail, _ wish: PatternDraft.Wish) -> PatternDraft.Answer
    /// Adds that pattern to the pack that it belongs in; nil where nobody may.
    package var addDraft: (@Sendable (_ issue: IssueDetail, _ wish: PatternDraft.Wish) -> PatternDraft.Answer)?
    /// Patterns for the open issues that no pack claims.
    package var suggestions: @Sendable (_ now: Timestamp) throws(ArchiveError) -> PatternSuggestions = {
        _ throws(ArchiveError) in PatternSuggestions()
    }
    /// Takes events that others report, under the key of their request where it has one, and `bytes` of it; `answer` is
    /// called once, on any thread. Nil where nothing counts them, since no `watch` runs in this process.
    package var takeEvents:
        (
            @Sendable (
                _ events: [ReportedEvent], _ request: ReportedRequest?, _ bytes: Int,
                _ answer: @escaping @Sendable (IntakeVerdict) -> Void
            ) -> Void
        )?
    /// What happened until `now`.
    package var report: @Sendable (_ kind: ReportSheet.Kind, _ now: Timestamp) throws(ArchiveError) -> ReportSheet

    /// What the configuration says, with where each value comes from. Nothing in it is secret.
    package var configuration: @Sendable () -> [ConfigurationFact] = { [] }
    /// What a guess at a password costs.
    package var passwordCost = PasswordHash.Cost.standard

    package init(
        archive: Archive, readOnlyReason: String? = nil, author: String, version: String,
        clock: @escaping @Sendable () -> Timestamp,
        compile: @escaping @Sendable (_ source: String, _ ignoresCase: Bool) -> CompiledQueryExpression,
        context: @escaping @Sendable (_ sample: Sample, _ lines: Int) -> RecordContext?,
        sources: @escaping @Sendable (_ now: Timestamp) throws(ArchiveError) -> [SourceEntry],
        packs: @escaping @Sendable () -> [PackFacts],
        draft: @escaping @Sendable (_ issue: IssueDetail, _ wish: PatternDraft.Wish) -> PatternDraft.Answer,
        report: @escaping @Sendable (_ kind: ReportSheet.Kind, _ now: Timestamp) throws(ArchiveError) -> ReportSheet
    ) {
        self.archive = archive
        self.readOnlyReason = readOnlyReason
        self.author = author
        self.version = version
        self.clock = clock
        self.compile = compile
        self.context = context
        self.sources = sources
        self.packs = packs
        self.draft = draft
        self.report = report
    }
}

/// A value of the configuration.
package struct ConfigurationFact: Sendable, Equatable {
    /// `console.listen`.
    package var key: String
    package var value: String
    /// `margay.yaml:3:8`, `--store`, or `default`.
    package var origin: String

    package init(key: String, value: String, origin: String) {
        self.key = key
        self.value = value
        self.origin = origin
    }
}

/// A pack in use, in words.
package struct PackFacts: Sendable, Equatable {
    package var name: String
    package var description: String
    /// The file it was read from.
    package var path: String
    package var type: EventType
    /// The first digits of the SHA-256 of the file as it was read; empty where it could not be read again.
    package var version: String
    package var patterns: [Pattern]

    package struct Pattern: Sendable, Equatable {
        package var id: String
        /// A severity's name, or `by level`.
        package var severity: String
        package var expression: String
        package var runbook: String?
        /// Lines that it must match and must not match.
        package var tests: Int

        package init(id: String, severity: String, expression: String, runbook: String?, tests: Int) {
            self.id = id
            self.severity = severity
            self.expression = expression
            self.runbook = runbook
            self.tests = tests
        }
    }

    package init(
        name: String, description: String, path: String, type: EventType, version: String = "", patterns: [Pattern]
    ) {
        self.name = name
        self.description = description
        self.path = path
        self.type = type
        self.version = version
        self.patterns = patterns
    }
}
