import Events
import Glibc

extension WatchedFiles {
    /// Asks the disk about every touched path, and draws the consequences for the files involved.
    func evaluateTouched() {
        var index = 0
        // Evaluating may touch further paths (a new directory); the list only grows by paths not yet in it.
        while index < touched.count {
            evaluate(touched[index])
            index += 1
        }
        touched.removeAll(keepingCapacity: true)
        isTouched.removeAll(keepingCapacity: true)
        lineage.removeAll(keepingCapacity: true)
        freshArchives.removeAll(keepingCapacity: true)
        if hasLostEvents, !isStarting { searchForMoved() }
        reassignAffected()
        if !isStarting { lineUpAdmitted() }
    }

    /// Tells the readers of all files whose names have changed.
    func reassignAffected() {
        let changed = affected.values.sorted { $0.fileKey < $1.fileKey }
        affected.removeAll(keepingCapacity: true)
        for follower in changed { reassign(follower) }
    }

    /// Lines up what was opened in this round, the parts of one log in the order of their birth.
    func lineUpAdmitted() {
        var newest: [String: Follower] = [:]
        // What was followed before comes before what may be a copy of it.
        let known = admitted.filter { !$0.isUnknownAtStart }.sorted(by: isOlder)
        for follower in known + admitted.filter(\.isUnknownAtStart).sorted(by: isOlder) {
            queue.withLock {
                follower.standing.comesAfter = newest[follower.log]
                newest[follower.log] = follower
                follower.standing.phase = .idle
            }
            joinToLog(follower)
            queue.wake(follower)
        }
        admitted = []
    }

    /// Notes which part of its log comes before this one: a record that is open there may go on here.
    private func joinToLog(_ follower: Follower) {
        defer { relatives.join(follower) }
        guard limits.continuation != nil else { return }
        guard let before = relatives.newestPart(ofLogWith: follower, isOlder: isOlder) else { return }
        queue.withLock { follower.standing.forerunner = before }
    }

    /// By age; ages tell apart only what is some milliseconds apart, and then the names have to tell.
    private func isOlder(_ left: Follower, _ right: Follower) -> Bool {
        if left.age != right.age { return left.age < right.age }
        let paths = (left.assignment.path, right.assignment.path)
        return paths.0 == paths.1
            ? left.fileKey < right.fileKey : RotatedName.isRotatedEarlier(paths.0, than: paths.1)
    }

    /// What lies at `path` now, and what that means.
    private func evaluate(_ path: String) {
        if awaited.contains(path) { needsReconcile = true }
        // A rotated part that could not be opened is not forgotten.
        let claim = claim(on: path) ?? (blocked[path] == nil ? nil : claim(onRotated: path))
        let holders = relatives.followers(at: path) ?? []
        do throws(SystemError) {
            let status = try syscalls.statusOfPath(path, true)
            if status.kind == .directory, discovery.mayMatchBelow(path), !directories.contains(path) {
                unblock(path)
                take(discovery.walk(below: path, watch: watch))
            }
            for holder in holders where !isSame(holder.identity, status.identity) { depart(holder, from: path) }
            guard status.kind.isFollowed else {
                if claim != nil, status.kind == .other { block(path, .skipped, "neither a file nor a FIFO", status) }
                return
            }
            if let follower = follower(of: status) {
                if follower.isFromArchive { return }
                unblock(path)
                if claim != nil || !holders.isEmpty { settle(follower, at: path, status) }
            } else if takeForArchive(path, status) {
                return
            } else if let claim {
                admit(path, status, claim)
            }
        } catch {
            if error.number == ENOENT || error.number == ENOTDIR {
                for holder in holders { depart(holder, from: path) }
                unblock(path)
                if directories.contains(path) { needsReconcile = true }
                if claim != nil { _ = hops(of: path) }
            } else if claim != nil {
                block(path, .unreadable, error.description)
            }
        }
    }

    /// The follower of the file with this status. One whose inode number has been given to another file is forgotten.
    private func follower(of status: FileStatus) -> Follower? {
        guard let follower = relatives.follower(of: status.identity) else { return nil }
        if isSame(follower.identity, status.identity) { return follower }
        forget(follower)
        return nil
    }

    private func settle(_ follower: Follower, at path: String, _ status: FileStatus) {
        place(follower, at: path)
        for hop in hops(of: path) { place(follower, at: hop) }
        if follower.lastStatus != status {
            follower.lastStatus = status
            wake(follower)
        }
    }

    /// Opens a file that has not been met before, and lines it up for its first turn.
    func admit(_ path: String, _ status: FileStatus, _ claim: Claim, as given: Follower.Origin? = nil) {
        guard followers.count + ignored.count < configuration.filesMax || isIgnored(status.identity) else {
            block(path, .skipped, "more than \(configuration.filesMax) files", status)
            return
        }
        if given == nil, leaveAlone(path, status, claim) { return }
        do throws(SystemError) {
            let descriptor = try syscalls.open(path)
            let opened: FileStatus
            do throws(SystemError) {
                opened = try syscalls.status(descriptor)
            } catch {
                syscalls.close(descriptor)
                throw error
            }
            unblock(path)
            // Between stat and open the path may have changed hands: what was opened counts.
            if !opened.kind.isFollowed || follower(of: opened) != nil {
                syscalls.close(descriptor)
                if let known = follower(of: opened) { settle(known, at: path, opened) }
                return
            }
            let origin = given ?? origin(of: opened, claim, path)
            let follower = add(opened, claim, path: path, descriptor: descriptor, origin: origin)
            // A file that was moved here from the log's own path is the log, and no copy.
            if let claim = lineage[path], claim.stream == follower.log, path != claim.stream {
                queue.withLock { follower.standing.isIndependent = true }
                follower.isIndependent = true
            }
            place(follower, at: path)
            for hop in hops(of: path) { place(follower, at: hop) }
            queue.withLock { follower.standing.phase = .parked }
            admitted.append(follower)
        } catch {
            if error.number != ENOENT && error.number != ENOTDIR {
                block(path, .unreadable, error.description, status)
            }
        }
    }

    private func origin(of status: FileStatus, _ claim: Claim, _ path: String) -> Follower.Origin {
        if let checkpoint = claimCheckpoint(of: status.identity), status.kind == .regular { return .resume(checkpoint) }
        if status.kind == .pipe { return .beginning }
        if let known = takeIgnored(status.identity) { return known.origin }
        let wasThere = isStarting || lateStarters.remove(path) != nil
        guard wasThere, !knownSources.contains(claim.source) else { return .beginning }
        switch configuration.sources[claim.source].start {
        case .beginning: return .beginning
        case .end: return .end
        case .since(let moment): return .since(moment)
        }
    }

    /// The paths that a symbolic link leads over, the last one included; their directories are watched from here on.
    func hops(of path: String) -> [String] {
        var hops: [String] = []
        var current = path
        while hops.count < WatchedFiles.hopsMax {
            do throws(SystemError) {
                guard try syscalls.statusOfPath(current, false).kind == .symbolicLink else { return hops }
                let target = try syscalls.readLink(current)
                current = target.hasPrefix("/") ? target : Discovery.join(Discovery.parent(of: current), target)
            } catch {
                return hops
            }
            hops.append(current)
            if dependents[current, default: []].insert(path).inserted {
                watch(Discovery.parent(of: current))
            }
        }
        return hops
    }

    /// As many links in a row as the kernel itself would follow, path_resolution(7).
    private static let hopsMax = 40

    /// Tells the readers under which name a file goes now, and whether it is on its way out.
    private func reassign(_ follower: Follower) {
        let paths = follower.locations.sorted()
        let followed = paths.first { discovery.source(of: $0) != nil }
        let isOpen = queue.withLock { () -> Bool in
            if let path = followed ?? paths.first { follower.assignment.path = path }
            follower.assignment.isLeaving = followed == nil
            return follower.assignment.descriptor >= 0
        }
        if isOpen {
            queue.wake(follower)
        } else if paths.isEmpty {
            forget(follower)
        } else {
            wake(follower)
        }
    }

    /// Opens a path if the file it names is the one meant; nil when the name has gone to another, which an event tells.
    private func open(_ path: String, as identity: FileIdentity) throws(SystemError) -> Int32? {
        let descriptor = try syscalls.open(path)
        do throws(SystemError) {
            if isSame(try syscalls.status(descriptor).identity, identity) { return descriptor }
        } catch {
            syscalls.close(descriptor)
            throw error
        }
        syscalls.close(descriptor)
        return nil
    }

    /// Makes sure that a file is read, opening it again where it was closed for being quiet.
    func wake(_ follower: Follower) {
        let (isOpen, isSkipped, path) = queue.withLock {
            (follower.assignment.descriptor >= 0, follower.isSkipped, follower.assignment.path)
        }
        if isSkipped, !hasBegunAnew(follower, at: path) { return }
        if isOpen || follower.isFromArchive {
            queue.wake(follower)
            return
        }
        do throws(SystemError) {
            guard let descriptor = try open(path, as: follower.identity) else { return }
            failed[follower.fileKey] = nil
            queue.withLock { follower.assignment.descriptor = descriptor }
            queue.wake(follower)
        } catch {
            failed[follower.fileKey] = error.description
        }
    }

    /// Whether a file that was no log has been emptied since, and may be one now.
    private func hasBegunAnew(_ follower: Follower, at path: String) -> Bool {
        do throws(SystemError) {
            let status = try syscalls.statusOfPath(path, true)
            guard isSame(status.identity, follower.identity), let last = follower.lastStatus else { return false }
            follower.lastStatus = status
            guard status.size < last.size else { return false }
            queue.withLock { follower.isSkipped = false }
            return true
        } catch {
            return false
        }
    }
}
