import Events
import Patterns
import Store
import Triage

extension PackSuggester.Unclaimed {
    /// Issues that meet `condition`, of those patterns of `core` that say no more than that something failed; those with
    /// most events first, at most `limit`.
    static func of(
        _ archive: Archive, _ core: Pack?, _ condition: QueryNode, limit: Int, now: Timestamp
    ) throws(ArchiveError) -> [PackSuggester.Unclaimed] {
        let general = core?.patterns.filter(\.isGeneral).map(\.id) ?? []
        let rows = try archive.issues(
            IssueQuery(
                states: condition.statesMeant, pack: Pack.coreName, sort: .count, isAscending: false,
                limit: IssueQuery.limitMax, condition: condition, now: now))
        var unclaimed: [PackSuggester.Unclaimed] = []
        for row in rows where general.contains(row.pattern) && unclaimed.count < limit {
            guard case .found(let detail) = try archive.issue(matching: row.id, now: now) else { continue }
            unclaimed.append(
                PackSuggester.Unclaimed(
                    id: row.id, severity: row.severity, type: row.type, count: row.count, files: row.files,
                    samples: detail.samples.map(\.sample.text)))
        }
        return unclaimed
    }
}
