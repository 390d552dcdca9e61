/// How far one file has been followed, and what to do next: pure decisions over what stat and read have said.
///
/// Times are nanoseconds of a clock that only goes forward.
struct FollowState: Equatable, Sendable {
    /// The first byte not read.
    var position: Int64 = 0
    /// Whole lines are held back because their record may go on.
    var recordIsOpen = false
    /// Bytes of a line without its newline are held.
    var hasPartialLine = false
    /// No name of the file is followed any more: it was renamed, deleted or replaced.
    var isLeaving = false
    /// When bytes last came, or the file was last seen to begin anew.
    var lastGrowth: Int64 = 0

    /// What a look at the file's status asks for.
    enum Look: Equatable, Sendable {
        /// There is, or may be, something to read.
        case read
        /// It begins anew: another log in the same inode.
        case restart(RestartReason)
    }

    /// What to do with a file that has been read to its end.
    enum Rest: Equatable, Sendable {
        /// Take the open record as complete.
        case closeRecord
        /// Let the file go.
        case finish
        /// Nothing until it changes, or until that moment.
        case wait(until: Int64?)
    }

    /// What the status says before anything is read.
    func look(size: Int64) -> Look {
        size < position ? .restart(.shrunk(from: position, to: size)) : .read
    }

    /// What to do at the end of the file.
    ///
    /// A file is let go only at its end and after it was quiet, however long it has been leaving.
    func rest(now: Int64, recordQuiet: Int64, leavingQuiet: Int64) -> Rest {
        let quiet = now - lastGrowth
        if recordIsOpen && quiet >= recordQuiet { return .closeRecord }
        if isLeaving && quiet >= leavingQuiet { return .finish }
        if recordIsOpen { return .wait(until: lastGrowth + recordQuiet) }
        if isLeaving { return .wait(until: lastGrowth + leavingQuiet) }
        return .wait(until: nil)
    }
}

/// Why a file is read from its first byte again.
enum RestartReason: Equatable, Sendable, CustomStringConvertible {
    /// It is shorter than what was read of it.
    case shrunk(from: Int64, to: Int64)
    /// The bytes before the place where reading stands are no longer those that were read.
    case rewritten(at: Int64)
    /// It does not hold what the checkpoint says it held.
    case checkpointDiffers(at: Int64)

    var description: String {
        switch self {
        case .shrunk(let from, let to): "truncated from \(from) bytes or more to \(to), read from the beginning"
        case .rewritten(let at): "rewritten before byte \(at), read from the beginning"
        case .checkpointDiffers(let at):
            "not the file that was read to byte \(at) before the restart, read from the beginning"
        }
    }
}
