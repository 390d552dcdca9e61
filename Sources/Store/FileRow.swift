package import Events

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
}
