/// Reads a time out of a line, beginning at a digit that was found there.
///
/// What kind of time it is follows from how many digits stand in a row and what follows them, so each place is looked
/// at once, and what is found never depends on the lines that came before. Nothing is allocated.
struct TimestampReader {
    let line: LineBytes
    /// The next byte to be read.
    var position = 0
    /// What has been read.
    var written = WrittenTime()
    /// Where the text of the line begins, behind brackets, a level and the like; -1 until it is needed.
    private var headEnd = -1

    init(_ line: LineBytes) { self.line = line }

    /// Whether a time begins with the run of digits at `digit`, or with the month or weekday in front of it.
    ///
    /// If so, it is in `written`, range-checked; `digit` must be the first of its run. The checks of the byte before
    /// keep numbers inside of words, versions and addresses from being times.
    mutating func read(digit: Int) -> Bool {
        let before = line[digit &- 1]
        let run = line.digitRun(at: digit, limit: 20)
        if before.isLetter || before == UInt8(ascii: "_") { return readAfterLetter(digit: digit, run: run) }
        if line[digit &- 2].isDigit && (before == UInt8(ascii: ".") || before == UInt8(ascii: ":")) { return false }
        // Most numbers are no times; nothing is set up for those that cannot be one.
        guard run < 20, TimestampReader.runs & 1 << UInt32(run) != 0 else { return false }
        written = WrittenTime()
        written.start = digit
        position = digit &+ run
        switch run {
        case 4: return readFixed(digit) || readYearFirst(digit)
        case 1, 2: return readDayOrHour(digit, run: run)
        case 6, 8: return readCompactDate(digit, run: run)
        case 14: return isHead(digit) && readCompactDate(digit, run: 14)
        case 10, 13, 16, 19: return readEpoch(digit, run: run)
        default: return false
        }
    }

    /// The lengths of runs of digits with which a time can begin, as bits.
    private static var runs: UInt32 {
        1 << 1 | 1 << 2 | 1 << 4 | 1 << 6 | 1 << 8 | 1 << 10 | 1 << 13 | 1 << 14 | 1 << 16 | 1 << 19
    }

    // MARK: - Seconds since 1970

    /// Seconds (with or without a fraction), milliseconds, microseconds or nanoseconds since 1970, between 2001 and
    /// 2100, where something says that the number is a time: it is the head of the line, a key such as `ts` names it,
    /// or its own date follows.
    private mutating func readEpoch(_ digit: Int, run: Int) -> Bool {
        let number = Int64(line.number(at: digit, digits: min(run, 18)))
        let microseconds: Int64
        switch run {
        case 10: microseconds = number * 1_000_000
        case 13: microseconds = number * 1_000
        case 16: microseconds = number
        default: microseconds = number / 100
        }
        guard WrittenTime.epochPlausible.contains(microseconds) else { return false }
        written.epoch = microseconds
        written.shape = .epoch
        if run == 10, line[position] == UInt8(ascii: "."), line[position &+ 1].isDigit {
            readFraction()
            written.epoch = microseconds + Int64(written.microsecond)
        }
        guard isHead(digit) || KeyName.isTime(line, before: digit) || isFollowedByItsDate(microseconds) else {
            return false
        }
        return finish()
    }

    /// `1600000000 2020.09.13`: the date is at most a day away, which no other number would be.
    private func isFollowedByItsDate(_ microseconds: Int64) -> Bool {
        guard line[position] == UInt8(ascii: " "), line.digitRun(at: position &+ 1, limit: 5) == 4,
            !line[position &+ 5].isAlphanumeric, line[position &+ 8] == line[position &+ 5]
        else { return false }
        let year = line.number(at: position &+ 1, digits: 4)
        let month = line.number(at: position &+ 6, digits: 2)
        let day = line.number(at: position &+ 9, digits: 2)
        guard 1...12 ~= month, 1...31 ~= day else { return false }
        let noon = CivilTime(year: year, month: month, day: day, hour: 12).utc.microseconds
        return abs(noon - microseconds) <= 36 * Timestamp.microsecondsPerHour
    }

    // MARK: - Where the line begins

    /// Whether nothing but brackets, signs, blanks and a level stands before `place`.
    mutating func isHead(_ place: Int) -> Bool {
        if place == 0 { return true }
        if headEnd < 0 { headEnd = LineHead.end(of: line) }
        return place == headEnd
    }

    /// Takes the time as read if what follows does not make it something else, such as a MAC address.
    mutating func finish() -> Bool {
        let next = line[position]
        if next.isDigit { return false }
        if next == UInt8(ascii: ":") && line[position &+ 1].isDigit && written.zone == .source { return false }
        written.end = position
        return true
    }
}
