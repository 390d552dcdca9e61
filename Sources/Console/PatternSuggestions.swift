package import Events

/// Patterns that `margay packs suggest` would draft for the open issues that no pack claims.
package struct PatternSuggestions: Sendable, Equatable {
    /// Issues that are looked at, those with most events first.
    package static let issuesMax = 20
    /// Seconds for which they are shown again: to draft them takes a good part of a second.
    package static let secondsKept: Int64 = 30

    /// One pattern, drafted of one issue or several.
    package struct Suggestion: Sendable, Equatable {
        package var id: String
        package var match: String
        package var title: String
        package var severity: Severity
        /// Events of `issues`.
        package var count: Int
        /// Ids of the issues that it was drafted from, and of those that it matches too.
        package var issues: [String]
        package var alsoMatches: [String]

        package init(
            id: String, match: String, title: String, severity: Severity, count: Int, issues: [String],
            alsoMatches: [String]
        ) {
            self.id = id
            self.match = match
            self.title = title
            self.severity = severity
            self.count = count
            self.issues = issues
            self.alsoMatches = alsoMatches
        }
    }

    /// An issue for which nothing could be drafted, and why not.
    package struct LeftOut: Sendable, Equatable {
        package var issue: String
        package var reason: String

        package init(issue: String, reason: String) {
            self.issue = issue
            self.reason = reason
        }
    }

    package var suggestions: [Suggestion]
    package var leftOut: [LeftOut]
    /// Issues that were looked at.
    package var looked: Int

    package init(suggestions: [Suggestion] = [], leftOut: [LeftOut] = [], looked: Int = 0) {
        self.suggestions = suggestions
        self.leftOut = leftOut
        self.looked = looked
    }
}
