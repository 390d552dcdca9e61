package import Events
internal import GRDB

/// A query that somebody saved under a name.
package struct SavedView: Sendable, Equatable {
    package var name: String
    package var query: String
    package var author: String
    package var time: Timestamp

    package init(name: String, query: String, author: String, time: Timestamp) {
        self.name = name
        self.query = query
        self.author = author
        self.time = time
    }

    /// Longest name, in bytes; the query is checked by its parser.
    package static let nameBytesMax = 100
}

extension Archive {
    /// By name.
    package func views() throws(ArchiveError) -> [SavedView] {
        try read { database in
            let statement = try BoundStatement(database, "SELECT name, query, who, time FROM view ORDER BY name")
            return try statement.all { row in
                SavedView(name: row.text(0), query: row.text(1), author: row.text(2), time: row.time(3))
            }
        }
    }

    /// Keeps a view, in place of one of the same name. For `.change` and `.write`.
    package func save(_ view: SavedView) throws(ArchiveError) {
        try change(keeps: true) { database in
            let statement = try BoundStatement(
                database, "INSERT OR REPLACE INTO view (name, query, who, time) VALUES (?1, ?2, ?3, ?4)")
            statement.bind(view.name, at: 1)
            statement.bind(view.query, at: 2)
            statement.bind(view.author, at: 3)
            statement.bind(view.time, at: 4)
            try statement.run()
        }
    }

    /// Returns whether there was one of that name. For `.change` and `.write`.
    package func removeView(_ name: String) throws(ArchiveError) -> Bool {
        try change(keeps: true) { database in
            let statement = try BoundStatement(database, "DELETE FROM view WHERE name = ?1")
            statement.bind(name, at: 1)
            try statement.run()
            return statement.changes > 0
        }
    }
}
