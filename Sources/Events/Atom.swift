/// One part of a variable word, between separators, and what it is called when shown.
enum Atom {
    /// Bytes that hold a part together.
    static func isPart(_ byte: UInt8) -> Bool {
        byte.isCore || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":")
            || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "%")
    }

    /// Bytes that do not belong to a part when they end it.
    static func isTrailing(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "@")
            || byte == UInt8(ascii: "+")
    }

    /// A placeholder that stands in the text already.
    static func placeholder(in bytes: UnsafeRawBufferPointer, at index: Int) -> StaticString? {
        guard bytes[index] == UInt8(ascii: "<") else { return nil }
        if bytes.has("<*>", at: index) { return "<*>" }
        return bytes.has("<secret>", at: index) ? "<secret>" : nil
    }

    /// The placeholder of the whole part; nil for a name with digits in it.
    static func kind(of part: UnsafeRawBufferPointer) -> StaticString? {
        if isNumber(part) { return "<num>" }
        if isUUID(part) { return "<uuid>" }
        if isIPv4(part) || isIPv6(part) { return "<ip>" }
        if isMAC(part) { return "<mac>" }
        if isTime(part) { return "<time>" }
        if part.find(UInt8(ascii: "@")) != nil && !part.allSatisfy({ !$0.isLetter }) { return "<email>" }
        if isHex(part) { return "<hex>" }
        if MaskRules.isHost(hostName(part)) { return "<host>" }
        return digitRuns(part) >= 4 ? "<id>" : nil
    }

    /// `-3`, `1.5`, `97%`, `15ms`, `2.5KB`: digits, points between them, at most three letters of a unit.
    private static func isNumber(_ part: UnsafeRawBufferPointer) -> Bool {
        var index = part[0] == UInt8(ascii: "-") || part[0] == UInt8(ascii: "+") ? 1 : 0
        guard index < part.count, part[index].isDigit else { return false }
        while index < part.count,
            part[index].isDigit || part[index] == UInt8(ascii: ".") && index + 1 < part.count && part[index + 1].isDigit
        {
            index += 1
        }
        if index < part.count && part[index] == UInt8(ascii: "%") { index += 1 }
        let unit = part.count - index
        return !isIPv4(part) && unit <= 3 && part.cut(index..<part.count).allSatisfy { $0.isLetter || $0 >= 0x80 }
    }

    private static func isUUID(_ part: UnsafeRawBufferPointer) -> Bool {
        guard part.count == 36 else { return false }
        for index in 0..<36 {
            let isDash = index == 8 || index == 13 || index == 18 || index == 23
            guard isDash ? part[index] == UInt8(ascii: "-") : part[index].isHexDigit else { return false }
        }
        return true
    }

    /// `10:15`, `10:15:00.123`, `2026-11-22`, `2026-11-22T10:15:00Z`.
    private static func isTime(_ part: UnsafeRawBufferPointer) -> Bool {
        var colons = 0
        var dashes = 0
        var run = 0
        for (index, byte) in part.enumerated() {
            switch byte {
            case UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "+"):
                if run == 0 { return false }
                if byte == UInt8(ascii: ":") { colons += 1 }
                if byte == UInt8(ascii: "-") { dashes += 1 }
                run = 0
            case UInt8(ascii: "T"): run = 0
            case UInt8(ascii: "Z"): if index != part.count - 1 { return false }
            default:
                guard byte.isDigit else { return false }
                run += 1
                if run > 9 || colons > 0 && run > 2 && part.find(UInt8(ascii: ".")) == nil { return false }
            }
        }
        return dashes == 2 && colons == 0 || colons >= 1 && colons <= 3
    }

    private static func isIPv4(_ part: UnsafeRawBufferPointer) -> Bool {
        var dots = 0
        var digits = 0
        for (index, byte) in part.enumerated() {
            if byte.isDigit {
                digits += 1
                if digits > 3 { return false }
            } else if byte == UInt8(ascii: ".") && digits > 0 {
                dots += 1
                digits = 0
            } else {
                let port = part.cut(index + 1..<part.count)
                return byte == UInt8(ascii: ":") && dots == 3 && digits > 0 && port.allSatisfy { $0.isDigit }
            }
        }
        return dots == 3 && digits > 0
    }

    private static func isIPv6(_ part: UnsafeRawBufferPointer) -> Bool {
        var colons = 0
        var group = 0
        for byte in part {
            if byte == UInt8(ascii: ":") {
                colons += 1
                group = 0
            } else {
                group += 1
                guard byte.isHexDigit || byte == UInt8(ascii: "."), group <= 15 else { return false }
            }
        }
        return colons >= 2 && colons <= 8 && part.count <= 45 && (part.find("::") != nil || colons >= 7)
    }

    private static func isMAC(_ part: UnsafeRawBufferPointer) -> Bool {
        guard part.count == 17 else { return false }
        for index in 0..<17 {
            let joint = index % 3 == 2
            let isJoint = part[index] == UInt8(ascii: ":") || part[index] == UInt8(ascii: "-")
            guard joint ? isJoint : part[index].isHexDigit else { return false }
        }
        return true
    }

    /// `0x…`, or eight hexadecimal digits or more.
    private static func isHex(_ part: UnsafeRawBufferPointer) -> Bool {
        if part.hasAnyCase("0x") { return part.count > 2 && part.cut(2..<part.count).allSatisfy(\.isHexDigit) }
        return part.count >= 8 && part.allSatisfy(\.isHexDigit)
    }

    private static func hostName(_ part: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        part.cut(0..<(part.find(UInt8(ascii: ":")) ?? part.count))
    }

    private static func digitRuns(_ part: UnsafeRawBufferPointer) -> Int {
        var runs = 0
        var inside = false
        for byte in part {
            if byte.isDigit && !inside { runs += 1 }
            inside = byte.isDigit
        }
        return runs
    }
}
