import Events

/// Which followers wait for a turn, in which order, and which wait for a moment: what reading threads and the watching
/// thread share.
///
/// First come, first served: a busy file goes to the back after every turn, so it cannot starve the others. Safe on every
/// thread; every lock is held for a few instructions only.
final class TurnQueue: @unchecked Sendable {
    // Sendable: everything mutable is touched within `monitor.locked` only.
    private let monitor = Monitor()
    private let clock: @Sendable () -> Int64

    private var ready = Queue<Follower>()
    private var timers = TimerHeap<Follower>()
    /// Given back as over, failed or skipped, for the watching thread to deal with.
    private var returned: [(follower: Follower, result: TurnResult)] = []
    private var isStopped = false
    private var takenCount = 0

    init(clock: @escaping @Sendable () -> Int64) {
        self.clock = clock
    }

    /// Runs `body` under the lock: for what the watching thread changes in a follower's shared part.
    func withLock<Value>(_ body: () -> Value) -> Value { monitor.locked(body) }

    /// Makes sure that the follower gets a turn that begins after this call.
    func wake(_ follower: Follower) {
        withLock {
            switch follower.standing.phase {
            case .idle, .out:
                if let older = follower.standing.comesAfter, older.standing.progress == nil {
                    older.standing.successors.append(follower)
                    follower.standing.phase = .parked
                } else {
                    enqueue(follower)
                }
            case .taken: follower.standing.phase = .takenAndChanged
            case .ready, .parked, .takenAndChanged: break
            }
        }
    }

    /// The next follower with something to do, now in the hands of the caller; nil when there is none at this moment.
    func takeNow() -> Follower? { withLock { take() } }

    /// Waits for a follower with something to do; nil after `stop()`.
    func takeWaiting() -> Follower? {
        withLock {
            while !isStopped {
                if let follower = take() { return follower }
                guard let until = timers.first else {
                    monitor.wait()
                    continue
                }
                // The clock may be a test's; what counts is how far away the moment is.
                _ = monitor.wait(untilNanos: Tailer.monotonicNanos() + max(0, until - clock()))
            }
            return nil
        }
    }

    /// Takes back a follower after its turn. True when the watching thread has to deal with it.
    func giveBack(_ follower: Follower, _ result: TurnResult) -> Bool {
        withLock {
            takenCount -= 1
            let hasChanged = follower.standing.phase == .takenAndChanged
            follower.standing.lastTurn = clock()
            note(follower)
            releaseSuccessors(of: follower)
            if case .atEnd = result { follower.standing.wokenAt = nil }
            if let before = follower.forerunner {
                giveBack(before, after: follower)
                if follower.isBehindForerunner {
                    before.standing.successors.append(follower)
                    follower.standing.phase = .parked
                    return false
                }
            }
            follower.standing.phase = .idle
            follower.standing.lookAgain = nil
            switch result {
            case .more: enqueue(follower)
            case .atEnd(let moment):
                if hasChanged || isStale(follower) {
                    enqueue(follower)
                } else if let moment {
                    follower.standing.lookAgain = moment
                    time(follower, moment)
                }
            case .finished, .failed, .skipped:
                follower.standing.phase = .out
                returned.append((follower, result))
                return true
            }
            // Who waits for what arrives in a pipe has to know that nobody reads it now.
            return follower.isPipe
        }
    }

    /// What was given back as over, failed or skipped since the last call.
    func takeReturned() -> [(follower: Follower, result: TurnResult)] {
        withLock {
            defer { returned = [] }
            return returned
        }
    }

    /// A follower is forgotten without ever having had a turn: nobody waits for it any longer.
    func giveUp(_ follower: Follower) { withLock { releaseSuccessors(of: follower) } }

    /// Lets all waiting threads go, now and later.
    func stop() {
        withLock {
            isStopped = true
            monitor.notify()
        }
    }

    /// Whether nobody has a follower and none is ready: what a test waits for.
    var isIdle: Bool { withLock { takenCount == 0 && ready.isEmpty } }

    /// Notes how far the follower is.
    private func note(_ follower: Follower) {
        var progress = follower.progress
        if progress.note.isEmpty { progress.note = follower.lastNote }
        follower.standing.progress = progress
        follower.standing.known = nil
    }

    /// Takes back the part of a log that was taken along with the next one.
    private func giveBack(_ before: Follower, after follower: Follower) {
        follower.forerunner = nil
        if !follower.mayCarryOn { follower.standing.forerunner = nil }
        note(before)
        let hasChanged = before.standing.phase == .takenAndChanged
        before.standing.phase = .idle
        releaseSuccessors(of: before)
        if hasChanged || isStale(before) || !follower.mayCarryOn {
            enqueue(before)
        } else if let moment = before.standing.lookAgain {
            // It may have come while the other had it.
            time(before, moment)
        }
    }

    /// Takes the part before along, since its open record may go on here. False: somebody else has it, and the follower
    /// waits for that.
    private func takeForerunner(of follower: Follower) -> Bool {
        guard let before = follower.standing.forerunner else { return true }
        switch before.standing.phase {
        case .taken, .takenAndChanged, .parked:
            before.standing.successors.append(follower)
            follower.standing.phase = .parked
            return false
        case .out:
            follower.standing.forerunner = nil
            return true
        case .idle: before.standing.phase = .taken
        case .ready: before.standing.phase = .takenAndChanged
        }
        before.current = before.assignment
        follower.forerunner = before
        return true
    }

    /// The assignment has changed while the follower was away.
    private func isStale(_ follower: Follower) -> Bool {
        follower.assignment.isLeaving != follower.current.isLeaving
            || follower.assignment.descriptor != follower.current.descriptor
    }

    /// Lets the next part of a log begin once the part before it has had a turn.
    private func releaseSuccessors(of follower: Follower) {
        for next in follower.standing.successors where next.standing.phase == .parked { enqueue(next) }
        follower.standing.successors = []
    }

    private func enqueue(_ follower: Follower) {
        follower.standing.phase = .ready
        if follower.standing.wokenAt == nil { follower.standing.wokenAt = clock() }
        follower.standing.comesAfter = nil
        ready.append(follower)
        monitor.notifyOne()
    }

    private func take() -> Follower? {
        moveDue()
        while let follower = ready.popFirst() {
            // Taken along with another meanwhile, or not to go before another.
            guard follower.standing.phase == .ready, takeForerunner(of: follower) else { continue }
            follower.standing.phase = .taken
            follower.current = follower.assignment
            follower.wokenAt = follower.standing.wokenAt ?? clock()
            takenCount += 1
            return follower
        }
        return nil
    }

    private func time(_ follower: Follower, _ moment: Int64) {
        if let timed = follower.standing.timedAt, timed <= moment { return }
        follower.standing.timedAt = moment
        timers.insert(follower, at: moment)
    }

    /// Makes those ready whose moment has come. An entry that was put off meanwhile goes back with the later moment, so
    /// that a busy file has one entry and not one for each turn.
    private func moveDue() {
        guard timers.first != nil else { return }
        let now = clock()
        while let first = timers.first, first <= now, let follower = timers.popFirst() {
            if follower.standing.timedAt == first { follower.standing.timedAt = nil }
            guard follower.standing.phase == .idle, let moment = follower.standing.lookAgain else { continue }
            if moment <= now { enqueue(follower) } else { time(follower, moment) }
        }
    }
}
