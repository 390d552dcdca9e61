package import Events
package import Store
package import Tail

/// Brings together what the store knows and what lies on disk. Pure.
package struct SourceReport {
    /// Bytes that have to be unread before a file counts as catching up, rather than as being followed closely.
    static let catchingUpBytesMin: Int64 = 4 * 1_024 * 1_024

    /// What the store knows.
    package struct Known: Sendable {
        package var files: [FileRow]
        package var unread: [UnreadRow]
        /// When each node closed its latest batch.
        package var lastBatch: [String: Timestamp]
        /// Some process is its writer.
        package var isBeingWritten: Bool

        package init(
            files: [FileRow], unread: [UnreadRow], lastBatch: [String: Timestamp], isBeingWritten: Bool
        ) {
            self.files = files
            self.unread = unread
            self.lastBatch = lastBatch
            self.isBeingWritten = isBeingWritten
        }
    }

    /// `survey` is of the host `node`; files of other nodes are taken as the store has them. By node and path.
    package static func entries(
        _ known: Known, survey: SourceSurvey, node: String, now: Timestamp
    ) -> [SourceEntry] {
        let onDisk = Dictionary(survey.matches.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        var met: Set<String> = []
        var entries: [SourceEntry] = []
        for row in known.files {
            let status = row.node == node ? onDisk[row.checkpoint.path]?.status : nil
            entries.append(entry(row, status, known, now: now))
            // Where a finished file lay, another may lie by now.
            let isThere = row.state != .finished || status?.identity == row.checkpoint.identity
            if row.node == node, isThere { met.insert(row.checkpoint.path) }
        }
        for row in known.unread {
            // Read since, or gone, where nobody has told the store: what lies on disk says so.
            var entry = SourceEntry(
                path: row.file.path, node: row.node, source: row.file.source,
                state: row.file.state == .unreadable ? .unreadable : .skipped)
            entry.size = row.file.size
            entry.note = row.file.reason
            entries.append(entry)
            if row.node == node { met.insert(row.file.path) }
        }
        let names = Dictionary(
            known.files.filter { $0.node == node && $0.state != .finished }.map {
                ($0.checkpoint.identity, $0.checkpoint.path)
            }, uniquingKeysWith: { first, _ in first })
        for match in survey.matches where !met.contains(match.path) {
            entries.append(entry(match, node, readAs: match.status.flatMap { names[$0.identity] }))
        }
        for source in survey.empty {
            var entry = SourceEntry(
                path: source.globs.first ?? source.source, node: node, source: source.source, state: .missing)
            entry.note = source.reason
            entries.append(entry)
        }
        return entries.sorted { ($0.node, $0.path) < ($1.node, $1.path) }
    }

    /// `other`: under what name the file is read, where that is another one.
    private static func entry(
        _ match: SourceSurvey.Match, _ node: String, readAs other: String?
    ) -> SourceEntry {
        var entry = SourceEntry(path: match.path, node: node, source: match.source, state: .unseen)
        entry.size = match.status?.size ?? 0
        entry.identity = match.status?.identity
        if let glob = match.excludedBy {
            entry.state = .excluded
            entry.note = "left out by exclude: \(glob)"
        } else if let fault = match.fault {
            entry.state = match.status.map { $0.kind == .regular } ?? true ? .unreadable : .skipped
            entry.note = fault
        } else if let other {
            entry.state = .skipped
            entry.note = "another name of \(other), under which it is read"
        } else {
            entry.lagBytes = entry.size
            entry.note = "no 'margay watch' with this store has met it yet"
        }
        return entry
    }

    private static func entry(
        _ row: FileRow, _ status: FileStatus?, _ known: Known, now: Timestamp
    ) -> SourceEntry {
        var entry = SourceEntry(
            path: row.checkpoint.path, node: row.node, source: row.source,
            state: SourceEntry.State(rawValue: row.state.rawValue) ?? .following)
        entry.size = row.size
        entry.offset = row.checkpoint.offset
        entry.lines = row.linesTotal
        entry.events = row.eventsTotal
        entry.bytesLost = row.bytesLost
        entry.messagesLost = row.messagesLost
        entry.loss = row.lossNote
        entry.note = row.note
        entry.lastRead = row.lastRead
        entry.identity = row.checkpoint.identity
        entry.generation = row.checkpoint.generation
        entry.cursor = row.checkpoint.cursor
        entry.lastEvent = row.lastEvent
        if let rate = row.rate?.perMinute(lastRead: row.lastRead, now: now) {
            (entry.linesPerMinute, entry.bytesPerMinute) = rate
        }
        var since = row.backlog?.since
        if let status, status.identity == row.checkpoint.identity, status.size > row.size, row.state != .skipped {
            entry.size = status.size
            // What came since: while somebody follows, a moment ago; else at any time since the last batch.
            let written = Timestamp(microseconds: status.modifiedNanoseconds / 1_000)
            let stopped = max(row.lastRead, known.lastBatch[row.node] ?? row.lastRead)
            since = since ?? (known.isBeingWritten ? written : min(stopped, written))
        }
        entry.lagBytes = max(0, entry.size - entry.offset)
        if entry.lagBytes > 0, let since { entry.lagSeconds = seconds(from: since, to: now) }
        if let backlog = row.backlog, entry.lagBytes >= catchingUpBytesMin, row.state == .following {
            entry.catchingUp = catchingUp(row, backlog, left: entry.lagBytes)
        }
        return entry
    }

    private static func catchingUp(_ row: FileRow, _ backlog: Backlog, left: Int64) -> SourceEntry.CatchingUp {
        let read = max(0, row.checkpoint.offset - backlog.offset)
        let millis = max(1, (row.lastRead.microseconds - backlog.begun.microseconds) / 1_000)
        let rate = Int64(Double(read) * 1_000 / Double(millis))
        return SourceEntry.CatchingUp(
            percent: Int(Double(read) * 100 / Double(max(1, read + left))), bytesPerSecond: rate,
            secondsLeft: rate > 0 ? left / rate : 0)
    }

    private static func seconds(from: Timestamp, to: Timestamp) -> Int64 {
        max(0, (to.microseconds - from.microseconds) / Timestamp.microsecondsPerSecond)
    }
}
