package import Events
import Glibc

/// Pipes: standard input and FIFOs, whose bytes come once and cannot be read again.
///
/// What was read is held in memory until it is accounted for; there is no going back to it after a crash.
extension Follower {
    /// What one look into a pipe came to.
    private enum Arrival {
        /// Indices of the new bytes in the buffer.
        case bytes(Range<Int>)
        /// Nothing at this moment.
        case nothing
        /// Nothing, and nobody who could write more.
        case over
    }

    /// As `turn`, for a pipe: reads what is there without waiting for more.
    func takePipeTurn(_ budgetBytes: Int, _ consume: (Chunk) -> Int) throws(SystemError) -> TurnResult {
        guard current.descriptor >= 0 else { return .atEnd(lookAgain: nil) }
        if case .settled = origin {} else { beginPipe() }
        state.isLeaving = current.isLeaving
        fileState = current.isLeaving ? .draining : .following
        var left = max(1, budgetBytes)
        while left > 0 {
            switch try readPipe(min(left, limits.blockBytes)) {
            case .bytes(let fresh):
                left -= fresh.count
                state.lastGrowth = clock()
                recordWasClosed = false
                takeIn(fresh, consume)
            case .nothing where !isToEnd: return restOfPipe(consume)
            case .nothing, .over: return try leaveWriters(consume)
            }
        }
        if isToEnd { return try leaveWriters(consume) }
        return .more
    }

    private func beginPipe() {
        begin(at: 0, lines: 0)
        forgetLayout()
        origin = .settled
    }

    /// The next writer's first bytes tell how its text lies.
    private func forgetLayout() {
        layout = TextLayout.plain
        isLayoutTold = false
        passing = []
        awaited = nil
    }

    /// Asks first, since standard input may be a descriptor that waits.
    private func readPipe(_ limit: Int) throws(SystemError) -> Arrival {
        var question = pollfd(fd: current.descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&question, 1, 0) > 0, question.revents != 0 else { return .nothing }
        let room = buffer.room(for: limits.blockBytes)
        let target = UnsafeMutableRawBufferPointer(rebasing: room[..<min(limit, room.count)])
        let count: Int
        do throws(SystemError) {
            count = try syscalls.read(current.descriptor, target)
        } catch {
            // Another reader was quicker.
            if error.number == EAGAIN { return .nothing }
            guard isStandardInput else { throw error }
            taken.note("standard input ended: \(error.description)")
            return .over
        }
        guard count > 0 else { return .over }
        let start = buffer.end
        buffer.append(count)
        return .bytes(start..<start + count)
    }

    /// Tells lines in new bytes, once the first ones have told how text lies in them. A byte that is half a unit waits
    /// for its other half.
    private func takeIn(_ fresh: Range<Int>, _ consume: (Chunk) -> Int) {
        var start = fresh.lowerBound - cutUnitBytes
        if !isLayoutTold {
            let head = buffer[buffer.start..<min(buffer.end, buffer.start + TextLayout.headBytesMax)]
            guard let told = TextLayout.told(by: head, encoding: encoding, format: format) else { return }
            isLayoutTold = true
            layout = told.layout
            start = buffer.start + told.markBytes
            buffer.wholeLines(until: start)
            buffer.consume(until: start)
        }
        cutUnitBytes = (fresh.upperBound - start) % form.unitBytes
        let end = fresh.upperBound - cutUnitBytes
        if end > start { classify(start..<end, consume) }
    }

    /// Takes the open record as complete once the pipe has been quiet long enough.
    private func restOfPipe(_ consume: (Chunk) -> Int) -> TurnResult {
        guard buffer.heldBytes > 0 && !recordWasClosed else { return .atEnd(lookAgain: nil) }
        let due = state.lastGrowth + (recordQuietMillis.map { Int64($0) * 1_000_000 } ?? limits.recordQuietNanos)
        guard clock() >= due else { return .atEnd(lookAgain: due) }
        deliver(.quiet, consume)
        recordWasClosed = true
        return .atEnd(lookAgain: nil)
    }

    /// All writers are gone: what they left is complete, also a last line without its newline. The next writer of a
    /// FIFO begins another text; standard input, and a FIFO without a name, are over.
    private func leaveWriters(_ consume: (Chunk) -> Int) throws(SystemError) -> TurnResult {
        if !isLayoutTold, buffer.end > buffer.start {
            let head = buffer[buffer.start..<min(buffer.end, buffer.start + TextLayout.headBytesMax)]
            layout = TextLayout.assumed(by: head, encoding: encoding, format: format).layout
            isLayoutTold = true
            takeIn(buffer.start..<buffer.end, consume)
        }
        endLog(consume)
        forgetLayout()
        isDiscarding = false
        isInGap = false
        if isStandardInput || isToEnd || state.isLeaving {
            fileState = .finished
            return .finished
        }
        try forgetWriters()
        return .atEnd(lookAgain: nil)
    }

    /// Opens the FIFO anew in the place of the old descriptor, which from now on would say for ever that its writers are
    /// gone; the new one says so only of later writers (fs/pipe.c: at its opening it notes how many there have been).
    /// The old one stays open until then, so that no writer ever finds a FIFO without a reader.
    private func forgetWriters() throws(SystemError) {
        let fresh = try syscalls.open("/proc/self/fd/\(current.descriptor)")
        defer { syscalls.close(fresh) }
        guard dup2(fresh, current.descriptor) >= 0, fcntl(current.descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
            throw SystemError(call: "dup2", number: errno)
        }
    }
}

extension WatchedFiles {
    /// Takes standard input in where a source asks for it: once, at the start.
    func admitStandardInput() {
        guard let source = configuration.sources.firstIndex(where: \.isStandardInput) else { return }
        let descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
        // Closed by whoever started us: there is nothing to read.
        guard descriptor >= 0 else { return }
        let status = FileStatus(identity: .standardInput, kind: .pipe, size: 0, modifiedNanoseconds: 0, links: 1)
        let path = SourceFiles.standardInputPath
        let follower = add(
            status, Claim(source: source, stream: path), path: path, descriptor: descriptor, origin: .beginning)
        queue.withLock { follower.standing.phase = .parked }
        admitted.append(follower)
    }

    /// Pipes that nobody reads at this moment, as poll(2) wants them: what arrives in them wakes their readers.
    func quietPipes() -> (followers: [Follower], descriptors: [pollfd]) {
        guard !pipes.isEmpty else { return ([], []) }
        let quiet = queue.withLock {
            pipes.values.filter { $0.standing.phase == .idle && $0.assignment.descriptor >= 0 }
        }
        let descriptors = quiet.map { pollfd(fd: $0.assignment.descriptor, events: Int16(POLLIN), revents: 0) }
        return (quiet, descriptors)
    }

    /// Gives a turn to each pipe with something to read, or without writers.
    func wakeReadablePipes() {
        var (followers, descriptors) = quietPipes()
        guard !followers.isEmpty, Glibc.poll(&descriptors, nfds_t(descriptors.count), 0) > 0 else { return }
        for (follower, descriptor) in zip(followers, descriptors) where descriptor.revents != 0 {
            queue.wake(follower)
        }
    }
}

extension FileIdentity {
    /// Stands for standard input, whatever it is connected to. No file lies on device 0.
    package static let standardInput = FileIdentity(device: 0, inode: 1, birthNanoseconds: 0)

    /// Whether this names an input that is no file, and so nothing that can be looked for on a disk.
    package var isOfNoFile: Bool { device == 0 }
}
