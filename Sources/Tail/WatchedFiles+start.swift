import Events

extension WatchedFiles {
    /// A log that was followed before the restart.
    private struct KnownLog {
        var claim: Claim
        var checkpoints: [Checkpoint] = []
        /// Names beside it that rotation gives.
        var rotations: [String] = []
    }

    /// What was done up to so long before it was last stored is taken as dealt with: far longer than a part of a log
    /// waits for its first turn. Nanoseconds.
    private static let marginNanos: Int64 = 60_000_000_000

    /// Looks for what belongs to a log that was followed before the restart and no longer lies at its path: the file
    /// itself under a rotated name or in an archive, and those that came and were rotated after it.
    ///
    /// What is found is read to its end. Of a checkpoint whose file is nowhere, nobody can tell what it still held.
    /// Costs a stat for each rotated name; opens nothing that was dealt with before.
    func searchForLost() {
        var logs: [String: KnownLog] = [:]
        for checkpoint in known {
            guard let claim = claim(onRotated: checkpoint.path) else { continue }
            let log = log(of: claim.stream)
            logs[log, default: KnownLog(claim: Claim(source: claim.source, stream: log))].checkpoints.append(checkpoint)
        }
        listRotations(&logs)
        for (log, known) in logs.sorted(by: { $0.key < $1.key }) {
            // Of a part of which nothing was accounted for, whatever is left is read as new.
            relatives.remember(known.checkpoints.filter { $0.lines != 0 }, of: log)
            findElsewhere(log, known)
            let times = known.checkpoints.map { stored[$0.identity]?.time }
            beginNew(known, since: times.contains(nil) ? nil : times.compactMap { $0 }.max())
        }
        resumeStrays()
        known = []
    }

    /// Looks for what has gone to another name without being told, and for what came and was rotated meanwhile.
    func searchForMoved() {
        hasLostEvents = false
        isSearching = true
        var logs: [String: KnownLog] = [:]
        for follower in followers.values.sorted(by: { $0.fileKey < $1.fileKey }) {
            logs[follower.log] = KnownLog(claim: Claim(source: follower.sourceIndex, stream: follower.log))
        }
        listRotations(&logs)
        for (_, known) in logs.sorted(by: { $0.key < $1.key }) { beginNew(known, since: lastRound) }
        isSearching = false
    }

    /// Lists what lies beside each log, and puts files that are known under the names they have now.
    private func listRotations(_ logs: inout [String: KnownLog]) {
        var owners: [String: String] = [:]
        for log in logs.keys { for place in [log] + hops(of: log) { owners[place] = log } }
        for directory in Set(owners.keys.map { Discovery.parent(of: $0) }).sorted() {
            let paths = paths(in: directory)
            for path in paths {
                for base in RotatedName.bases(of: path) {
                    if let log = owners[base], RotatedName.isRotation(path, of: base) {
                        logs[log]?.rotations.append(path)
                    }
                }
            }
            let claims = owners.compactMapValues { logs[$0]?.claim }
            if isStarting { resumeRenamed(paths, claims) } else { placeDeparted(paths) }
        }
    }

    /// Files that lie nowhere any more, as far as was told, may lie at one of the paths.
    private func placeDeparted(_ paths: [String]) {
        guard !departed.isEmpty else { return }
        for path in paths where relatives.followers(at: path) == nil {
            do throws(SystemError) {
                let status = try syscalls.statusOfPath(path, false)
                guard let follower = relatives.follower(of: status.identity),
                    isSame(follower.identity, status.identity),
                    follower.locations.isEmpty
                else { continue }
                place(follower, at: path)
            } catch {
                continue  // Gone since it was listed.
            }
        }
    }

    /// Goes on with files of which no name tells to which log they belong, where they lay when they were last read.
    private func resumeStrays() {
        let strays = takeUnclaimed { claim(onRotated: $0.path) == nil && stored[$0.identity] != nil }
        for checkpoint in strays {
            guard
                let source = configuration.sources.firstIndex(where: { $0.name == stored[checkpoint.identity]?.source })
            else { continue }
            do throws(SystemError) {
                let status = try syscalls.statusOfPath(checkpoint.path, false)
                guard status.kind == .regular, isSame(status.identity, checkpoint.identity),
                    relatives.follower(of: status.identity) == nil, status.size > checkpoint.offset
                else { continue }
                let claim = Claim(source: source, stream: checkpoint.path)
                admit(checkpoint.path, status, claim, as: .resume(checkpoint))
            } catch {
                continue  // It is gone.
            }
        }
    }

    /// Goes on with files that have a checkpoint and lie under another name in the directory.
    private func resumeRenamed(_ paths: [String], _ claims: [String: Claim]) {
        guard hasUnclaimed else { return }
        for path in paths {
            do throws(SystemError) {
                let status = try syscalls.statusOfPath(path, false)
                guard status.kind == .regular, relatives.follower(of: status.identity) == nil,
                    let checkpoint = checkpoint(of: status.identity), !isBlocked(status.identity)
                else { continue }
                let found =
                    claim(onRotated: path) ?? claim(onRotated: checkpoint.path) ?? claims[path]
                    ?? RotatedName.bases(of: path).lazy.compactMap { claims[$0] }.first
                guard let claim = found else { continue }
                if RotatedName.isArchive(checkpoint.path) {
                    _ = claimCheckpoint(of: status.identity)
                    admitArchive(path, status, claim, checkpoint)
                } else {
                    // Its checkpoint is claimed when it could be opened.
                    admit(path, status, claim)
                }
            } catch {
                continue  // Gone since it was listed.
            }
        }
    }

    /// Looks for what was made of files that are gone: a copy is gone on with here; archives are for the readers to open,
    /// since unpacking is not for this thread.
    private func findElsewhere(_ log: String, _ known: KnownLog) {
        let lost = takeUnclaimed { checkpoint in
            checkpoint.head.length > 0 && checkpoint.lines != 0 && !RotatedName.isArchive(checkpoint.path)
                && !self.isBlocked(checkpoint.identity)
                && self.claim(onRotated: checkpoint.path).map { self.log(of: $0.stream) } == log
        }
        var free = known.rotations.filter { name in
            !RotatedName.isArchive(name)
                && (relatives.followers(at: name) ?? []).allSatisfy { $0.isUnknownAtStart }
        }
        for checkpoint in lost {
            let last = stored[checkpoint.identity]
            let isDone = last?.isDone ?? false
            if !isDone, let index = free.firstIndex(where: { holds($0, checkpoint) }) {
                resume(checkpoint, at: free.remove(at: index), known.claim)
                continue
            }
            let archives = known.rotations.filter {
                RotatedName.isArchive($0) && isUndealt($0, since: last?.time, asFarAsStored: isDone)
            }
            if !archives.isEmpty || !isDone { openLater(checkpoint, known.claim, archives) }
        }
    }

    /// Goes on with a copy of a file that is gone.
    private func resume(_ checkpoint: Checkpoint, at path: String, _ claim: Claim) {
        if let follower = relatives.followers(at: path)?.first {
            // Matched by a glob itself, and not read yet: it goes on where the file that is gone stood.
            follower.origin = .resume(checkpoint)
            queue.withLock { follower.standing.known = checkpoint }
            return
        }
        do throws(SystemError) {
            admit(path, try syscalls.statusOfPath(path, false), claim, as: .resume(checkpoint))
        } catch {
            block(path, .unreadable, error.description)
        }
    }

    /// Begins what came and was rotated, and perhaps compressed, since the log was last looked at.
    private func beginNew(_ known: KnownLog, since last: Timestamp?) {
        for path in known.rotations where isUndealt(path, since: last) {
            do throws(SystemError) {
                let status = try syscalls.statusOfPath(path, false)
                guard status.kind == .regular, relatives.follower(of: status.identity) == nil,
                    !relatives.wasPart(status.identity, of: known.claim.stream), !isIgnored(status.identity)
                else { continue }
                if RotatedName.isArchive(path) {
                    admitArchive(path, status, known.claim, nil)
                } else {
                    admit(path, status, known.claim, as: .beginning)
                }
            } catch {
                continue  // Gone since it was listed.
            }
        }
    }

    /// Whether a rotated name may stand for something that was not dealt with: it was written to since, or shortly before,
    /// `last`, and (unless one that was left alone would do as well) nothing was stored of it.
    private func isUndealt(_ path: String, since last: Timestamp?, asFarAsStored: Bool = true) -> Bool {
        do throws(SystemError) {
            let status = try syscalls.statusOfPath(path, false)
            if asFarAsStored, stored[status.identity] != nil { return false }
            guard let last else { return true }
            return status.modifiedNanoseconds >= last.microseconds * 1_000 - WatchedFiles.marginNanos
        } catch {
            return false
        }
    }

    /// Makes a follower for a file that is gone; its first turn looks for its rest in archives.
    private func openLater(_ checkpoint: Checkpoint, _ claim: Claim, _ archives: [String]) {
        let status = FileStatus(
            identity: checkpoint.identity, kind: .regular, size: checkpoint.offset, modifiedNanoseconds: 0, links: 0)
        lineUpArchive(
            add(status, claim, path: checkpoint.path, descriptor: -1, origin: .archive(checkpoint, archives)))
    }

    /// Makes a follower for an archive; its first turn finds out what it holds, if that is not known.
    func admitArchive(_ path: String, _ status: FileStatus, _ claim: Claim, _ checkpoint: Checkpoint?) {
        if let checkpoint, stored[checkpoint.identity]?.isDone ?? false { return }
        unblock(path)
        // While it is waited for, nothing is known of what it holds.
        let begun = checkpoint.flatMap { $0.offset > 0 ? $0 : nil }
        lineUpArchive(
            add(status, claim, path: path, descriptor: -1, origin: begun.map { .knownArchive($0) } ?? .unknownArchive))
    }

    private func lineUpArchive(_ follower: Follower) {
        queue.withLock {
            follower.assignment.isLeaving = true
            follower.standing.isIndependent = !follower.isUnderOwnIdentity
            follower.standing.phase = .parked
        }
        admitted.append(follower)
    }

    /// Deals with a path that names an archive of a followed log, if it is not to be dealt with as any other file.
    func takeForArchive(_ path: String, _ status: FileStatus) -> Bool {
        guard RotatedName.isArchive(path) else { return false }
        if let done = stored[status.identity], done.isDone {
            if claim(on: path) != nil { block(path, .skipped, "an archive that was dealt with before", status) }
            return true
        }
        let base = RotatedName.bases(of: path).last { base in
            RotatedName.isRotation(path, of: base) && discovery.source(of: base) != nil
        }
        guard let base, let claim = claim(on: base) else { return false }
        // What it holds and whether that was read is found out when all files are known.
        if isStarting {
            guard knownLogs.contains(log(of: base)) else { return false }
            if self.claim(on: path) != nil {
                block(path, .skipped, "an archive; logs are read before they are compressed", status)
            }
            return true
        }
        guard freshArchives.contains(path), (relatives.followers(at: RotatedName.unpacked(path)) ?? []).isEmpty else {
            return false
        }
        admitArchive(path, status, Claim(source: claim.source, stream: log(of: base)), nil)
        return true
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

    private func paths(in directory: String) -> [String] {
        do throws(SystemError) {
            return try syscalls.list(directory).sorted().map { Discovery.join(directory, $0) }
        } catch {
            // Shown already by the walk that could not list it.
            return []
        }
    }
}
