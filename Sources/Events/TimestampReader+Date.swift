/// The forms of a date, each followed by its time of day.
extension TimestampReader {
    /// `2026-11-22T10:00:00`, the shape of most logs, with each part at its fixed place: the same answer as
    /// `readYearFirst`, in half the time. False leaves everything as it was.
    @inline(__always) mutating func readFixed(_ digit: Int) -> Bool {
        let separator = line[digit &+ 4]
        guard separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/"), line[digit &+ 7] == separator,
            line[digit &+ 10] == UInt8(ascii: " ") || line[digit &+ 10] == UInt8(ascii: "T"),
            line[digit &+ 13] == UInt8(ascii: ":"), line[digit &+ 16] == UInt8(ascii: ":"), !line[digit &+ 19].isDigit
        else { return false }
        let month = line.number(at: digit &+ 5, digits: 2)
        let day = line.number(at: digit &+ 8, digits: 2)
        let hour = line.number(at: digit &+ 11, digits: 2)
        let minute = line.number(at: digit &+ 14, digits: 2)
        let second = line.number(at: digit &+ 17, digits: 2)
        // A place without a digit makes its number -1 and the whole negative.
        guard month | day | hour | minute | second >= 0, hour < 24, minute < 60, second <= 60 else { return false }
        written.year = line.number(at: digit, digits: 4)
        written.month = month
        written.day = day
        written.hour = hour
        written.minute = minute
        written.second = second
        written.hasSeconds = true
        written.shape = .yearFirst
        position = digit &+ 19
        readEndOfClock()
        if written.hasPlausibleDate && finish() { return true }
        written = WrittenTime()
        written.start = digit
        position = digit &+ 4
        return false
    }

    /// `2026-11-22`, `2026/11/22`, `2026.11.22`.
    mutating func readYearFirst(_ digit: Int) -> Bool {
        let separator = line[position]
        guard separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/") || separator == UInt8(ascii: ".") else {
            return false
        }
        written.year = line.number(at: digit, digits: 4)
        position &+= 1
        written.month = readOneOrTwo()
        guard written.month > 0, line[position] == separator else { return false }
        position &+= 1
        written.day = readOneOrTwo()
        written.shape = .yearFirst
        return written.hasPlausibleDate && readClockAfterDate(dotted: separator == UInt8(ascii: "-")) && finish()
    }

    /// `20261122`, `261122`, `20261122100000`, each with a time of day in digits or with colons.
    mutating func readCompactDate(_ digit: Int, run: Int) -> Bool {
        let yearDigits = run == 6 ? 2 : 4
        let year = line.number(at: digit, digits: yearDigits)
        written.year = yearDigits == 2 ? WrittenTime.fullYear(year) : year
        written.month = line.number(at: digit &+ yearDigits, digits: 2)
        written.day = line.number(at: digit &+ yearDigits &+ 2, digits: 2)
        written.shape = .compact
        guard written.hasPlausibleDate else { return false }
        if run == 14 { return readCompactClock(at: digit &+ 8) && finish() }
        let separator = line[position]
        guard separator.isBlank || separator == UInt8(ascii: "T") || separator == UInt8(ascii: "-") else {
            return false
        }
        position &+= 1
        if separator.isBlank && line[position].isBlank { position &+= 1 }
        if line.digitRun(at: position, limit: 7) == 6 {
            // Two numbers of six digits are common in messages, so without a T only the head of a line is believed.
            guard separator == UInt8(ascii: "T") || isHead(digit) else { return false }
            return readCompactClock(at: position) && finish()
        }
        return readClock(loose: true) && finish()
    }

    /// A run of one or two digits: a day, a month, a year of two digits, or an hour.
    mutating func readDayOrHour(_ digit: Int, run: Int) -> Bool {
        let number = line.number(at: digit, digits: run)
        if line[digit &- 1] == UInt8(ascii: " ") || line[digit &- 1] == UInt8(ascii: "-") {
            if readMonthBefore(digit, day: number) { return true }
            position = digit &+ run
        }
        switch line[position] {
        case UInt8(ascii: ":"):
            guard isHead(digit) else { return false }
            position = digit
            written.shape = .clock
            return readClock(loose: false) && written.hasSeconds && !line[position].isLetter && finish()
        case UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: " "):
            let separator = line[position]
            position &+= 1
            if line[position].isLetter { return readDayMonthName(day: number, separator: separator) }
            return separator != UInt8(ascii: " ") && readNumericDate(digit, first: number, separator: separator)
        default: return false
        }
    }

    /// `22/Nov/2026`, `22-Nov-2026`, `22 Nov 2026`; the separator has been read.
    private mutating func readDayMonthName(day: Int, separator: UInt8) -> Bool {
        guard let month = MonthName.read(line, at: &position), line[position] == separator else { return false }
        position &+= 1
        let run = line.digitRun(at: position, limit: 5)
        guard run == 4 || run == 2 else { return false }
        let year = line.number(at: position, digits: run)
        position &+= run
        written.year = run == 2 ? WrittenTime.fullYear(year) : year
        written.month = month
        written.day = day
        written.shape = .monthName
        return written.hasPlausibleDate && readClockAfterDate(dotted: false) && finish()
    }

    /// Three numbers, or two: `11/22/2026`, `22.11.2026`, `16/05/04`, `11-22`; the first separator has been read.
    ///
    /// Which is day and which is month is a guess where both are at most 12: with `/` and AM or PM the month comes
    /// first, else the day; a year of two digits is read first (`16/05/04` is 2017) unless month and day then cannot
    /// be. Wrong for a 24-hour clock with US dates on the first twelve days of a month.
    private mutating func readNumericDate(_ digit: Int, first: Int, separator: UInt8) -> Bool {
        let secondDigits = line.digitRun(at: position, limit: 3)
        guard secondDigits == 1 || secondDigits == 2 else { return false }
        let second = line.number(at: position, digits: secondDigits)
        position &+= secondDigits
        written.shape = .numeric
        guard line[position] == separator else {
            // `11-22 10:00:00` as Android writes it, `10.31 08:09:10`: in the middle of a line these are numbers.
            guard separator != UInt8(ascii: "/"), line[position] == UInt8(ascii: " "), isHead(digit) else {
                return false
            }
            setDayAndMonth(first, second, monthFirst: first <= 12)
            return written.hasPlausibleDate && readClockAfterDate(dotted: false) && written.hasSeconds && finish()
        }
        position &+= 1
        let yearDigits = line.digitRun(at: position, limit: 5)
        guard yearDigits == 4 || yearDigits == 2 else { return false }
        let third = line.number(at: position, digits: yearDigits)
        position &+= yearDigits
        if yearDigits == 2 {
            written.year = WrittenTime.fullYear(first)
            setDayAndMonth(second, third, monthFirst: true)
            if separator == UInt8(ascii: ".") || !written.hasPlausibleDate {
                written.year = WrittenTime.fullYear(third)
                setDayAndMonth(first, second, monthFirst: separator == UInt8(ascii: "/") && second > 12)
            }
        } else {
            written.year = third
            setDayAndMonth(first, second, monthFirst: second > 12 && separator != UInt8(ascii: "."))
        }
        guard written.hasPlausibleDate, readClockAfterDate(dotted: false) else { return false }
        if written.hasHalfDay && separator == UInt8(ascii: "/") && first <= 12 && yearDigits == 4 {
            setDayAndMonth(first, second, monthFirst: true)
        }
        return finish()
    }

    private mutating func setDayAndMonth(_ first: Int, _ second: Int, monthFirst: Bool) {
        written.month = monthFirst ? first : second
        written.day = monthFirst ? second : first
    }

    /// `Nov 22 10:00:00`, `Nov 22 2026 10:00:00`, `Nov 22, 2026 10:00:00 AM`, `Sun Nov 22 10:00:00 2026`, found by
    /// their day at `digit`.
    private mutating func readMonthBefore(_ digit: Int, day: Int) -> Bool {
        var letter = digit &- 2
        if line[letter] == UInt8(ascii: " ") { letter &-= 1 }
        guard line[letter].isLetter else { return false }
        var start = letter
        while digit &- start < MonthName.bytesMax && line[start &- 1].isLetter { start &-= 1 }
        var end = start
        guard !line[start &- 1].isAlphanumeric, let month = MonthName.read(line, at: &end), end == letter &+ 1 else {
            return false
        }
        written.start = MonthName.startOfWeekday(line, before: start)
        written.month = month
        written.day = day
        written.shape = .monthName
        if line[position] == UInt8(ascii: ",") { position &+= 1 }
        if line[position] == UInt8(ascii: " ") && line.digitRun(at: position &+ 1, limit: 5) == 4 {
            written.year = line.number(at: position &+ 1, digits: 4)
            position &+= 5
        }
        guard written.hasPlausibleDate, readClockAfterDate(dotted: false), written.hasSeconds || written.hasYear else {
            return false
        }
        if !written.hasYear { readTrailingYear() }
        return written.hasPlausibleDate && finish()
    }

    /// `E1122 10:00:00.123456` and `E20261122 10:00:00.123456` at the head of a line: glog and klog.
    mutating func readAfterLetter(digit: Int, run: Int) -> Bool {
        guard run == 4 || run == 8, line[digit &- 1].isOne(of: "IWEFD"), isHead(digit &- 1) else { return false }
        written = WrittenTime()
        written.start = digit
        written.shape = .glog
        written.year = run == 8 ? line.number(at: digit, digits: 4) : WrittenTime.yearMissing
        written.month = line.number(at: digit &+ run &- 4, digits: 2)
        written.day = line.number(at: digit &+ run &- 2, digits: 2)
        position = digit &+ run
        guard written.hasPlausibleDate, line[position] == UInt8(ascii: " ") else { return false }
        position &+= 1
        return readClock(loose: false) && written.hasSeconds && finish()
    }

    /// A month or a day in one or two digits; -1 where there are none or more.
    @inline(__always) private mutating func readOneOrTwo() -> Int {
        let run = line.digitRun(at: position, limit: 3)
        guard run == 1 || run == 2 else { return -1 }
        let number = line.number(at: position, digits: run)
        position &+= run
        return number
    }
}
