internal import Glibc

/// How long the issues of one page are looked for.
package struct Patience: Sendable, Equatable {
    /// Milliseconds of the clock; nil for as long as it takes.
    var millis: Int64?
    /// So many rows are looked at before the clock is, again and again: a small store is always looked through.
    var rows: Int

    package static let endless = Patience(millis: nil, rows: .max)
    /// For a page that somebody waits for.
    package static let page = Patience(millis: 20, rows: 256)

    /// Asked for each row: whether it was the last.
    struct Clock {
        private let patience: Patience
        private let end: Int64
        private var looked = 0

        init(_ patience: Patience) {
            self.patience = patience
            end = patience.millis.map { Clock.now() + $0 } ?? .max
        }

        mutating func isOver() -> Bool {
            guard patience.millis != nil else { return false }
            looked += 1
            guard looked % patience.rows == 0 else { return false }
            return Clock.now() >= end
        }

        private static func now() -> Int64 {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
        }
    }
}
