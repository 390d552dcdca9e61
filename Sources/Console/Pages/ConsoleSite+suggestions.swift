import Events

extension ConsoleSite {
    /// `GET /packs/suggestions`: patterns for the issues that no pack claims, each with the way to its draft.
    func suggestions(_ request: PageRequest) throws -> Answer {
        let made = try host.suggestions(request.now)
        return try page(
            "suggestions", title: "Suggested patterns", section: "packs", request,
            [
                "suggestions": made.suggestions.map { suggestion in
                    [
                        "id": suggestion.id, "match": PageEscape.line(suggestion.match),
                        "title": PageEscape.line(suggestion.title),
                        "severity": PageValues.severity(suggestion.severity),
                        "count": ConsoleSite.grouped(suggestion.count),
                        "issues": suggestion.issues.map { ["id": $0] },
                        "also": suggestion.alsoMatches.map { ["id": $0] },
                        "hasAlso": !suggestion.alsoMatches.isEmpty,
                        "draft": suggestion.issues.first.map { "/i/\($0)/draft" } ?? "/packs",
                    ] as [String: Any]
                },
                "hasSuggestions": !made.suggestions.isEmpty, "looked": made.looked,
                "isFull": made.looked >= PatternSuggestions.issuesMax,
                "leftOut": made.leftOut.map { ["id": $0.issue, "reason": PageEscape.line($0.reason)] },
                "hasLeftOut": !made.leftOut.isEmpty, "leftOutCount": made.leftOut.count,
                "query": ConsoleSite.address("/issues", [("q", "pack:core sort:count")]),
            ])
    }
}
