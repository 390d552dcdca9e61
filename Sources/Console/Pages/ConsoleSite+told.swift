import Events
import Store
import Triage

extension ConsoleSite {
    /// Why somebody was told of an issue, or why not, and how one is told at all.
    func toldValues(_ row: IssueRow, _ story: IssueStory, _ request: PageRequest) throws -> [String: Any] {
        let notices = story.standing.mergedInto == nil ? try archive.told(id: row.id) : []
        return [
            "told": ConsoleSite.told(mergedInto: story.standing.mergedInto, isLearned: story.isLearned, notices),
            "toldHow": told(notices), "hasNotices": !notices.isEmpty,
            "notices": notices.map { notice in
                [
                    "time": PageValues.time(notice.time, now: request.now), "novelty": notice.novelty.rawValue,
                    "reason": notice.reason, "isHeld": notice.held != nil, "held": notice.held ?? "",
                ] as [String: Any]
            },
        ]
    }

    /// The verdict in a sentence; what the notices say stands below it.
    static func told(mergedInto whole: String?, isLearned: Bool, _ notices: [ToldNotice]) -> String {
        if let whole { return "Its events count on \(whole), and notices are of that." }
        let single = notices.count { $0.held == nil }
        if single > 0 {
            let number = notices.count == Archive.toldMax ? "at least \(single) times" : "\(single) times"
            return "Told " + (single == 1 ? "once:" : number + ":")
        }
        if !notices.isEmpty { return "Not told by itself:" }
        if isLearned {
            return "Not told: it was there before, or came while its source was learned; Sources says which are."
        }
        return "No notice of it in the last 30 days: it was no news, or came by a scan or by margay watch with paths, "
            + "which keep none."
    }

    private func told(_ notices: [ToldNotice]) -> String {
        var how = "A notice is a line on the standard output of margay watch; under systemd, journalctl shows them."
        if notices.contains(where: { $0.held != nil }) { how += " What is kept for a summary stands in the reports." }
        if !archive.isBeingWritten {
            how += " No margay watch writes to this store now, so nobody is told of anything: start one."
        }
        return how
    }
}
