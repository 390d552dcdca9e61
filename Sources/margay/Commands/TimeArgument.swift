import ArgumentParser
import Events
import Triage

/// A moment on the command line: `2h`, `3d`, `90s`, `yesterday`, `today`, `now`, a date, or a time.
struct TimeArgument: ExpressibleByArgument {
    private let text: MomentText

    init?(argument: String) {
        guard let text = MomentText(argument) else { return nil }
        self.text = text
    }

    /// The moment it means at `now`. Days are those of UTC.
    func time(now: Timestamp) -> Timestamp { text.moment(now: now) }
}
