/// Abbreviations of time zones.
enum ZoneName {
    /// The zone whose abbreviation stands at `start` as a word of its own, and its length in bytes; nil for
    /// other words.
    ///
    /// The American ones are RFC 5322's, 4.3. Those that several places use (CST is China's too, IST three countries')
    /// are passed, and the time is then read by the clock of the source.
    static func read(_ line: LineBytes, at start: Int) -> (WrittenTime.Zone, length: Int)? {
        var length = 0
        var key: UInt32 = 0
        while length < 5 && line[start &+ length].isUppercase {
            key = key << 8 | UInt32(line[start &+ length])
            length &+= 1
        }
        guard 2...4 ~= length, !line[start &+ length].isAlphanumeric, line[start &+ length] != UInt8(ascii: "_") else {
            return nil
        }
        switch key {
        case word("UTC"), word("GMT"), word("UT"), word("WET"): return (.offset(seconds: 0), length)
        case word("CET"), word("WEST"): return (.offset(seconds: 3_600), length)
        case word("EET"), word("CEST"): return (.offset(seconds: 2 * 3_600), length)
        case word("EEST"), word("MSK"): return (.offset(seconds: 3 * 3_600), length)
        case word("JST"), word("KST"): return (.offset(seconds: 9 * 3_600), length)
        case word("AEST"): return (.offset(seconds: 10 * 3_600), length)
        case word("EST"): return (.offset(seconds: -5 * 3_600), length)
        case word("EDT"): return (.offset(seconds: -4 * 3_600), length)
        case word("MST"): return (.offset(seconds: -7 * 3_600), length)
        case word("MDT"): return (.offset(seconds: -6 * 3_600), length)
        case word("PST"): return (.offset(seconds: -8 * 3_600), length)
        case word("PDT"): return (.offset(seconds: -7 * 3_600), length)
        case word("CST"), word("CDT"), word("IST"), word("BST"), word("AST"), word("SST"): return (.source, length)
        default: return nil
        }
    }

    @inline(__always) private static func word(_ name: StaticString) -> UInt32 {
        var key: UInt32 = 0
        for index in 0..<name.utf8CodeUnitCount { key = key << 8 | UInt32(name.utf8Start[index]) }
        return key
    }
}
