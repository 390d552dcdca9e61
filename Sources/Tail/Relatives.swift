import Events

/// Which file lies where, for the threads that read: a file has to know of the one it may be a copy of.
///
/// Everything is under the queue's lock; the watching thread alone changes the tables of names.
final class Relatives: @unchecked Sendable {
    // Sendable: every method takes the queue's lock; `unguarded…` are for the one thread that writes.
    private let queue: TurnQueue
    private var located: [String: [Follower]] = [:]
    private var byInode: [Inode: Follower] = [:]
    /// Files that turned out to be copies, and of what.
    private var copies: [Inode: String] = [:]
    /// The followed parts of each log.
    private var parts: [String: [Follower]] = [:]
    /// What is proven of parts that are not followed any more, the latest last.
    private var pastMarks: [String: [Checkpoint]] = [:]

    /// Past parts of one log that are remembered once one more has come to those known from before the start.
    private static let pastMarksMax = 64

    init(queue: TurnQueue) { self.queue = queue }

    /// A file on a device, without its birth: what stat and inotify compare.
    struct Inode: Hashable {
        var device: UInt64
        var inode: UInt64

        init(_ identity: FileIdentity) {
            device = identity.device
            inode = identity.inode
        }
    }

    /// What a possible original is known to hold.
    struct Original {
        var path: String
        var follower: Follower
        var mark: Checkpoint
        var hasOldCopies: Bool
    }

    // MARK: The watching thread

    func followers(at path: String) -> [Follower]? { located[path] }

    var paths: [String] { Array(located.keys) }

    func follower(of identity: FileIdentity) -> Follower? { byInode[Inode(identity)] }

    func add(_ follower: Follower) { queue.withLock { byInode[Inode(follower.identity)] = follower } }

    func forget(_ follower: Follower) {
        queue.withLock {
            let inode = Inode(follower.identity)
            if byInode[inode] === follower { byInode[inode] = nil }
            copies[inode] = nil
            parts[follower.log]?.removeAll { $0 === follower }
            if parts[follower.log]?.isEmpty == true { parts[follower.log] = nil }
            if let mark = follower.standing.mark { unguardedRemember(past: mark, of: follower.log) }
        }
    }

    private func unguardedRemember(past mark: Checkpoint, of log: String) {
        guard mark.head.length > 0 else { return }
        let last = (pastMarks[log] ?? []).suffix(Relatives.pastMarksMax - 1)
        pastMarks[log] = last + [mark]
    }

    /// Whether a file was a part of a log and is not followed any more.
    func wasPart(_ identity: FileIdentity, of log: String) -> Bool {
        queue.withLock { (pastMarks[log] ?? []).contains { $0.identity == identity } }
    }

    /// Remembers what is proven of a part of a log that nobody follows.
    func remember(past mark: Checkpoint, of log: String) {
        queue.withLock { unguardedRemember(past: mark, of: log) }
    }

    /// The newest followed part of a log of those older than `follower`.
    func newestPart(
        ofLogWith follower: Follower, isOlder: (Follower, Follower) -> Bool
    ) -> Follower? {
        queue.withLock { parts[follower.log] ?? [] }.filter { $0 !== follower && isOlder($0, follower) }.max(
            by: isOlder)
    }

    /// Notes that a file is a part of its log.
    func join(_ follower: Follower) { queue.withLock { parts[follower.log, default: []].append(follower) } }

    /// Remembers what was proven of parts of a log before the start.
    func remember(_ marks: [Checkpoint], of log: String) {
        queue.withLock { pastMarks[log] = marks.filter { $0.head.length > 0 } }
    }

    /// Lets go of all followers, which hold on to this: their files are closed with the last who has them.
    func forgetAll() {
        queue.withLock {
            byInode = [:]
            located = [:]
            parts = [:]
        }
    }

    func place(_ follower: Follower, at path: String) {
        queue.withLock { located[path, default: []].append(follower) }
    }

    func remove(_ follower: Follower, at path: String) {
        queue.withLock {
            located[path]?.removeAll { $0 === follower }
            if located[path]?.isEmpty == true { located[path] = nil }
        }
    }

    // MARK: Any thread

    /// Whether exactly this file is followed, or an inode that may be it.
    func isFollowed(_ identity: FileIdentity) -> Bool {
        queue.withLock {
            guard let known = byInode[Inode(identity)]?.identity.birthNanoseconds else { return false }
            return known == identity.birthNanoseconds || known == 0 || identity.birthNanoseconds == 0
        }
    }

    // MARK: Reading threads

    /// Files that `follower`, by its name, may be a copy of, with what was last known of them.
    func originals(of follower: Follower) -> [Original] {
        let bases = RotatedName.bases(of: follower.path)
        guard !bases.isEmpty else { return [] }
        return queue.withLock {
            let found = bases.flatMap { base in (located[base] ?? []).map { (path: base, follower: $0) } }
            return found.compactMap { path, original in
                guard original !== follower, original.shadow == nil, let mark = original.standing.mark else {
                    return nil
                }
                return Original(
                    path: path, follower: original, mark: mark, hasOldCopies: original.standing.hasOldCopies)
            }
        }
    }

    /// All that is proven of the parts of a log, except by `follower` itself.
    func marks(besides follower: Follower) -> [Checkpoint] {
        queue.withLock {
            (pastMarks[follower.log] ?? [])
                + (parts[follower.log] ?? []).filter { $0 !== follower }.compactMap(\.standing.mark)
        }
    }

    /// The present mark of an original; nil when it has none.
    func mark(of follower: Follower) -> Checkpoint? { queue.withLock { follower.standing.mark } }

    /// Gives a follower the descriptor of what it has unpacked.
    func attach(_ descriptor: Int32, to follower: Follower) {
        queue.withLock { follower.assignment.descriptor = descriptor }
    }

    /// Says that a file is what it was at the last checkpoint, and had been cut before.
    func declareOldCopies(of follower: Follower) { queue.withLock { follower.standing.hasOldCopies = true } }

    /// Whether somebody has found the file to be a copy, and of what.
    func original(ofCopy identity: FileIdentity) -> String? { queue.withLock { copies[Inode(identity)] } }

    /// Says that a file is a copy of what lies, or lay, at `path`; false when it is being read as a log of its own, or,
    /// if it has to be `unseen`, when anything is known of it already.
    func declareCopy(_ identity: FileIdentity, of path: String, unseen: Bool = false) -> Bool {
        let copy = queue.withLock { () -> (allowed: Bool, follower: Follower?) in
            let follower = byInode[Inode(identity)]
            if let follower, follower.standing.isIndependent { return (false, nil) }
            if unseen, copies[Inode(identity)] != nil || follower?.standing.mark != nil { return (false, nil) }
            copies[Inode(identity)] = path
            return (true, follower)
        }
        if let follower = copy.follower { queue.wake(follower) }
        return copy.allowed
    }

    /// Begins to read a file as a log of its own; false when it was found to be a copy in the meantime.
    func declareIndependent(_ follower: Follower) -> Bool {
        queue.withLock {
            if copies[Inode(follower.identity)] != nil { return false }
            follower.standing.isIndependent = true
            return true
        }
    }
}
