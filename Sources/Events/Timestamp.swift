/// A moment: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time).
package struct Timestamp: Hashable, Comparable, Sendable, Codable {
    /// May be negative: a log can speak of 1969.
    package var microseconds: Int64

    package static let microsecondsPerSecond: Int64 = 1_000_000
    package static let microsecondsPerHour: Int64 = 3_600_000_000

    package init(microseconds: Int64) { self.microseconds = microseconds }

    package init(seconds: Int64) { self.microseconds = seconds &* Timestamp.microsecondsPerSecond }

    /// Whole hours since 1970, rounded down: the bucket of the hourly counts.
    package var hour: Int64 { microseconds.flooredQuotient(by: Timestamp.microsecondsPerHour) }

    /// The moment so many seconds later, or earlier if there are fewer than none.
    package func moved(bySeconds seconds: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds &+ seconds &* Timestamp.microsecondsPerSecond)
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }
}

/// A date and a time of day in the proleptic Gregorian calendar, without a zone.
package struct CivilTime: Equatable, Sendable {
    package var year: Int
    /// 1 to 12.
    package var month: Int
    /// 1 to 31.
    package var day: Int
    /// 0 to 23.
    package var hour: Int
    /// 0 to 59.
    package var minute: Int
    /// 0 to 60: a leap second is written as 60 and counts as the first second of the next minute.
    package var second: Int
    /// 0 to 999,999.
    package var microsecond: Int

    package init(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, microsecond: Int = 0
    ) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
    }

    /// The moment this civil time names in UTC.
    ///
    /// Days from civil: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    package var utc: Timestamp {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = Int64(era * 146_097 + dayOfEra - 719_468)
        let seconds = days * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
        return Timestamp(microseconds: seconds * Timestamp.microsecondsPerSecond + Int64(microsecond))
    }

    /// The civil time in UTC of a moment. Same source as `utc`: civil_from_days.
    package init(utc time: Timestamp) {
        let seconds = time.microseconds.flooredQuotient(by: Timestamp.microsecondsPerSecond)
        let days = seconds.flooredQuotient(by: 86_400)
        let secondOfDay = Int(seconds - days * 86_400)
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
        month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
        hour = secondOfDay / 3_600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
        // Wrapping: near Int64.min the rounded-down second lies outside of the range, the difference does not.
        microsecond = Int(time.microseconds &- seconds &* Timestamp.microsecondsPerSecond)
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC, with as many digits of a second as are not zero: none, three or six.
    package var description: String {
        let civil = CivilTime(utc: self)
        var text = ""
        text.reserveCapacity(27)
        text.append(padded: civil.year, to: 4)
        text += "-"
        text.append(padded: civil.month, to: 2)
        text += "-"
        text.append(padded: civil.day, to: 2)
        text += "T"
        text.append(padded: civil.hour, to: 2)
        text += ":"
        text.append(padded: civil.minute, to: 2)
        text += ":"
        text.append(padded: civil.second, to: 2)
        if civil.microsecond != 0 {
            text += "."
            if civil.microsecond % 1_000 == 0 {
                text.append(padded: civil.microsecond / 1_000, to: 3)
            } else {
                text.append(padded: civil.microsecond, to: 6)
            }
        }
        text += "Z"
        return text
    }
}

extension Int64 {
    /// The quotient rounded towards minus infinity. `divisor` is positive.
    func flooredQuotient(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

extension String {
    mutating func append(padded number: Int, to width: Int) {
        let digits = String(number)
        for _ in 0..<Swift.max(0, width - digits.utf8.count) { self += "0" }
        self += digits
    }
}
