/// Every rule by name: those of this folder, and the faults that the loader and the tester find.
package enum LintCatalogue {
    /// The rules that look at packs which can be read, in no order of weight.
    static let rules: [any LintRule.Type] = [
        UnanchoredAny.self, NestedQuantifier.self, CommonLiteral.self, Untested.self, NothingIgnored.self,
        Overlap.self, Shadowed.self, SameExpression.self, UnusedDefinition.self, VaryingFingerprint.self,
        Undetected.self, IdleHeader.self, ManyCaptures.self, UnknownRule.self,
    ]

    /// A rule in words.
    package struct Entry: Sendable {
        package let name: String
        package let level: Diagnostic.Level
        package let meaning: String
    }

    /// All rules, by name.
    package static let entries: [Entry] =
        (faults + rules.map { Entry(name: $0.name, level: $0.level, meaning: $0.meaning) })
        .sorted { $0.name < $1.name }

    /// What reading a pack, filtering with it and testing it can find.
    private static let faults: [Entry] = [
        .init(name: "yaml", level: .error, meaning: "The file is no valid YAML, or empty."),
        .init(name: "duplicate-key", level: .error, meaning: "A key stands twice in one mapping."),
        .init(name: "file-size", level: .error, meaning: "The file is over 4 MiB."),
        .init(name: "unreadable", level: .error, meaning: "The file or directory cannot be read."),
        .init(name: "wrong-kind", level: .error, meaning: "A list stands where a text belongs, and the like."),
        .init(name: "missing-key", level: .error, meaning: "A key that has to be there is not."),
        .init(name: "unknown-key", level: .error, meaning: "There is no such key."),
        .init(name: "bad-name", level: .error, meaning: "The name of a pack, definition or placeholder has no form."),
        .init(name: "bad-id", level: .error, meaning: "An id is not the pack's name, a dot and a name."),
        .init(name: "duplicate-id", level: .error, meaning: "Two patterns have the same id."),
        .init(name: "bad-glob", level: .error, meaning: "A glob cannot be read."),
        .init(name: "bad-expression", level: .error, meaning: "PCRE2 refuses an expression."),
        .init(name: "bad-title", level: .error, meaning: "The braces of a title do not balance."),
        .init(name: "unknown-type", level: .error, meaning: "There is no such type of event."),
        .init(name: "unknown-severity", level: .error, meaning: "There is no such severity."),
        .init(name: "unknown-option", level: .error, meaning: "There is no such option of expressions."),
        .init(name: "unknown-definition", level: .error, meaning: "A (?&name) stands for nothing, or for itself."),
        .init(name: "unknown-pack", level: .error, meaning: "The pack to build on is not there."),
        .init(name: "unknown-id", level: .error, meaning: "`without` names a pattern that is not inherited."),
        .init(name: "extends-cycle", level: .error, meaning: "Two packs build on each other."),
        .init(
            name: "breaks-override", level: .error,
            meaning: "A pattern in place of an inherited one does not match what that one must."),
        .init(name: "no-such-field", level: .error, meaning: "A title, fingerprint, field or severity names nothing."),
        .init(name: "empty-mask", level: .error, meaning: "A mask can match nothing at all."),
        .init(name: "unanchored-header", level: .warning, meaning: "The header does not begin with ^."),
        .init(name: "empty-pack", level: .warning, meaning: "The pack has neither patterns nor discards."),
        .init(name: "replaced-pack", level: .warning, meaning: "Two files of a directory hold a pack of one name."),
        .init(name: "every-line", level: .advice, meaning: "The prefilter cannot take the expression."),
        .init(name: "test-failed", level: .error, meaning: "A line of the tests does not give what it should."),
    ]
}
