import Store

/// Issues that read alike, so that somebody may find that they are one.
enum SimilarIssues {
    /// Titles that share less than this of their words are not alike. A heuristic: short titles of two words are alike
    /// by one.
    static let shareMin = 0.4
    /// Issues that are compared at most.
    static let comparedMax = 200
    static let shownMax = 5

    /// Those of `others` whose titles are most like `issue`'s, the most alike first.
    static func of(_ issue: IssueRow, among others: [IssueRow]) -> [IssueRow] {
        let own = words(issue.title)
        return
            others
            .filter { $0.id != issue.id }
            .map { (share: share(own, words($0.title)), row: $0) }
            .filter { $0.share >= shareMin }
            .sorted { ($1.share, $0.row.id) < ($0.share, $1.row.id) }
            .prefix(shownMax)
            .map(\.row)
    }

    /// The words that both have, of all that either has (Jaccard's index), from 0 to 1.
    static func share(_ one: Set<Substring>, _ other: Set<Substring>) -> Double {
        let either = one.union(other).count
        return either == 0 ? 0 : Double(one.intersection(other).count) / Double(either)
    }

    static func words(_ title: String) -> Set<Substring> {
        Set(title.lowercased().split { !$0.isLetter && !$0.isNumber })
    }
}
