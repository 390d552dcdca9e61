internal import Events
internal import Foundation
internal import GRDB
internal import Triage

/// Reads and writes what people decided about issues: the columns of `issue` that an `IssueStanding` is made of.
struct StandingTable {
    private let find: BoundStatement
    private let update: BoundStatement
    private let titleUpdate: BoundStatement
    private let titleFind: BoundStatement

    init(_ database: Database) throws {
        find = try BoundStatement(
            database,
            """
            SELECT state, state_time, state_version, state_by, novelty, novelty_reason, novelty_judged, owner,
                ignore_until, is_automatic, reference, pack_severity, severity, pack_title, title,
                (SELECT id FROM issue AS target WHERE target.number = issue.merged_into), is_forgotten
            FROM issue WHERE number = ?1
            """)
        update = try BoundStatement(
            database,
            """
            UPDATE issue SET state = ?2, state_time = ?3, state_version = ?4, state_by = ?5, novelty = ?6,
                novelty_reason = ?7, novelty_judged = ?8, owner = ?9, ignore_until = ?10, is_automatic = ?11,
                reference = ?12,
                severity = coalesce(?13, pack_severity, severity),
                pack_severity = iif(?13 IS NULL, NULL, coalesce(pack_severity, severity)),
                title = coalesce(?14, pack_title, title),
                pack_title = iif(?14 IS NULL, NULL, coalesce(pack_title, title)),
                merged_into = (SELECT number FROM issue AS target WHERE target.id = ?15), is_forgotten = ?16
            WHERE number = ?1
            """)
        titleUpdate = try BoundStatement(
            database, "UPDATE issue_text SET title = ?2 WHERE rowid = ?1")
        titleFind = try BoundStatement(database, "SELECT title FROM issue WHERE number = ?1")
    }

    /// Throws where there is no such issue.
    func standing(of issue: Int64) throws -> IssueStanding {
        find.bind(issue, at: 1)
        let found = try find.first { row in
            IssueStanding(
                state: try row.word(0), stateTime: row.time(1), version: row.int(2), movedBy: row.optionalText(3),
                novelty: try row.word(4), noveltyReason: row.text(5),
                noveltyJudged: row.isNull(6) ? nil : try row.word(6), owner: row.optionalText(7),
                ignore: row.isNull(8) ? nil : try JSONColumn.decode(row.text(8)), isAutomatic: row.integer(9) != 0,
                reference: row.optionalText(10), severity: row.isNull(11) ? nil : try row.severity(12),
                title: row.isNull(13) ? nil : row.text(14), mergedInto: row.optionalText(15),
                isForgotten: row.integer(16) != 0)
        }
        guard let found else { throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "no issue \(issue)") }
        return found
    }

    func save(_ entry: AuditEntry, of issue: Int64) throws {
        let standing = entry.after
        update.bind(issue, at: 1)
        update.bind(standing.state.rawValue, at: 2)
        update.bind(standing.stateTime, at: 3)
        update.bind(standing.version, at: 4)
        update.bind(standing.movedBy, at: 5)
        update.bind(standing.novelty.rawValue, at: 6)
        update.bind(standing.noveltyReason, at: 7)
        update.bind(standing.noveltyJudged?.rawValue, at: 8)
        update.bind(standing.owner, at: 9)
        update.bind(try standing.ignore.map(JSONColumn.encode), at: 10)
        update.bind(standing.isAutomatic ? 1 : 0, at: 11)
        update.bind(standing.reference, at: 12)
        update.bind(standing.severity.map { Int64($0.rawValue) }, at: 13)
        update.bind(standing.title, at: 14)
        update.bind(standing.mergedInto, at: 15)
        update.bind(standing.isForgotten ? 1 : 0, at: 16)
        try update.run()
        guard entry.before.title != standing.title else { return }
        titleFind.bind(issue, at: 1)
        let title = try titleFind.first { $0.text(0) } ?? ""
        titleUpdate.bind(issue, at: 1)
        titleUpdate.bind(SearchText.flat(title), at: 2)
        try titleUpdate.run()
    }
}

/// Values kept as JSON in a column, keys sorted, so that equal values are equal texts.
enum JSONColumn {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Throws where the text was not written by `encode`, or by a later Margay.
    static func decode<Value: Decodable>(_ text: String) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a \(Value.self) in a row cannot be read")
        }
    }
}
