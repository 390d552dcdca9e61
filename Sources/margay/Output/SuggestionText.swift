import Events
import Patterns

/// Drafted patterns for people and programs.
enum SuggestionText {
    /// The item as it stands in a pack, under what it would catch.
    static func yaml(_ suggestion: PackSuggester.Suggestion) -> String {
        let events = suggestion.count == 1 ? "1 event" : "\(suggestion.count) events"
        var text = "# \(events) of \(suggestion.issues.count == 1 ? "1 issue" : "\(suggestion.issues.count) issues")"
        if !suggestion.alsoMatches.isEmpty {
            text += "; also matches \(suggestion.alsoMatches.joined(separator: ", "))"
        }
        return text + "\n" + suggestion.yaml.split(separator: "\n").map { "\(String($0).safe)\n" }.joined()
    }

    /// One object and a newline: fields are only ever added.
    static func json(_ suggestion: PackSuggester.Suggestion) -> String {
        JSONText.object { json in
            json.add("id", suggestion.id)
            json.add("match", suggestion.match)
            json.add("title", suggestion.title)
            json.add("severity", suggestion.severity.name)
            json.add("issues", suggestion.issues)
            json.add("also_matches", suggestion.alsoMatches)
            json.add("count", suggestion.count)
            json.add("yaml", suggestion.yaml)
        }.text + "\n"
    }
}
