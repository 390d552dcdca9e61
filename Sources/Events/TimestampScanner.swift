/// A time found in a line.
package struct TimestampMatch: Sendable, Equatable {
    package var time: Timestamp
    /// Bytes of the line that write it, with weekday and zone, without brackets.
    package var range: Range<Int>
    /// Whether a date is written; false for a time of day alone, which is taken to be of the day of the reference.
    package var hasDate: Bool
    /// Whether the year is written; false where it was concluded from the reference.
    package var hasYear: Bool
    /// Whether the zone is written; false where the source's time zone was used.
    package var hasZone: Bool

    package init(time: Timestamp, range: Range<Int>, hasDate: Bool, hasYear: Bool, hasZone: Bool) {
        self.time = time
        self.range = range
        self.hasDate = hasDate
        self.hasYear = hasYear
        self.hasZone = hasZone
    }
}

/// Finds the time in the lines of one source.
///
/// The answer for a line never depends on the lines before: the shape is told by its bytes, and what is remembered (the
/// last day and how the zone reads it) only saves arithmetic. One value a thread and a source; no allocation a line.
///
/// Measured on 2026-11-22 (release build, one of two busy cores, the lines of public log sets in order): 60 ns a line
/// for `2026-11-22 10:00:00,123`, 80 to 130 for months by name, dates without separators and years of two digits, 40 for
/// a line of 150 bytes without a digit. `RecordHeader.parse` 400 to 800 ns (1,200 at worst), `startsRecord` 7 ns for an
/// indented line, 60 to 160 for one that begins with a time.
package struct TimestampScanner: Sendable {
    /// Bytes of a line in which a time may begin.
    package static let searchBytesMax = 256
    /// How far after the reference a time without a year may be, in microseconds: clocks differ, and zones are guessed.
    package static let aheadMax: Int64 = 24 * Timestamp.microsecondsPerHour

    /// How clocks of the source are read when no zone is written.
    package let zone: TimeZoneRules
    /// When the lines were written, roughly (the file's last change, or now): gives the year and the date to times that
    /// are written without.
    package var reference: Timestamp {
        didSet { referenceDate = zone.civil(of: reference) }
    }
    private var referenceDate: CivilTime
    /// Year, month and day of `daySeconds`, packed; -1 for none.
    private var dayKey = -1
    /// Midnight of that day in seconds since 1970 as if the local clock were UTC.
    private var daySeconds: Int64 = 0
    private var reading = TimeZoneRules.LocalReading(offset: 0, first: 0, end: 0)

    package init(zone: TimeZoneRules, reference: Timestamp) {
        self.zone = zone
        self.reference = reference
        referenceDate = zone.civil(of: reference)
    }

    /// The first time that begins in the first `searchBytesMax` bytes of `line`; in a line that is a JSON object, the
    /// first that a key such as `time` names is preferred. Nil where there is none.
    package mutating func scan(_ line: UnsafeRawBufferPointer) -> TimestampMatch? {
        guard let bytes = LineBytes(line) else { return nil }
        var reader = TimestampReader(bytes)
        return scan(&reader)
    }

    /// The same, over a reader that afterwards holds how the time is written.
    mutating func scan(_ reader: inout TimestampReader) -> TimestampMatch? {
        if reader.line[0] == UInt8(ascii: "{"), let found = search(&reader, onlyNamed: true) { return found }
        return search(&reader, onlyNamed: false)
    }

    /// The time that begins exactly at `start`; nil where none does.
    mutating func match(_ reader: inout TimestampReader, at start: Int) -> TimestampMatch? {
        // The longest text before the first digit: a weekday and a month.
        guard let digit = reader.line.nextDigit(from: start, limit: start &+ MonthName.bytesMax),
            reader.read(digit: digit), reader.written.start == start, let time = resolve(reader.written)
        else { return nil }
        return match(reader.written, time)
    }

    private mutating func search(_ reader: inout TimestampReader, onlyNamed: Bool) -> TimestampMatch? {
        var place = 0
        while let digit = reader.line.nextDigit(from: place, limit: TimestampScanner.searchBytesMax) {
            if !onlyNamed || KeyName.isTime(reader.line, before: digit), reader.read(digit: digit),
                let time = resolve(reader.written)
            {
                return match(reader.written, time)
            }
            place = digit &+ 1
            while reader.line[place].isDigit { place &+= 1 }
        }
        return nil
    }

    private func match(_ written: WrittenTime, _ time: Timestamp) -> TimestampMatch {
        let isEpoch = written.shape == .epoch
        return TimestampMatch(
            time: time, range: written.start..<written.end, hasDate: written.hasDate,
            hasYear: written.hasYear || isEpoch, hasZone: written.zone != .source || isEpoch)
    }

    /// The moment that is meant; nil where the date does not exist in any year that may be meant.
    private mutating func resolve(_ written: WrittenTime) -> Timestamp? {
        if written.shape == .epoch { return Timestamp(microseconds: written.epoch) }
        guard written.hasDate else {
            return moment(written, referenceDate.year, referenceDate.month, referenceDate.day)
        }
        guard !written.hasYear else { return moment(written, written.year, written.month, written.day) }
        // From next year back: the first that is not more than a day ahead is the nearest that may be. Eight years
        // reach the next February 29 even around 1900 and 2100.
        for year in stride(from: referenceDate.year + 1, through: referenceDate.year - 8, by: -1)
        where written.day <= CivilTime.daysIn(month: written.month, year: year) {
            let time = moment(written, year, written.month, written.day)
            if time.microseconds - reference.microseconds <= TimestampScanner.aheadMax { return time }
        }
        return nil
    }

    private mutating func moment(_ written: WrittenTime, _ year: Int, _ month: Int, _ day: Int) -> Timestamp {
        let key = year << 9 | month << 5 | day
        if key != dayKey {
            dayKey = key
            daySeconds =
                CivilTime(year: year, month: month, day: day).utc.microseconds / Timestamp.microsecondsPerSecond
        }
        let local = daySeconds &+ Int64(written.hour &* 3_600 &+ written.minute &* 60 &+ written.second)
        let offset: Int64
        switch written.zone {
        case .offset(let seconds): offset = Int64(seconds)
        case .source:
            if local < reading.first || local >= reading.end { reading = zone.reading(ofLocalSeconds: local) }
            offset = reading.offset
        }
        return Timestamp(
            microseconds: (local &- offset) &* Timestamp.microsecondsPerSecond &+ Int64(written.microsecond))
    }
}
