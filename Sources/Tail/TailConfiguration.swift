package import Events

/// Which files to follow, and within what limits.
package struct TailConfiguration: Sendable {
    package var sources: [SourceFiles]
    /// Bytes read at once: large enough that a call costs nothing, small enough to stay in the cache.
    package var blockBytes = 256 * 1_024
    /// Longest line, in bytes without its newline; what goes beyond is cut and counted as lost.
    package var lineBytesMax = 1_024 * 1_024
    /// Most bytes of whole lines that a scanner may leave unconsumed; then its open record is closed for it.
    package var heldBytesMax = 2 * 1_024 * 1_024
    /// Most bytes held for all files together; beyond it they are dropped and read again when they are wanted.
    package var heldBytesTotalMax = 64 * 1_024 * 1_024
    /// How long a file has to be at its end before its open record is taken as complete.
    package var recordQuietMillis = 250
    /// How long a file that has left its path is kept at its end, in case its writer still holds it.
    package var leavingQuietMillis = 30_000
    /// How long a line that a container runtime wrote in parts is waited for before it is shown as far as it is there.
    package var partsWaitMillis = 5_000
    /// How often everything is compared with the disk, whatever inotify said.
    package var reconcileSeconds = 120
    /// How often a directory that cannot be watched is looked at.
    package var pollMillis = 1_000
    /// How often a file that cannot be opened is tried again, besides at every change of it.
    package var retryMillis = 5_000
    /// Most files held open; beyond it, those quiet longest are closed and opened again when they change.
    package var openFilesMax = 16_384
    /// Most bytes of a record that began in one file and goes on in the next.
    package var joinedBytesMax = 256 * 1_024
    /// Whether the record that is open at the end of one part of a log goes on at the head of the next part. Nil: none
    /// does. Any thread.
    package var continuation: RecordContinuation?
    /// Most files known at a time; what is found beyond it is shown as skipped.
    package var filesMax = 200_000

    package init(sources: [SourceFiles]) { self.sources = sources }
}

/// Asks how many of the whole lines in `next` carry on the record in `open`; an empty `open` is a record that nobody has
/// seen. Bytes of UTF-8, good for the length of the call. `context` is the `Follower.context` of the part in which the
/// record began, nil where nothing was read of it yet.
package typealias RecordContinuation =
    @Sendable (_ open: UnsafeRawBufferPointer, _ next: UnsafeRawBufferPointer, _ context: AnyObject?) -> CarriedLines

/// Lines that carry on a record.
package struct CarriedLines: Equatable, Sendable {
    /// Bytes of whole lines, from the first on.
    package var bytes: Int
    /// No line after them is known to begin another record.
    package var isOpen: Bool

    package init(bytes: Int, isOpen: Bool) {
        self.bytes = bytes
        self.isOpen = isOpen
    }
}

/// The files of one source.
package struct SourceFiles: Sendable {
    /// Its name in the configuration, or its first glob.
    package var name: String
    /// Absolute globs; a path has to match one of them,
    package var include: [Glob]
    /// and none of these.
    package var exclude: [Glob]
    package var start: StartPolicy
    package var encoding: TextEncoding
    package var format: LineFormat
    /// It is standard input, and no file.
    package var isStandardInput = false
    /// How times without a zone are read when a place to start is looked for.
    package var zone: TimeZoneRules
    /// A file that is there at the start, was last written to before this moment and has nothing left to read by its
    /// checkpoint is not opened before it is written to again. Nil: all are.
    package var ignoreBefore: Timestamp?

    /// What standard input is called where a path is expected.
    package static let standardInputPath = "-"

    package init(
        name: String, include: [Glob], exclude: [Glob] = [], start: StartPolicy = .end,
        encoding: TextEncoding = .automatic, format: LineFormat = .automatic, zone: TimeZoneRules = .utc,
        ignoreBefore: Timestamp? = nil
    ) {
        self.name = name
        self.include = include
        self.exclude = exclude
        self.start = start
        self.encoding = encoding
        self.format = format
        self.zone = zone
        self.ignoreBefore = ignoreBefore
    }
}

/// Where reading begins in a file that was there before the source was.
///
/// A file that appears later is always read from its first byte.
package enum StartPolicy: Hashable, Sendable {
    case end
    case beginning
    /// At the first record at or after the moment; from the end where the file was last written to before it, from the
    /// beginning where its lines tell no dates.
    case since(Timestamp)
}

/// How text lies in a file.
package enum TextEncoding: String, Hashable, Sendable {
    /// UTF-8, or UTF-16 where a byte order mark at the head says so.
    case automatic
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    case latin1
}

/// What each line of a file is wrapped in.
package enum LineFormat: String, Hashable, Sendable, CaseIterable {
    /// What the first line of the file shows.
    case automatic = "auto"
    /// Nothing.
    case plain
    case docker
    case cri
}
