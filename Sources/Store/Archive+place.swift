internal import Events
internal import GRDB
internal import Triage

/// Where an issue stands in a list.
package struct IssuePlace: Sendable, Equatable {
    /// Ids of the issues in front of it and behind it; nil at an end, or where none was found in time.
    package var previous: String?
    package var next: String?
    /// From 1; nil where the query does not find the issue (any more), where it stands further back than was counted, or
    /// where counting took too long.
    package var position: Int?
}

extension Archive {
    /// Issues in front of one that are counted at most.
    package static let placeMax = 1_000

    /// The neighbours of the issue with exactly that id in the order of `query`; also of one that the query does not find
    /// any more, since it was moved meanwhile. Nil where there is no such issue. Throws as `issues(_:)` does.
    package func place(of id: String, in query: IssueQuery) throws(ArchiveError) -> IssuePlace? {
        try check(query)
        return try read { database in
            let find = try BoundStatement(
                database, "SELECT number, \(query.sort.rawValue) FROM issue WHERE id = ?1")
            find.bind(id, at: 1)
            guard let key = try find.first({ PageKey(value: $0.integer(1), number: $0.integer(0)) }) else { return nil }
            var behind = query
            behind.after = key
            behind.limit = 1
            var before = behind
            before.isAscending.toggle()
            before.limit = Archive.placeMax
            let ids = try BoundStatement(database, "SELECT id FROM issue WHERE number = ?1")
            func name(_ key: PageKey?) throws -> String? {
                guard let key else { return nil }
                ids.bind(key.number, at: 1)
                return try ids.first { $0.text(0) }
            }
            let next = try IssueFinder(behind, database).find(.page).keys.first
            let finder = try IssueFinder(before, database)
            let earlier = try finder.find(.page)
            let isCounted = try earlier.next == nil && finder.finds(key.number)
            return IssuePlace(
                previous: try name(earlier.keys.first), next: try name(next),
                position: isCounted ? earlier.keys.count + 1 : nil)
        }
    }
}
