package import Events

/// A moment as a person states it: `2h`, `3d ago`, `90s`, `yesterday`, `today`, `now`, a date, or a time.
package struct StatedMoment: Equatable, Sendable {
    private enum Kind: Equatable, Sendable {
        case ago(seconds: Int64)
        case startOfDay(daysAgo: Int64)
        case moment(Timestamp)
    }

    private let kind: Kind

    /// Three centuries: further back than any log goes, and far from the end of 64 bits.
    private static let secondsMax: Int64 = 10_000_000_000

    /// Nil where `text` says no moment.
    package init?(_ text: String) {
        switch text {
        case "now": kind = .ago(seconds: 0)
        case "today": kind = .startOfDay(daysAgo: 0)
        case "yesterday": kind = .startOfDay(daysAgo: 1)
        default:
            if let seconds = StatedMoment.seconds(text) {
                kind = .ago(seconds: seconds)
            } else if let moment = StatedMoment.moment(text) {
                kind = .moment(moment)
            } else {
                return nil
            }
        }
    }

    /// The moment it means at `now`. Days are those of UTC.
    package func time(now: Timestamp) -> Timestamp {
        switch kind {
        case .moment(let moment): return moment
        case .ago(let seconds):
            return Timestamp(microseconds: now.microseconds - seconds * Timestamp.microsecondsPerSecond)
        case .startOfDay(let days):
            let day = now.hour / 24 - days
            return Timestamp(seconds: day * 86_400)
        }
    }

    /// Seconds in `90s`, `15m`, `2h`, `3d`, `1w`, with or without ` ago`; nil for anything else.
    package static func seconds(_ text: String) -> Int64? {
        let amount = text.hasSuffix(" ago") ? String(text.dropLast(4)) : text
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        guard let unit = amount.last.flatMap({ units[$0] }), let number = Int64(amount.dropLast()),
            (0...secondsMax / unit).contains(number)
        else { return nil }
        return number * unit
    }

    /// `2026-11-22`, or a time as logs write it; without a zone it is UTC.
    private static func moment(_ text: String) -> Timestamp? {
        var scanner = TimestampScanner(zone: .utc, reference: Timestamp(microseconds: 0))
        var whole = text.count == 10 ? text + " 00:00:00" : text.count == 16 ? text + ":00" : text
        return whole.withUTF8 { bytes -> Timestamp? in
            guard let match = scanner.scan(UnsafeRawBufferPointer(bytes)), match.range == 0..<bytes.count else {
                return nil
            }
            return match.time
        }
    }
}
