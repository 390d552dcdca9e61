/// Lines and gaps of text in any form. Every range begins and ends where a unit does.
extension LineBuffer {
    /// Where the first newline in `range` begins; nil where there is none.
    func firstNewline(in range: Range<Int>, _ form: TextForm) -> Int? {
        if form.unitBytes == 1 { return firstIndex(of: UInt8(ascii: "\n"), in: range) }
        let bytes = self[range]
        var at = 0
        while at < bytes.count {
            if form.unit(at: at, in: bytes) == 0x0A { return range.lowerBound + at }
            at += 2
        }
        return nil
    }

    /// Where the last newline in `range` begins; nil where there is none.
    func lastNewline(in range: Range<Int>, _ form: TextForm) -> Int? {
        if form.unitBytes == 1 { return lastIndex(of: UInt8(ascii: "\n"), in: range) }
        let bytes = self[range]
        var at = bytes.count - 2
        while at >= 0 {
            if form.unit(at: at, in: bytes) == 0x0A { return range.lowerBound + at }
            at -= 2
        }
        return nil
    }

    /// How many newlines are in `range`.
    func newlineCount(in range: Range<Int>, _ form: TextForm) -> Int {
        if form.unitBytes == 1 { return count(of: UInt8(ascii: "\n"), in: range) }
        let bytes = self[range]
        var count = 0
        var at = 0
        while at < bytes.count {
            if form.unit(at: at, in: bytes) == 0x0A { count += 1 }
            at += 2
        }
        return count
    }

    /// End of the run of NULs that begins at `index`, as far as they fill whole units.
    func gapEnd(from index: Int, _ form: TextForm) -> Int {
        let end = nulRunEnd(from: index)
        return end - (end - index) % form.unitBytes
    }

    /// The first run of at least `bytesMin` NULs in `seen ..< end` that fills whole units, or one that reaches back from
    /// there, but not beyond `wholeEnd`.
    func wideGap(from seen: Int, to end: Int, bytesMin: Int) -> Range<Int>? {
        // A run of eight bytes holds four that are looked at together; one of them may have begun before `seen`.
        var at = max(wholeEnd, seen - bytesMin + 2)
        let bytes = self[0..<end]
        while at + 4 <= end {
            guard bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self) == 0 else {
                at += 4
                continue
            }
            var from = at
            let lowest = max(wholeEnd, at - bytesMin)
            while from - 2 >= lowest, bytes[from - 1] == 0, bytes[from - 2] == 0 { from -= 2 }
            let run = nulRunEnd(from: at)
            let to = min(end, run - (run - at) % 2)
            if to - from >= bytesMin { return from..<to }
            at = to
        }
        return nil
    }
}
