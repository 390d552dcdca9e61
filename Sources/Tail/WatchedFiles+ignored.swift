import Events

/// A file that was there at the start, to which nobody has written for long, and which is not opened before somebody does.
struct IgnoredFile {
    /// As it was found.
    var status: FileStatus
    /// Where it was left before the restart, with nothing unread behind it; nil when it was never read.
    var known: Checkpoint?

    /// From where it is read once it has changed: nothing old, and all that was written since it was found.
    var origin: Follower.Origin { known.map { .resume($0) } ?? .endedAt(status.size) }

    /// What is to be stored of it: where there was no checkpoint, one that proves nothing and holds its size.
    func checkpoint(at path: String) -> Checkpoint {
        var checkpoint =
            known
            ?? Checkpoint(
                path: path, identity: status.identity, generation: 0, offset: status.size, lines: nil, head: .none,
                before: .none)
        checkpoint.path = path
        return checkpoint
    }
}

extension WatchedFiles {
    /// Whether the file at `path` is left alone for its age; then it is shown as skipped.
    ///
    /// Decided once, when following begins. After that it is left alone, under whatever name, until its size or the time
    /// of its last change are others. What appears later is never too old.
    func leaveAlone(_ path: String, _ status: FileStatus, _ claim: Claim) -> Bool {
        guard status.kind == .regular else { return false }
        let inode = Inode(status.identity)
        if let known = ignored[inode], isSame(known.status.identity, status.identity) {
            guard hasChanged(known.status, status) else {
                showIgnored(path, known, claim)
                return true
            }
            return false
        }
        ignored[inode] = nil
        guard isStarting || lateStarters.contains(path), isOld(status, claim) else { return false }
        let known = checkpoint(of: status.identity)
        // With something unread, or cut since, it has been written to, whatever its time says.
        if let known, known.offset != status.size { return false }
        lateStarters.remove(path)
        let file = IgnoredFile(status: status, known: claimCheckpoint(of: status.identity))
        ignored[inode] = file
        showIgnored(path, file, claim)
        return true
    }

    /// Takes out what is known of a file that was left alone and has to be read now.
    func takeIgnored(_ identity: FileIdentity) -> IgnoredFile? {
        guard isIgnored(identity) else { return nil }
        return ignored.removeValue(forKey: Inode(identity))
    }

    func isIgnored(_ identity: FileIdentity) -> Bool {
        ignored[Inode(identity)].map { isSame($0.status.identity, identity) } ?? false
    }

    /// Forgets those that have no name any more.
    func forgetIgnored() {
        guard !ignored.isEmpty else { return }
        let present = Set(blocked.values.lazy.map { Inode($0.identity) })
        for inode in ignored.keys where !present.contains(inode) { ignored[inode] = nil }
    }

    private func isOld(_ status: FileStatus, _ claim: Claim) -> Bool {
        guard let limit = configuration.sources[claim.source].ignoreBefore else { return false }
        return status.modifiedNanoseconds / 1_000 < limit.microseconds
    }

    private func hasChanged(_ before: FileStatus, _ now: FileStatus) -> Bool {
        before.size != now.size || before.modifiedNanoseconds != now.modifiedNanoseconds
    }

    private func showIgnored(_ path: String, _ file: IgnoredFile, _ claim: Claim) {
        let written = Timestamp(seconds: file.status.modifiedNanoseconds / 1_000_000_000)
        block(
            path, .skipped, "ignore_older: last written to \(written); read when it is written to again", file.status,
            at: file.checkpoint(at: path))
    }
}
