import Console
import Events
import Patterns
import Store
import Synchronization
import Triage

/// What `margay packs suggest` would draft, kept for a while. Any thread; drafted by one at a time.
final class KeptSuggestions: Sendable {
    private let archive: Archive
    private let library: PackLibrary
    private let kept = Mutex<(time: Timestamp, suggestions: PatternSuggestions)?>(nil)

    init(_ archive: Archive, _ library: PackLibrary) {
        self.archive = archive
        self.library = library
    }

    func get(now: Timestamp) throws(ArchiveError) -> PatternSuggestions {
        try kept.withLock { kept throws(ArchiveError) in
            if let kept, kept.time <= now, now < kept.time.moved(bySeconds: PatternSuggestions.secondsKept) {
                return kept.suggestions
            }
            let made = try make(now: now)
            kept = (now, made)
            return made
        }
    }

    private func make(now: Timestamp) throws(ArchiveError) -> PatternSuggestions {
        let issues = try PackSuggester.Unclaimed.of(
            archive, library.packs[Pack.coreName], .all([.test(.state(.open))]), limit: PatternSuggestions.issuesMax,
            now: now)
        guard !issues.isEmpty else { return PatternSuggestions() }
        do throws(PackSuggester.Refusal) {
            let result = try PackSuggester.suggest(
                issues, path: "suggested.yaml", text: nil, name: "suggested", among: library)
            return PatternSuggestions(
                suggestions: result.suggestions.map { made in
                    PatternSuggestions.Suggestion(
                        id: made.id, match: made.match, title: made.title, severity: made.severity,
                        count: made.count, issues: made.issues, alsoMatches: made.alsoMatches)
                },
                leftOut: result.leftOut.map { PatternSuggestions.LeftOut(issue: $0.issue, reason: $0.reason) },
                looked: issues.count)
        } catch {
            // A new pack has neither faults of its own nor a list of another form.
            return PatternSuggestions(looked: issues.count)
        }
    }
}
