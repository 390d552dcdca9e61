import Events
import HTTPTypes
import Store
import Triage

extension ConsoleSite {
    /// `POST /api/v1/issues/ID/moves` with `If-Match: "VERSION"`; `*` moves it as it stands.
    func apiMove(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let seen = try ConsoleSite.version(request.ifMatch)
        let wanted = try CallMove(request.body, me: author(request), now: request.now)
        let (issue, _) = try find(request.name, request)
        let report = try archive.move(
            MoveRequest(
                ids: [issue.row.id], move: wanted.move, author: author(request), reason: wanted.reason,
                now: request.now, seen: seen.map { [issue.row.id: $0] } ?? [:]))
        if let target = report.unknown.first { throw PageFault.notFound("There is no issue \(target) to be part of.") }
        if let refusal = report.refused.first?.refusal {
            switch refusal {
            case .already: break
            case .changed: throw try changed(refusal, request)
            case .notAllowed(let sentence):
                throw PageFault(
                    status: .conflict, title: "Not possible now", message: MoveForm.sentence(sentence))
            }
        }
        return try issueAnswer(request)
    }

    /// The version in `If-Match` (RFC 9110, 13.1.1), with or without quotes; nil for `*`.
    private static func version(_ header: String?) throws -> Int? {
        guard let header else {
            throw PageFault(
                status: .preconditionRequired, title: "If-Match is missing",
                message: "Send the state version that you saw as If-Match, or * to move the issue as it stands.")
        }
        if header == "*" { return nil }
        var text = header[...]
        if text.utf8.count > 1, text.hasPrefix("\""), text.hasSuffix("\"") { text = text.dropFirst().dropLast() }
        guard let version = Int(text), String(version) == text, version >= 0 else {
            throw PageFault.malformed(
                "If-Match is \"VERSION\", as ETag or state_version gave it, or *; not '\(header)'.")
        }
        return version
    }

    /// 412, with how the issue stands now.
    private func changed(_ refusal: Refusal, _ request: PageRequest) throws -> PageFault {
        let (issue, story) = try find(request.name, request)
        var fault = PageFault(
            status: .preconditionFailed, title: "Changed meanwhile", message: MoveForm.sentence(refusal.sentence))
        fault.tag = ConsoleSite.tag(issue.stateVersion)
        let by = story.standing.movedBy
        fault.members = { json in
            json.object("issue") { json in
                json.add("id", issue.row.id)
                json.add("state", issue.row.state.rawValue)
                json.add("state_version", issue.stateVersion)
                json.add("severity", issue.row.severity.name)
                json.add("owner", issue.row.owner)
                json.add("moved_by", by)
                json.add("since", issue.stateTime)
            }
        }
        return fault
    }

    /// `POST /api/v1/moves`: one move on the issues that are named, or on all that a query finds, whose number whoever
    /// asks has to know.
    func apiMoves(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let body = try CallBody(
            request.body, ["do", "issues", "query", "count", "trial"],
            example: "{\"do\": {\"move\": \"clear\"}, \"issues\": {\"7K3F9\": 0}}")
        guard let members = try body.object("do") else {
            throw PageFault.malformed("'do' is missing: a move, such as \(CallMove.example).")
        }
        let wanted = try CallMove(members, me: author(request), now: request.now)
        let isTrial = try body.flag("trial") ?? false
        var asked = MoveRequest(
            ids: [], move: wanted.move, author: author(request), reason: wanted.reason, now: request.now,
            isTrial: isTrial)
        let query = try body.text("query")
        let count = try body.integer("count", 0...Int64(Archive.movesMax))
        switch (try body.object("issues"), query) {
        case (let issues?, nil) where count == nil:
            (asked.ids, asked.seen) = try ConsoleSite.named(issues)
        case (nil, let query?):
            var all = IssueQuery(try callFilter(query, request), now: request.now, limit: Archive.movesMax)
            all.after = nil
            asked.ids = try archive.ids(all)
            guard isTrial || count == Int64(asked.ids.count) else {
                throw ConsoleSite.otherCount(asked.ids.count, said: count)
            }
        default:
            throw PageFault.malformed(
                "Give either 'issues', each with the version that you saw or null, or 'query' and 'count', the number "
                    + "of issues that it finds.")
        }
        let report = try archive.move(asked)
        if case .merge(let id) = wanted.move, report.unknown.contains(id), report.moved.isEmpty, report.refused.isEmpty
        {
            throw PageFault.notFound("There is no issue \(id) to be part of.")
        }
        return .json(report.json(isTrial: isTrial) + "\n")
    }

    /// Ids with the versions that were seen; null for an issue that is moved as it stands.
    private static func named(_ issues: [String: JSONValue]) throws -> (ids: [String], seen: [String: Int]) {
        guard (1...ConsoleLimits.callIssuesMax).contains(issues.count) else {
            throw PageFault.malformed("'issues' holds 1 to \(ConsoleLimits.callIssuesMax) issues.")
        }
        var seen: [String: Int] = [:]
        for (id, version) in issues where version != .null {
            guard let number = CallBody.whole(version), (0...CallQuery.numberMax).contains(number) else {
                throw PageFault.malformed("The version of '\(id)' is a whole number, or null to move it as it stands.")
            }
            seen[id] = Int(number)
        }
        return (issues.keys.sorted(), seen)
    }

    private static func otherCount(_ count: Int, said: Int64?) -> PageFault {
        var fault = PageFault(
            status: .conflict, title: "Another number of issues",
            message: "The query finds \(count) issues now\(said.map { ", not \($0)" } ?? ""). Nothing was changed; "
                + "send 'count' as \(count) if that is what you mean.")
        fault.members = { $0.add("count", count) }
        return fault
    }

    /// `POST /api/v1/undo`: takes back what the same token or person did last.
    func apiUndo(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let body = try CallBody(request.body, ["issues", "all", "reason"], example: "{\"issues\": [\"7K3F9\"]}")
        let ids = try body.texts("issues", atMost: ConsoleLimits.callIssuesMax)
        let isAll = try body.flag("all") ?? false
        // Never by leaving something out.
        guard (ids == nil) == isAll else {
            throw PageFault.malformed("Give 'issues', or 'all' as true for all that your latest move moved.")
        }
        let report = try archive.undo(
            ids: ids ?? [], by: author(request), reason: try CallMove.reason(body), now: request.now)
        return .json(report.json(isTrial: false) + "\n")
    }
}

extension MoveReport {
    /// What came of it: how many, and the first `ConsoleLimits.callIssuesMax` of each kind.
    fileprivate func json(isTrial: Bool) -> String {
        JSONText.object { json in
            json.add("trial", isTrial)
            json.add("moved_count", moved.count)
            json.add("refused_count", refused.count)
            json.add("moved", array: Array(moved.prefix(ConsoleLimits.callIssuesMax))) { json, moved in
                json.element { json in
                    json.add("id", moved.id)
                    json.add("state", moved.entry.after.state.rawValue)
                    json.add("state_version", moved.entry.after.version)
                }
            }
            json.add("refused", array: Array(refused.prefix(ConsoleLimits.callIssuesMax))) { json, refused in
                json.element { json in
                    json.add("id", refused.id)
                    json.add("reason", MoveForm.sentence(refused.refusal.sentence))
                }
            }
            json.add("unknown", Array(unknown.prefix(ConsoleLimits.callIssuesMax)))
        }.text
    }
}
