internal import GRDB

/// Copies what is searched of an issue; where that cannot be read, the title alone is searched from now on.
struct SearchTextCopy {
    private let find: BoundStatement
    private let title: BoundStatement
    private let insert: BoundStatement

    init(from old: Database, into new: Database) throws {
        find = try BoundStatement(old, "SELECT title, excerpt, notes FROM issue_text WHERE rowid = ?1")
        title = try BoundStatement(new, "SELECT title FROM issue WHERE number = ?1")
        insert = try BoundStatement(
            new, "INSERT INTO issue_text (rowid, title, excerpt, notes) VALUES (?1, ?2, ?3, ?4)")
    }

    func copy(_ issue: Int64, to place: Int64) throws {
        var texts: [String]?
        find.bind(issue, at: 1)
        do {
            texts = try find.first { row in (0..<3 as Range<Int32>).map { row.text($0) } }
        } catch let error as DatabaseError where error.isDamage {
            texts = nil
        }
        if texts == nil {
            title.bind(place, at: 1)
            texts = [SearchText.flat(try title.first { $0.text(0) } ?? ""), "", ""]
        }
        insert.bind(place, at: 1)
        for (column, text) in (texts ?? []).enumerated() { insert.bind(text, at: Int32(column) + 2) }
        try insert.run()
    }
}
