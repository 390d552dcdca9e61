import Glibc

/// Times of one thread or the process, seconds.
enum Stopwatch {
    static func wall() -> Double { read(CLOCK_MONOTONIC) }
    /// Processor time of the calling thread: what a commit costs whatever else runs.
    static func thread() -> Double { read(CLOCK_THREAD_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// Durations of one thing done often, seconds.
struct Durations {
    private(set) var all: [Double] = []

    mutating func add(_ seconds: Double) { all.append(seconds) }

    /// The smallest duration that a share of them does not exceed: nearest rank.
    func percentile(_ share: Double) -> Double {
        guard !all.isEmpty else { return 0 }
        let sorted = all.sorted()
        return sorted[min(sorted.count - 1, max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1))]
    }

    /// `name<TAB>p50 ms<TAB>p99 ms<TAB>worst ms<TAB>times`
    func line(_ name: String) -> String {
        let figures = [percentile(0.5), percentile(0.99), all.max() ?? 0].map { milliseconds($0) }
        return ([name] + figures + ["\(all.count)"]).joined(separator: "\t")
    }
}

func milliseconds(_ seconds: Double) -> String {
    let hundredths = Int((seconds * 100_000).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
}
