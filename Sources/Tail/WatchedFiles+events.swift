import Events

extension WatchedFiles {
    /// Goes through events in order and keeps account of which file may now lie where. What lies there is asked later,
    /// in `evaluateTouched()`; only the way a file has taken from name to name cannot be asked, and is taken from the
    /// cookies here.
    func replay(_ events: [WatchEvent]) {
        var moving: [UInt32: (followers: [Follower], claim: Claim?, isFresh: Bool)] = [:]
        for event in events {
            switch event.kind {
            case .overflow, .directoryGone:
                needsReconcile = true
                if event.kind == .overflow { hasLostEvents = true }
                continue
            default: break
            }
            for directory in event.directories {
                let path = Discovery.join(directory, event.name)
                if event.isDirectory {
                    directoryChanged(path, event.kind)
                    continue
                }
                switch event.kind {
                case .modified: modified(path)
                case .created:
                    lineage[path] = nil
                    if RotatedName.isArchive(path) { freshArchives.insert(path) }
                    touch(path)
                case .movedFrom(let cookie):
                    let followers = relatives.followers(at: path) ?? []
                    moving[cookie] = (
                        followers, claim(on: path) ?? followers.first.map(claim(inheritedFrom:)),
                        freshArchives.remove(path) != nil
                    )
                    for follower in followers { remove(follower, at: path) }
                    lineage[path] = nil
                    touch(path)
                case .movedTo(let cookie):
                    lineage[path] = nil
                    if let moved = moving[cookie] {
                        for follower in moved.followers { place(follower, at: path) }
                        lineage[path] = moved.claim
                        if moved.isFresh { freshArchives.insert(path) }
                    }
                    touch(path)
                case .deleted, .attributes: touch(path)
                case .directoryGone, .overflow: break
                }
            }
        }
    }

    private func modified(_ path: String) {
        for follower in departed[path] ?? [] { wake(follower) }
        guard let followers = relatives.followers(at: path) else {
            // Either none of ours, or one whose creation was not told.
            if blocked[path].map({ $0.checkpoint != nil }) ?? true, discovery.source(of: path) != nil { touch(path) }
            return
        }
        for follower in followers { wake(follower) }
    }

    private func claim(inheritedFrom follower: Follower) -> Claim {
        Claim(source: follower.sourceIndex, stream: queue.withLock { follower.assignment.stream })
    }

    private func directoryChanged(_ path: String, _ kind: WatchEvent.Kind) {
        let isOnTheWay = awaited.contains(path) || directories.contains(path)
        switch kind {
        case .created where !isOnTheWay:
            if discovery.mayMatchBelow(path) { take(discovery.walk(below: path, watch: watch)) }
        case .modified, .attributes: break
        default: if isOnTheWay || discovery.mayMatchBelow(path) { needsReconcile = true }
        }
    }

    /// Watches a directory, or notes that it has to be looked at instead.
    func watch(_ directory: String) {
        switch watcher.watch(directory) {
        case .watched: poll(directory, because: nil)
        case .polled(let reason): poll(directory, because: reason)
        case .missing: poll(directory, because: nil)  // Whatever holds it tells when it comes back.
        }
    }

    /// Takes over what a walk has found.
    func take(_ found: Discovery.Found) {
        directories.formUnion(found.directories)
        awaited.formUnion(found.awaited)
        for path in found.files { touch(path) }
        for problem in found.problems { block(problem.path, .unreadable, problem.error.description) }
    }
}
