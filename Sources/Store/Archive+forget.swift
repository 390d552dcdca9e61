package import Events
internal import GRDB

/// A file of which nothing has been heard for a while.
package struct QuietFile: Sendable, Equatable {
    /// Its path, identity and proofs; a damaged row comes as it is.
    package var checkpoint: Checkpoint
    package var lastRead: Timestamp
}

extension Archive {
    /// How many files of `node` are known.
    package func fileCount(node: String) throws(ArchiveError) -> Int {
        try read { database in
            let statement = try BoundStatement(
                database,
                "SELECT count(*) FROM file WHERE node = (SELECT number FROM node WHERE name = ?1)")
            statement.bind(node, at: 1)
            return try statement.first { $0.int(0) } ?? 0
        }
    }

    /// At most `limit` files of `node` of which nothing was heard since `time`, those quiet longest first, after the
    /// first `skipping`. Costs one pass over the files of the node.
    package func quietFiles(
        node: String, before time: Timestamp, skipping: Int, limit: Int
    ) throws(ArchiveError) -> [QuietFile] {
        try read { database in
            let statement = try BoundStatement(
                database,
                """
                SELECT path, device, inode, birth, last_read FROM file
                WHERE node = (SELECT number FROM node WHERE name = ?1) AND last_read < ?2
                ORDER BY last_read, device, inode, birth LIMIT ?4 OFFSET ?3
                """)
            statement.bind(node, at: 1)
            statement.bind(time, at: 2)
            statement.bind(skipping, at: 3)
            statement.bind(limit, at: 4)
            return try statement.all { row in
                QuietFile(
                    checkpoint: Checkpoint(
                        path: row.text(0),
                        identity: FileIdentity(
                            device: row.bits(1), inode: row.bits(2), birthNanoseconds: row.integer(3)),
                        generation: 0, offset: 0, lines: nil, head: .none, before: .none), lastRead: row.time(4))
            }
        }
    }

    /// Forgets files of `node`: their checkpoints and totals. The bytes they lost stay in the sum of the node, and the
    /// counts of issues by file do not hang on them.
    ///
    /// A source that is not `configured` and has no file left counts as never followed, so that it is begun anew should
    /// it come back. One transaction. Throws as `apply` does.
    package func forget(
        _ files: [FileIdentity], node: String, configured: Set<String>
    ) throws(ArchiveError) {
        guard mode == .write else {
            throw ArchiveError(.denied, "was opened for reading, so nothing can be forgotten", path: path)
        }
        do {
            try pool.write { database in
                try Archive.forget(files, node: node, database)
                try Archive.forgetSources(node: node, configured: configured, database)
            }
        } catch {
            throw ArchiveError(error, path: path)
        }
    }

    private static func forget(_ files: [FileIdentity], node: String, _ database: Database) throws {
        let row = """
            file.node = (SELECT number FROM node WHERE name = ?1) AND device = ?2 AND inode = ?3 AND birth = ?4
            """
        let losses = try BoundStatement(
            database,
            """
            UPDATE node SET bytes_lost_forgotten = bytes_lost_forgotten
                + coalesce((SELECT bytes_lost FROM file WHERE \(row)), 0)
            WHERE name = ?1
            """)
        let deletion = try BoundStatement(database, "DELETE FROM file WHERE \(row)")
        for identity in files {
            for statement in [losses, deletion] {
                statement.bind(node, at: 1)
                statement.bind(identity.device, at: 2)
                statement.bind(identity.inode, at: 3)
                statement.bind(identity.birthNanoseconds, at: 4)
                try statement.run()
            }
        }
    }

    private static func forgetSources(node: String, configured: Set<String>, _ database: Database) throws {
        let prefix = sourceSetting("", node: node)
        let known = try BoundStatement(
            database,
            """
            SELECT name FROM setting WHERE substr(name, 1, length(?1)) = ?1 AND NOT EXISTS (
                SELECT 1 FROM file WHERE node = (SELECT number FROM node WHERE name = ?2)
                    AND source = substr(setting.name, length(?1) + 1))
            """)
        known.bind(prefix, at: 1)
        known.bind(node, at: 2)
        let gone = try known.all { $0.text(0) }.filter { !configured.contains(String($0.dropFirst(prefix.count))) }
        let deletion = try BoundStatement(database, "DELETE FROM setting WHERE name = ?1")
        for name in gone {
            deletion.bind(name, at: 1)
            try deletion.run()
        }
    }
}
