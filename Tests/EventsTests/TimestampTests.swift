import Testing

@testable import Events

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999999Z"), (951_782_400_000_000, "2000-02-29T00:00:00Z"),
        (1_795_345_200_123_000, "2026-11-22T11:00:00.123Z"), (4_102_444_799_000_001, "2099-12-31T23:59:59.000001Z"),
    ])
    func `is written as RFC 3339 in UTC`(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
    }

    @Test func `civil time and back is the same moment for every day of eight hundred years`() {
        for day in stride(from: Int64(-146_097), to: 146_097, by: 1) {
            let time = Timestamp(seconds: day * 86_400 + 3_723)
            #expect(CivilTime(utc: time).utc == time)
        }
    }

    @Test(arguments: [Int64.min, Int64.min + 1, Int64.max])
    func `the ends of the range are written like any other moment`(microseconds: Int64) {
        #expect(Timestamp(microseconds: microseconds).description.hasSuffix("Z"))
    }

    @Test func `an hour before 1970 is rounded down`() {
        #expect(Timestamp(microseconds: -1).hour == -1)
        #expect(Timestamp(microseconds: 0).hour == 0)
    }
}
