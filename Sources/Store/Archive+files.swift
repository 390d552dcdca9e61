package import Events
internal import GRDB

extension Archive {
    /// The number of the latest batch of `node` that was applied; 0 before the first.
    package func lastSequence(node: String) throws(ArchiveError) -> UInt64 {
        try read { database in
            let statement = try BoundStatement(database, "SELECT sequence FROM node WHERE name = ?1")
            statement.bind(node, at: 1)
            return try statement.first { $0.bits(0) } ?? 0
        }
    }

    /// Where reading goes on, one a file that `node` ever met, by path; also of files that are finished, so that a
    /// rotated one is not taken for a new one.
    package func checkpoints(node: String) throws(ArchiveError) -> [Checkpoint] {
        try files(node: node).map(\.checkpoint)
    }

    /// Names of the sources that `node` has followed with this store before.
    package func followedSources(node: String) throws(ArchiveError) -> Set<String> {
        let prefix = Archive.sourceSetting("", node: node)
        return try read { database in
            let statement = try BoundStatement(
                database, "SELECT name FROM setting WHERE substr(name, 1, length(?1)) = ?1")
            statement.bind(prefix, at: 1)
            return Set(try statement.all { String($0.text(0).dropFirst(prefix.count)) })
        }
    }

    /// The setting that says since when a source is followed.
    static func sourceSetting(_ source: String, node: String) -> String { "source/\(node)/\(source)" }

    /// The files of one node, or of all, by node and path; of one path the one last read comes first.
    package func files(node: String?) throws(ArchiveError) -> [FileRow] {
        try read { database in
            let statement = try BoundStatement(
                database,
                """
                SELECT node.name, file.path, file.device, file.inode, file.birth, file.generation, file.offset,
                    file.lines, file.head_length, file.head_hash, file.before_length, file.before_hash, file.source,
                    file.state, file.size, file.lines_total, file.events_total, file.bytes_lost, file.loss_note,
                    file.note, file.last_read, file.cursor
                FROM file JOIN node ON node.number = file.node
                WHERE ?1 IS NULL OR node.name = ?1
                ORDER BY node.name, file.path, file.last_read DESC, file.device, file.inode, file.birth
                """)
            statement.bind(node, at: 1)
            return try statement.all(Archive.fileRow)
        }
    }

    private static func fileRow(_ row: BoundStatement) throws -> FileRow {
        let checkpoint = Checkpoint(
            path: row.text(1),
            identity: FileIdentity(device: row.bits(2), inode: row.bits(3), birthNanoseconds: row.integer(4)),
            generation: row.int(5), offset: row.integer(6), lines: row.isNull(7) ? nil : row.integer(7),
            head: ContentProof(length: row.int(8), hash: row.bits(9)),
            before: ContentProof(length: row.int(10), hash: row.bits(11)),
            cursor: row.isNull(21) ? nil : row.text(21))
        return FileRow(
            node: row.text(0), checkpoint: checkpoint, source: row.text(12), state: try row.word(13),
            size: row.integer(14), linesTotal: row.integer(15), eventsTotal: row.integer(16),
            bytesLost: row.integer(17), lossNote: row.text(18), note: row.text(19), lastRead: row.time(20))
    }
}
