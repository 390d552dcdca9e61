/// A time as it stands in a line: what is missing is not filled in yet.
struct WrittenTime {
    /// How it is written, as far as the rest of a header depends on it.
    enum Shape: UInt8 {
        case yearFirst, compact, numeric, monthName, glog, clock, epoch
    }

    enum Zone: Equatable {
        /// None is written, or one whose letters mean several places: the clock of the source's time zone.
        case source
        /// Seconds east of UTC.
        case offset(seconds: Int)
    }

    var shape = Shape.yearFirst
    /// `yearMissing` where none is written.
    var year = WrittenTime.yearMissing
    /// 1 to 12; 0 where no date is written.
    var month = 0
    /// 1 to 31; 0 where no date is written.
    var day = 0
    var hour = 0
    var minute = 0
    var second = 0
    var microsecond = 0
    var zone = Zone.source
    /// Microseconds since 1970, for `Shape.epoch` only.
    var epoch: Int64 = 0
    var hasSeconds = false
    /// Written with AM or PM.
    var hasHalfDay = false
    /// First byte in the line and the first after.
    var start = 0
    var end = 0

    static let yearMissing = -1
    /// Years that are believed.
    static let years = 1_970...2_100
    /// Numbers of microseconds since 1970 that are believed: 2001 to 2100.
    static let epochPlausible: Range<Int64> = 978_307_200_000_000..<4_102_444_800_000_000

    var hasYear: Bool { year != WrittenTime.yearMissing }
    var hasDate: Bool { month != 0 || shape == .epoch }

    /// Whether year (if any), month and day exist.
    var hasPlausibleDate: Bool {
        guard 1...12 ~= month, day >= 1 else { return false }
        // Without a year February 29 may be.
        guard hasYear else { return day <= CivilTime.daysIn(month: month, year: 2_000) }
        return WrittenTime.years.contains(year) && day <= CivilTime.daysIn(month: month, year: year)
    }

    /// The century of a year of two digits as strptime(3) has it: 69 is 1969, 68 is 2068.
    static func fullYear(_ year: Int) -> Int { year < 69 ? 2_000 + year : 1_900 + year }
}
