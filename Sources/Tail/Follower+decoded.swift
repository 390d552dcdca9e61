import Events

/// Files whose text is not handed out as it lies on disk.
extension Follower {
    /// A line written in parts whose end is not there.
    struct AwaitedLine {
        /// Its first byte in the file.
        var offset: Int64
        /// Since when its end is waited for, in nanoseconds.
        var since: Int64
    }

    /// Lends whole lines, decoded into memory that lives as long, and traces what was taken of them back to bytes of the
    /// file.
    func deliverDecoded(
        _ bytes: UnsafeRawBufferPointer, _ ending: Chunk.Ending, _ consume: (Chunk) -> Int, isFinal: Bool
    ) {
        let text = DecodedText()
        let rules = TextLayout.Rules(
            lineBytesMax: limits.lineBytesMax, showsBefore: isFinal ? Int.max : patienceEnd(clock()), passing: passing)
        layout.decode(bytes, into: text, rules)
        noteAwaited(text.openAt)
        var count = 0
        if !text.bytes.isEmpty {
            let chunk = Chunk(
                bytes: text.bytes, offset: buffer.offset, line: lines.map { $0 + 1 }, ending: ending,
                places: text.places)
            count = consume(chunk)
            precondition(count >= 0 && count <= chunk.bytes.count, "a scanner accounts for bytes of its chunk only")
        }
        let end = isFinal ? bytes.count : text.rawBytes(ofText: count)
        let findings = text.findings(until: end)
        passing = findings.passing(after: passing)
        taken.linesForeign += findings.linesForeign
        taken.linesCut += findings.linesCut
        taken.bytesLost += findings.bytesLost
        account(until: buffer.start + end)
    }

    /// Index behind the first byte of a line that has been waited for long enough; 0 where there is none.
    private func patienceEnd(_ now: Int64) -> Int {
        guard let awaited, now - awaited.since >= limits.partsWaitNanos else { return 0 }
        return Int(awaited.offset - buffer.offset) + 1
    }

    private func noteAwaited(_ openAt: Int?) {
        guard let openAt else { return awaited = nil }
        let offset = buffer.offset + Int64(openAt)
        if awaited?.offset != offset { awaited = AwaitedLine(offset: offset, since: clock()) }
    }

    /// At the end of the file: shows a line whose parts did not come in time, and says whether there was one.
    func showAwaited(_ now: Int64, _ consume: (Chunk) -> Int) -> Bool {
        guard buffer.heldBytes > 0, patienceEnd(now) > 0 else { return false }
        deliver(.more, consume)
        return true
    }

    /// The earlier of two moments, where nil is never.
    func earlier(_ first: Int64?, _ second: Int64?) -> Int64? {
        guard let first, let second else { return first ?? second }
        return min(first, second)
    }

    /// The outputs of which a line was cut at the limit before byte `offset`, and has not come to its end there.
    ///
    /// Looks back only as far as lines before `offset` are parts of such a line.
    func outputsCut(before offset: Int64) throws(SystemError) -> OutputSet {
        guard let wrapper = layout.wrapper else { return [] }
        // Most escapes write one character in six; what is longer yet was not waited for either.
        let lookedAtMax = min(offset, Int64(limits.lineBytesMax) * 8)
        var length = min(lookedAtMax, Int64(LineWrapper.headBytesMax) * 2)
        while true {
            var bytes = [UInt8](repeating: 0, count: Int(length))
            let count = try read(&bytes, at: offset - length, in: current.descriptor)
            guard count == bytes.count else { return [] }
            let isAll = length == offset
            let open = bytes.withUnsafeBytes { OpenLines(before: $0, isAll: isAll, wrapper: wrapper) }
            if open.areKnown || length == lookedAtMax { return open.longer(than: limits.lineBytesMax) }
            length = min(lookedAtMax, length * 4)
        }
    }
}

/// Bytes of text, for each output, of the parts at the end of some lines that no whole line follows.
private struct OpenLines {
    private var bytes: [ProgramOutput: Int] = [:]
    private var hasWhole: OutputSet = []

    /// `isAll`: the lines begin at the head of the file.
    init(before raw: UnsafeRawBufferPointer, isAll: Bool, wrapper: LineWrapper) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: raw.count + 16, alignment: 16)
        defer { memory.deallocate() }
        if isAll { hasWhole = [OutputSet(.standardOutput), OutputSet(.standardError)] }
        var at = isAll ? 0 : TextForm.utf8.newline(in: raw, from: 0).map { $0 + 1 } ?? raw.count
        while at < raw.count {
            let end = TextForm.utf8.newline(in: raw, from: at) ?? raw.count
            let line = UnsafeRawBufferPointer(rebasing: raw[at..<end])
            if let piece = wrapper.unwrap(line, into: memory) {
                if piece.isPartial {
                    bytes[piece.output, default: 0] += piece.textBytes
                } else {
                    bytes[piece.output] = nil
                    hasWhole.insert(OutputSet(piece.output))
                }
            }
            at = end + 1
        }
    }

    /// Whether more lines before these would change nothing.
    var areKnown: Bool { bytes.keys.allSatisfy { hasWhole.contains(OutputSet($0)) } }

    func longer(than limit: Int) -> OutputSet {
        OutputSet(bytes.filter { $0.value > limit }.map { OutputSet($0.key) })
    }
}
