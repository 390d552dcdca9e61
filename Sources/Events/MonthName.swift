/// English names of months and days of the week, in any case.
enum MonthName {
    /// Bytes of the longest name, `September`, with two blanks.
    static let bytesMax = 12

    /// 1 to 12 for the name at `position`, short or in full, which is then passed; nil for any other word.
    static func read(_ line: LineBytes, at position: inout Int) -> Int? {
        let month: Int
        switch key(line, position) {
        case key("jan"): month = 1
        case key("feb"): month = 2
        case key("mar"): month = 3
        case key("apr"): month = 4
        case key("may"): month = 5
        case key("jun"): month = 6
        case key("jul"): month = 7
        case key("aug"): month = 8
        case key("sep"): month = 9
        case key("oct"): month = 10
        case key("nov"): month = 11
        case key("dec"): month = 12
        default: return nil
        }
        guard line[position &+ 3].isLetter else {
            position &+= 3
            return month
        }
        let full = MonthName.full(month)
        let end = position &+ full.utf8CodeUnitCount
        guard line.matches(full, at: position), !line[end].isLetter else { return nil }
        position = end
        return month
    }

    /// Where `Sun ` or `Sun, ` begins if it stands before `start`, else `start`.
    static func startOfWeekday(_ line: LineBytes, before start: Int) -> Int {
        guard line[start &- 1] == UInt8(ascii: " ") else { return start }
        let end = line[start &- 2] == UInt8(ascii: ",") ? start &- 2 : start &- 1
        guard isWeekday(line, at: end &- 3), !line[end &- 4].isAlphanumeric else { return start }
        return end &- 3
    }

    static func isWeekday(_ line: LineBytes, at position: Int) -> Bool {
        switch key(line, position) {
        case key("mon"), key("tue"), key("wed"), key("thu"), key("fri"), key("sat"), key("sun"): true
        default: false
        }
    }

    private static func full(_ month: Int) -> StaticString {
        switch month {
        case 1: "january"
        case 2: "february"
        case 3: "march"
        case 4: "april"
        case 5: "may"
        case 6: "june"
        case 7: "july"
        case 8: "august"
        case 9: "september"
        case 10: "october"
        case 11: "november"
        default: "december"
        }
    }

    /// Three bytes as one number, letters in lower case.
    @inline(__always) private static func key(_ line: LineBytes, _ position: Int) -> UInt32 {
        UInt32(line[position] | 0x20) << 16 | UInt32(line[position &+ 1] | 0x20) << 8
            | UInt32(line[position &+ 2] | 0x20)
    }

    @inline(__always) private static func key(_ name: StaticString) -> UInt32 {
        let bytes = name.utf8Start
        return UInt32(bytes[0]) << 16 | UInt32(bytes[1]) << 8 | UInt32(bytes[2])
    }
}

extension MonthName {
    static func isMonthOrWeekday(_ line: LineBytes, at start: Int) -> Bool {
        var end = start
        return isWeekday(line, at: start) || read(line, at: &end) != nil
    }
}
