import Events

extension WatchedFiles {
    /// Looks for what belongs to a log that was followed before the restart and no longer lies at its path: the file
    /// itself under a rotated name, and those that came and were rotated after it.
    ///
    /// What is found is read to its end. Checkpoints whose file is nowhere are dropped: nobody can tell what it held.
    func searchForLost() {
        var streams: [String: (claim: Claim, births: [Int64])] = [:]
        for checkpoint in known.sorted(by: { $0.path < $1.path }) {
            guard let claim = claim(onRotated: checkpoint.path) else { continue }
            streams[claim.stream, default: (claim, [])].births.append(checkpoint.identity.birthNanoseconds)
        }
        for (stream, (claim, births)) in streams.sorted(by: { $0.key < $1.key }) {
            guard let newest = births.max() else { continue }
            for path in names(beside: stream) { resumeOrBegin(at: path, claim, newest) }
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

    /// Goes on with the file at `path` if it has a checkpoint; begins it if it was born after all that have one and its
    /// name says that it was the log in between.
    private func resumeOrBegin(at path: String, _ claim: Claim, _ newestBirth: Int64) {
        do throws(SystemError) {
            let status = try syscalls.statusOfPath(path, false)
            guard status.kind == .regular, relatives.follower(of: status.identity) == nil else { return }
            if let checkpoint = unclaimed[Inode(status.identity)], checkpoint.identity == status.identity {
                unclaimed[Inode(status.identity)] = nil
                admit(path, status, claim, as: .resume(checkpoint))
            } else if RotatedName.isRotation(path, of: claim.stream), newestBirth > 0,
                status.identity.birthNanoseconds > newestBirth
            {
                admit(path, status, claim, as: .beginning)
            }
        } catch {
            // Gone since it was listed.
        }
    }
}
