/// The keys that one mapping of a file may have: what the loader accepts and what the JSON Schema says, in one table.
package struct KeyTable: Sendable {
    /// Name of the mapping in the schema: `pattern`.
    package let name: String
    /// The same in a message: `a pattern`.
    package let what: String
    package let keys: [Key]

    /// One key, what its value is, and what it means in one sentence.
    package struct Key: Sendable {
        package let name: String
        package let kind: Kind
        package let isRequired: Bool
        package let meaning: String

        init(_ name: String, _ kind: Kind, isRequired: Bool = false, _ meaning: String) {
            self.name = name
            self.kind = kind
            self.isRequired = isRequired
            self.meaning = meaning
        }
    }

    /// What a value may be.
    package indirect enum Kind: Sendable {
        /// Any text.
        case text
        /// A text; numbers and truth values are read as they are written.
        case value
        /// A text that this expression matches as a whole (ECMA-262, the common part of it and PCRE2).
        case shaped(String)
        /// A PCRE2 expression.
        case expression
        case flag
        /// One of some words.
        case word([String])
        /// A list, which may be written as a single value.
        case list(Kind)
        /// A mapping with keys of its own.
        case table(KeyTable)
        /// A mapping whose keys are free.
        case map(Kind)
        case any([Kind])
    }

    init(_ name: String, what: String, _ keys: [Key]) {
        self.name = name
        self.what = what
        self.keys = keys
    }

    func has(_ key: String) -> Bool { keys.contains { $0.name == key } }
}
