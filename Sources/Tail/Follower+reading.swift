import Events

extension Follower {
    /// The file itself, or the copy that has the rest of what it was.
    private var readingDescriptor: Int32 { copy?.descriptor ?? current.descriptor }

    /// What one read came to.
    enum Block {
        /// Indices of the new bytes in the buffer.
        case bytes(Range<Int>)
        case atEnd
        /// The bytes before the place read are not those that were read there before.
        case rewritten
    }

    /// What the first bytes of a file say about it.
    enum Opening {
        case text
        /// Nothing there yet, so that nothing may be read either before it has been looked at.
        case empty
        /// Too few bytes to tell text from an archive, or its form.
        case undecided
        case unreadable(String)
    }

    /// Reads at most `limit` bytes behind those read before.
    ///
    /// The bytes before that place are compared *after* the read: had the file been truncated and grown again by then,
    /// what was read might belong to another log, and it is thrown away.
    func readBlock(_ limit: Int) throws(SystemError) -> Block {
        let room = buffer.room(for: limits.blockBytes)
        let target = UnsafeMutableRawBufferPointer(rebasing: room[..<min(max(limit, form.unitBytes), room.count)])
        let position = buffer.position
        let all = try syscalls.readAt(readingDescriptor, target, position)
        let count = all - all % form.unitBytes
        cutUnitBytes = all - count
        guard try holds(buffer.beforeEnd, endingAt: position) else { return .rewritten }
        guard count > 0 else { return .atEnd }
        if position == 0 { head = proof(of: target[..<min(count, Checkpoint.headBytesMax)]) }
        let start = buffer.end
        buffer.append(count)
        return .bytes(start..<start + count)
    }

    /// Looks at the first bytes: text, or something that only looks like a log from afar.
    func readOpening() throws(SystemError) -> Opening {
        let bytes = try readHead()
        let assumed = bytes.withUnsafeBytes { TextLayout.assumed(by: $0, encoding: encoding, format: format) }
        layout = assumed.layout
        guard !bytes.isEmpty else { return .empty }
        switch LogFormat.of(bytes.prefix(LogFormat.magicBytesMax)) {
        case nil: return .undecided
        case .plain?: break
        case let format?: return .unreadable("a \(format.rawValue) archive; logs are read before they are compressed")
        }
        let told = bytes.withUnsafeBytes { TextLayout.told(by: $0, encoding: encoding, format: format) }
        if let reason = binaryReason(bytes, (told ?? assumed).layout) { return .unreadable(reason) }
        // Of what is over, no more can be learnt.
        let isOver = state.isLeaving || copy != nil
        guard let told = told ?? (isOver ? assumed : nil) else { return .undecided }
        layout = told.layout
        if told.markBytes > 0 { try begin(provenAt: Int64(told.markBytes), lines: 0) }
        return .text
    }

    /// Why a file with these first bytes is not read, if it is no text.
    private func binaryReason(_ head: [UInt8], _ layout: TextLayout) -> String? {
        guard layout.form.unitBytes == 1, let position = BinaryContent.position(in: head) else { return nil }
        return "not a text file (byte \(position) is NUL); leave it out with 'exclude'"
    }

    /// Whether the file is compressed or no text: then it has no lines to begin at, and the first look at its head says
    /// so.
    func isNoLog() throws(SystemError) -> Bool {
        let bytes = try readHead()
        if let format = LogFormat.of(bytes.prefix(LogFormat.magicBytesMax)), format != .plain { return true }
        return binaryReason(bytes, layout) != nil
    }

    /// Learns the layout of a log that is not read from its head; nil when that is too short to tell.
    func settleLayout() throws(SystemError) -> TextLayout.Told? {
        let bytes = try readHead()
        let told = bytes.withUnsafeBytes { TextLayout.told(by: $0, encoding: encoding, format: format) }
        layout =
            told?.layout
            ?? bytes.withUnsafeBytes {
                TextLayout.assumed(by: $0, encoding: encoding, format: format).layout
            }
        return told
    }

    /// First bytes of a file that nearly always tell what it is.
    private static let headBytes = max(1_024, LineWrapper.headBytesMin)

    /// As many of the first bytes of the file as tell what it is.
    private func readHead() throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Follower.headBytes)
        var count = try read(&bytes, at: 0, in: readingDescriptor)
        let told = bytes.withUnsafeBytes { TextLayout.told(by: $0, encoding: encoding, format: format) }
        if count == bytes.count, told == nil {
            bytes = [UInt8](repeating: 0, count: LineWrapper.headBytesMax)
            count = try read(&bytes, at: 0, in: readingDescriptor)
        }
        return Array(bytes[..<count])
    }

    /// Decides where reading begins, once, in the first turn.
    func settleOrigin(_ status: FileStatus) throws(SystemError) {
        switch origin {
        case .settled: return
        case .beginning: begin(at: 0, lines: 0)
        case .end: try beginAtEnd(status.size)
        case .endedAt(let found): try begin(endedAt: found, status.size)
        case .since(let moment): try begin(since: moment, status)
        case .resume(let checkpoint): try resume(checkpoint, status.size)
        case .archive, .unknownArchive, .knownArchive: return
        }
        origin = .settled
        if lines != 0 || generation > 0 { goAlone() }
    }

    /// Stands behind the last newline: a line that is being written now is read from its first byte.
    func beginAtEnd(_ size: Int64) throws(SystemError) {
        guard try settleLayout() != nil, try !isNoLog() else { return begin(at: 0, lines: 0) }
        let unit = Int64(form.unitBytes)
        var block = [UInt8](repeating: 0, count: 16 * 1_024)
        let last = size - size % unit
        var end = last
        var lowest = max(0, last - Int64(limits.lineBytesMax))
        lowest -= lowest % unit
        while end > lowest {
            let start = max(lowest, end - Int64(block.count))
            let count = min(try read(&block, at: start, in: current.descriptor), Int(end - start))
            if let newline = lastNewline(in: block[..<count]) {
                try begin(provenAt: start + Int64(newline) + unit, lines: nil)
                return
            }
            end = start
        }
        if lowest == 0 {
            begin(at: 0, lines: 0)
        } else {
            // A line longer than may be: its end is nobody's line.
            try begin(provenAt: last, lines: nil)
            isDiscarding = true
        }
    }

    /// Where the last newline begins in bytes that begin with a unit.
    private func lastNewline(in bytes: ArraySlice<UInt8>) -> Int? {
        guard form.unitBytes == 2 else { return bytes.lastIndex(of: UInt8(ascii: "\n")) }
        return bytes.withUnsafeBytes { all in
            stride(from: all.count - all.count % 2 - 2, through: 0, by: -2).first { form.unit(at: $0, in: all) == 0x0A }
        }
    }

    private func resume(_ checkpoint: Checkpoint, _ size: Int64) throws(SystemError) {
        generation = checkpoint.generation
        guard checkpoint.offset > 0 || checkpoint.head.length > 0 else {
            if generation > 0 { relatives.declareOldCopies(of: self) }
            return begin(at: 0, lines: 0)
        }
        if checkpoint.provesNothing { return try begin(endedAt: checkpoint.offset, size) }
        let headHolds = try proves(checkpoint.head, endingAt: Int64(checkpoint.head.length), in: current.descriptor)
        let placeHolds = try proves(checkpoint.before, endingAt: checkpoint.offset, in: current.descriptor)
        let isSame = checkpoint.offset <= size && headHolds && placeHolds
        if isSame && generation > 0 { relatives.declareOldCopies(of: self) }
        if !isSame {
            copy = try openCopy(head: checkpoint.head, before: checkpoint.before, position: checkpoint.offset)
        }
        guard isSame || copy != nil else {
            taken.note(RestartReason.checkpointDiffers(at: checkpoint.offset).description)
            generation += 1
            return begin(at: 0, lines: 0)
        }
        let markBytes = try settleLayout()?.markBytes ?? 0
        // Within a unit only where another form was configured when the checkpoint was made.
        try begin(provenAt: checkpoint.offset - checkpoint.offset % Int64(form.unitBytes), lines: checkpoint.lines)
        head = checkpoint.head
        // Behind a line that was cut, or that its file's end left unfinished, its rest is still to come.
        isDiscarding = buffer.offset != Int64(markBytes) && isBehindText(buffer.beforeStart)
        passing = try outputsCut(before: buffer.offset)
    }

    /// Whether the last character of `bytes` is neither a newline nor part of a gap.
    private func isBehindText(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= form.unitBytes, let last = bytes.last else { return false }
        guard form.unitBytes == 2 else { return last != UInt8(ascii: "\n") && last != 0 }
        let unit = form.unit(at: bytes.count - 2, in: bytes)
        return unit != 0x0A && unit != 0
    }

    /// Begins at `offset` with the bytes before it in hand, so that a rewrite shows from the first read on.
    func begin(provenAt offset: Int64, lines: Int64?) throws(SystemError) {
        var before = [UInt8](repeating: 0, count: min(Checkpoint.beforeBytesMax, Int(clamping: offset)))
        let count = try read(&before, at: offset - Int64(before.count), in: readingDescriptor)
        if count < before.count { before = [] }
        before.withUnsafeBytes { begin(at: offset, lines: lines, before: $0) }
    }

    /// Lets the proof of the first bytes grow with a file that is still small.
    func growHead() throws(SystemError) {
        let length = min(Checkpoint.headBytesMax, Int(clamping: buffer.position))
        guard head.length < length else { return }
        var bytes = [UInt8](repeating: 0, count: length)
        guard try read(&bytes, at: 0, in: current.descriptor) == length else { return }
        let grown = bytes.withUnsafeBytes { all -> ContentProof? in
            let known = UnsafeRawBufferPointer(rebasing: all[..<head.length])
            guard head.length == 0 || SipHash.hash64(known) == head.hash else { return nil }
            return ContentProof(length: length, hash: SipHash.hash64(all))
        }
        // Compared once more, so that the first bytes of another log are never taken for those of this one.
        guard let grown, try holds(buffer.beforeEnd, endingAt: buffer.position) else { return }
        head = grown
    }

    /// Steps over a hole at once, however many gigabytes it claims to hold.
    func jumpOverHole() throws(SystemError) {
        guard buffer.start == buffer.end else { return }
        let position = buffer.position
        let data: Int64
        do throws(SystemError) {
            data = try syscalls.nextData(readingDescriptor, position) ?? size
        } catch {
            return  // Not every file system knows its holes; then they are read.
        }
        guard data > position else { return }
        let next = data - data % Int64(form.unitBytes)
        guard next > position else { return }
        taken.nulBytes += next - position
        buffer.jump(to: next)
    }

    /// Whether the file still holds these bytes, up to that place.
    private func holds(_ expected: UnsafeRawBufferPointer, endingAt end: Int64) throws(SystemError) -> Bool {
        guard expected.count > 0 else { return true }
        var bytes = InlineBytes()
        let count = try bytes.read(expected.count) { target throws(SystemError) in
            try syscalls.readAt(readingDescriptor, target, end - Int64(expected.count))
        }
        return count == expected.count && bytes.equals(expected)
    }

    func proves(_ expected: ContentProof, endingAt end: Int64, in descriptor: Int32) throws(SystemError) -> Bool {
        try expected.holds(in: descriptor, endingAt: end, syscalls: syscalls)
    }

    private func proof(of bytes: Slice<UnsafeMutableRawBufferPointer>) -> ContentProof {
        ContentProof(length: bytes.count, hash: SipHash.hash64(UnsafeRawBufferPointer(rebasing: bytes)))
    }

    /// Fills `bytes` from `offset`; fewer only at the end of the file.
    func read(_ bytes: inout [UInt8], at offset: Int64, in descriptor: Int32) throws(SystemError) -> Int {
        var filled = 0
        while filled < bytes.count {
            let count = try readOnce(&bytes, from: filled, at: offset + Int64(filled), in: descriptor)
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    private func readOnce(
        _ bytes: inout [UInt8], from index: Int, at offset: Int64, in descriptor: Int32
    ) throws(SystemError) -> Int {
        var result: Result<Int, SystemError> = .success(0)
        bytes.withUnsafeMutableBytes { all in
            let rest = UnsafeMutableRawBufferPointer(rebasing: all[index...])
            do throws(SystemError) {
                result = .success(try syscalls.readAt(descriptor, rest, offset))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }
}
