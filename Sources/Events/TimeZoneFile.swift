/// What a compiled time zone file says (TZif, RFC 8536), before it is made into rules.
struct TimeZoneFile {
    /// Seconds since 1970 UTC, as in the file.
    private(set) var transitions: [Int64] = []
    /// Seconds east of UTC; one more than `transitions`.
    private(set) var offsets: [Int64] = []
    /// The rule for the time after the last transition.
    private(set) var footer: TimeZoneFooter?

    private static let headerBytes = 44

    /// Nil where the bytes are no such file or contradict themselves.
    init?(_ bytes: [UInt8]) {
        guard let first = Header(bytes, at: 0) else { return nil }
        guard first.version >= UInt8(ascii: "2") else {
            guard read(bytes, header: first, at: TimeZoneFile.headerBytes, timeBytes: 4) else { return nil }
            return
        }
        let secondAt = TimeZoneFile.headerBytes + first.bodyBytes(timeBytes: 4)
        guard let second = Header(bytes, at: secondAt),
            read(bytes, header: second, at: secondAt + TimeZoneFile.headerBytes, timeBytes: 8)
        else { return nil }
        let footerAt = secondAt + TimeZoneFile.headerBytes + second.bodyBytes(timeBytes: 8)
        guard bytes.count > footerAt, bytes[footerAt] == UInt8(ascii: "\n") else { return nil }
        let text = bytes[(footerAt + 1)...].prefix { $0 != UInt8(ascii: "\n") }
        if !text.isEmpty {
            guard let footer = TimeZoneFooter(text) else { return nil }
            self.footer = footer
        }
    }

    private struct Header {
        var version: UInt8
        var utcFlags, standardFlags, leaps, times, types, characters: Int

        init?(_ bytes: [UInt8], at start: Int) {
            guard start >= 0, bytes.count - start >= TimeZoneFile.headerBytes,
                bytes[start..<start + 4].elementsEqual("TZif".utf8)
            else { return nil }
            version = bytes[start + 4]
            func count(_ index: Int) -> Int { Int(TimeZoneFile.integer(bytes, at: start + 20 + 4 * index, count: 4)) }
            utcFlags = count(0)
            standardFlags = count(1)
            leaps = count(2)
            times = count(3)
            types = count(4)
            characters = count(5)
            // A negative count is one above 2^31: no file is that long.
            let counts = [utcFlags, standardFlags, leaps, times, types, characters]
            guard types > 0, counts.allSatisfy({ $0 >= 0 && $0 <= bytes.count }) else { return nil }
        }

        func bodyBytes(timeBytes: Int) -> Int {
            times * (timeBytes + 1) + types * 6 + characters + leaps * (timeBytes + 4) + standardFlags + utcFlags
        }
    }

    private mutating func read(_ bytes: [UInt8], header: Header, at start: Int, timeBytes: Int) -> Bool {
        guard bytes.count - start >= header.bodyBytes(timeBytes: timeBytes) else { return false }
        let kindsAt = start + header.times * timeBytes
        let typesAt = kindsAt + header.times
        var typeOffsets: [Int64] = []
        for type in 0..<header.types {
            let offset = TimeZoneFile.integer(bytes, at: typesAt + 6 * type, count: 4)
            guard abs(offset) < TimeZoneRules.offsetSecondsMax else { return false }
            typeOffsets.append(offset)
        }
        offsets = [typeOffsets[0]]
        for index in 0..<header.times {
            let moment = TimeZoneFile.integer(bytes, at: start + timeBytes * index, count: timeBytes)
            let type = Int(bytes[kindsAt + index])
            // Beyond 34,000 years, where microseconds would no longer fit into 64 bits, no clock shows a time.
            guard type < typeOffsets.count, moment < 1 << 40 else { return false }
            // Some files begin with a transition at the start of time: it is the same as none.
            if moment < -1 << 40 {
                offsets = [typeOffsets[type]]
            } else {
                transitions.append(moment)
                offsets.append(typeOffsets[type])
            }
        }
        return offsets.count == transitions.count + 1
    }

    /// A signed big-endian number of 4 or 8 bytes.
    private static func integer(_ bytes: [UInt8], at position: Int, count: Int) -> Int64 {
        var value = Int64(Int8(bitPattern: bytes[position]))
        for index in 1..<count { value = value << 8 | Int64(bytes[position + index]) }
        return value
    }
}
