import Agent
import Events
import Store
import Triage

/// Says of sources what was learned of them, and until when they are.
enum LearningText {
    /// `learning until 2026-11-24 08:00 UTC at the earliest; 83 issues of 1,204 events so far`, or that it is over.
    static func sentence(_ source: SourceStatus, _ policy: NoveltyPolicy) -> String {
        let learning = source.learning
        let soFar = "\(learning.issues) \(learning.issues == 1 ? "issue" : "issues")"
        guard learning.isLearning else {
            return "learned \(soFar) until \(learning.ended.map(minute) ?? "-"): \(learning.endedBecause ?? "")"
        }
        let least = minute(learning.endsEarliest(policy.learning))
        let most = minute(learning.endsLatest)
        return "is being learned since \(minute(learning.began)), until \(least) at the earliest and \(most) at the "
            + "latest; \(soFar) learned so far"
    }

    /// At the start of `watch`: one line for each source that is learned, and how to end it.
    static func tell(_ archive: Archive, _ configuration: Configuration, _ common: CommonOptions) {
        do throws(ArchiveError) {
            let learning = try archive.sources().filter {
                $0.node == configuration.node && $0.learning.isLearning
            }
            for source in learning.prefix(sourcesMax) {
                common.say("\(source.name.safe) \(sentence(source, configuration.novelty))")
            }
            if learning.count > sourcesMax { common.say("so are \(learning.count - sourcesMax) more sources") }
            if !learning.isEmpty { common.say(advice) }
        } catch {
            common.say("what is learned cannot be read: \(error)")
        }
    }

    /// Where nothing is to be judged: that this may be because sources are being learned.
    static func remind(_ archive: Archive, _ common: CommonOptions) {
        do throws(ArchiveError) {
            let learning = try archive.sources().filter(\.learning.isLearning)
            guard let first = learning.first else { return }
            let more = learning.count > 1 ? " and \(learning.count - 1) more" : ""
            let issues = learning.reduce(0) { $0 + $1.learning.issues }
            common.say(
                "\(first.name.safe)\(more) being learned: \(issues) \(issues == 1 ? "issue is" : "issues are") taken as "
                    + "known, see 'margay issues is:learned'; 'margay learn --accept' ends it")
        } catch {
            common.say("what is learned cannot be read: \(error)")
        }
    }

    static let advice =
        "while a source is learned only critical and 'always' issues are told; 'margay learn --accept' ends it"
    private static let sourcesMax = 10

    /// `2026-11-24 08:00 UTC`
    static func minute(_ time: Timestamp) -> String {
        let text = time.description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }
}
