import Events
import Store
import Triage

extension ConsoleSite {
    /// Lines of a log on each side of a record, where a page shows them.
    static let contextLines = 20

    /// `GET /i/ID`.
    func issue(_ request: PageRequest) throws -> Answer {
        let (issue, story) = try find(request.name, request)
        switch request.query["format"] {
        case nil: break
        case "json": return .json(issue.json(story) + "\n")
        case "text": return .text(IssueCopy.text(issue, story))
        case "markdown":
            return Answer(type: "text/markdown; charset=utf-8", body: Array(IssueCopy.markdown(issue, story).utf8))
        case let format?: throw PageFault.malformed("An issue can be had as json, text or markdown, not as \(format).")
        }
        let origin = ListOrigin(request.query)
        if issue.row.id != request.name { return .redirect(to: ListOrigin.carried("/i/\(issue.row.id)", origin)) }
        var values = try headValues(issue, story, request)
        values.merge(try toldValues(issue.row, story, request)) { $1 }
        values.merge(try placeValues(issue.row, origin, request)) { $1 }
        values.merge(try pulseValues(issue, request)) { $1 }
        values.merge(placesValues(issue, story, request)) { $1 }
        values.merge(try similarValues(issue.row, request)) { $1 }
        values["sample"] = sampleValues(issue, request)
        values["history"] = story.moves.reversed().map { historyValues($0, now: request.now) }
        values["notes"] = story.notes.map { note in
            ["author": note.author, "text": note.text, "time": PageValues.time(note.time, now: request.now)]
                as [String: Any]
        }
        values["back"] = "issue"
        values["hasNotes"] = !story.notes.isEmpty
        return try page("issue", title: "\(issue.row.id) \(issue.row.title)", section: "issues", request, values)
    }

    /// What an issue is, how it stands and why, for its page and the inbox.
    func headValues(_ issue: IssueDetail, _ story: IssueStory, _ request: PageRequest) throws -> [String: Any] {
        let row = issue.row
        let standing = story.standing
        var values = PageValues.row(row, lastDay: issue.lastDay, now: request.now)
        values["why"] = MoveForm.sentence(issue.noveltyReason)
        values["whyTitle"] = row.novelty.rawValue
        values["pattern"] = row.pattern
        values["patternAddress"] = ConsoleSite.address(
            "/issues",
            [("q", "pattern:\(IssueCopy.quoted(row.pattern)) state:[open,acknowledged,cleared,resolved,ignored]")])
        values["fingerprint"] = row.fingerprint.description
        values["stateTime"] = PageValues.time(issue.stateTime, now: request.now)
        values["movedBy"] = standing.movedBy
        values["ignored"] = standing.ignore?.description
        values["isAutomatic"] = standing.isAutomatic
        values["reference"] = standing.reference
        values["isSeverityOurs"] = standing.severity != nil
        values["isTitleOurs"] = standing.title != nil
        values["mergedInto"] = standing.mergedInto
        values["parts"] = story.parts
        values["hasParts"] = !story.parts.isEmpty
        values["isForgotten"] = standing.isForgotten
        values["isLearned"] = story.isLearned
        values["isFamily"] = story.isFamily
        values["runbook"] = issue.runbook
        // A pack's word: a link only where it leads to the web.
        values["runbookLink"] = issue.runbook.flatMap { $0.hasPrefix("https://") || $0.hasPrefix("http://") ? $0 : nil }
        values["grades"] = PageValues.severities(row.severity)
        values["severities"] = PageValues.severities(row.severity)
        values["canAcknowledge"] = row.state == .open || row.state == .ignored
        values["canUnacknowledge"] = row.state == .acknowledged
        values["canReopen"] = row.state != .open
        values["canClear"] = row.state != .cleared
        values["canResolve"] = row.state != .resolved
        values["canDraft"] = row.pack == "core"
        return values
    }

    /// Issues of the same pattern that read alike.
    func similarValues(_ row: IssueRow, _ request: PageRequest) throws -> [String: Any] {
        let similar = try similarIssues(row, request)
        return [
            "similar": similar.map { PageValues.row($0, lastDay: [], now: request.now) },
            "hasSimilar": !similar.isEmpty,
        ]
    }

    func similarIssues(_ row: IssueRow, _ request: PageRequest) throws -> [IssueRow] {
        let filter: IssueFilter
        do throws(QueryFault) {
            filter = try self.filter(
                "pattern:\(IssueCopy.quoted(row.pattern)) \(ConsoleSite.anyState)", request)
        } catch { return [] }
        let others = try archive.page(IssueQuery(filter, now: request.now, limit: SimilarIssues.comparedMax)).rows
        return SimilarIssues.of(row, among: others)
    }

    func pulseValues(_ issue: IssueDetail, _ request: PageRequest) throws -> [String: Any] {
        guard let pulse = try archive.pulse(id: issue.row.id, now: request.now) else { return [:] }
        let limit = IssuePulseLimit(pulse.watch)
        let span = request.query["span"] ?? "24h"
        let picture =
            switch span {
            case "7d": Histogram(hours: pulse.hours, of: limit, now: request.now)
            case "30d": Histogram(days: Array(pulse.days.suffix(30)), now: request.now)
            case "90d": Histogram(days: pulse.days, now: request.now)
            default: Histogram(hours: Array(pulse.hours.suffix(24)), of: limit, now: request.now)
            }
        let origin = ListOrigin(request.query)
        let spans = ["24h", "7d", "30d", "90d"].map { name in
            [
                "name": name, "isCurrent": name == span,
                "address": ListOrigin.carried(
                    ConsoleSite.address("/i/\(issue.row.id)", [("span", name), ("sample", request.query["sample"])]),
                    origin),
            ] as [String: Any]
        }
        return [
            "histogram": picture.svg, "histogramWords": picture.words, "spans": spans,
            "histogramFirst": picture.names.first ?? "", "histogramLast": picture.names.last ?? "",
            "limit": limit.limit.map { ConsoleSite.grouped($0) } as Any? ?? false,
        ]
    }

    private func placesValues(_ issue: IssueDetail, _ story: IssueStory, _ request: PageRequest) -> [String: Any] {
        [
            "places": issue.nodes.map { node in
                [
                    "node": node.node,
                    "files": issue.files.filter { $0.node == node.node }.map { file in
                        [
                            "path": file.path, "count": ConsoleSite.grouped(file.count),
                            "last": PageValues.time(file.lastSeen, now: request.now),
                        ] as [String: Any]
                    }, "count": ConsoleSite.grouped(node.count),
                    "last": PageValues.time(node.lastSeen, now: request.now),
                    "query": ConsoleSite.address("/issues", [("q", "node:\(IssueCopy.quoted(node.node))")]),
                ] as [String: Any]
            },
            "isCut": issue.files.count >= IssueRow.filesMax, "sources": story.sources.joined(separator: ", "),
            "hasSources": !story.sources.isEmpty,
        ]
    }

    func historyValues(_ move: IssueStory.Move, now: Timestamp) -> [String: Any] {
        var change = ""
        if let from = move.from, let to = move.to { change = "\(from.rawValue) → \(to.rawValue)" }
        return [
            "time": PageValues.time(move.time, now: now), "author": move.author, "what": move.what,
            "detail": move.what == "note" ? "" : move.detail ?? "", "reason": move.reason ?? "",
            "hasReason": move.reason != nil,
            "change": change, "hasChange": !change.isEmpty,
            "isUndone": move.isUndone,
        ]
    }
}
