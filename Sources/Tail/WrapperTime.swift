import Events

/// Reads the times that container runtimes write: RFC 3339, with any number of digits of a second.
enum WrapperTime {
    /// The time at `start` of `bytes`, in microseconds since 1970, and where it ends. Nil where there is none.
    static func read(_ bytes: UnsafeRawBufferPointer, from start: Int) -> (microseconds: Int64, end: Int)? {
        guard bytes.count - start >= 20, bytes[start + 4] == UInt8(ascii: "-"), bytes[start + 7] == UInt8(ascii: "-"),
            bytes[start + 10] == UInt8(ascii: "T"), bytes[start + 13] == UInt8(ascii: ":"),
            bytes[start + 16] == UInt8(ascii: ":")
        else { return nil }
        let year = number(bytes, start, digits: 4)
        let month = number(bytes, start + 5, digits: 2)
        let day = number(bytes, start + 8, digits: 2)
        let hour = number(bytes, start + 11, digits: 2)
        let minute = number(bytes, start + 14, digits: 2)
        let second = number(bytes, start + 17, digits: 2)
        guard year >= 0, (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        var at = start + 19
        let fraction = fraction(bytes, &at)
        guard let offset = zone(bytes, &at) else { return nil }
        let civil = CivilTime(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second, microsecond: fraction)
        return (civil.utc.microseconds - offset * 60 * Timestamp.microsecondsPerSecond, at)
    }

    /// Microseconds; what is finer is cut off.
    private static func fraction(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Int {
        guard at < bytes.count, bytes[at] == UInt8(ascii: ".") else { return 0 }
        at += 1
        var value = 0
        var scale = 100_000
        while at < bytes.count, bytes[at] &- 0x30 < 10 {
            value += Int(bytes[at] &- 0x30) * scale
            scale /= 10
            at += 1
        }
        return value
    }

    /// Minutes east of Greenwich.
    private static func zone(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Int64? {
        guard at < bytes.count else { return nil }
        if bytes[at] == UInt8(ascii: "Z") {
            at += 1
            return 0
        }
        let isEast = bytes[at] == UInt8(ascii: "+")
        guard isEast || bytes[at] == UInt8(ascii: "-"), bytes.count - at >= 6, bytes[at + 3] == UInt8(ascii: ":") else {
            return nil
        }
        let hours = number(bytes, at + 1, digits: 2)
        let minutes = number(bytes, at + 4, digits: 2)
        guard (0...23).contains(hours), (0...59).contains(minutes) else { return nil }
        at += 6
        return Int64(isEast ? hours * 60 + minutes : -(hours * 60 + minutes))
    }

    /// -1 where one of them is no digit.
    private static func number(_ bytes: UnsafeRawBufferPointer, _ at: Int, digits: Int) -> Int {
        var value = 0
        for index in at..<at + digits {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { return -1 }
            value = value * 10 + Int(digit)
        }
        return value
    }
}
