/// The rule at the end of a time zone file, in the form of the TZ variable: `EST5EDT,M3.2.0,M11.1.0`
/// (POSIX.1-2017, 8.3, with the hours -167 to 167 of RFC 8536, 3.3.1).
struct TimeZoneFooter {
    /// Seconds east of UTC.
    private(set) var standardOffset: Int64
    private(set) var daylight: Daylight?

    struct Daylight {
        /// Seconds east of UTC.
        var offset: Int64
        var start: Day
        var end: Day
    }

    /// A day of a year and the second of that day, by the clock shown before the change.
    struct Day {
        enum Kind {
            /// `Jn`: 1 to 365, February 29 is never counted.
            case julian(Int)
            /// `n`: 0 to 365, February 29 is counted.
            case zeroBased(Int)
            /// `Mm.w.d`: the w-th (5 = last) weekday d (0 = Sunday) of month m.
            case weekday(month: Int, week: Int, day: Int)
        }

        var kind: Kind
        var second: Int64
    }

    /// Nil where the text follows no such form.
    init?(_ text: ArraySlice<UInt8>) {
        var reader = Reader(text: text)
        guard reader.skipName(), let standard = reader.signedTime(hoursMax: 24) else { return nil }
        standardOffset = -standard
        guard !reader.isAtEnd else { return }
        guard reader.skipName() else { return nil }
        var offset = standardOffset + 3_600
        if let next = reader.next, next != UInt8(ascii: ",") {
            guard let written = reader.signedTime(hoursMax: 24) else { return nil }
            offset = -written
        }
        guard reader.skip(","), let start = reader.day(), reader.skip(","), let end = reader.day(), reader.isAtEnd
        else { return nil }
        daylight = Daylight(offset: offset, start: start, end: end)
    }

    /// The two changes of a year, in order: the moment in seconds since 1970 UTC and the offset from then on.
    func changes(in year: Int) -> [(moment: Int64, offset: Int64)] {
        guard let daylight else { return [] }
        let start = daylight.start.localSeconds(in: year) - standardOffset
        let end = daylight.end.localSeconds(in: year) - daylight.offset
        let changes = [(moment: start, offset: daylight.offset), (moment: end, offset: standardOffset)]
        return start < end ? changes : changes.reversed()
    }

    private struct Reader {
        var text: ArraySlice<UInt8>

        var isAtEnd: Bool { text.isEmpty }
        var next: UInt8? { text.first }

        mutating func skip(_ byte: Unicode.Scalar) -> Bool {
            guard text.first == UInt8(ascii: byte) else { return false }
            text.removeFirst()
            return true
        }

        mutating func skipName() -> Bool {
            if skip("<") {
                let name = text.prefix { $0 != UInt8(ascii: ">") }
                text = text.dropFirst(name.count)
                return !name.isEmpty && skip(">")
            }
            let name = text.prefix { $0.isLetter }
            text = text.dropFirst(name.count)
            return name.count >= 3
        }

        mutating func number(max: Int) -> Int? {
            let digits = text.prefix { $0.isDigit }
            guard !digits.isEmpty, digits.count <= 3 else { return nil }
            text = text.dropFirst(digits.count)
            let value = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            return value <= max ? value : nil
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func signedTime(hoursMax: Int) -> Int64? {
            let negative = skip("-")
            if !negative { _ = skip("+") }
            guard let hours = number(max: hoursMax) else { return nil }
            var seconds = hours * 3_600
            for unit in [60, 1] where skip(":") {
                guard let part = number(max: 59) else { return nil }
                seconds += part * unit
            }
            return Int64(negative ? -seconds : seconds)
        }

        mutating func day() -> Day? {
            let kind: Day.Kind
            if skip("M") {
                guard let month = number(max: 12), month > 0, skip("."), let week = number(max: 5), week > 0, skip("."),
                    let day = number(max: 6)
                else { return nil }
                kind = .weekday(month: month, week: week, day: day)
            } else if skip("J") {
                guard let day = number(max: 365), day > 0 else { return nil }
                kind = .julian(day)
            } else {
                guard let day = number(max: 365) else { return nil }
                kind = .zeroBased(day)
            }
            guard skip("/") else { return Day(kind: kind, second: 2 * 3_600) }
            guard let second = signedTime(hoursMax: 167) else { return nil }
            return Day(kind: kind, second: second)
        }
    }
}

extension TimeZoneFooter.Day {
    /// The moment in `year`, in seconds since 1970 by the local clock.
    fileprivate func localSeconds(in year: Int) -> Int64 {
        func day(_ month: Int, _ day: Int) -> Int64 {
            CivilTime(year: year, month: month, day: day).utc.microseconds / Timestamp.microsecondsPerSecond / 86_400
        }
        let days: Int64
        switch kind {
        case .julian(let number):
            days = day(1, 1) + Int64(number - 1) + (number >= 60 && CivilTime.isLeap(year) ? 1 : 0)
        case .zeroBased(let number):
            days = day(1, 1) + Int64(number)
        case .weekday(let month, let week, let weekday):
            let first = day(month, 1)
            // 1970-01-01 was a Thursday, day 4 of its week.
            let firstWeekday = ((first + 4) % 7 + 7) % 7
            let offset = (Int64(weekday) - firstWeekday + 7) % 7 + Int64(week - 1) * 7
            let length = Int64(CivilTime.daysIn(month: month, year: year))
            days = first + (offset >= length ? offset - 7 : offset)
        }
        return days * 86_400 + second
    }
}

extension CivilTime {
    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// 28 to 31. `month` is 1 to 12.
    static func daysIn(month: Int, year: Int) -> Int {
        month == 2 ? (isLeap(year) ? 29 : 28) : 30 + (month + month >> 3) & 1
    }
}
