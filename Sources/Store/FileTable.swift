internal import Events
internal import GRDB

/// Writes the state of followed files: one row an inode of a node, with its checkpoint.
struct FileTable {
    private let statement: BoundStatement

    init(_ database: Database) throws {
        // `loss_note` keeps the reason of the latest loss; `note` is as fleeting as what it speaks of.
        statement = try BoundStatement(
            database,
            """
            INSERT INTO file (node, device, inode, birth, generation, path, source, state, offset, lines, head_length,
                head_hash, before_length, before_hash, size, lines_total, events_total, bytes_lost, loss_note, note,
                last_read, cursor, behind_since, behind_begun, behind_offset, messages_lost,
                rate_begun, last_event)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                iif(?18 + ?25 > 0, ?19, ''), ?19, ?20, ?21, ?22, ?23, ?24, ?25,
                ?20, iif(?17 > 0, ?20, NULL))
            ON CONFLICT (node, device, inode, birth) DO UPDATE SET
                generation = excluded.generation, path = excluded.path, source = excluded.source,
                state = excluded.state, offset = excluded.offset, lines = excluded.lines,
                head_length = excluded.head_length, head_hash = excluded.head_hash,
                before_length = excluded.before_length, before_hash = excluded.before_hash, size = excluded.size,
                lines_total = lines_total + excluded.lines_total, events_total = events_total + excluded.events_total,
                bytes_lost = bytes_lost + excluded.bytes_lost,
                messages_lost = messages_lost + excluded.messages_lost,
                loss_note = iif(excluded.bytes_lost + excluded.messages_lost > 0, excluded.loss_note, loss_note),
                note = excluded.note,
                last_read = excluded.last_read, cursor = excluded.cursor, behind_since = excluded.behind_since,
                behind_begun = excluded.behind_begun, behind_offset = excluded.behind_offset,
                last_event = coalesce(excluded.last_event, last_event), \(FileTable.rates)
            """)
    }

    /// A span that has lasted long enough becomes the past one, with what this batch adds, and the next one begins; where
    /// nothing came for as long, what came before is no part of it. `offset` here is where reading stood before.
    private static let rates = """
        past_begun = iif(\(isOver), iif(\(isStale), excluded.last_read, rate_begun), past_begun),
        past_lines = iif(\(isOver), iif(\(isStale), 0, rate_lines) + excluded.lines_total, past_lines),
        past_bytes = iif(\(isOver), iif(\(isStale), 0, rate_bytes) + \(bytes), past_bytes),
        rate_begun = iif(\(isOver), excluded.last_read, rate_begun),
        rate_lines = iif(\(isOver), 0, rate_lines + excluded.lines_total),
        rate_bytes = iif(\(isOver), 0, rate_bytes + \(bytes))
        """
    private static let isOver = "excluded.last_read - rate_begun >= \(FileRate.spanMicroseconds)"
    private static let isStale = "excluded.last_read - last_read >= \(FileRate.spanMicroseconds)"
    /// A file that was cut is read from its first byte.
    private static let bytes =
        "max(0, iif(excluded.generation = generation, excluded.offset - offset, excluded.offset))"

    func upsert(_ progress: FileProgress, node: Int64, time: Timestamp) throws {
        let checkpoint = progress.checkpoint
        statement.bind(node, at: 1)
        statement.bind(checkpoint.identity.device, at: 2)
        statement.bind(checkpoint.identity.inode, at: 3)
        statement.bind(checkpoint.identity.birthNanoseconds, at: 4)
        statement.bind(checkpoint.generation, at: 5)
        statement.bind(checkpoint.path, at: 6)
        statement.bind(progress.source, at: 7)
        statement.bind(progress.state.rawValue, at: 8)
        statement.bind(checkpoint.offset, at: 9)
        statement.bind(checkpoint.lines, at: 10)
        statement.bind(checkpoint.head.length, at: 11)
        statement.bind(checkpoint.head.hash, at: 12)
        statement.bind(checkpoint.before.length, at: 13)
        statement.bind(checkpoint.before.hash, at: 14)
        statement.bind(progress.size, at: 15)
        statement.bind(progress.lines, at: 16)
        statement.bind(progress.events, at: 17)
        statement.bind(progress.bytesLost, at: 18)
        statement.bind(progress.note, at: 19)
        statement.bind(time, at: 20)
        statement.bind(checkpoint.cursor, at: 21)
        statement.bind(progress.backlog?.since.microseconds, at: 22)
        statement.bind(progress.backlog?.begun.microseconds, at: 23)
        statement.bind(progress.backlog?.offset, at: 24)
        statement.bind(progress.messagesLost, at: 25)
        try statement.run()
    }
}
