import Events
import Testing

struct HealthEventTests {
    private let now = Timestamp(seconds: 1_795_341_062)

    @Test func `faults of one kind about one thing are one issue`() {
        let deltas = HealthEvent.deltas(
            [
                HealthEvent(.fileUnreadable, subject: "web", "a is not read", file: "/var/log/a"),
                HealthEvent(.bytesLost, subject: "web", "7 bytes of b"),
                HealthEvent(.fileUnreadable, subject: "web", "c is not read", file: "/var/log/c"),
                HealthEvent(.fileUnreadable, subject: "db", "d is not read"),
            ], now: now)
        #expect(deltas.map(\.count) == [2, 1, 1])
        #expect(
            deltas.map(\.pattern) == ["margay.file-unreadable", "margay.bytes-lost", "margay.file-unreadable"])
        #expect(deltas[0].samples.map(\.text) == ["a is not read", "c is not read"])
        #expect(deltas[0].hours == [HourCount(hour: now.hour, count: 2)])
        #expect(Set(deltas.map(\.fingerprint)).count == 3)
        #expect(deltas.allSatisfy { $0.isAlways && $0.files.isEmpty && $0.pack == "margay" })
    }

    @Test(arguments: HealthEvent.Kind.allCases)
    func `every fault has words of its own, whatever its subject holds`(_ kind: HealthEvent.Kind) {
        let long = String(repeating: "\u{1B}[31m é", count: 100_000)
        let delta = HealthEvent.deltas([HealthEvent(kind, subject: long, long)], now: now)[0]
        #expect(!delta.title.isEmpty && delta.runbook?.isEmpty == false)
        #expect(delta.samples[0].text.utf8.count <= Sample.textBytesMax && delta.title.utf8.count < 16_384)
    }
}
