extension TimestampReader {
    /// A time of day behind a date, with what parts them: `T`, blanks, `:` (access logs), `, `, `-`, `_`.
    /// With `dotted`, `2026-11-22-10.00.00.123456` (DB2, Blue Gene) is read too.
    mutating func readClockAfterDate(dotted: Bool) -> Bool {
        switch line[position] {
        case UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: ":"), UInt8(ascii: "_"): position &+= 1
        case UInt8(ascii: ","):
            guard line[position &+ 1] == UInt8(ascii: " ") else { return false }
            position &+= 2
        case UInt8(ascii: " "), UInt8(ascii: "\t"):
            position &+= 1
            if line[position] == UInt8(ascii: " ") { position &+= 1 }
        case UInt8(ascii: "-"):
            position &+= 1
            if dotted && line[position &+ 2] == UInt8(ascii: ".") { return readClock(separator: UInt8(ascii: ".")) }
        default: return false
        }
        return readClock(loose: false)
    }

    /// `10:00:00.123 AM +0200` and less; with `loose`, minutes and seconds of one digit (`23:20:9:124`) as well.
    mutating func readClock(loose: Bool) -> Bool {
        readClock(separator: UInt8(ascii: ":"), loose: loose)
    }

    private mutating func readClock(separator: UInt8, loose: Bool = false) -> Bool {
        let hourDigits = line.digitRun(at: position, limit: 3)
        guard hourDigits == 1 || hourDigits == 2, line[position &+ hourDigits] == separator else { return false }
        written.hour = line.number(at: position, digits: hourDigits)
        position &+= hourDigits &+ 1
        guard let minute = readSixty(loose: loose) else { return false }
        written.minute = minute
        if line[position] == separator && line[position &+ 1].isDigit {
            position &+= 1
            guard let second = readSixty(loose: loose) else { return false }
            written.second = second
            written.hasSeconds = true
        } else if !written.hasYear {
            return false
        }
        readEndOfClock()
        return written.hour < 24 && written.minute < 60 && written.second <= 60
    }

    /// Fraction, AM or PM, and zone, as far as they are there.
    @inline(__always) mutating func readEndOfClock() {
        if written.hasSeconds && isFraction(line[position]) && line[position &+ 1].isDigit { readFraction() }
        readHalfDay()
        readZone()
    }

    /// `100000`, with fraction and zone.
    mutating func readCompactClock(at start: Int) -> Bool {
        written.hour = line.number(at: start, digits: 2)
        written.minute = line.number(at: start &+ 2, digits: 2)
        written.second = line.number(at: start &+ 4, digits: 2)
        written.hasSeconds = true
        position = start &+ 6
        if isFraction(line[position]) && line[position] != UInt8(ascii: ":") && line[position &+ 1].isDigit {
            readFraction()
        }
        readZone()
        return 0..<24 ~= written.hour && 0..<60 ~= written.minute && 0...60 ~= written.second
    }

    @inline(__always) private func isFraction(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":")
    }

    @inline(__always) private mutating func readSixty(loose: Bool) -> Int? {
        let run = line.digitRun(at: position, limit: 3)
        guard run == 2 || loose && run == 1 else { return nil }
        let value = line.number(at: position, digits: run)
        position &+= run
        return value
    }

    /// The sign and one to nine digits of a second; from the seventh on they are dropped. A sign followed by more
    /// digits is left unread, so that the time is none.
    mutating func readFraction() {
        let run = line.digitRun(at: position &+ 1, limit: 10)
        guard run <= 9 else { return }
        var value = line.number(at: position &+ 1, digits: min(run, 6))
        for _ in 0..<max(0, 6 - run) { value &*= 10 }
        written.microsecond = value
        position &+= 1 &+ run
    }

    /// `AM`, `PM`, `am`, `pm` behind an hour of 1 to 12, after a blank or a narrow blank (as Java writes since 20) or
    /// at once.
    @inline(__always) private mutating func readHalfDay() {
        var place = position
        if line[place].isBlank {
            place &+= 1
        } else if line[place] == 0xE2, line[place &+ 1] == 0x80, line[place &+ 2] == 0xAF {
            place &+= 3
        }
        let half = line[place] | 0x20
        guard half == UInt8(ascii: "a") || half == UInt8(ascii: "p"), line[place &+ 1] | 0x20 == UInt8(ascii: "m"),
            !line[place &+ 2].isAlphanumeric, 1...12 ~= written.hour
        else { return }
        written.hour = written.hour % 12 + (half == UInt8(ascii: "p") ? 12 : 0)
        written.hasHalfDay = true
        position = place &+ 2
    }

    /// `Z`, `+02:00`, `+0200`, `+02`, ` +0200`, ` UTC`, ` CEST`; nothing is read where none of them stands.
    private mutating func readZone() {
        let next = line[position]
        if next == UInt8(ascii: "Z") || next == UInt8(ascii: "z") {
            guard !line[position &+ 1].isAlphanumeric else { return }
            written.zone = .offset(seconds: 0)
            position &+= 1
        } else if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") {
            readOffset(at: position, full: false)
        } else if next == UInt8(ascii: " ") {
            let second = line[position &+ 1]
            if second == UInt8(ascii: "+") || second == UInt8(ascii: "-") {
                // Behind a blank `-12` is more often a number than a zone.
                readOffset(at: position &+ 1, full: true)
            } else if second.isUppercase {
                readZoneName(at: position &+ 1)
            }
        }
    }

    /// With `full`, hours and minutes must both be there.
    private mutating func readOffset(at start: Int, full: Bool) {
        let run = line.digitRun(at: start &+ 1, limit: 5)
        let hours = line.number(at: start &+ 1, digits: 2)
        var minutes = 0
        var end = start &+ 3
        if run == 4 {
            minutes = line.number(at: start &+ 3, digits: 2)
            end = start &+ 5
        } else if run == 2, line[start &+ 3] == UInt8(ascii: ":"), line.digitRun(at: start &+ 4, limit: 3) == 2 {
            minutes = line.number(at: start &+ 4, digits: 2)
            end = start &+ 6
        } else if run != 2 || full {
            return
        }
        guard 0...14 ~= hours, 0..<60 ~= minutes else { return }
        let seconds = hours * 3_600 + minutes * 60
        written.zone = .offset(seconds: line[start] == UInt8(ascii: "-") ? -seconds : seconds)
        position = end
    }

    /// An abbreviation as PostgreSQL, date(1) and others write it, with an offset as in `UTC+02:00` or alone.
    private mutating func readZoneName(at start: Int) {
        guard let (zone, length) = ZoneName.read(line, at: start) else { return }
        written.zone = zone
        position = start &+ length
        if zone == .offset(seconds: 0), line[position] == UInt8(ascii: "+") || line[position] == UInt8(ascii: "-") {
            readOffset(at: position, full: false)
        }
    }

    /// ` 2026` or ` UTC 2026` behind the time of day, as ctime(3) and date(1) write it. Only where the number ends the
    /// line or a bracket does: a host may be named so.
    mutating func readTrailingYear() {
        guard line[position] == UInt8(ascii: " "), line.digitRun(at: position &+ 1, limit: 5) == 4 else { return }
        switch line[position &+ 5] {
        case 0, UInt8(ascii: "]"), UInt8(ascii: ")"), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","),
            UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "|"), UInt8(ascii: ";"), UInt8(ascii: "\r"):
            break
        case UInt8(ascii: ":") where line[position &+ 6].isBlank: break
        default: return
        }
        let year = line.number(at: position &+ 1, digits: 4)
        guard WrittenTime.years.contains(year) else { return }
        written.year = year
        position &+= 5
    }
}
