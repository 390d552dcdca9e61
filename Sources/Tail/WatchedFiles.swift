import Events
import Glibc

/// Every file that is or was matched, under which names it lies, and what the disk says of them: the watching side.
///
/// It turns events into questions ("what lies at this path now?") and answers them by stat: an event can be late, doubled
/// or lost without harm. Belongs to the watching thread, apart from `followers`, `blocked` and `polled`, which others read under
/// the queue's lock and which therefore change under it.
final class WatchedFiles {
    let configuration: TailConfiguration
    let terms: TurnTerms
    var limits: TurnLimits { terms.limits }
    let discovery: Discovery
    let syscalls: Syscalls
    let clock: @Sendable () -> Int64
    let queue: TurnQueue
    let watcher: DirectoryWatcher
    let pool: BlockPool

    private(set) var followers: [Int: Follower] = [:]
    /// Those of them that are pipes; the watching thread's.
    private(set) var pipes: [Int: Follower] = [:]
    private(set) var blocked: [String: Blocked] = [:]
    /// Which files lie, or lay until a moment ago, at a path.
    let relatives: Relatives
    /// Files deleted or replaced at a path while open: the kernel goes on telling of them under it, inotify(7).
    var departed: [String: [Follower]] = [:]
    /// Links that lead over a path.
    var dependents: [String: Set<String>] = [:]
    /// Paths to be looked at, in the order of the events.
    var touched: [String] = []
    var isTouched: Set<String> = []
    /// What a path inherits from the followed path that its file was renamed from.
    var lineage: [String: Claim] = [:]
    /// Opened in this round, not lined up yet.
    var admitted: [Follower] = []
    /// Files whose names or links have changed.
    var affected: [Int: Follower] = [:]
    var directories: Set<String> = []
    var awaited: Set<String> = []
    /// Directories that are looked at instead of watched, and why.
    private(set) var polled: [String: String] = [:]
    /// Files that could not be read when it was their turn, to be tried again.
    var failed: [Int: String] = [:]
    /// Paths that were there at the start and could not be opened then: the start policy is still theirs.
    var lateStarters: Set<String> = []
    /// Files left alone because nobody has written to them for long.
    var ignored: [Inode: IgnoredFile] = [:]
    /// Checkpoints whose file has not been found yet; kept, since a file may be unreadable for a while.
    private var unclaimed: [Inode: [Checkpoint]] = [:]
    /// All checkpoints given at the start, until the first round is over.
    var known: [Checkpoint]
    /// Logs that were followed before the start.
    private(set) var knownLogs: Set<String> = []
    /// What else was stored of files, by which archives that were dealt with are known again unopened.
    let stored: [FileIdentity: StoredFile]
    /// Archives that have appeared since the last round, and have not been moved there.
    var freshArchives: Set<String> = []
    /// Sources that were followed before the restart: what is new in them appeared meanwhile.
    var knownSources: Set<Int> = []
    var isStarting = true
    /// What is found now was there before it was looked for: it may be a copy of something.
    var isSearching = true
    /// Events were dropped: files may have gone where nothing told.
    var hasLostEvents = false
    /// When the last round was over, by the clock that dates files.
    var lastRound = Timestamp(microseconds: 0)
    /// Raised whenever a file becomes unreadable or readable; the watching thread's.
    var blockedChanges = 0
    var needsReconcile = true
    var nextReconcile: Int64 = 0
    var nextPoll: Int64 = 0
    var nextRetry: Int64 = 0
    private var nextKey = 1

    typealias Inode = Relatives.Inode

    /// To which source and log a path belongs.
    struct Claim {
        var source: Int
        var stream: String
    }

    /// A path that matches and is not followed.
    struct Blocked: Equatable {
        var source: Int?
        var state: FileState
        var reason: String
        var identity: FileIdentity
        var size: Int64
        /// Left alone for its age, with the place from which it is read once it is written to.
        var checkpoint: Checkpoint?
    }

    init(
        _ configuration: TailConfiguration, checkpoints: [Checkpoint], followedSources: Set<String>,
        stored: [FileIdentity: StoredFile], queue: TurnQueue, syscalls: Syscalls, clock: @escaping @Sendable () -> Int64
    ) throws(SystemError) {
        known = checkpoints
        self.stored = stored
        knownSources = Set(
            configuration.sources.indices.filter { followedSources.contains(configuration.sources[$0].name) })
        self.configuration = configuration
        self.queue = queue
        self.syscalls = syscalls
        self.clock = clock
        let limits = TurnLimits(configuration)
        terms = TurnTerms(limits: limits, syscalls: syscalls, clock: clock)
        relatives = Relatives(queue: queue)
        discovery = Discovery(sources: configuration.sources, syscalls: syscalls)
        watcher = try DirectoryWatcher(syscalls: syscalls)
        // Room for a block behind what is kept of a quiet file and the bytes that prove its place.
        pool = BlockPool(
            blockBytes: limits.blockBytes + LineBuffer.compactBytesMax + Checkpoint.beforeBytesMax,
            keptBytesMax: configuration.heldBytesTotalMax)
        for checkpoint in checkpoints {
            unclaimed[Inode(checkpoint.identity), default: []].append(checkpoint)
            if let claim = claim(onRotated: checkpoint.path) {
                knownSources.insert(claim.source)
                knownLogs.insert(log(of: claim.stream))
            }
        }
    }

    deinit { relatives.forgetAll() }

    /// One round: what the kernel tells, what readers gave back, what is due.
    func look() throws(SystemError) {
        replay(try watcher.takeEvents(limit: WatchedFiles.eventsMax))
        settleReturned()
        let now = clock()
        if needsReconcile || now >= nextReconcile { reconcile(now) }
        if now >= nextPoll { pollDirectories(now) }
        if now >= nextRetry { retry(now) }
        evaluateTouched()
        closeQuietFiles()
        lastRound = WatchedFiles.dateOfFiles()
    }

    /// The time by the clock that dates files.
    static func dateOfFiles() -> Timestamp {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Timestamp(microseconds: Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000)
    }

    /// When to look again though nothing is told, in nanoseconds.
    var nextLook: Int64 {
        var next = nextReconcile
        if !polled.isEmpty { next = min(next, nextPoll) }
        if !failed.isEmpty || blocked.values.contains(where: { $0.state == .unreadable }) {
            next = min(next, nextRetry)
        }
        return next
    }

    /// Events taken at once; more stay in the kernel's queue for the next round.
    private static let eventsMax = 16_384

    func touch(_ path: String) {
        if isTouched.insert(path).inserted { touched.append(path) }
        for link in dependents[path] ?? [] where isTouched.insert(link).inserted { touched.append(link) }
    }

    /// The source and log that a path belongs to by its own name, or by the name its file had a moment ago.
    func claim(on path: String) -> Claim? {
        if let source = discovery.source(of: path) { return Claim(source: source, stream: path) }
        return lineage[path]
    }

    /// The same for a path that may be a rotated one: `app.log.1` and `app.log-20261122` belong to `app.log`.
    func claim(onRotated path: String) -> Claim? {
        if let source = discovery.source(of: path) { return Claim(source: source, stream: path) }
        for base in RotatedName.bases(of: path) {
            if let source = discovery.source(of: base) { return Claim(source: source, stream: base) }
        }
        return nil
    }

    /// The log that a stream is a part of, where a glob matches rotated names as well and these were met under them.
    func log(of stream: String) -> String {
        RotatedName.bases(of: stream).last { base in
            RotatedName.isRotation(stream, of: base) && discovery.source(of: base) != nil
        } ?? stream
    }

    /// Whether a file with this identity lies where it cannot be opened now.
    func isBlocked(_ identity: FileIdentity) -> Bool {
        blocked.values.contains { $0.identity.inode == identity.inode && isSame($0.identity, identity) }
    }

    /// Takes the checkpoint of exactly this file out of those not claimed yet. Inode numbers are given out again, so there
    /// may be several for one.
    func claimCheckpoint(of identity: FileIdentity) -> Checkpoint? {
        let inode = Inode(identity)
        guard let index = unclaimed[inode]?.firstIndex(where: { isSame($0.identity, identity) }) else { return nil }
        return unclaimed[inode]?.remove(at: index)
    }

    /// The same without taking it out.
    func checkpoint(of identity: FileIdentity) -> Checkpoint? {
        unclaimed[Inode(identity)]?.first { isSame($0.identity, identity) }
    }

    /// Whether there are checkpoints whose file has not been found.
    var hasUnclaimed: Bool { unclaimed.values.contains { !$0.isEmpty } }

    /// The checkpoints whose file was not found, and which prove what they held.
    func takeUnclaimed(_ isWanted: (Checkpoint) -> Bool) -> [Checkpoint] {
        var wanted: [Checkpoint] = []
        for inode in unclaimed.keys {
            wanted += unclaimed[inode]?.filter(isWanted) ?? []
            unclaimed[inode]?.removeAll(where: isWanted)
        }
        return wanted.sorted { $0.identity.birthNanoseconds < $1.identity.birthNanoseconds }
    }

    /// Device and inode, and the birth where both know it.
    func isSame(_ left: FileIdentity, _ right: FileIdentity) -> Bool {
        left.device == right.device && left.inode == right.inode
            && (left.birthNanoseconds == right.birthNanoseconds || left.birthNanoseconds == 0
                || right.birthNanoseconds == 0)
    }

    func add(
        _ status: FileStatus, _ claim: Claim, path: String, descriptor: Int32, origin: Follower.Origin
    ) -> Follower {
        let log = log(of: claim.stream)
        let follower = Follower(
            fileKey: nextKey, status: status,
            source: (claim.source, configuration.sources[claim.source]),
            assignment: .init(path: path, stream: claim.stream, descriptor: descriptor),
            log: log, places: [log] + hops(of: log), origin: origin,
            isUnknownAtStart: isSearching && origin.provesNothing, relatives: relatives, pool: pool,
            terms: terms)
        nextKey += 1
        // The inode of a file that is gone may belong to another one by now.
        if follower.isUnderOwnIdentity { relatives.add(follower) }
        queue.withLock { followers[follower.fileKey] = follower }
        if follower.isPipe { pipes[follower.fileKey] = follower }
        return follower
    }

    /// Forgets a file that is closed and has no name any more.
    func forget(_ follower: Follower) {
        for path in follower.locations { remove(follower, at: path) }
        if let path = follower.departedFrom {
            departed[path]?.removeAll { $0 === follower }
            if departed[path]?.isEmpty == true { departed[path] = nil }
        }
        relatives.forget(follower)
        failed[follower.fileKey] = nil
        affected[follower.fileKey] = nil
        pipes[follower.fileKey] = nil
        queue.withLock { followers[follower.fileKey] = nil }
        queue.giveUp(follower)
    }

    func place(_ follower: Follower, at path: String) {
        guard follower.locations.insert(path).inserted else { return }
        relatives.place(follower, at: path)
        affected[follower.fileKey] = follower
    }

    func remove(_ follower: Follower, at path: String) {
        guard follower.locations.remove(path) != nil else { return }
        relatives.remove(follower, at: path)
        affected[follower.fileKey] = follower
    }

    /// Takes a file that is no longer at `path` off it, and keeps in mind that it was there.
    func depart(_ follower: Follower, from path: String) {
        remove(follower, at: path)
        guard follower.locations.isEmpty, follower.departedFrom == nil else { return }
        follower.departedFrom = path
        departed[path, default: []].append(follower)
    }

    /// Notes that a directory has to be looked at from time to time, or, without a reason, that it need not be.
    func poll(_ directory: String, because reason: String?) {
        if polled[directory] != reason { queue.withLock { polled[directory] = reason } }
    }

    func block(
        _ path: String, _ state: FileState, _ reason: String, _ status: FileStatus? = nil,
        at checkpoint: Checkpoint? = nil
    ) {
        let nobody = FileIdentity(device: 0, inode: 0, birthNanoseconds: 0)
        let entry = Blocked(
            source: claim(on: path)?.source, state: state, reason: reason, identity: status?.identity ?? nobody,
            size: status?.size ?? 0, checkpoint: checkpoint)
        if let known = blocked[path], known == entry { return }
        if isStarting && state == .unreadable { lateStarters.insert(path) }
        queue.withLock { blocked[path] = entry }
        blockedChanges += 1
    }

    func unblock(_ path: String) {
        guard blocked[path] != nil else { return }
        queue.withLock { blocked[path] = nil }
        blockedChanges += 1
    }
}
