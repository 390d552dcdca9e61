package import Events

/// A moment as people write it: `90s`, `15m`, `2h`, `3d`, `1w` (each also with ` ago`), `now`, `today`, `yesterday`, a
/// date, or a time as logs write it, UTC where it names no zone.
package enum MomentText: Sendable, Equatable {
    case ago(seconds: Int64)
    /// Midnight of a day of UTC, some days ago or by its date.
    case day(Day)
    case moment(Timestamp)

    package enum Day: Sendable, Equatable {
        case ago(Int64)
        case date(Timestamp)
    }

    package init?(_ text: String) {
        switch text {
        case "now": self = .ago(seconds: 0)
        case "today": self = .day(.ago(0))
        case "yesterday": self = .day(.ago(1))
        default:
            if let seconds = MomentText.seconds(text) {
                self = .ago(seconds: seconds)
            } else if let moment = MomentText.moment(text) {
                self = text.utf8.count == 10 ? .day(.date(moment)) : .moment(moment)
            } else {
                return nil
            }
        }
    }

    /// The moment it means at `now`.
    package func moment(now: Timestamp) -> Timestamp {
        switch self {
        case .moment(let moment), .day(.date(let moment)): moment
        case .ago(let seconds): now.adding(Timestamp(seconds: -seconds))
        case .day(.ago(let days)):
            Timestamp(seconds: (now.hour - now.hour.hourOfDay) * 3_600 - days * 86_400)
        }
    }

    /// Three centuries: further back than any log goes, and far from the end of 64 bits.
    private static let secondsMax: Int64 = 10_000_000_000

    /// `90s`, `15m`, `2h`, `3d`, `1w`, with or without ` ago`; at most three centuries. Nil for anything else.
    package static func seconds(_ text: String) -> Int64? {
        let amount = text.hasSuffix(" ago") ? String(text.dropLast(4)) : text
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        guard let unit = amount.last.flatMap({ units[$0] }) else { return nil }
        let digits = amount.dropLast()
        guard digits.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
            let number = Int64(digits), number <= secondsMax / unit
        else { return nil }
        return number * unit
    }

    /// `2026-11-22`, or a time as logs write it.
    private static func moment(_ text: String) -> Timestamp? {
        var scanner = TimestampScanner(zone: .utc, reference: Timestamp(microseconds: 0))
        var whole = text.utf8.count == 10 ? text + " 00:00:00" : text.utf8.count == 16 ? text + ":00" : text
        return whole.withUTF8 { bytes -> Timestamp? in
            guard let match = scanner.scan(UnsafeRawBufferPointer(bytes)), match.range == 0..<bytes.count else {
                return nil
            }
            return match.time
        }
    }
}

extension Int64 {
    /// Hours since midnight of UTC, of hours since 1970.
    fileprivate var hourOfDay: Int64 { (self % 24 + 24) % 24 }
}
