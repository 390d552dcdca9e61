package import Events

/// One file on disk that is followed, whatever its name is at the moment.
///
/// `Tailer.next()` hands it to one thread, which takes its turns and gives it back with `Tailer.release(_:_:)`. Between the
/// two, all of it belongs to that thread.
package final class Follower: @unchecked Sendable {
    // Sendable: what is under "Shared" is touched under the lock of the queue that hands followers out, or only by the
    // watching thread, as said there; everything else only by the thread to which `next()` has handed the follower, and
    // the queue's lock orders one such thread before the other.

    /// Names the file in this process; never used again for another one.
    package let fileKey: Int
    package let sourceName: String
    /// A FIFO or standard input: read as it comes, without a checkpoint to go back to.
    package let isPipe: Bool
    /// Set when following ends: the next turn takes what is there, and takes it as complete. Pipes only.
    package var isToEnd = false
    /// What the scanner keeps about this file. Follow `Chunk.Ending`: after `.ended`, what comes next is another log.
    package var context: AnyObject?
    /// How long the file has to be at its end before its open record is taken as complete, in milliseconds; nil: as
    /// configured. For whoever scans it, during a turn.
    package var recordQuietMillis: Int?

    /// When it was found to have something to read for the first time since it was last at its end, in nanoseconds of
    /// the tailer's clock: what is unread was written no earlier. Constant during a turn.
    package internal(set) var wokenAt: Int64 = 0

    // MARK: Shared: under the queue's lock

    /// What the watching thread wants the next turn to work with.
    var assignment: Assignment
    var standing = Standing()
    /// Looked at and left alone; it is not opened again.
    var isSkipped = false

    // MARK: The watching thread's

    /// Which file this is; constant while the descriptor is open.
    let identity: FileIdentity
    let relatives: Relatives
    /// It lay there when following began, and no checkpoint told anything of it.
    let isUnknownAtStart: Bool
    /// The log it is a part of: its stream, or what its stream was rotated from.
    let log: String
    /// Where rotated parts of the log may lie: beside its path, and beside what a link there leads to.
    let places: [String]
    /// Orders the parts of a log: when it was made, or for an archive when the last line was written. Nanoseconds since 1970.
    let age: Int64
    /// Position of its source in `TailConfiguration.sources`.
    package let sourceIndex: Int
    /// As configured for its source.
    let encoding: TextEncoding
    let format: LineFormat
    /// How clocks of its source are read where no zone is written.
    let zone: TimeZoneRules
    /// Every path under which events about the file may come: the followed one, hops of links, names it was renamed to.
    var locations: Set<String> = []
    /// The last path it lay at, once it lies nowhere.
    var departedFrom: String?
    /// What stat last said of it, to notice changes where nothing tells of them.
    var lastStatus: FileStatus?

    // MARK: The turn's

    /// As handed out: constant during a turn.
    var current: Assignment
    var state = FollowState()
    var taken = Taken()
    let buffer: LineBuffer
    private let terms: TurnTerms
    var limits: TurnLimits { terms.limits }
    var syscalls: Syscalls { terms.syscalls }
    var clock: @Sendable () -> Int64 { terms.clock }
    var origin: Origin
    var generation = 0
    var lines: Int64?
    var head = ContentProof.none
    /// Stands for a file that is there no more, and reads what was made of it.
    let isFromArchive: Bool
    /// Its identity is that of the file that is opened, and not of one that is gone.
    let isUnderOwnIdentity: Bool
    /// While the archive it is to be read from is not whole.
    var unfinishedArchive: UnfinishedArchive?
    /// Read as a log of its own: no longer asked whether it is a copy.
    var isIndependent = false
    /// Of what this file is a copy, as far as is known.
    @Rare var shadow: Shadow? = nil
    var undecidedSince: Int64 = 0
    var undecidedSize: Int64 = -1
    /// The copy from which the rest of the log is read after it was cut; nil at all other times.
    @Rare var copy: OpenCopy? = nil
    /// The part of the log before this one, in the hands of the same thread for this turn: its open record may go on here.
    var forerunner: Follower?
    /// The open record of the log that this file was before it was cut.
    @Rare var carried: CarriedRecord? = nil
    /// Nothing of it has been accounted for since its first byte: its first lines may belong to the part before.
    var mayCarryOn = true
    /// Its first lines may belong to a record that has not been read to its end.
    var isBehindForerunner = false
    /// The part of the log in which the open record of this one goes on; that one closes it.
    weak var carriedOnBy: Follower?
    /// Its last turn ended before the end of the file.
    var hasMore = true
    /// The state of other files that this turn has accounted for.
    var settled: [FileProgress] = []
    /// How the text lies in the file, told anew by its head at the beginning of each log and when reading resumes.
    var layout = TextLayout.plain
    var form: TextForm { layout.form }
    /// Outputs whose lines are passed over up to the end of one that was cut.
    var passing: OutputSet = []
    /// The first line written in parts whose end is waited for.
    var awaited: AwaitedLine?
    /// Whether the first bytes of a pipe have told how its text lies in it.
    var isLayoutTold = false
    /// Bytes at the end of the file that are half a unit; not taken in before the other half is there.
    var cutUnitBytes = 0
    /// Inside a line that was cut: everything up to the next newline is passed over.
    var isDiscarding = false
    /// Inside a run of NULs that was recognised as a gap.
    var isInGap = false
    /// What was last worth saying, for whoever asks later.
    var lastNote = ""
    /// Since bytes last came, the open record was handed out as complete.
    var recordWasClosed = false
    /// Bytes in the file when it was last looked at, if the read after it shows that it still was the same log.
    var sizeToProve: Int64 = 0
    /// Bytes in the log when it was last looked at.
    var size: Int64 = 0
    var fileState = FileState.following

    init(
        fileKey: Int, status: FileStatus, source: (index: Int, files: SourceFiles), assignment: Assignment,
        log: String, places: [String], origin: Origin, isUnknownAtStart: Bool, relatives: Relatives, pool: BlockPool,
        terms: TurnTerms
    ) {
        self.fileKey = fileKey
        identity = status.identity
        isPipe = status.kind == .pipe
        sourceIndex = source.index
        sourceName = source.files.name
        encoding = source.files.encoding
        format = source.files.format
        zone = source.files.zone
        self.assignment = assignment
        current = assignment
        self.origin = origin
        self.relatives = relatives
        self.isUnknownAtStart = isUnknownAtStart
        if case .resume(let checkpoint) = origin { standing.known = checkpoint }
        if case .knownArchive(let checkpoint) = origin { standing.known = checkpoint }
        self.log = log
        self.places = places
        switch origin {
        case .archive:
            (isFromArchive, isUnderOwnIdentity) = (true, false)
            age = status.identity.birthNanoseconds
        case .unknownArchive, .knownArchive:
            (isFromArchive, isUnderOwnIdentity) = (true, true)
            age = status.modifiedNanoseconds
        default:
            (isFromArchive, isUnderOwnIdentity) = (false, true)
            age = status.identity.birthNanoseconds
        }
        isIndependent = isFromArchive
        self.terms = terms
        buffer = LineBuffer(pool: pool)
        size = status.size
        lastStatus = status
    }

    deinit {
        if assignment.descriptor >= 0 { syscalls.close(assignment.descriptor) }
        if let copy { syscalls.close(copy.descriptor) }
    }

    /// Over for good at its end.
    package var isStandardInput: Bool { identity == .standardInput }

    /// The path under which the file is found now; after a rename, its new name.
    package var path: String { current.path }

    /// The path that was followed when the file was found: the log it belongs to, across rotations.
    package var stream: String { current.stream }

    /// The state of the file, with the counts since the last call: what has to be stored together with what was found.
    ///
    /// Its checkpoint is the first byte not consumed. `events` is left 0.
    package func takeProgress() -> FileProgress {
        let progress = progress
        if !progress.note.isEmpty { lastNote = progress.note }
        taken = Taken()
        return progress
    }

    /// As `takeProgress()`, but leaves the counts in place.
    package var progress: FileProgress {
        return FileProgress(
            checkpoint: checkpoint, source: sourceName, state: fileState, size: max(size, buffer.position),
            lines: taken.lines, events: 0, bytesLost: taken.bytesLost, note: taken.note)
    }

    /// The state of other files that the turns since the last call have accounted for, to be stored together with what was
    /// found: of the part of the log before this one, and of archives.
    package func takeSettled() -> [FileProgress] {
        defer { settled = [] }
        return settled
    }

    var checkpoint: Checkpoint {
        if var checkpoint = carried?.checkpoint {
            checkpoint.path = current.path
            return checkpoint
        }
        // Until its archive is open, nothing more is known than before; to say less would lose its place.
        switch origin {
        case .archive(let checkpoint, _), .knownArchive(let checkpoint): return checkpoint
        case .resume(var checkpoint):
            checkpoint.path = current.path
            return checkpoint
        default: break
        }
        let before = buffer.beforeStart
        return Checkpoint(
            path: current.path, identity: identity, generation: generation, offset: buffer.offset, lines: lines,
            head: head, before: ContentProof(length: before.count, hash: SipHash.hash64(before)))
    }
}

extension Follower {
    /// What the watching thread says about a file.
    struct Assignment {
        var path: String
        var stream: String
        /// -1 while the file is closed.
        var descriptor: Int32
        /// No followed path leads to it any more.
        var isLeaving = false
    }

    /// Where the file stands between the threads.
    struct Standing {
        enum Phase {
            /// Nothing to do until it changes or a moment comes.
            case idle
            /// Waits to be handed out.
            case ready
            /// Waits until an older part of the same log has had its first turn.
            case parked
            /// Some thread has it.
            case taken
            /// Some thread has it, and it has changed since.
            case takenAndChanged
            /// Given up for good or for now; the watching thread knows why.
            case out
        }

        var phase = Phase.idle
        /// The part of the same log that must have had a turn before this one has its first: were we killed in between,
        /// a newer part with a checkpoint and an older one without would look as if the older had been dealt with.
        var comesAfter: Follower?
        /// The part of the same log before this one, as long as its open record may go on here.
        var forerunner: Follower?
        /// Parked until this one has had a turn.
        var successors: [Follower] = []
        /// When to look again though nothing has changed, in nanoseconds; nil: never.
        var lookAgain: Int64?
        /// The earliest moment under which the timer has it; nil: it does not.
        var timedAt: Int64?
        /// When it was made ready for the first time since it was at its end; nil while it is there.
        var wokenAt: Int64?
        /// When its last turn ended, in nanoseconds.
        var lastTurn: Int64 = 0
        /// As of the last release.
        var progress: FileProgress?
        /// What was known of it before its next turn, where that is not in its progress.
        @Rare var known: Checkpoint? = nil
        /// What is proven of its content, for those who look for copies.
        var mark: Checkpoint? { known ?? progress?.checkpoint }
        /// It was cut in place in an earlier run, and this run found it as that one had left it: copies that were made
        /// of it before are accounted for, whether or not a checkpoint of theirs was stored in time.
        var hasOldCopies = false
        /// It is being read as a log of its own.
        var isIndependent = false
    }

    /// How reading begins, settled in the first turn because it may need to read.
    indirect enum Origin {
        /// At byte 0.
        case beginning
        /// Behind the last newline.
        case end
        /// Behind the last newline before this byte: the file was found with so many, and not opened then.
        case endedAt(Int64)
        /// At the first record at or after the moment.
        case since(Timestamp)
        /// Where it stood before the restart, if the file proves to be the same.
        case resume(Checkpoint)
        /// Where it stood before the restart, in one of the archives at these paths.
        case archive(Checkpoint, [String])
        /// In this archive at its path, of which nothing is known.
        case unknownArchive
        /// Where it stood before the restart, in the archive at its path.
        case knownArchive(Checkpoint)
        /// Settled.
        case settled

        /// Nothing tells whether it was ever met; a checkpoint of nothing may have been stored while that was undecided.
        var provesNothing: Bool {
            switch self {
            case .beginning, .unknownArchive: true
            case .resume(let checkpoint):
                checkpoint.offset == 0 && checkpoint.head.length == 0 && checkpoint.generation == 0
            case .end, .endedAt, .since, .archive, .knownArchive, .settled: false
            }
        }
    }

    /// Counts since they were last taken.
    struct Taken {
        var lines: Int64 = 0
        var bytesLost: Int64 = 0
        var linesCut = 0
        /// Lines that are not as the file's wrapper writes them, handed out as they are.
        var linesForeign = 0
        /// Bytes of gaps: not lost, since they never held anything.
        var nulBytes: Int64 = 0
        var notes: [String] = []

        /// Notes between two commits; more of them say nothing more.
        private static let notesMax = 4

        mutating func note(_ text: String) {
            if notes.count < Taken.notesMax && !notes.contains(text) { notes.append(text) }
        }

        /// All that is to be said, in one line.
        var note: String {
            var all = notes
            if linesCut > 0 { all.append("\(linesCut) over-long line\(linesCut == 1 ? "" : "s") cut") }
            if linesForeign > 0 {
                all.append("\(linesForeign) line\(linesForeign == 1 ? "" : "s") not wrapped as the others")
            }
            if nulBytes > 0 { all.append("\(nulBytes) NUL bytes skipped") }
            return all.joined(separator: "; ")
        }
    }
}

/// What all followers of a tailer have in common.
final class TurnTerms: Sendable {
    let limits: TurnLimits
    let syscalls: Syscalls
    /// Nanoseconds of a clock that only goes forward.
    let clock: @Sendable () -> Int64

    init(limits: TurnLimits, syscalls: Syscalls, clock: @escaping @Sendable () -> Int64) {
        self.limits = limits
        self.syscalls = syscalls
        self.clock = clock
    }
}

/// The limits of `TailConfiguration` in the units of a turn.
struct TurnLimits: Sendable {
    var blockBytes: Int
    var lineBytesMax: Int
    var heldBytesMax: Int
    var joinedBytesMax: Int
    var continuation: RecordContinuation?
    var recordQuietNanos: Int64
    var leavingQuietNanos: Int64
    var partsWaitNanos: Int64

    init(_ configuration: TailConfiguration) {
        lineBytesMax = max(16, configuration.lineBytesMax)
        // A read no longer than a line may be: then only the first line of a read can be over the limit.
        blockBytes = max(16, min(configuration.blockBytes, lineBytesMax))
        heldBytesMax = max(lineBytesMax, configuration.heldBytesMax)
        joinedBytesMax = max(0, min(configuration.joinedBytesMax, heldBytesMax))
        continuation = configuration.continuation
        recordQuietNanos = Int64(configuration.recordQuietMillis) * 1_000_000
        leavingQuietNanos = Int64(configuration.leavingQuietMillis) * 1_000_000
        partsWaitNanos = Int64(configuration.partsWaitMillis) * 1_000_000
    }
}

/// What came of a turn; goes back to the tailer with the follower.
package enum TurnResult: Sendable, Hashable {
    /// The budget is used up, and there is more to read.
    case more
    /// Read to the end; look again at that moment (nanoseconds of the tailer's clock) even if nothing changes.
    case atEnd(lookAgain: Int64?)
    /// The file is over: its last chunk has `.ended`, and its progress is final.
    case finished
    /// It cannot be read now; tried again later. Nothing that was consumed is touched.
    case failed(String)
    /// It is left alone on purpose.
    case skipped(String)
}
