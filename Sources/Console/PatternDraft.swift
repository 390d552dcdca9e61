package import Events

/// A pattern drafted from the samples of one issue, for a person to judge.
package struct PatternDraft: Sendable, Equatable {
    /// Of the pattern.
    package var id: String
    /// Its expression.
    package var match: String
    package var severity: Severity
    /// Its item in the list of patterns of a pack, with its tests.
    package var yaml: String
    /// A whole new pack that holds it alone.
    package var pack: String

    package init(id: String, match: String, severity: Severity, yaml: String, pack: String) {
        self.id = id
        self.match = match
        self.severity = severity
        self.yaml = yaml
        self.pack = pack
    }

    /// What came of the wish for one.
    package enum Answer: Sendable, Equatable {
        case drafted(PatternDraft)
        /// Why there is none, as a sentence.
        case none(reason: String)
    }
}
