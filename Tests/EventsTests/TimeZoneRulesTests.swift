import Testing

@testable import Events

@Suite struct TimeZoneRulesTests {
    private static let london = "GMT0BST,M3.5.0/1,M10.5.0"

    private func rules(_ footer: String) throws -> TimeZoneRules {
        try #require(TimeZoneRules(tzif: ZoneFile(footer: footer).bytes))
    }

    @Test(arguments: [
        ("GMT0BST,M3.5.0/1,M10.5.0", "2026-07-01T12:00:00", "2026-07-01T11:00:00Z"),
        ("GMT0BST,M3.5.0/1,M10.5.0", "2026-12-01T12:00:00", "2026-12-01T12:00:00Z"),
        ("EST5EDT,M3.2.0,M11.1.0", "2026-07-01T12:00:00", "2026-07-01T16:00:00Z"),
        ("EST5EDT,M3.2.0,M11.1.0", "2399-01-15T12:00:00", "2399-01-15T17:00:00Z"),
        ("EST5EDT,M3.2.0,M11.1.0", "2999-07-15T12:00:00", "2999-07-15T16:00:00Z"),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T12:00:00", "2026-01-01T01:00:00Z"),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-06-01T12:00:00", "2026-06-01T02:00:00Z"),
        ("<+0545>-5:45", "2026-06-01T12:00:00", "2026-06-01T06:15:00Z"),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-07-01T12:00:00", "2026-07-01T13:00:00Z"),
        ("XST3XDT2,J60,J300", "2024-03-01T12:00:00", "2024-03-01T14:00:00Z"),
        ("XST3XDT2,60,300", "2024-02-29T12:00:00", "2024-02-29T15:00:00Z"),
    ])
    func `the rule at the end of a file is followed`(footer: String, local: String, utc: String) throws {
        let zone = try rules(footer)
        let time = zone.timestamp(of: try CivilTime(text: local))
        #expect(time.description == utc)
        #expect(zone.civil(of: time) == (try CivilTime(text: local)))
    }

    @Test(arguments: [
        // 2026-03-29 01:00 to 02:00 does not exist in London, 2026-10-25 01:00 to 02:00 is there twice.
        ("2026-03-29T00:59:59", "2026-03-29T00:59:59Z"), ("2026-03-29T01:00:00", "2026-03-29T01:00:00Z"),
        ("2026-03-29T01:30:00", "2026-03-29T01:30:00Z"), ("2026-03-29T02:00:00", "2026-03-29T01:00:00Z"),
        ("2026-10-25T00:59:59", "2026-10-24T23:59:59Z"), ("2026-10-25T01:30:00", "2026-10-25T00:30:00Z"),
        ("2026-10-25T02:00:00", "2026-10-25T02:00:00Z"),
    ])
    func `an hour that is there twice is the first, one left out moves forward`(local: String, utc: String) throws {
        #expect(try rules(Self.london).timestamp(of: CivilTime(text: local)).description == utc)
    }

    @Test func `transitions of the file are used before the rule`() throws {
        let file = ZoneFile(
            transitions: [(0, 1), (1_000_000_000, 0)], offsets: [3_600, 7_200], footer: "CET-1CEST,M3.5.0,M10.5.0/3")
        let zone = try #require(TimeZoneRules(tzif: file.bytes))
        #expect(zone.civil(of: Timestamp(seconds: -1)).hour == 0)
        #expect(zone.civil(of: Timestamp(seconds: 0)).hour == 2)
        #expect(
            zone.civil(of: Timestamp(seconds: 999_999_999))
                == CivilTime(year: 2001, month: 9, day: 9, hour: 3, minute: 46, second: 39))
        #expect(
            zone.civil(of: Timestamp(seconds: 1_000_000_000))
                == CivilTime(year: 2001, month: 9, day: 9, hour: 2, minute: 46, second: 40))
        #expect(zone.timestamp(of: CivilTime(year: 2026, month: 7, day: 1)).description == "2026-06-30T22:00:00Z")
    }

    @Test func `a file of version 1 has no rule and ends with its last offset`() throws {
        let file = ZoneFile(version: 0, transitions: [(0, 1)], offsets: [0, -3_600], footer: nil)
        let zone = try #require(TimeZoneRules(tzif: file.bytes))
        #expect(zone.timestamp(of: CivilTime(year: 2030, month: 7, day: 1)).description == "2030-07-01T01:00:00Z")
    }

    @Test func `fixed zones and UTC never change`() {
        let civil = CivilTime(year: 2026, month: 7, day: 1, hour: 12, microsecond: 5)
        #expect(TimeZoneRules.utc.timestamp(of: civil) == civil.utc)
        #expect(
            TimeZoneRules.fixed(offsetSeconds: -5_400).timestamp(of: civil).description == "2026-07-01T13:30:00.000005Z"
        )
    }

    @Test(arguments: [
        "EST", "EST5EDT,", "EST5EDT,M13.1.0,M11.1.0", "EST5EDT,M3.2.0", "EST5EDT,M3.2.7,M11.1.0", "EST25",
        "EST5EDT,M3.2.0,M11.1.0x", "E5", "<EST5", "EST5EDT,J0,J300", "EST5EDT,M3.2.0/168,M11.1.0", "5",
    ])
    func `a rule that is none makes no zone`(footer: String) {
        #expect(TimeZoneRules(tzif: ZoneFile(footer: footer).bytes) == nil)
    }

    @Test func `a file that is cut anywhere, or has any byte changed, never traps`() throws {
        let bytes = ZoneFile(transitions: [(0, 1), (86_400, 0)], offsets: [0, 3_600], footer: Self.london).bytes
        var refused = 0
        for length in 0..<bytes.count - 1 where TimeZoneRules(tzif: Array(bytes.prefix(length))) == nil { refused += 1 }
        // The text of a rule cut at a comma's end may be one; everything before the rule must be whole.
        #expect(refused >= bytes.count - Self.london.utf8.count - 2)
        for index in bytes.indices {
            for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = value
                if let zone = TimeZoneRules(tzif: changed) {
                    _ = zone.timestamp(of: CivilTime(year: 2026, month: 7, day: 1))
                }
            }
        }
    }
}

/// A compiled time zone file as RFC 8536 lays it out.
private struct ZoneFile {
    var version: UInt8 = UInt8(ascii: "2")
    var transitions: [(Int64, UInt8)] = []
    var offsets: [Int32] = [0]
    var footer: String?

    var bytes: [UInt8] {
        var bytes = block(timeBytes: 4)
        guard version != 0 else { return bytes }
        bytes += block(timeBytes: 8)
        return bytes + "\n\(footer ?? "")\n".utf8
    }

    private func block(timeBytes: Int) -> [UInt8] {
        func big(_ value: Int64, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * Int64(count - 1 - $0))) }
        }
        var bytes = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
        for count in [0, 0, 0, transitions.count, offsets.count, 4] { bytes += big(Int64(count), 4) }
        for transition in transitions { bytes += big(transition.0, timeBytes) }
        for transition in transitions { bytes.append(transition.1) }
        for offset in offsets { bytes += big(Int64(offset), 4) + [0, 0] }
        return bytes + Array("XXX\0".utf8)
    }
}

extension CivilTime {
    /// `2026-11-22T10:00:00`.
    fileprivate init(text: String) throws {
        let parts = text.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
        try #require(parts.count == 6)
        self.init(
            year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4], second: parts[5])
    }
}
