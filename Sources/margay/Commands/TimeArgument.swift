import Agent
import ArgumentParser
import Events
import Tail
import Triage

/// A moment on the command line.
struct TimeArgument: ExpressibleByArgument {
    private let stated: MomentText

    init?(argument: String) {
        guard let stated = MomentText(argument) else { return nil }
        self.stated = stated
    }

    /// The moment it means at `now`. Days are those of UTC.
    func time(now: Timestamp) -> Timestamp { stated.moment(now: now) }
}

/// Where to begin in a file that is there at the first start: `end`, `beginning`, or a moment.
struct StartArgument: ExpressibleByArgument {
    static let end = StartArgument(policy: .end)

    let policy: StartPolicy

    private init(policy: StartPolicy) { self.policy = policy }

    init?(argument: String) {
        guard let policy = StartPolicy(stated: argument, now: SystemClock.now()) else { return nil }
        self.policy = policy
    }

    var defaultValueDescription: String { "end" }
}
