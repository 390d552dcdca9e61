package import Events
import Glibc

extension Follower {
    /// Reads up to about `budgetBytes` and lends whole lines to `consume`, a block at a time.
    ///
    /// `consume` returns how many bytes of the chunk are accounted for: none, all, or up to the end of some line. The rest
    /// comes again, with what follows it, in the next chunk. With `.quiet` it should, and with `.ended` it must account
    /// for everything; what it leaves of an `.ended` chunk, or beyond `heldBytesMax`, counts as accounted for.
    /// After `.ended` the same follower may go on with another log, when the file was truncated or rewritten.
    package func turn(budgetBytes: Int, consume: (Chunk) -> Int) -> TurnResult {
        let result: TurnResult
        do throws(SystemError) {
            result = try takeTurn(budgetBytes, consume)
        } catch {
            taken.note(error.description)
            fileState = .unreadable
            result = .failed(error.description)
        }
        // What cannot be kept for want of memory is read again.
        if !buffer.settle(mayDrop: !isPipe) { carriedOnBy = nil }
        hasMore = result == .more
        if case .skipped = result { goAlone() }
        state.position = buffer.position
        return result
    }

    private func takeTurn(_ budgetBytes: Int, _ consume: (Chunk) -> Int) throws(SystemError) -> TurnResult {
        if isPipe { return try takePipeTurn(budgetBytes, consume) }
        if let result = try openArchive() { return result }
        guard current.descriptor >= 0 else { return .atEnd(lookAgain: nil) }
        state.isLeaving = current.isLeaving
        fileState = current.isLeaving ? .draining : .following
        if let result = try turnOfCopy(try syscalls.status(current.descriptor)) { return result }
        try look(consume)
        if isBehindForerunner {
            isBehindForerunner = false
            deliver(.more, consume)
        }
        var left = max(1, budgetBytes)
        while left > 0 {
            if buffer.position == 0 {
                switch try readOpening() {
                case .text: break
                case .empty where copy == nil:
                    size = 0
                    return rest(consume)
                case .empty: break
                case .undecided: if !state.isLeaving && copy == nil { return .atEnd(lookAgain: nil) }
                case .unreadable(let reason):
                    taken.note(reason)
                    fileState = .skipped
                    return .skipped(reason)
                }
            }
            switch try readBlock(min(left, limits.blockBytes)) {
            case .bytes(let range):
                left -= range.count
                if copy == nil { size = sizeToProve }
                state.lastGrowth = clock()
                recordWasClosed = false
                classify(range, consume)
                if isBehindForerunner { return .atEnd(lookAgain: nil) }
                if isInGap { try jumpOverHole() }
                state.position = buffer.position
            case .rewritten where copy == nil:
                try startAgain(.rewritten(at: buffer.position), consume)
                try look(consume)
            case .atEnd, .rewritten:
                if let copy {
                    try leaveCopy(copy, consume)
                    try look(consume)
                    continue
                }
                size = buffer.position
                try growHead()
                return rest(consume)
            }
        }
        return .more
    }

    /// Asks for the status of the file and sees whether it is still the log that was read.
    private func look(_ consume: (Chunk) -> Int) throws(SystemError) {
        guard copy == nil else { return }
        let status = try syscalls.status(current.descriptor)
        try settleOrigin(status)
        guard copy == nil else { return }
        state.position = buffer.position
        if case .restart(let reason) = state.look(size: status.size) { try startAgain(reason, consume) }
        if copy == nil { sizeToProve = status.size }
    }

    private func rest(_ consume: (Chunk) -> Int) -> TurnResult {
        let now = clock()
        if showAwaited(now, consume) { recordWasClosed = false }
        while true {
            if isBehindForerunner { return .atEnd(lookAgain: nil) }
            if carriedOnBy != nil, buffer.heldBytes > 0 {
                // The next part closes it; should that come to nothing, it is closed here.
                let last = state.lastGrowth + Follower.carriedOnQuiets * limits.recordQuietNanos
                if now < last { return .atEnd(lookAgain: last) }
                carriedOnBy = nil
            }
            state.recordIsOpen = carried != nil || buffer.heldBytes > 0 && !recordWasClosed
            state.hasPartialLine = buffer.partialBytes > 0
            switch state.rest(
                now: now, recordQuiet: recordQuietMillis.map { Int64($0) * 1_000_000 } ?? limits.recordQuietNanos,
                leavingQuiet: limits.leavingQuietNanos)
            {
            case .closeRecord:
                deliver(.quiet, consume)
                recordWasClosed = true
            case .finish:
                // Should it grow after all, the rest of a line that was shown unfinished is not another line.
                let isTorn = buffer.partialBytes > 0
                endLog(consume)
                isDiscarding = isDiscarding || isTorn
                fileState = .finished
                return .finished
            case .wait(let until):
                return .atEnd(lookAgain: earlier(until, awaited.map { $0.since + limits.partsWaitNanos }))
            }
        }
    }

    /// The file is another log now: the rest of the old one is read from the copy, where one was made.
    private func startAgain(_ reason: RestartReason, _ consume: (Chunk) -> Int) throws(SystemError) {
        let before = buffer.beforeEnd
        let proof = ContentProof(length: before.count, hash: SipHash.hash64(before))
        copy = try openCopy(head: head, before: proof, position: buffer.position)
        if let copy {
            taken.note("\(reason), its rest from \(copy.path)")
            return
        }
        taken.bytesLost += max(0, size - buffer.position)
        taken.note(reason.description)
        beginNextGeneration(consume)
    }

    /// The copy is read to its end: what follows is in the next copy, if there is one, else in the file itself.
    private func leaveCopy(_ left: OpenCopy, _ consume: (Chunk) -> Int) throws(SystemError) {
        settle(left)
        let next = try openNextCopy(after: left)
        syscalls.close(left.descriptor)
        copy = next
        beginNextGeneration(carrying: openRecordToCarry, consume)
    }

    /// Ends the log that the file was, and stands at byte 0 of the one that it is now.
    private func beginNextGeneration(carrying record: CarriedRecord? = nil, _ consume: (Chunk) -> Int) {
        if record == nil { endLog(consume) }
        carried = record
        generation += 1
        begin(at: 0, lines: 0)
        size = 0
    }

    /// Hands out what is left, with an unfinished last line, and counts it as accounted for.
    func endLog(_ consume: (Chunk) -> Int) {
        taken.bytesLost += Int64(cutUnitBytes)
        cutUnitBytes = 0
        defer { goAlone() }
        guard buffer.end > buffer.start else { return closeCarried(.ended, consume) }
        if buffer.partialBytes > 0 { taken.lines += 1 }
        buffer.wholeLines(until: buffer.end)
        deliver(.ended, consume, isFinal: true)
        account(until: buffer.end)
    }

    /// Lends the whole lines and accounts for what was taken of them. With `isFinal`, lines whose parts are not all there
    /// are shown too.
    func deliver(_ ending: Chunk.Ending, _ consume: (Chunk) -> Int, isFinal: Bool = false) {
        if joinOpenRecord(ending, consume) { return }
        let bytes = buffer[buffer.start..<buffer.wholeEnd]
        guard bytes.count > 0 else { return }
        guard layout.isPlain else { return deliverDecoded(bytes, ending, consume, isFinal: isFinal) }
        let chunk = Chunk(bytes: bytes, offset: buffer.offset, line: lines.map { $0 + 1 }, ending: ending)
        let count = consume(chunk)
        precondition(count >= 0 && count <= bytes.count, "a scanner accounts for bytes of its chunk only")
        account(until: buffer.start + count)
    }

    /// Counts the lines before `index` and gives them up.
    func account(until index: Int) {
        guard index > buffer.start else { return }
        let count = Int64(buffer.newlineCount(in: buffer.start..<index, form))
        taken.lines += count
        lines = lines.map { $0 + count }
        buffer.consume(until: index)
    }

    func begin(at offset: Int64, lines: Int64?, before: UnsafeRawBufferPointer = .init(start: nil, count: 0)) {
        buffer.restart(at: offset, before: before)
        state.position = offset
        state.lastGrowth = clock()
        self.lines = lines
        head = .none
        cutUnitBytes = 0
        passing = []
        awaited = nil
        isDiscarding = false
        isInGap = false
        recordWasClosed = false
    }
}
