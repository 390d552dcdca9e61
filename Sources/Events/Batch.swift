/// What one scanning round found, as one value: the store applies it in one transaction, once, however often it is sent.
package struct Batch: Sendable, Codable {
    /// The host name the events came from.
    package var node: String
    /// Counts up by one from 1 for each node; a number that was applied already is not applied again.
    package var sequence: UInt64
    package var issues: [IssueDelta]
    /// The new state of every file that this batch accounts for.
    package var files: [FileProgress]
    /// Names of the sources that are followed from this batch on: a file without a checkpoint that is found in one of
    /// them after a restart appeared meanwhile, and is read from its first byte.
    package var sources: [String]
    /// All paths that match and are not read at that time; nil where they are as they were.
    package var unread: UnreadFiles?
    /// Requests that this batch counts whole, to be known again when they are repeated.
    package var requests: [ReportedRequest]
    /// What patterns have cost since it was last told; of those that were asked about anything.
    package var costs: [PatternCost]
    /// When the batch was closed.
    package var time: Timestamp

    package init(
        node: String, sequence: UInt64, issues: [IssueDelta], files: [FileProgress], sources: [String] = [],
        unread: UnreadFiles? = nil, requests: [ReportedRequest] = [], costs: [PatternCost] = [],
        time: Timestamp
    ) {
        self.node = node
        self.sequence = sequence
        self.issues = issues
        self.files = files
        self.sources = sources
        self.unread = unread
        self.requests = requests
        self.costs = costs
        self.time = time
    }
}

/// A request that reported events under a key of its sender's.
package struct ReportedRequest: Sendable, Codable, Hashable {
    package var key: String
    /// Hash of what was sent: the same key with another content is a mistake of the sender.
    package var digest: UInt64
    /// Events that were taken of it.
    package var events: Int

    package init(key: String, digest: UInt64, events: Int) {
        self.key = key
        self.digest = digest
        self.events = events
    }
}

/// What one batch adds to one issue.
package struct IssueDelta: Sendable, Codable, Equatable {
    package var fingerprint: Fingerprint
    package var pack: String
    package var pattern: String
    package var type: EventType
    package var severity: Severity
    package var title: String
    /// One line or an address: what to look at first. Nil where the pattern has none.
    package var runbook: String?
    /// Events added; at least 1.
    package var count: Int
    /// Earliest and latest event time among them.
    package var first: Timestamp
    package var last: Timestamp
    package var hours: [HourCount]
    package var files: [FileCount]
    /// At most `samplesMax`: the first, the last and three more.
    package var samples: [Sample]
    /// The pattern is told of even while its source is learned.
    package var isAlways: Bool
    /// What stays the same of its messages, where no pattern claims them; nil where one does.
    package var skeleton: String?
    /// The host that the events are about, where it is another than the batch's.
    package var node: String?

    package static let samplesMax = 5

    package init(
        fingerprint: Fingerprint, pack: String, pattern: String, type: EventType, severity: Severity, title: String,
        runbook: String? = nil, count: Int, first: Timestamp, last: Timestamp, hours: [HourCount],
        files: [FileCount], samples: [Sample], isAlways: Bool = false, skeleton: String? = nil, node: String? = nil
    ) {
        self.fingerprint = fingerprint
        self.pack = pack
        self.pattern = pattern
        self.type = type
        self.severity = severity
        self.title = title
        self.runbook = runbook
        self.count = count
        self.first = first
        self.last = last
        self.hours = hours
        self.files = files
        self.samples = samples
        self.isAlways = isAlways
        self.skeleton = skeleton
        self.node = node
    }
}

/// Events of one hour.
package struct HourCount: Sendable, Codable, Hashable {
    /// Whole hours since 1970, UTC.
    package var hour: Int64
    package var count: Int

    package init(hour: Int64, count: Int) {
        self.hour = hour
        self.count = count
    }
}

/// Events of one file.
package struct FileCount: Sendable, Codable, Hashable {
    package var path: String
    package var count: Int
    package var last: Timestamp

    package init(path: String, count: Int, last: Timestamp) {
        self.path = path
        self.count = count
        self.last = last
    }
}

/// One record as it was written, kept to be shown.
package struct Sample: Sendable, Codable, Hashable {
    package var file: String
    /// Number of its first line, from 1; nil where reading did not begin at the head of the file.
    package var line: Int64?
    /// Its first byte.
    package var offset: Int64
    package var time: Timestamp
    /// Valid UTF-8 whatever was read; at most `textBytesMax`.
    package var text: String
    package var fields: [String: String]
    /// Its rank in the reservoir: a fixed-key hash, so that every host and every restart keeps the same ones.
    package var rank: UInt64

    package static let textBytesMax = 16 * 1_024

    package init(
        file: String, line: Int64?, offset: Int64, time: Timestamp, text: String, fields: [String: String], rank: UInt64
    ) {
        self.file = file
        self.line = line
        self.offset = offset
        self.time = time
        self.text = text
        self.fields = fields
        self.rank = rank
    }
}

/// The state of one followed file after a batch: its checkpoint and what `margay sources` shows.
package struct FileProgress: Sendable, Codable, Hashable {
    package var checkpoint: Checkpoint
    /// Name of the source in the configuration, or its first glob.
    package var source: String
    package var state: FileState
    /// Bytes in the file when it was last looked at.
    package var size: Int64
    /// Added by this batch.
    package var lines: Int64
    /// Added by this batch.
    package var events: Int64
    /// Bytes that were given up by this batch, with the reason in `note`.
    package var bytesLost: Int64
    /// Why it is not read, what was lost, what was noticed; empty when there is nothing to say.
    package var note: String
    /// What is known to be unread; nil when it was read to its end, however much of its last record is still open.
    package var backlog: Backlog?
    /// Messages that were given up by this batch, of an input that is no file, with the reason in `note`.
    package var messagesLost: Int64
    /// Whether what is there at first is learned before what is new is told. Events that somebody reports on purpose are
    /// news from the first on.
    package var isLearned: Bool

    package init(
        checkpoint: Checkpoint, source: String, state: FileState, size: Int64, lines: Int64, events: Int64,
        bytesLost: Int64, note: String, backlog: Backlog? = nil, messagesLost: Int64 = 0, isLearned: Bool = true
    ) {
        self.checkpoint = checkpoint
        self.source = source
        self.state = state
        self.size = size
        self.lines = lines
        self.events = events
        self.bytesLost = bytesLost
        self.note = note
        self.backlog = backlog
        self.messagesLost = messagesLost
        self.isLearned = isLearned
    }
}

/// Since when and from where a file is being read without having been at its end.
package struct Backlog: Sendable, Codable, Hashable {
    /// The oldest unread byte is no older: when the file was last known to be read to its end, as far as that is known.
    package var since: Timestamp
    /// When reading began, which is later where Margay was down,
    package var begun: Timestamp
    /// and at which byte.
    package var offset: Int64

    package init(since: Timestamp, begun: Timestamp, offset: Int64) {
        self.since = since
        self.begun = begun
        self.offset = offset
    }
}

/// A path that matches a source and is not read.
package struct UnreadFile: Sendable, Codable, Hashable {
    package var path: String
    /// Name of the source; empty for a directory that cannot be listed.
    package var source: String
    /// `unreadable` or `skipped`.
    package var state: FileState
    /// Why.
    package var reason: String
    /// Bytes, as far as is known.
    package var size: Int64

    package init(path: String, source: String, state: FileState, reason: String, size: Int64) {
        self.path = path
        self.source = source
        self.state = state
        self.reason = reason
        self.size = size
    }
}

/// All such paths of a node, or as many as are worth keeping.
package struct UnreadFiles: Sendable, Codable, Hashable {
    /// By path; at most `filesMax`.
    package private(set) var files: [UnreadFile]
    /// How many there are besides.
    package private(set) var more: Int

    package static let filesMax = 1_000

    /// Of `all`, those that cannot be read first.
    package init(_ all: [UnreadFile]) {
        let ordered = all.filter { $0.state == .unreadable } + all.filter { $0.state != .unreadable }
        files = ordered.prefix(UnreadFiles.filesMax).sorted { $0.path < $1.path }
        more = max(0, all.count - UnreadFiles.filesMax)
    }
}

/// What is being done with a file.
package enum FileState: String, Sendable, Codable, CaseIterable {
    /// Followed under its path.
    case following
    /// Renamed or deleted, still read until its end.
    case draining
    /// Read to its end and let go.
    case finished
    /// Cannot be read now; tried again when it changes.
    case unreadable
    /// Matched by a glob and left alone on purpose; the note says why.
    case skipped
}
