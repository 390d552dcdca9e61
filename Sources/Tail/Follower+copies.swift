import Events
import Glibc

/// Copytruncate: a log is copied to a rotated name and then cut to nothing, in the same inode. The copy must not be read
/// again where a glob matches it, and it alone has what was written between the last read and the cut.
extension Follower {
    /// What a file is with regard to those it may be a copy of.
    enum Verdict {
        case independent
        case copy(Relatives.Original)
        /// Equal so far; a copy that is being made looks like this, and so does a log that begins alike.
        case undecided
    }

    /// How a copy stands to its original.
    struct Shadow {
        var original: Follower
        var generation: Int
        var path: String
    }

    /// A copy that is being read in place of the file.
    struct OpenCopy {
        var descriptor: Int32
        var path: String
        /// Of the file at the path; where that is an archive, it is not what the descriptor stands for.
        var status: FileStatus
    }

    /// How long a file that begins like a relative may stay undecided without growing.
    private static let undecidedNanos: Int64 = 1_000_000_000

    /// Fewest bytes that prove a copy by its beginning alone, when the original can no longer be asked.
    static let provingHeadBytesMin = 256

    /// Fewest first bytes that tell one part of a log from another that may begin alike.
    static let tellingBytesMin = 16

    /// Decides, before anything is read and again while a copy changes, whether this file is one. Nil: it is a log of its
    /// own; else what its turn comes to.
    func turnOfCopy(_ status: FileStatus) throws(SystemError) -> TurnResult? {
        if isIndependent { return nil }
        if shadow == nil, let path = relatives.original(ofCopy: identity) {
            return try stayShadow(status, of: path)
        }
        if let shadow {
            let isFixed = relatives.original(ofCopy: identity) != nil
            let mark = relatives.mark(of: shadow.original)
            if isFixed || mark?.generation != shadow.generation { return try stayShadow(status, of: shadow.path) }
        }
        switch try judge(status) {
        case .copy(let original):
            shadow = Shadow(original: original.follower, generation: original.mark.generation, path: original.path)
            return try stayShadow(status, of: original.path)
        case .undecided:
            let now = clock()
            if status.size != undecidedSize { (undecidedSize, undecidedSince) = (status.size, now) }
            if now - undecidedSince < Follower.undecidedNanos {
                return .atEnd(lookAgain: undecidedSince + Follower.undecidedNanos)
            }
        case .independent: break
        }
        // Its original may have been cut while this was undecided, and its rest been read from here or from its archive.
        if undecidedSize >= 0, try isKnown(current.descriptor) { return try stayShadow(status, of: log) }
        if !relatives.declareIndependent(self) {
            return try stayShadow(status, of: relatives.original(ofCopy: identity) ?? current.path)
        }
        isIndependent = true
        if shadow != nil { origin = .beginning }
        shadow = nil
        return nil
    }

    /// Accounts for all that a copy holds, unread.
    private func stayShadow(_ status: FileStatus, of path: String) throws(SystemError) -> TurnResult {
        origin = .settled
        try begin(provenAt: status.size, lines: nil)
        size = status.size
        try growHead()
        fileState = .skipped
        taken.note("a copy of \(path)")
        if state.isLeaving {
            fileState = .finished
            return .finished
        }
        return .atEnd(lookAgain: nil)
    }

    private func judge(_ status: FileStatus) throws(SystemError) -> Verdict {
        var verdict = Verdict.independent
        for original in relatives.originals(of: self) {
            if isUnknownAtStart, original.hasOldCopies, RotatedName.isRotation(current.path, of: original.path) {
                return .copy(original)
            }
            guard original.mark.head.length > 0 else { continue }
            switch try compare(original, status.size) {
            case .copy(let original): return .copy(original)
            case .undecided: verdict = .undecided
            case .independent: break
            }
        }
        return verdict
    }

    private func compare(_ original: Relatives.Original, _ size: Int64) throws(SystemError) -> Verdict {
        let mark = original.mark
        let isWhole = size >= Int64(mark.head.length)
        if isWhole, try !proves(mark.head, endingAt: Int64(mark.head.length), in: current.descriptor) {
            return .independent
        }
        // Many logs begin with the same few bytes; of a file that nobody has seen being made, that says nothing.
        if isUnknownAtStart, mark.offset < Follower.tellingBytesMin { return .independent }
        if size >= mark.offset, mark.before.length > 0 {
            return try proves(mark.before, endingAt: mark.offset, in: current.descriptor)
                ? .copy(original) : .independent
        }
        // It is shorter than what was read of the original: only the original itself can tell, unless it was cut.
        switch try agrees(with: original, upTo: size) {
        case true?: return isWhole ? .copy(original) : .undecided
        case false?: return .independent
        case nil: return isWhole && mark.head.length >= Follower.provingHeadBytesMin ? .copy(original) : .undecided
        }
    }

    /// Whether the original holds the same bytes just before `end`; nil when it is not what it was, or cannot be read.
    private func agrees(with original: Relatives.Original, upTo end: Int64) throws(SystemError) -> Bool? {
        let descriptor: Int32
        do throws(SystemError) {
            descriptor = try syscalls.open(original.path)
        } catch {
            return nil
        }
        defer { syscalls.close(descriptor) }
        guard try syscalls.status(descriptor).identity == original.mark.identity,
            try proves(original.mark.head, endingAt: Int64(original.mark.head.length), in: descriptor),
            try proves(original.mark.before, endingAt: original.mark.offset, in: descriptor)
        else { return nil }
        var mine = [UInt8](repeating: 0, count: Int(min(end, Int64(Checkpoint.headBytesMax))))
        var theirs = mine
        let start = end - Int64(mine.count)
        let count = try read(&mine, at: start, in: current.descriptor)
        guard try read(&theirs, at: start, in: descriptor) == count else { return nil }
        return mine == theirs
    }

    /// Opens another regular file and keeps it open if `isWanted` says so.
    func open(
        _ path: String, if isWanted: (Int32, FileStatus) throws(SystemError) -> Bool
    ) throws(SystemError) -> OpenCopy? {
        let descriptor: Int32
        do throws(SystemError) {
            descriptor = try syscalls.open(path)
        } catch {
            // One that is not there or not for us is none; any other error may pass, and then this turn is taken again.
            guard [ENOENT, ENOTDIR, ELOOP, EACCES, EPERM, EISDIR, ENXIO].contains(error.number) else { throw error }
            if error.number == EACCES || error.number == EPERM, isFresh(path) { throw error }
            return nil
        }
        do throws(SystemError) {
            let status = try syscalls.status(descriptor)
            let isOther = Relatives.Inode(status.identity) != Relatives.Inode(identity)
            if status.kind == .regular, isOther, try isWanted(descriptor, status) {
                return OpenCopy(descriptor: descriptor, path: path, status: status)
            }
        } catch {
            syscalls.close(descriptor)
            throw error
        }
        syscalls.close(descriptor)
        return nil
    }

    /// Whether a file was written to just now. A copy is often made for its owner alone, and given the permissions of the
    /// log a moment later.
    private func isFresh(_ path: String) -> Bool {
        do throws(SystemError) {
            let age =
                WatchedFiles.dateOfFiles().microseconds
                - (try syscalls.statusOfPath(path, true).modifiedNanoseconds) / 1_000
            return age < Follower.freshMicros
        } catch {
            return false
        }
    }

    /// How long a file that may not be read is taken for one that soon may, in microseconds.
    private static let freshMicros: Int64 = 3_000_000
}
