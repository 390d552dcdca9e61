import Agent
import Events
import Patterns
import Scan
import Store
import Triage

/// Why an issue is what it is: news or not, told or not, and one issue at all.
struct IssueExplanation {
    let issue: IssueDetail
    let story: IssueStory
    let told: [ToldNotice]
    /// The latest sample has a key of its own today, of an issue that is part of this one.
    var isPart = false

    /// The id of the issue that `text` names, whole or as a fingerprint; nil where it reads as a line of a log, or where
    /// there is no store to look in. A beginning of an id is taken for a line: `5 errors` begins with one.
    static func id(_ text: String, _ store: StoreOptions, _ common: CommonOptions) throws -> String? {
        let isID =
            (Fingerprint.idCharactersMin...Fingerprint.idCharactersMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || (0x30...0x39).contains($0) }
        guard isID || Fingerprint(text) != nil else { return nil }
        let path = store.path(try common.configuration())
        do throws(ArchiveError) {
            let archive = try Archive(path: path, mode: .read)
            guard case .found(let issue) = try archive.issue(matching: text, now: SystemClock.now()) else { return nil }
            return issue.row.id
        } catch  where error.code == .missing || error.code == .older {
            return nil
        } catch {
            common.errors.write(error.description.safe + "\n")
            throw ExitStatus.faulty
        }
    }

    /// What the packs of today make of the latest sample; nil where none is kept, or no pack of that name is there.
    func today(_ choice: PackChoiceOptions, _ common: CommonOptions) throws -> Explanation? {
        guard let sample = issue.samples.last?.sample else { return nil }
        var (library, selection) = try choice.library(common)
        if selection.names == nil {
            guard library.packs[issue.row.pack] != nil else { return nil }
            selection = PackSelection(names: issue.row.pack == Pack.coreName ? [] : [issue.row.pack])
        }
        let catalogue = PackCatalogue(library, cache: .standard)
        let bytes = Array(sample.text.utf8)
        return bytes.withUnsafeBytes { bytes in
            let (set, _) = catalogue.set(for: sample.file, head: bytes, selection)
            return Explainer(set.patterns, prefilter: set.prefilter)
                .explain(bytes, zone: SystemTimeZone.local(.current())) { $0 < 1 }.first
        }
    }

    func text(_ today: Explanation?, for terminal: Terminal) -> String {
        var page = IssuePage.head(issue, story, for: terminal)
        for (index, line) in notices.enumerated() { page += IssuePage.field(index == 0 ? "Told" : "", line) }
        guard let today else {
            return page + IssuePage.field("Packs", "no sample is kept, or the pack is not there: margay packs list")
        }
        page += IssuePage.field("Packs", sentence(today))
        page += "\nThe latest sample, as the packs see it today\n"
        return page + ExplanationPage.text(today, for: terminal)
    }

    func json(_ today: Explanation?) -> String {
        JSONText.object { json in
            json.add("id", issue.row.id)
            json.add("fingerprint", issue.row.fingerprint.description)
            json.add("title", issue.row.title)
            json.add("novelty", issue.row.novelty.rawValue)
            json.add("why", issue.noveltyReason)
            json.add("told", array: told) { json, notice in
                json.element { json in
                    json.add("time", notice.time)
                    json.add("novelty", notice.novelty.rawValue)
                    json.add("reason", notice.reason)
                    json.add("held", notice.held)
                }
            }
            json.add("merged_into", story.standing.mergedInto)
            json.add("parts", story.parts)
            json.add("fingerprint_parts", today?.event?.parts ?? [])
            json.add("pattern_today", today?.rule)
            json.add("fingerprint_today", today?.event?.fingerprint.description)
        }.text + "\n"
    }

    /// What was told, and what was not, each with its reason.
    private var notices: [String] {
        guard told.isEmpty else {
            return told.map { notice in
                let what = "\(notice.time) \(notice.novelty.rawValue): \(notice.reason)"
                return notice.held.map { "\(what); not by itself: \($0)" } ?? what
            }
        }
        if story.isLearned {
            return [
                "no: it was there before, or came while its source was learned; 'margay learn --status' shows sources"
            ]
        }
        return ["not in the last 30 days; what a scan or 'watch' with paths tells is not kept"]
    }

    private func sentence(_ today: Explanation) -> String {
        guard let event = today.event, let rule = today.rule else {
            return "no pattern has the sample any more: events like it are not counted here now"
        }
        let parts = event.parts.joined(separator: ", ")
        if isPart { return "\(rule) has it; counted here as a part of this issue, by \(parts)" }
        if event.fingerprint == issue.row.fingerprint { return "\(rule) has it; the same issue, by \(parts)" }
        return "\(rule) has it by \(parts): another issue today, \(event.fingerprint)"
    }
}
