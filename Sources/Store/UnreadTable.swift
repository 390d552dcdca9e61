internal import Events
internal import GRDB

/// Writes which paths of a node match and are not read: the whole list anew, since it is short and seldom changes.
struct UnreadTable {
    private let deletion: BoundStatement
    private let insertion: BoundStatement
    private let count: BoundStatement

    init(_ database: Database) throws {
        deletion = try BoundStatement(database, "DELETE FROM unread WHERE node = ?1")
        insertion = try BoundStatement(
            database,
            """
            INSERT OR REPLACE INTO unread (node, path, source, state, reason, size) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """)
        count = try BoundStatement(database, "UPDATE node SET unread_more = ?2 WHERE number = ?1")
    }

    func replace(with unread: UnreadFiles, node: Int64) throws {
        deletion.bind(node, at: 1)
        try deletion.run()
        for file in unread.files {
            insertion.bind(node, at: 1)
            insertion.bind(file.path, at: 2)
            insertion.bind(file.source, at: 3)
            insertion.bind(file.state.rawValue, at: 4)
            insertion.bind(file.reason, at: 5)
            insertion.bind(file.size, at: 6)
            try insertion.run()
        }
        count.bind(node, at: 1)
        count.bind(unread.more, at: 2)
        try count.run()
    }
}
