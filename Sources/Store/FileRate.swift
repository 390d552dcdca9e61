package import Events

/// What was read of a file of late: of the span that is being measured and of the one before it.
package struct FileRate: Sendable, Equatable {
    /// A span ends with the first batch after so many microseconds: a minute.
    package static let spanMicroseconds: Int64 = 60 * Timestamp.microsecondsPerSecond

    /// When the earlier span began.
    package var begun: Timestamp
    /// Since then.
    package var lines: Int64
    package var bytes: Int64

    package init(begun: Timestamp, lines: Int64, bytes: Int64) {
        self.begun = begun
        self.lines = lines
        self.bytes = bytes
    }

    /// Lines and bytes a minute at `now`, over one minute at least and three at most; nothing where none came for two
    /// minutes. `lastRead` is when the file was last told of.
    package func perMinute(lastRead: Timestamp, now: Timestamp) -> (lines: Int64, bytes: Int64) {
        let quiet = now.microseconds - lastRead.microseconds
        guard quiet < 2 * FileRate.spanMicroseconds else { return (0, 0) }
        let span = max(FileRate.spanMicroseconds, now.microseconds - begun.microseconds)
        let minutes = Double(span) / Double(FileRate.spanMicroseconds)
        return (Int64((Double(lines) / minutes).rounded()), Int64((Double(bytes) / minutes).rounded()))
    }
}
