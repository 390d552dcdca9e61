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

    /// When the latest batch of `node` was closed; nil before the first.
    package func lastBatchTime(node: String) throws(ArchiveError) -> Timestamp? {
        try read { database in
            let statement = try BoundStatement(database, "SELECT batch_time FROM node WHERE name = ?1")
            statement.bind(node, at: 1)
            return try statement.first { $0.time(0) }
        }
    }

    /// The same of every node, by name.
    package func lastBatchTimes() throws(ArchiveError) -> [String: Timestamp] {
        try read { database in
            let statement = try BoundStatement(database, "SELECT name, batch_time FROM node")
            return Dictionary(try statement.all { ($0.text(0), $0.time(1)) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Where reading goes on, one a file that `node` met and that is not forgotten, by path; also of files that are
    /// finished, so that a rotated one is not taken for a new one.
    ///
    /// Damaged ones are left out: `damagedCheckpoints(node:)` has them.
    package func checkpoints(node: String) throws(ArchiveError) -> [Checkpoint] {
        try readFiles(node: node).rows.map(\.checkpoint)
    }

    /// Rows of `file` that cannot be a checkpoint, with what is wrong; of one node, or of all.
    package func damagedCheckpoints(node: String?) throws(ArchiveError) -> [DamagedCheckpoint] {
        try readFiles(node: node).damaged
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
    ///
    /// Damaged rows are left out.
    package func files(node: String?) throws(ArchiveError) -> [FileRow] { try readFiles(node: node).rows }

    /// The paths that match and are not read, by node and path, as of the latest batch that said so.
    package func unreadFiles(node: String?) throws(ArchiveError) -> [UnreadRow] {
        try read { database in
            let statement = try BoundStatement(
                database,
                """
                SELECT node.name, unread.path, unread.source, unread.state, unread.reason, unread.size
                FROM unread JOIN node ON node.number = unread.node
                WHERE ?1 IS NULL OR node.name = ?1
                ORDER BY node.name, unread.path
                """)
            statement.bind(node, at: 1)
            return try statement.all { row in
                UnreadRow(
                    node: row.text(0),
                    file: UnreadFile(
                        path: row.text(1), source: row.text(2), state: FileState(rawValue: row.text(3)) ?? .unreadable,
                        reason: row.text(4), size: row.integer(5)))
            }
        }
    }

    /// How many such paths were left out of the list, over all nodes.
    package func unreadFilesLeftOut() throws(ArchiveError) -> Int {
        try read { database in
            try BoundStatement(database, "SELECT sum(unread_more) FROM node").first { $0.int(0) } ?? 0
        }
    }

    private func readFiles(node: String?) throws(ArchiveError) -> (rows: [FileRow], damaged: [DamagedCheckpoint]) {
        try read { database in
            let statement = try BoundStatement(
                database,
                """
                SELECT node.name, file.path, file.device, file.inode, file.birth, file.generation, file.offset,
                    file.lines, file.head_length, file.head_hash, file.before_length, file.before_hash, file.source,
                    file.state, file.size, file.lines_total, file.events_total, file.bytes_lost, file.loss_note,
                    file.note, file.last_read, file.cursor, file.behind_since, file.behind_begun, file.behind_offset,
                    file.messages_lost,
                    iif(file.past_begun > 0, file.past_begun, file.rate_begun), file.past_lines + file.rate_lines, file.past_bytes + file.rate_bytes, file.last_event
                FROM file JOIN node ON node.number = file.node
                WHERE ?1 IS NULL OR node.name = ?1
                ORDER BY node.name, file.path, file.last_read DESC, file.device, file.inode, file.birth
                """)
            statement.bind(node, at: 1)
            var rows: [FileRow] = []
            var damaged: [DamagedCheckpoint] = []
            while try statement.step() {
                let row = Archive.fileRow(statement)
                if let fault = CheckpointCheck.fault(of: row.checkpoint) {
                    damaged.append(DamagedCheckpoint(node: row.node, path: row.checkpoint.path, reason: fault))
                } else {
                    rows.append(row)
                }
            }
            return (rows, damaged)
        }
    }

    /// A state that no version of ours knows is no reason to lose the place: the next turn tells it anew.
    private static func fileRow(_ row: BoundStatement) -> FileRow {
        let checkpoint = Checkpoint(
            path: row.text(1),
            identity: FileIdentity(device: row.bits(2), inode: row.bits(3), birthNanoseconds: row.integer(4)),
            generation: row.int(5), offset: row.integer(6), lines: row.isNull(7) ? nil : row.integer(7),
            head: ContentProof(length: row.int(8), hash: row.bits(9)),
            before: ContentProof(length: row.int(10), hash: row.bits(11)),
            cursor: row.isNull(21) ? nil : row.text(21))
        return FileRow(
            node: row.text(0), checkpoint: checkpoint, source: row.text(12),
            state: FileState(rawValue: row.text(13)) ?? .following,
            size: row.integer(14), linesTotal: row.integer(15), eventsTotal: row.integer(16),
            bytesLost: row.integer(17), lossNote: row.text(18), note: row.text(19), lastRead: row.time(20),
            backlog: row.isNull(22)
                ? nil : Backlog(since: row.time(22), begun: row.time(23), offset: row.integer(24)),
            messagesLost: row.integer(25),
            rate: row.integer(26) == 0
                ? nil : FileRate(begun: row.time(26), lines: row.integer(27), bytes: row.integer(28)),
            lastEvent: row.isNull(29) ? nil : row.time(29))
    }
}
