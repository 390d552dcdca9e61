import Events

extension Follower {
    /// Fewest NULs in a row that are a gap and not text: what a truncation or a lost page leaves, never a writer.
    static let gapBytesMin = 8

    /// Finds whole lines, gaps and over-long lines in the bytes just read, and lends what is whole.
    ///
    /// Invariant at the top of the loop: what lies before `seen` has been classified, and no line before it is whole but
    /// untold. Every step moves `seen` forward, or ends a line that then is discarded.
    func classify(_ fresh: Range<Int>, _ consume: (Chunk) -> Int) {
        var seen = fresh.lowerBound
        let end = fresh.upperBound
        while seen < end {
            if isDiscarding {
                seen = discard(from: seen, to: end)
                continue
            }
            if isInGap {
                let next = buffer.gapEnd(from: seen, form)
                taken.nulBytes += Int64(next - seen)
                skip(to: next)
                isInGap = next == end
                seen = next
                continue
            }
            let gap = findGap(from: seen, to: end)
            // A gap may reach back into what was read before, which holds no newline.
            let limit = max(seen, gap?.lowerBound ?? end)
            let firstLineEnd = buffer.firstNewline(in: seen..<limit, form) ?? limit
            if firstLineEnd - buffer.wholeEnd > limits.lineBytesMax {
                seen = cutLine(consume)
                continue
            }
            if let last = buffer.lastNewline(in: firstLineEnd..<limit, form) {
                buffer.wholeLines(until: last + form.unitBytes)
            }
            if let gap {
                enterGap(gap, consume)
                seen = gap.upperBound
                isInGap = seen == end
            } else {
                seen = end
            }
        }
        if buffer.heldBytes > 0 { deliver(.more, consume) }
        if buffer.heldBytes > limits.heldBytesMax { flush(consume) }
    }

    /// Passes over the rest of a line that was cut; returns where text begins again, or `end`.
    private func discard(from seen: Int, to end: Int) -> Int {
        if buffer.nulRunEnd(from: seen) == end && end - seen >= Follower.gapBytesMin {
            isDiscarding = false
            isInGap = true
            return seen
        }
        let newline = buffer.firstNewline(in: seen..<end, form)
        let next = newline.map { $0 + form.unitBytes } ?? end
        taken.bytesLost += Int64((newline ?? end) - seen)
        isDiscarding = newline == nil
        skip(to: next)
        return next
    }

    /// Ends the partial line at the limit, shows it, and passes over what follows of it. Returns where that begins.
    private func cutLine(_ consume: (Chunk) -> Int) -> Int {
        let cut = cutPlace()
        taken.linesCut += 1
        // What stands at the cut gives its place to the newline: it is part of what is lost.
        taken.bytesLost += Int64(form.unitBytes)
        showTorn(at: cut, consume)
        isDiscarding = true
        return cut + form.unitBytes
    }

    /// The last place in the partial line, up to the limit, that is not within a character.
    private func cutPlace() -> Int {
        var cut = buffer.wholeEnd + limits.lineBytesMax
        switch form {
        case .latin1: break
        case .utf8:
            let lowest = cut - 3
            while cut > lowest, buffer.byte(at: cut) & 0xC0 == 0x80 { cut -= 1 }
        case .utf16LittleEndian, .utf16BigEndian:
            cut -= limits.lineBytesMax % 2
            let around = buffer[cut - 2..<cut + 2]
            let isPair =
                TextForm.isHighSurrogate(form.unit(at: 0, in: around))
                && TextForm.isLowSurrogate(form.unit(at: 2, in: around))
            if isPair { cut -= 2 }
        }
        return cut
    }

    /// Shows what stands before a gap, torn or whole, and steps over it.
    private func enterGap(_ gap: Range<Int>, _ consume: (Chunk) -> Int) {
        if buffer.wholeEnd < gap.lowerBound {
            showTorn(at: gap.lowerBound, consume)
        } else {
            flush(consume)
        }
        taken.nulBytes += Int64(gap.count)
        skip(to: gap.upperBound)
    }

    /// Shows the partial line up to `index` as if a newline stood there.
    private func showTorn(at index: Int, _ consume: (Chunk) -> Int) {
        buffer.withNewline(at: index, form) {
            buffer.wholeLines(until: index + form.unitBytes)
            flush(consume)
        }
    }

    /// Lends all whole lines as complete and counts them as accounted for.
    private func flush(_ consume: (Chunk) -> Int) {
        deliver(.quiet, consume, isFinal: true)
        account(until: buffer.wholeEnd)
    }

    /// Steps over bytes that are neither shown nor counted as lines.
    private func skip(to index: Int) {
        buffer.wholeLines(until: index)
        buffer.consume(until: index)
    }

    /// The first run of at least `gapBytesMin` NULs in `seen ..< end`, or one that reaches back from there.
    private func findGap(from seen: Int, to end: Int) -> Range<Int>? {
        if form.unitBytes == 2 { return buffer.wideGap(from: seen, to: end, bytesMin: Follower.gapBytesMin) }
        var at = seen
        while let first = buffer.firstIndex(of: 0, in: at..<end) {
            var from = first
            while from > buffer.wholeEnd, from == first || from <= seen, buffer.byte(at: from - 1) == 0 { from -= 1 }
            let to = min(end, buffer.nulRunEnd(from: first))
            if to - from >= Follower.gapBytesMin { return from..<to }
            at = to
        }
        return nil
    }
}
