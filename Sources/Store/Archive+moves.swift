package import Events
internal import GRDB
package import Triage

/// A move that somebody asks for, on one issue or many.
package struct MoveRequest: Sendable {
    /// Ids, or beginnings of them; each issue is moved once, however often it is named.
    package var ids: [String]
    package var move: Move
    package var author: String
    package var reason: String?
    package var now: Timestamp
    /// The versions that the author saw, by id or by what `ids` calls it; an issue without one is moved as it stands.
    package var seen: [String: Int]
    /// Says what would be done, and does nothing.
    package var isTrial: Bool

    package init(
        ids: [String], move: Move, author: String, reason: String? = nil, now: Timestamp, seen: [String: Int] = [:],
        isTrial: Bool = false
    ) {
        self.ids = ids
        self.move = move
        self.author = author
        self.reason = reason
        self.now = now
        self.seen = seen
        self.isTrial = isTrial
    }
}

/// What came of a request, in the order in which the issues were named.
package struct MoveReport: Sendable, Equatable {
    package struct Moved: Sendable, Equatable {
        package var id: String
        package var title: String
        package var entry: AuditEntry
    }

    package struct Refused: Sendable, Equatable {
        package var id: String
        package var refusal: Refusal
    }

    package var moved: [Moved] = []
    package var refused: [Refused] = []
    /// Texts that name no issue, or several.
    package var unknown: [String] = []

    package init() {}
}

extension Archive {
    /// Issues in one request at most.
    package static let movesMax = 100_000

    /// Moves issues, all in one transaction and with one row in the audit trail. What is refused is reported, the rest
    /// is done. For `.change` and `.write`. Throws `.full`, `.busy`, `.inputOutput`, `.damaged`, `.denied`, `.badQuery`.
    package func move(_ request: MoveRequest) throws(ArchiveError) -> MoveReport {
        guard request.ids.count <= Archive.movesMax else {
            throw ArchiveError(.badQuery, "more than \(Archive.movesMax) issues at once; name fewer", path: path)
        }
        return try change(keeps: !request.isTrial) { database in
            var moves = try IssueMoves(database)
            return try moves.apply(request)
        }
    }

    /// Takes the author's latest move back: on the issues named, or, without any, all that it moved.
    package func undo(
        ids: [String], by author: String, reason: String? = nil, now: Timestamp, isTrial: Bool = false
    ) throws(ArchiveError) -> MoveReport {
        try change(keeps: !isTrial) { database in
            var moves = try IssueMoves(database)
            return try moves.undo(ids: ids, by: author, reason: reason, now: now)
        }
    }

    /// Resolves what has been quiet for `Lifecycle.quietDaysMax` days after somebody judged it. Returns how many.
    package func resolveQuiet(now: Timestamp) throws(ArchiveError) -> Int {
        try change(keeps: true) { database in
            let moves = try IssueMoves(database)
            return try moves.resolveQuiet(now: now, limit: Archive.movesMax)
        }
    }

    /// Runs `body` in one transaction of a writer; takes it back where it is not to be kept.
    func change<Value>(keeps: Bool, _ body: (Database) throws -> Value) throws(ArchiveError) -> Value {
        guard mode != .read else {
            throw ArchiveError(.denied, "was opened for reading, so nothing can be changed", path: path)
        }
        do {
            return try pool.writeWithoutTransaction { database in
                var value: Value?
                try database.inTransaction(.immediate) {
                    value = try body(database)
                    if keeps { try database.notifyChanges(in: .fullDatabase) }
                    return keeps ? .commit : .rollback
                }
                guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT, message: "nothing was done") }
                return value
            }
        } catch {
            throw ArchiveError(error, path: path)
        }
    }
}
