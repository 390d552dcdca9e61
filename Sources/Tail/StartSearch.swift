import Events

/// Finds the first record at or after a moment by bisection on the times in a file.
///
/// Lines without a time are passed over. A few lines out of order do not mislead it: what is asked at each place is what
/// most of the next `jury` dated lines say. It reads at most about `bytesMax`, whatever the file holds.
///
/// Heuristic in two respects. Where the clock was set back, as at the end of daylight saving time in a log without zones,
/// times occur twice, and either may be found. Times without a year are of the year before the last change of the file.
struct StartSearch {
    enum Outcome: Equatable, Sendable {
        /// The first record at or after the moment begins there; `DatedLines.textStart` if the whole file is.
        case found(Int64)
        /// All dated records are before the moment.
        case nothingSince
        /// No line tells its date.
        case undated
        /// What may be read was used up; every record before that place is before the moment.
        case gaveUp(Int64)
    }

    let moment: Timestamp
    var lines: DatedLines

    /// Dated lines that are asked at one place.
    static let jury = 5
    /// Most bytes read at one place to find a dated line.
    static let probeBytesMax = 16 * 1_024
    /// Distance in bytes below which lines are read one after the other.
    static let walkBytes: Int64 = 64 * 1_024
    /// Most bytes read in all, give or take a probe.
    static let bytesMax = 8 * 1_024 * 1_024

    init(moment: Timestamp, lines: DatedLines) {
        self.moment = moment
        self.lines = lines
    }

    mutating func run() throws(SystemError) -> Outcome {
        var head = try lines.lines(
            from: lines.textStart, before: lines.size, linesMax: StartSearch.jury,
            bytesMax: StartSearch.probeBytesMax
        ).lines
        lines.onlyCertain = head.contains { $0.isCertain }
        if lines.onlyCertain { head.removeAll { !$0.isCertain } }
        if let first = head.first, first.time >= moment, isSince(head[...]) { return .found(lines.textStart) }
        var isDated = !head.isEmpty
        /// Every record before it is before the moment; a line begins there.
        var low = head.first?.offset ?? lines.textStart
        /// Nothing from here on needs to be asked any more.
        var high = lines.size
        while high - low > StartSearch.walkBytes {
            guard lines.bytesRead < StartSearch.bytesMax else { return isDated ? .gaveUp(low) : .undated }
            switch try ask(from: low + (high - low) / 2, before: high) {
            case .before(let offset): (low, isDated) = (offset, true)
            case .since(let place): (high, isDated) = (place, true)
            case .silent(let place): high = place
            }
        }
        return try walk(from: low, isDated: isDated)
    }

    /// What the dated lines behind a place say of it.
    private enum Answer {
        /// The line at this offset, behind the place, is before the moment.
        case before(Int64)
        /// What begins behind this place is at or after the moment.
        case since(Int64)
        /// Nothing from this place on tells.
        case silent(Int64)
    }

    private mutating func ask(from middle: Int64, before high: Int64) throws(SystemError) -> Answer {
        var place = middle
        while true {
            let found = try lines.lines(
                from: place, before: high, linesMax: StartSearch.jury, bytesMax: StartSearch.probeBytesMax)
            if let first = found.lines.first {
                return isSince(found.lines[...]) ? .since(place) : .before(first.offset)
            }
            // A long stretch without times: look behind it, for half of what is left each time.
            let next = place + (high - place) / 2
            guard found.ending == .limit, next - place >= Int64(StartSearch.probeBytesMax),
                lines.bytesRead < StartSearch.bytesMax
            else { return .silent(middle) }
            place = next
        }
    }

    /// Reads line by line from `low` to the first that is at or after the moment and that most of those behind it are.
    private mutating func walk(from low: Int64, isDated: Bool) throws(SystemError) -> Outcome {
        var window: [DatedLines.Line] = []
        var isDated = isDated
        var place = low
        while true {
            let left = StartSearch.bytesMax + Int(StartSearch.walkBytes) - lines.bytesRead
            guard left > 0 else { return isDated ? .gaveUp(low) : .undated }
            let found = try lines.lines(from: place, before: lines.size, linesMax: 64, bytesMax: left)
            window += found.lines
            isDated = isDated || !window.isEmpty
            let isWhole = found.ending == .end
            while window.count >= StartSearch.jury || isWhole && !window.isEmpty {
                if window[0].time >= moment, isSince(window.prefix(StartSearch.jury)) {
                    return .found(window[0].offset)
                }
                window.removeFirst()
            }
            if isWhole { return isDated ? .nothingSince : .undated }
            place = found.next
        }
    }

    private func isSince(_ lines: ArraySlice<DatedLines.Line>) -> Bool {
        lines.count { $0.time >= moment } * 2 > lines.count
    }
}
