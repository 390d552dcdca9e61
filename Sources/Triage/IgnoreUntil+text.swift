package import Events

extension IgnoreUntil {
    /// What is wrong with the text of a condition, and what is expected, without a full stop.
    package struct Fault: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// Reads a condition as people write it: `spiking`, `4h`, `2026-12-01`, `+50`, `20/1h`. A duration counts from `now`.
    package init(_ text: String, now: Timestamp) throws(Fault) {
        if text == "spiking" {
            self = .spiking
            return
        }
        if text.hasPrefix("+"), let number = Int(text.dropFirst()), number > 0 {
            self = .more(number)
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, let number = Int(parts[0]), let seconds = MomentText.seconds(String(parts[1])) {
            self = .window(count: number, hours: Int(seconds / 3_600))
            guard seconds % 3_600 == 0, Move.ignore(self).fault == nil else {
                throw Fault(description: "\(text): give at least 1, within 1h to 7d, in whole hours, as 20/1h")
            }
            return
        }
        if let seconds = MomentText.seconds(text), seconds > 0 {
            self = .time(now.adding(Timestamp(seconds: seconds)))
            return
        }
        guard let moment = MomentText(text)?.moment(now: now) else {
            throw Fault(description: "\(text): give spiking, 4h, 2026-12-01, +50 or 20/1h")
        }
        guard moment > now else { throw Fault(description: "\(text): that is over already") }
        self = .time(moment)
    }
}
