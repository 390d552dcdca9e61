import Testing

@testable import Events

@Suite struct TimestampScannerTests {
    /// 2026-11-22T12:00:00Z, a Sunday.
    static let reference = CivilTime(year: 2026, month: 11, day: 22, hour: 12).utc

    static func scan(
        _ line: String, zone: TimeZoneRules = .utc, reference: Timestamp = Self.reference
    ) -> (time: String, text: String, match: TimestampMatch)? {
        var scanner = TimestampScanner(zone: zone, reference: reference)
        let bytes = Array(line.utf8)
        guard let match = bytes.withUnsafeBytes({ scanner.scan($0) }) else { return nil }
        return (match.time.description, String(decoding: bytes[match.range], as: UTF8.self), match)
    }

    /// A line, the time in it, and the part of it that says so.
    @Test(arguments: [
        ("2026-11-22T10:00:00Z up", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
        (
            "2026-11-22T10:00:00.123456789+02:00 up", "2026-11-22T08:00:00.123456Z",
            "2026-11-22T10:00:00.123456789+02:00"
        ),
        ("2026-11-22T10:00:00,5-0330 up", "2026-11-22T13:30:00.500Z", "2026-11-22T10:00:00,5-0330"),
        ("2026-11-22T10:00:00+02 up", "2026-11-22T08:00:00Z", "2026-11-22T10:00:00+02"),
        ("2026-11-22T10:00Z up", "2026-11-22T10:00:00Z", "2026-11-22T10:00Z"),
        ("2026-11-22 10:00:00:123 up", "2026-11-22T10:00:00.123Z", "2026-11-22 10:00:00:123"),
        ("2026-11-22 10:00:00,123 - app - ERROR - up", "2026-11-22T10:00:00.123Z", "2026-11-22 10:00:00,123"),
        ("2026-11-22 10:00:00.123 UTC [12] LOG:  up", "2026-11-22T10:00:00.123Z", "2026-11-22 10:00:00.123 UTC"),
        ("2026-11-22 10:00:00 CEST [12] LOG:  up", "2026-11-22T08:00:00Z", "2026-11-22 10:00:00 CEST"),
        ("2026-11-22 10:00:00 +0100 up", "2026-11-22T09:00:00Z", "2026-11-22 10:00:00 +0100"),
        ("2026-11-22 10:00:00 -12 degrees", "2026-11-22T10:00:00Z", "2026-11-22 10:00:00"),
        (
            "2026-11-22 10:00:00 UTC:10.0.0.1(50000):app@shop:[30]:LOG:  up", "2026-11-22T10:00:00Z",
            "2026-11-22 10:00:00 UTC"
        ),
        ("2026-11-22 10:00 up", "2026-11-22T10:00:00Z", "2026-11-22 10:00"),
        ("2026-11-22  8:05:04 up", "2026-11-22T08:05:04Z", "2026-11-22  8:05:04"),
        ("2026/11/22 10:00:00 up", "2026-11-22T10:00:00Z", "2026/11/22 10:00:00"),
        ("2026.11.22 10:00:00 up", "2026-11-22T10:00:00Z", "2026.11.22 10:00:00"),
        ("2026-11-22-10.00.00.123456 up", "2026-11-22T10:00:00.123456Z", "2026-11-22-10.00.00.123456"),
        ("20261122T100000Z up", "2026-11-22T10:00:00Z", "20261122T100000Z"),
        ("20261122 100000 up", "2026-11-22T10:00:00Z", "20261122 100000"),
        ("20261122100000 up", "2026-11-22T10:00:00Z", "20261122100000"),
        ("20261122-21:14:28:505|Steps", "2026-11-22T21:14:28.505Z", "20261122-21:14:28:505"),
        ("20261122-23:20:9:124|Steps", "2026-11-22T23:20:09.124Z", "20261122-23:20:9:124"),
        ("Nov 22 10:00:00 web sshd[1]: up", "2026-11-22T10:00:00Z", "Nov 22 10:00:00"),
        ("Nov  2 10:00:00 web sshd[1]: up", "2026-11-02T10:00:00Z", "Nov  2 10:00:00"),
        ("nov 22 2025 10:00:00 web: up", "2025-11-22T10:00:00Z", "nov 22 2025 10:00:00"),
        ("<34>1 2026-11-22T10:00:00.003Z web app - - - up", "2026-11-22T10:00:00.003Z", "2026-11-22T10:00:00.003Z"),
        ("10.0.0.1 - - [22/Nov/2026:10:00:00 +0200] \"GET /\"", "2026-11-22T08:00:00Z", "22/Nov/2026:10:00:00 +0200"),
        (
            "[Sun Nov 22 10:00:00.123456 2026] [error] up", "2026-11-22T10:00:00.123456Z",
            "Sun Nov 22 10:00:00.123456 2026"
        ),
        ("Sun Nov 22 10:00:00 2026: up", "2026-11-22T10:00:00Z", "Sun Nov 22 10:00:00 2026"),
        ("Sun Nov 22 10:00:00 UTC 2026", "2026-11-22T10:00:00Z", "Sun Nov 22 10:00:00 UTC 2026"),
        ("22 Nov 2026 10:00:00,123 up", "2026-11-22T10:00:00.123Z", "22 Nov 2026 10:00:00,123"),
        ("22-Nov-2026 10:00:00.123 INFO up", "2026-11-22T10:00:00.123Z", "22-Nov-2026 10:00:00.123"),
        ("22 November 2026 10:00:00 up", "2026-11-22T10:00:00Z", "22 November 2026 10:00:00"),
        ("Nov 22, 2026 10:00:00 PM com.example.App run", "2026-11-22T22:00:00Z", "Nov 22, 2026 10:00:00 PM"),
        (
            "Nov 22, 2026, 12:00:00\u{202F}AM com.example.App run", "2026-11-22T00:00:00Z",
            "Nov 22, 2026, 12:00:00\u{202F}AM"
        ),
        ("E1122 10:00:00.123456   12 app.go:1] up", "2026-11-22T10:00:00.123456Z", "1122 10:00:00.123456"),
        ("12:M 22 Nov 2026 10:00:00.123 * up", "2026-11-22T10:00:00.123Z", "22 Nov 2026 10:00:00.123"),
        ("11/22/2026 10:00:00 AM up", "2026-11-22T10:00:00Z", "11/22/2026 10:00:00 AM"),
        ("3/4/2026 10:00:00 PM up", "2026-03-04T22:00:00Z", "3/4/2026 10:00:00 PM"),
        ("03/04/2026 10:00:00 up", "2026-04-03T10:00:00Z", "03/04/2026 10:00:00"),
        ("22.11.2026 10:00:00 up", "2026-11-22T10:00:00Z", "22.11.2026 10:00:00"),
        ("16/05/04 03:02:01 INFO up", "2016-05-04T03:02:01Z", "16/05/04 03:02:01"),
        ("091110 030201 148 INFO up", "2009-11-10T03:02:01Z", "091110 030201"),
        ("110722  4:05:06 [Warning] up", "2011-07-22T04:05:06Z", "110722  4:05:06"),
        ("11-22 10:00:00.123  1000 V Tag: up", "2026-11-22T10:00:00.123Z", "11-22 10:00:00.123"),
        ("10:00:00,123 INFO up", "2026-11-22T10:00:00.123Z", "10:00:00,123"),
        ("[10:00:00] up", "2026-11-22T10:00:00Z", "10:00:00"),
        ("INFO: 10:00:00 up", "2026-11-22T10:00:00Z", "10:00:00"),
        ("1795341600 up", "2026-11-22T10:00:00Z", "1795341600"),
        ("1795341600.123 up", "2026-11-22T10:00:00.123Z", "1795341600.123"),
        ("[1795341600123] up", "2026-11-22T10:00:00.123Z", "1795341600123"),
        ("1795341600123456 up", "2026-11-22T10:00:00.123456Z", "1795341600123456"),
        ("1795341600123456789 up", "2026-11-22T10:00:00.123456Z", "1795341600123456789"),
        ("level=info ts=1795341600.5 msg=up", "2026-11-22T10:00:00.500Z", "1795341600.5"),
        ("{\"level\":\"info\",\"ts\":1795341600.5}", "2026-11-22T10:00:00.500Z", "1795341600.5"),
        ("- 1600000000 2020.09.13 R16 2020-09-13-05.26.40", "2020-09-13T12:26:40Z", "1600000000"),
        (
            "{\"message\":\"2020-01-01 00:00:00\",\"time\":\"2026-11-22T10:00:00Z\"}", "2026-11-22T10:00:00Z",
            "2026-11-22T10:00:00Z"
        ),
        ("2026-11-22 10:00:60 leap", "2026-11-22T10:01:00Z", "2026-11-22 10:00:60"),
    ])
    func `a time is found and read`(line: String, time: String, text: String) {
        let found = Self.scan(line)
        #expect(found?.time == time)
        #expect(found?.text == text)
    }

    @Test(arguments: [
        "", "no digits at all", "    at com.example.App.run(App.java:123)", "2026-13-22 10:00:00",
        "2026-02-29 10:00:00",
        "2026-11-31 10:00:00", "2026-11-22 24:00:00", "2026-11-22 10:60:00", "2026-11-22 10:00:61", "2026-11-22",
        "1969-11-22 10:00:00", "2101-11-22 10:00:00", "[   12.345678] usb 1-1: new device", "took 00:00:12 in all",
        "mac 00:11:22:33:44:55", "00:11:22:33:44:55 mac", "192.168.100.200:8080", "block 091110 030201",
        "Nov 31 10:00:00",
        "Foo 22 10:00:00", "id 1795341600", "uptime=1795341600", "runtime: 1795341600", "9999999999 up",
        "0978307199 up",
        "22/Foo/2026:10:00:00", "1.2026-11-22 10:00:00", "99/99/2026 10:00:00", "13:00", "version 10.11.12",
        "E1322 10:00:00",
        "120261122 10:00:00", "20261122 99:00:00", "2026-11-22T", "2026-", "2026-11-22 1", "11/22/2026",
    ])
    func `what is no time is not taken for one`(line: String) {
        #expect(Self.scan(line) == nil)
    }

    @Test(arguments: [
        ("Dec 31 23:59:59", "2027-01-01T00:00:10Z", "2026-12-31T23:59:59Z"),
        ("Jan  1 00:00:05", "2026-12-31T23:59:59Z", "2027-01-01T00:00:05Z"),
        ("Jan  2 00:00:05", "2026-12-31T23:59:59Z", "2026-01-02T00:00:05Z"),
        ("Nov 23 11:59:59", "2026-11-22T12:00:00Z", "2026-11-23T11:59:59Z"),
        ("Nov 23 12:00:01", "2026-11-22T12:00:00Z", "2025-11-23T12:00:01Z"),
        ("Feb 29 10:00:00", "2026-11-22T12:00:00Z", "2024-02-29T10:00:00Z"),
        ("Feb 29 10:00:00", "2103-11-22T12:00:00Z", "2096-02-29T10:00:00Z"),
    ])
    func `a missing year is the nearest that is not over a day ahead`(line: String, reference: String, time: String)
        throws
    {
        let reference = try #require(Self.scan(reference)?.match.time ?? CivilTime(year: 2103, month: 11, day: 22).utc)
        let found = Self.scan(line, reference: reference)
        #expect(found?.time == time)
        #expect(found?.match.hasYear == false)
    }

    @Test func `a moved reference moves the year and the date`() {
        var scanner = TimestampScanner(zone: .utc, reference: Self.reference)
        scanner.reference = CivilTime(year: 2030, month: 3, day: 4).utc
        let time = Array("Feb  1 10:00:00".utf8).withUnsafeBytes { scanner.scan($0)?.time }
        let clock = Array("10:00:00".utf8).withUnsafeBytes { scanner.scan($0) }
        #expect(time?.description == "2030-02-01T10:00:00Z")
        #expect(clock?.time.description == "2030-03-04T10:00:00Z")
        #expect(clock?.hasDate == false)
    }

    @Test func `the zone of the source is used where none is written`() {
        let zone = TimeZoneRules.fixed(offsetSeconds: 3_600)
        #expect(Self.scan("2026-11-22 10:00:00 up", zone: zone)?.time == "2026-11-22T09:00:00Z")
        #expect(Self.scan("2026-11-22 10:00:00 up", zone: zone)?.match.hasZone == false)
        #expect(Self.scan("2026-11-22 10:00:00Z up", zone: zone)?.time == "2026-11-22T10:00:00Z")
        // The day of the reference is that of the source's clock: 00:30 on the 23rd.
        let late = CivilTime(year: 2026, month: 11, day: 22, hour: 23, minute: 30).utc
        #expect(Self.scan("00:15:00 up", zone: zone, reference: late)?.time == "2026-11-22T23:15:00Z")
    }

    @Test func `the lines before never change the answer`() {
        let lines = [
            "2026-11-22T10:00:00Z up", "id 2025-01-01 00:00:00 at 2024-01-01 00:00:00", "Nov 22 10:00:00 web", "none",
            "[22/Nov/2026:10:00:00 +0200]", "10:00:00,123 up", "1795341600 up", "2026-03-29 01:30:00 up",
        ]
        for first in lines {
            for second in lines {
                var scanner = TimestampScanner(zone: .utc, reference: Self.reference)
                _ = Array(first.utf8).withUnsafeBytes { scanner.scan($0) }
                let after = Array(second.utf8).withUnsafeBytes { scanner.scan($0) }
                #expect(after == Self.scan(second)?.match)
            }
        }
    }

    @Test func `a time must begin in the first bytes of a line`() {
        let limit = TimestampScanner.searchBytesMax
        let time = " 2026-11-22 10:00:00"
        #expect(Self.scan(String(repeating: "x", count: limit - 2) + time) != nil)
        #expect(Self.scan(String(repeating: "x", count: limit - 1) + time) == nil)
    }

    @Test func `a time cut at any byte is read inside of the line or not at all`() {
        for line in ["2026-11-22T10:00:00.123456+02:00", "[Sun Nov 22 10:00:00 2026]", "Nov 22, 2026 10:00:00 AM"] {
            let bytes = Array(line.utf8)
            for length in 0...bytes.count {
                // A copy, so that a read beyond the end is one beyond the allocation.
                let cut = Array(bytes.prefix(length))
                var scanner = TimestampScanner(zone: .utc, reference: Self.reference)
                let match = cut.withUnsafeBytes { scanner.scan($0) }
                #expect(match.map { $0.range.upperBound <= length } ?? true)
            }
        }
    }
}
