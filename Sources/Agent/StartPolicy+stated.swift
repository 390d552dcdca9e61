package import Events
package import Tail

extension StartPolicy {
    /// What `start:` and `--start` say: `end`, `beginning`, or a moment (`StatedMoment`). Nil for anything else.
    package init?(stated text: String, now: Timestamp) {
        switch text {
        case "end": self = .end
        case "beginning": self = .beginning
        default:
            guard let moment = StatedMoment(text) else { return nil }
            self = .since(moment.time(now: now))
        }
    }
}
