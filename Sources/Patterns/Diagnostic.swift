/// One thing said about a file that a person wrote: where, how bad, by which rule, what, and how to mend it.
package struct Diagnostic: Error, Equatable, Sendable {
    /// How bad it is.
    package enum Level: String, Sendable, Comparable {
        /// It cannot work as written.
        case error
        /// It works, and probably not as meant.
        case warning
        /// It could be better.
        case advice

        package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .advice: 0
            case .warning: 1
            case .error: 2
            }
        }
    }

    package var place: Place
    package var level: Level
    /// Short name of the rule that speaks, as in `[unknown-key]`.
    package var rule: String
    package var message: String
    /// What to do about it; may be empty where the message says it all.
    package var remedy: String
    /// The expression with a caret under the place.
    package var excerpt: Excerpt?

    package init(
        _ place: Place, _ level: Level, rule: String, _ message: String, remedy: String = "", excerpt: Excerpt? = nil
    ) {
        self.place = place
        self.level = level
        self.rule = rule
        self.message = message
        self.remedy = remedy
        self.excerpt = excerpt
    }
}

/// A place in a file, as compilers write it.
package struct Place: Equatable, Sendable {
    package var path: String
    /// From 1; 0 where only the file is known.
    package var line: Int
    /// From 1, in Unicode scalars; 0 where only the line is known.
    package var column: Int

    package init(path: String, line: Int = 0, column: Int = 0) {
        self.path = path
        self.line = line
        self.column = column
    }
}

/// A line of text and the column in it that is meant.
package struct Excerpt: Equatable, Sendable {
    package var text: String
    /// From 0, in Unicode scalars of `text`.
    package var column: Int

    package init(text: String, column: Int) {
        self.text = text
        self.column = column
    }
}

extension Place: CustomStringConvertible {
    package var description: String {
        switch (line, column) {
        case (0, _): path
        case (_, 0): "\(path):\(line)"
        default: "\(path):\(line):\(column)"
        }
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `patterns/nginx.yaml:12:9: error: [rule] what; how to mend it`, then the excerpt with its caret.
    package var description: String {
        var text = "\(place): \(level.rawValue): [\(rule)] \(message)"
        if !remedy.isEmpty { text += "; \(remedy)" }
        if let excerpt {
            let shown = excerpt.text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : String($0) }
            text += "\n    " + shown.joined()
            text += "\n    " + String(repeating: " ", count: max(0, min(excerpt.column, shown.count))) + "^"
        }
        return text
    }
}
