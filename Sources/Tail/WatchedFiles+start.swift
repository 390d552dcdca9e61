import Events

extension WatchedFiles {
    /// Looks for what belongs to a log that was followed before the restart and no longer lies at its path: the file
    /// itself under a rotated name, and those that came and were rotated after it.
    ///
    /// What is found is read to its end. Checkpoints whose file is nowhere are dropped: nobody can tell what it held.
    func searchForLost() {
        var streams: [String: (claim: Claim, newest: Checkpoint)] = [:]
        for checkpoint in known.sorted(by: { $0.path < $1.path }) {
            guard let claim = claim(onRotated: checkpoint.path) else { continue }
            let newest = streams[claim.stream]?.newest ?? checkpoint
            let isNewer = checkpoint.identity.birthNanoseconds > newest.identity.birthNanoseconds
            streams[claim.stream] = (claim, isNewer ? checkpoint : newest)
        }
        for (stream, (claim, newest)) in streams.sorted(by: { $0.key < $1.key }) {
            // A log that is cut in place keeps its file at the path: then what lies beside it are copies.
            let hasStayed =
                newest.generation > 0
                || (relatives.followers(at: stream) ?? []).contains { $0.identity == newest.identity }
            for path in names(beside: stream) {
                resumeOrBegin(at: path, claim, bornAfter: hasStayed ? nil : newest.identity.birthNanoseconds)
            }
        }
        known = []
        unclaimed = [:]
    }

    private func names(beside stream: String) -> [String] {
        let directory = Discovery.parent(of: stream)
        do throws(SystemError) {
            return try syscalls.list(directory).sorted().map { Discovery.join(directory, $0) }
        } catch {
            // Shown already by the walk that could not list it.
            return []
        }
    }

    /// Goes on with the file at `path` if it has a checkpoint; begins it if it was born after all that have one (at
    /// `bornAfter`, nanoseconds) and its name says that it was the log in between.
    private func resumeOrBegin(at path: String, _ claim: Claim, bornAfter: Int64?) {
        do throws(SystemError) {
            let status = try syscalls.statusOfPath(path, false)
            guard status.kind == .regular, relatives.follower(of: status.identity) == nil else { return }
            if let checkpoint = unclaimed[Inode(status.identity)], checkpoint.identity == status.identity {
                unclaimed[Inode(status.identity)] = nil
                admit(path, status, claim, as: .resume(checkpoint))
            } else if let bornAfter, bornAfter > 0, status.identity.birthNanoseconds > bornAfter,
                RotatedName.isRotation(path, of: claim.stream)
            {
                admit(path, status, claim, as: .beginning)
            }
        } catch {
            // Gone since it was listed.
        }
    }
}
