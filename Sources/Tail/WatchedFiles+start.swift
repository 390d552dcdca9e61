import Events

extension WatchedFiles {
    /// Looks for what belongs to a log that was followed before the restart and no longer lies at its path: the file
    /// itself under a rotated name, and those that came and were rotated after it.
    ///
    /// What is found is read to its end. Of a checkpoint whose file is nowhere, nobody can tell what it still held.
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
                || isIgnored(newest.identity)
            let names = names(beside: stream)
            for path in names { resume(at: path, claim) }
            findElsewhere(claim, names)
            if !hasStayed {
                for path in names { begin(at: path, claim, bornAfter: newest.identity.birthNanoseconds) }
            }
        }
        known = []
    }

    /// Looks for what was made of files that are gone: a copy is gone on with here; archives are for the readers to open,
    /// since unpacking is not for this thread.
    private func findElsewhere(_ claim: Claim, _ names: [String]) {
        var free = names.filter { name in
            RotatedName.isRotation(name, of: claim.stream)
                && (relatives.followers(at: name) ?? []).allSatisfy { $0.isUnknownAtStart }
        }
        guard !free.isEmpty else { return }
        let lost = takeUnclaimed { checkpoint in
            checkpoint.head.length > 0 && self.claim(onRotated: checkpoint.path)?.stream == claim.stream
        }
        for checkpoint in lost {
            if let index = free.firstIndex(where: { holds($0, checkpoint) }) {
                let path = free.remove(at: index)
                if let follower = relatives.followers(at: path)?.first {
                    // Matched by a glob itself, and not read yet: it goes on where the file that is gone stood.
                    follower.origin = .resume(checkpoint)
                    queue.withLock { follower.standing.mark = checkpoint }
                    continue
                }
                do throws(SystemError) {
                    admit(path, try syscalls.statusOfPath(path, false), claim, as: .resume(checkpoint))
                } catch {
                    block(path, .unreadable, error.description)
                }
            } else {
                openLater(checkpoint, claim, free)
            }
        }
    }

    /// Makes a follower for a file that is gone; its first turn looks for its rest in archives.
    private func openLater(_ checkpoint: Checkpoint, _ claim: Claim, _ archives: [String]) {
        let status = FileStatus(
            identity: checkpoint.identity, kind: .regular, size: checkpoint.offset, modifiedNanoseconds: 0, links: 0)
        let follower = add(
            status, claim, path: checkpoint.path, descriptor: -1, origin: .archive(checkpoint, archives))
        queue.withLock {
            follower.assignment.isLeaving = true
            follower.standing.isIndependent = true
            follower.standing.phase = .parked
        }
        admitted.append(follower)
    }

    /// Whether the file at `path` holds, as it lies there, what the checkpoint proves.
    private func holds(_ path: String, _ checkpoint: Checkpoint) -> Bool {
        do throws(SystemError) {
            let descriptor = try syscalls.open(path)
            defer { syscalls.close(descriptor) }
            let headHolds = try checkpoint.head.holds(
                in: descriptor, endingAt: Int64(checkpoint.head.length), syscalls: syscalls)
            guard headHolds, try syscalls.status(descriptor).size >= checkpoint.offset else { return false }
            return try checkpoint.before.holds(in: descriptor, endingAt: checkpoint.offset, syscalls: syscalls)
        } catch {
            return false
        }
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

    /// Goes on with the file at `path` if it has a checkpoint.
    private func resume(at path: String, _ claim: Claim) {
        do throws(SystemError) {
            let status = try syscalls.statusOfPath(path, false)
            guard status.kind == .regular, relatives.follower(of: status.identity) == nil,
                let checkpoint = claimCheckpoint(of: status.identity)
            else { return }
            admit(path, status, claim, as: .resume(checkpoint))
        } catch {
            // Gone since it was listed.
        }
    }

    /// Begins the file at `path` if it was born (nanoseconds) after all that have a checkpoint, or in the same tick of the
    /// kernel's clock, and its name says that it was the log in between.
    private func begin(at path: String, _ claim: Claim, bornAfter: Int64) {
        guard bornAfter > 0, RotatedName.isRotation(path, of: claim.stream) else { return }
        do throws(SystemError) {
            let status = try syscalls.statusOfPath(path, false)
            guard status.kind == .regular, relatives.follower(of: status.identity) == nil,
                !isIgnored(status.identity), status.identity.birthNanoseconds >= bornAfter
            else { return }
            admit(path, status, claim, as: .beginning)
        } catch {
            // Gone since it was listed.
        }
    }
}
