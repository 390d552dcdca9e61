import Events

extension WatchedFiles {
    /// Compares everything with the disk: at the start, from time to time, and after events were lost.
    func reconcile(_ now: Int64) {
        needsReconcile = false
        nextReconcile = now + Int64(configuration.reconcileSeconds) * 1_000_000_000
        forgetIgnored()
        let before = directories
        directories = []
        awaited = []
        for (path, entry) in blocked where entry.state == .unreadable { touch(path) }
        take(discovery.walk(watch: watch))
        if isStarting { admitStandardInput() }
        for path in relatives.paths.sorted() { touch(path) }
        for link in Set(dependents.values.joined()) { touch(link) }
        for directory in before.subtracting(directories) {
            poll(directory, because: nil)
            watcher.forget(directory)
        }
        if isStarting {
            evaluateTouched()
            searchForLost()
            isStarting = false
            isSearching = false
            lineUpAdmitted()
        }
    }

    /// Looks at the directories that are not watched: at their names and at the files known to lie there.
    func pollDirectories(_ now: Int64) {
        nextPoll = now + Int64(configuration.pollMillis) * 1_000_000
        for directory in polled.keys.sorted() {
            // It may have become watchable meanwhile.
            watch(directory)
            guard polled[directory] != nil else { continue }
            take(discovery.walk(below: directory, watch: { _ in }))
        }
        guard !polled.isEmpty else { return }
        for path in relatives.paths where polled[Discovery.parent(of: path)] != nil { touch(path) }
    }

    /// Tries again what could not be opened or read.
    func retry(_ now: Int64) {
        nextRetry = now + Int64(configuration.retryMillis) * 1_000_000
        for (path, entry) in blocked where entry.state == .unreadable {
            if directories.contains(path) {
                unblock(path)
                take(discovery.walk(below: path, watch: watch))
            } else if awaited.contains(path) {
                unblock(path)
                needsReconcile = true
            } else {
                touch(path)
            }
        }
        for key in failed.keys.sorted() {
            if let follower = followers[key] { wake(follower) }
        }
    }

    /// Deals with files that readers gave back as over, unreadable or not to be read.
    func settleReturned() {
        for (follower, result) in queue.takeReturned() {
            let shouldGoOn = queue.withLock { () -> Bool in
                guard follower.standing.phase == .out else { return true }
                if case .finished = result, !follower.assignment.isLeaving, !follower.isStandardInput { return true }
                syscalls.close(follower.assignment.descriptor)
                follower.assignment.descriptor = -1
                if case .skipped = result { follower.isSkipped = true }
                return false
            }
            if shouldGoOn {
                queue.wake(follower)
                continue
            }
            switch result {
            case .failed(let reason): failed[follower.fileKey] = reason
            case .finished where follower.locations.isEmpty:
                forget(follower)
                showArchive(of: follower)
            default: break
            }
        }
    }

    /// An archive that a glob matches stays visible when it has been dealt with.
    private func showArchive(of follower: Follower) {
        let path = queue.withLock { follower.assignment.path }
        guard follower.isFromArchive, follower.isUnderOwnIdentity, claim(on: path) != nil else { return }
        do throws(SystemError) {
            let status = try syscalls.statusOfPath(path, true)
            if isSame(status.identity, follower.identity) { block(path, .skipped, follower.lastNote, status) }
        } catch {
            // Gone, or under another name.
        }
    }

    /// Closes the files that have been quiet longest when too many are open. They are opened again when they change.
    func closeQuietFiles() {
        guard followers.count > configuration.openFilesMax else { return }
        let open = followers.values.filter { follower in queue.withLock { follower.assignment.descriptor >= 0 } }
        guard open.count > configuration.openFilesMax else { return }
        let idle = open.filter { follower in
            queue.withLock {
                follower.standing.phase == .idle && follower.standing.lookAgain == nil
                    && !follower.assignment.isLeaving && !follower.isPipe
            }
        }
        let quietest = idle.sorted { $0.standing.lastTurn < $1.standing.lastTurn }
        for follower in quietest.prefix(open.count - configuration.openFilesMax) {
            queue.withLock {
                guard follower.standing.phase == .idle else { return }
                syscalls.close(follower.assignment.descriptor)
                follower.assignment.descriptor = -1
            }
        }
    }
}
