/// Which of its two outputs a program in a container wrote a line to.
package enum ProgramOutput: UInt8, Sendable, CaseIterable {
    case standardOutput
    case standardError

    /// As container runtimes write it.
    package var name: String {
        switch self {
        case .standardOutput: "stdout"
        case .standardError: "stderr"
        }
    }
}

/// Where one line of decoded text stands in its file.
///
/// Positions in the file are bytes from where the chunk begins there, line numbers count from the chunk's first line, from
/// 0. 32 bits hold them, since a chunk is a few megabytes at most.
package struct LinePlace: Sendable {
    /// Where the line begins in the text.
    package var textStart: UInt32
    /// First byte of its first physical line.
    package var start: UInt32
    /// End of its last physical line, without the newline. Lines of the other output may lie in between.
    package var end: UInt32
    package var firstLine: UInt32
    package var lastLine: UInt32
    /// Nil where the line is not a program's output wrapped by a container runtime.
    package var output: ProgramOutput?
    /// Reading can go on from its first byte: no line before it has a part behind that.
    package var isResting: Bool
    /// Microseconds since 1970 at which its first part was written, by the wrapper; `LinePlace.noTime` where none is told.
    package var time: Int64

    package static let noTime = Int64.min

    package init(
        textStart: Int, start: Int, end: Int, lines: ClosedRange<Int>, output: ProgramOutput? = nil,
        isResting: Bool = true, time: Int64 = noTime
    ) {
        self.textStart = UInt32(truncatingIfNeeded: textStart)
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
        firstLine = UInt32(truncatingIfNeeded: lines.lowerBound)
        lastLine = UInt32(truncatingIfNeeded: lines.upperBound)
        self.output = output
        self.isResting = isResting
        self.time = time
    }
}

/// The places of all lines of a decoded chunk, in the order of the text. Lent with the chunk.
///
/// A place may stand for several lines of text: what one physical line held with newlines in it.
package struct LinePlaces {
    package let all: UnsafeBufferPointer<LinePlace>

    package init(_ all: UnsafeBufferPointer<LinePlace>) { self.all = all }

    /// Where a run of text stands in the file, and what is told of its first line.
    package struct Extent {
        /// As the positions of `LinePlace`.
        package var start: Int
        package var end: Int
        package var lines: ClosedRange<Int>
        package var output: ProgramOutput?
        package var time: Timestamp?
    }

    /// The extent of the lines that hold the text from `range.lowerBound` up to, not including, `range.upperBound`. Nil
    /// where there are no places.
    package func extent(of range: Range<Int>) -> Extent? {
        guard let first = index(at: range.lowerBound) else { return nil }
        let place = all[first]
        var end = Int(place.end)
        var lastLine = Int(place.lastLine)
        var next = first + 1
        // Joined lines may end behind those that follow them.
        while next < all.count, Int(all[next].textStart) < range.upperBound {
            end = max(end, Int(all[next].end))
            lastLine = max(lastLine, Int(all[next].lastLine))
            next += 1
        }
        return Extent(
            start: Int(place.start), end: end, lines: Int(place.firstLine)...lastLine, output: place.output,
            time: place.time == LinePlace.noTime ? nil : Timestamp(microseconds: place.time))
    }

    /// The last place in the text, up to `offset`, from which reading can go on; 0 where there is none.
    package func restingPlace(atOrBefore offset: Int) -> Int {
        guard var index = index(at: offset) else { return 0 }
        while index > 0, !all[index].isResting { index -= 1 }
        return Int(all[index].textStart)
    }

    /// The place that holds the text at `offset`; the last one for an offset behind all text.
    private func index(at offset: Int) -> Int? {
        guard !all.isEmpty else { return nil }
        var low = 0
        var high = all.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(all[middle].textStart) <= offset { low = middle } else { high = middle }
        }
        return low
    }
}
