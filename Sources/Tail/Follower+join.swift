import Events

/// A record that began in one part of a log and goes on in the next: a stack trace cut by rotation.
///
/// The first lines of a new part are held until it is known whether they carry on the record that is open at the end of
/// the part before. If they do, both are lent as one chunk and accounted for in one turn; until then neither checkpoint
/// moves, so that a crash in between reads both again. Half a line is never joined to another file's line.
extension Follower {
    /// The open record of a log that was cut in place, when all of that was read. Its checkpoint stays good as long as
    /// the copy is there.
    struct CarriedRecord {
        /// Whole lines, UTF-8.
        var text: [UInt8]
        var lines: Int64
        var offset: Int64
        var line: Int64?
        var checkpoint: Checkpoint
    }

    /// What is open at the end of a part of a log.
    private enum OpenRecord {
        case none
        /// Not known before it is read to its end.
        case unread
        case record([UInt8])
    }

    /// A record that another part carries on is closed here when that part has not done so for this many times the time
    /// that is waited for more of a record.
    static let carriedOnQuiets: Int64 = 8

    /// What is to be carried into the next generation once a copy has been read; nil where nothing is open, or half a
    /// line is.
    var openRecordToCarry: CarriedRecord? {
        guard limits.continuation != nil, layout.isPlain, carried == nil, forerunner == nil || !mayCarryOn,
            !recordWasClosed,
            buffer.heldBytes > 0, buffer.partialBytes == 0, cutUnitBytes == 0
        else { return nil }
        let count = buffer.newlineCount(in: buffer.start..<buffer.wholeEnd, form)
        return CarriedRecord(
            text: text(of: buffer.start..<buffer.wholeEnd), lines: Int64(count), offset: buffer.offset,
            line: lines.map { $0 + 1 }, checkpoint: checkpoint)
    }

    /// Joins the first lines to the record that was open before them, if they carry it on. True: nothing is to be lent now.
    func joinOpenRecord(_ ending: Chunk.Ending, _ consume: (Chunk) -> Int) -> Bool {
        guard carried != nil || forerunner != nil, let continuation = limits.continuation else { return false }
        guard buffer.heldBytes > 0 else {
            if ending != .more { closeCarried(ending, consume) }
            return true
        }
        let next = text(of: buffer.start..<buffer.wholeEnd)
        let open: [UInt8]
        switch openRecord {
        case .none:
            goAlone()
            return false
        case .unread:
            isBehindForerunner = ending == .more && linesCarried(by: next, after: [], continuation).bytes > 0
            if !isBehindForerunner { goAlone() }
            return isBehindForerunner
        case .record(let text): open = text
        }
        let carriedLines = linesCarried(by: next, after: open, continuation)
        let isShort = open.count + next.count < limits.joinedBytesMax
        if carriedLines.isOpen, ending == .more, isShort {
            forerunner?.carriedOnBy = self
            return true
        }
        guard carriedLines.bytes > 0 else {
            closeCarried(.ended, consume)
            goAlone()
            return false
        }
        lend(open + next[..<carriedLines.bytes], consume)
        account(until: buffer.start + carriedLines.bytes)
        accountForOpenRecord()
        return buffer.heldBytes == 0
    }

    /// Lends the record that was carried over, as nothing carries it on.
    func closeCarried(_ ending: Chunk.Ending, _ consume: (Chunk) -> Int) {
        guard let carried else { return }
        carried.text.withUnsafeBytes {
            _ = consume(Chunk(bytes: $0, offset: carried.offset, line: carried.line, ending: ending))
        }
        accountForOpenRecord()
    }

    /// From here on the file has nothing to do with the part before it.
    func goAlone() {
        if forerunner?.carriedOnBy === self { forerunner?.carriedOnBy = nil }
        isBehindForerunner = false
        mayCarryOn = false
    }

    private var openRecord: OpenRecord {
        if let carried { return .record(carried.text) }
        // Text that lies otherwise in a file than it is lent (UTF-16, containers) is not joined.
        guard mayCarryOn, let forerunner, layout.isPlain, forerunner.layout.isPlain else { return .none }
        if forerunner.hasMore { return .unread }
        guard forerunner.buffer.heldBytes > 0, !forerunner.recordWasClosed else { return .none }
        // Its writer has not finished a line, or it may carry on a record itself: more is to come, or its time runs out.
        if forerunner.buffer.partialBytes > 0 || forerunner.mayCarryOn && forerunner.standing.forerunner != nil {
            return .unread
        }
        return .record(forerunner.text(of: forerunner.buffer.start..<forerunner.buffer.wholeEnd))
    }

    private func lend(_ record: [UInt8], _ consume: (Chunk) -> Int) {
        let offset = carried?.offset ?? forerunner?.buffer.offset ?? 0
        let line = carried.map(\.line) ?? forerunner?.lines.map { $0 + 1 }
        record.withUnsafeBytes { _ = consume(Chunk(bytes: $0, offset: offset, line: line, ending: .quiet)) }
    }

    /// Counts the lines that were open before this part as accounted for.
    private func accountForOpenRecord() {
        if let carried {
            taken.lines += carried.lines
            self.carried = nil
        } else if let forerunner {
            forerunner.account(until: forerunner.buffer.wholeEnd)
            settled.append(forerunner.takeProgress())
            goAlone()
        }
    }

    /// A copy of what is held.
    private func text(of range: Range<Int>) -> [UInt8] { Array(buffer[range]) }

    /// Asks with what the reader knows of the part in which the record began: its records are of that part's kind.
    private func linesCarried(
        by next: [UInt8], after open: [UInt8], _ continuation: RecordContinuation
    ) -> CarriedLines {
        let context = forerunner?.context ?? context
        return next.withUnsafeBytes { next in open.withUnsafeBytes { continuation($0, next, context) } }
    }
}
