package import Events
package import Tail
import Triage

extension StartPolicy {
    /// What `start:` and `--start` say: `end`, `beginning`, or a moment (`MomentText`). Nil for anything else.
    package init?(stated text: String, now: Timestamp) {
        switch text {
        case "end": self = .end
        case "beginning": self = .beginning
        default:
            guard let moment = MomentText(text) else { return nil }
            self = .since(moment.moment(now: now))
        }
    }
}
