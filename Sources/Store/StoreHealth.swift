package import Events

/// Whether all files are read and nothing was lost, in the numbers that say so.
package struct StoreHealth: Sendable, Equatable {
    /// Files that cannot be read.
    package var unreadable: Int
    /// Bytes of log given up, ever.
    package var bytesLost: Int64
    /// Messages of inputs that are no files given up, ever.
    package var messagesLost: Int64
    /// Bytes written and not yet accounted for, when the files were last looked at.
    package var lagBytes: Int64
    /// The oldest of these was written at most so many seconds ago.
    package var lagSeconds: Int64
    /// Files whose end has not been reached.
    package var filesBehind: Int
    /// The damaged store that was kept aside and is not brought back yet; nil for none.
    package var keptAside: String?

    package init(_ counts: StoreCounts, files: [FileRow], keptAside: String?, now: Timestamp) {
        self.keptAside = keptAside
        unreadable = counts.files[.unreadable] ?? 0
        bytesLost = counts.bytesLost
        messagesLost = counts.messagesLost
        lagBytes = files.reduce(0) { $0 + $1.lagBytes }
        let since = files.filter { $0.lagBytes > 0 }.compactMap { $0.backlog?.since }.min()
        lagSeconds = since.map { max(0, (now.microseconds - $0.microseconds) / Timestamp.microsecondsPerSecond) } ?? 0
        filesBehind = files.count { $0.backlog != nil }
    }

    package var isWell: Bool { unreadable == 0 && !isLost && keptAside == nil }

    /// Whether anything was given up.
    package var isLost: Bool { bytesLost > 0 || messagesLost > 0 }

    /// What was given up, in words: `0 B`, `3 KiB`, `12 messages`, `3 KiB, 12 messages`.
    package var lossText: String { LossText.text(bytes: bytesLost, messages: messagesLost) ?? Int64(0).asBytes }

    /// One object; see `add`.
    package func json(_ counts: StoreCounts, files: Int, learning: [String]) -> String {
        JSONText.object { add(to: &$0, counts, files: files, learning: learning) }.text
    }

    /// Adds the members of the JSON contract; fields are only ever added. `learning` names the sources that are being
    /// learned.
    package func add(to json: inout JSONText, _ counts: StoreCounts, files: Int, learning: [String]) {
        json.add("healthy", isWell)
        json.add("issues_open", counts.open.values.reduce(0, +))
        json.add("issues_unjudged", counts.unjudged)
        json.add(
            "open_by_severity",
            object: { json in
                for severity in Severity.allCases.reversed() {
                    json.add(severity.name, counts.open[severity] ?? 0)
                }
            })
        json.add("events", counts.events)
        json.add("nodes", counts.nodes.map(\.name))
        json.add("database_bytes", counts.databaseBytes)
        json.add("files", files)
        json.add("files_unreadable", unreadable)
        json.add("lag_bytes", lagBytes)
        json.add("bytes_lost", bytesLost)
        json.add("lag_seconds", lagSeconds)
        json.add("files_behind", filesBehind)
        json.add("sources_learning", learning)
        json.add("store_kept_aside", keptAside)
        json.add("messages_lost", messagesLost)
    }
}

extension FileRow {
    /// Bytes written and not yet accounted for, when the file was last looked at.
    fileprivate var lagBytes: Int64 { max(0, size - checkpoint.offset) }
}
