package import Events

/// A row that should be a checkpoint and cannot be one.
package struct DamagedCheckpoint: Sendable, Equatable {
    package var node: String
    /// As far as it can be told.
    package var path: String
    /// What is wrong, as a few words.
    package var reason: String
}

/// A path that matches and is not read, with its node.
package struct UnreadRow: Sendable, Equatable {
    package var node: String
    package var file: UnreadFile

    package init(node: String, file: UnreadFile) {
        self.node = node
        self.file = file
    }
}

/// A followed file as `margay sources` shows it.
package struct FileRow: Sendable, Equatable {
    package var node: String
    package var checkpoint: Checkpoint
    package var source: String
    package var state: FileState
    /// Bytes in the file when it was last looked at.
    package var size: Int64
    /// Since the file was first met, over its truncations.
    package var linesTotal: Int64
    package var eventsTotal: Int64
    package var bytesLost: Int64
    /// Why bytes were lost the last time; empty where none were.
    package var lossNote: String
    /// What is to be said of it now; empty when nothing is.
    package var note: String
    /// When the latest batch that speaks of it was closed.
    package var lastRead: Timestamp
    /// What was known to be unread then; nil when reading stood at the end.
    package var backlog: Backlog?
    /// Messages of an input that is no file that were given up.
    package var messagesLost: Int64
    /// What was read of late; nil for a store that has not counted it yet.
    package var rate: FileRate?
    /// When the latest batch with an event of it was closed; nil for none.
    package var lastEvent: Timestamp?

    package init(
        node: String, checkpoint: Checkpoint, source: String, state: FileState, size: Int64, linesTotal: Int64,
        eventsTotal: Int64, bytesLost: Int64, lossNote: String, note: String, lastRead: Timestamp, backlog: Backlog?,
        messagesLost: Int64 = 0, rate: FileRate? = nil, lastEvent: Timestamp? = nil
    ) {
        self.node = node
        self.checkpoint = checkpoint
        self.source = source
        self.state = state
        self.size = size
        self.linesTotal = linesTotal
        self.eventsTotal = eventsTotal
        self.bytesLost = bytesLost
        self.lossNote = lossNote
        self.note = note
        self.lastRead = lastRead
        self.backlog = backlog
        self.messagesLost = messagesLost
        self.rate = rate
        self.lastEvent = lastEvent
    }
}
