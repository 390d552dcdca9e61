import Events
import Triage

/// Issues as a large site has them, made by arithmetic from their number: the same ones in every run.
struct Workload {
    static let node = "web-1"
    static let files = 50
    static let source = "app"
    /// 2026-11-22T09:51:02Z: when the store begins.
    static let began = Timestamp(seconds: 1_795_341_062)

    /// The moment that many seconds after the beginning.
    static func time(_ seconds: Int64) -> Timestamp { began.adding(Timestamp(seconds: seconds)) }

    static func path(_ number: Int) -> String { "/var/log/app/worker-\(number % files).log" }

    static func fingerprint(_ number: Int) -> Fingerprint {
        Fingerprint(high: UInt64(number) &* 0x9E37_79B9_7F4A_7C15, low: UInt64(number))
    }

    /// `count` events of one issue in the second `second`.
    static func delta(_ number: Int, second: Int64, count: Int) -> IssueDelta {
        let start = time(second).adding(Timestamp(microseconds: Int64(number % 1_000)))
        let kept = min(count, IssueDelta.samplesMax)
        let samples = (0..<kept).map { place in
            Sample(
                file: path(number), line: second * 100 + Int64(place),
                offset: second * 10_000 + Int64(place) * 120 + Int64(number % 97),
                time: start.adding(Timestamp(microseconds: Int64(place) * 1_000)),
                text: "2026-11-22 10:00:00,123 ERROR [worker-\(number % 7)] request \(number) to backend "
                    + "db-\(number % 97) failed: connection refused after 30 s",
                fields: ["level": "ERROR", "thread": "worker-\(number % 7)"],
                rank: mixed(UInt64(number) &* 31 &+ UInt64(second) &* 17 &+ UInt64(place)))
        }
        let last = samples.last?.time ?? start
        return IssueDelta(
            fingerprint: fingerprint(number), pack: number % 3 == 0 ? "core" : "nginx", pattern: "core.error",
            type: .application, severity: Severity(rawValue: number % 6) ?? .major,
            title: "request to backend \(number) failed: connection refused after <num>", count: count, first: start,
            last: last, hours: [HourCount(hour: start.hour, count: count)],
            files: [FileCount(path: path(number), count: count, last: last)], samples: samples)
    }

    /// The state of the files, as a batch of the pipeline carries it along.
    static func progress(second: Int64) -> [FileProgress] {
        (0..<files).map { number in
            FileProgress(
                checkpoint: Checkpoint(
                    path: path(number),
                    identity: FileIdentity(device: 1, inode: UInt64(number), birthNanoseconds: 1), generation: 0,
                    offset: second * 1_000_000, lines: second * 10_000,
                    head: ContentProof(length: 1_024, hash: 7), before: ContentProof(length: 256, hash: UInt64(second))),
                source: source, state: .following, size: second * 1_000_000, lines: 10_000, events: 4_000,
                bytesLost: 0, note: "")
        }
    }

    /// SplitMix64's last steps: ranks that look random.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value &+ 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
