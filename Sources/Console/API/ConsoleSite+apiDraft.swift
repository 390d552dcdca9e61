import Events
import HTTPTypes
import Store

extension ConsoleSite {
    /// `GET /api/v1/issues/ID/draft`: a pattern made of its samples, and what else of the past it would have caught.
    func apiDraft(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let (issue, _) = try find(request.name, request)
        let json: JSONText
        switch host.draft(issue, PatternDraft.Wish()) {
        case .none(let reason):
            json = JSONText.object { json in
                json.add("drafted", false)
                json.add("reason", reason)
            }
        case .drafted(let draft): json = try drafted(draft, issue, request)
        }
        return .json(json.text + "\n")
    }

    /// `POST /api/v1/issues/ID/draft`: adds it to its pack.
    func apiAddDraft(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let body = try CallBody(request.body, ["name", "title", "severity"], example: "{\"severity\": \"major\"}")
        let wish = PatternDraft.Wish(
            name: try body.text("name"), title: try body.text("title"),
            severity: try body.text("severity").map { name in
                guard let severity = Severity(name: name) else {
                    throw PageFault.malformed("'\(name)' is no severity.")
                }
                return severity
            })
        if let fault = wish.fault { throw PageFault.malformed(fault) }
        let (issue, _) = try find(request.name, request)
        switch try add(issue, wish, request) {
        case .none(let reason):
            throw PageFault(status: .conflict, title: "It was not added", message: reason)
        case .drafted(let draft):
            return .json(try drafted(draft, issue, request).text + "\n", status: .created)
        }
    }

    private func drafted(_ draft: PatternDraft, _ issue: IssueDetail, _ request: PageRequest) throws -> JSONText {
        let caught = try self.caught(draft, issue.row, request)
        return JSONText.object { json in
            json.add("drafted", true)
            json.add("id", draft.id)
            json.add("match", draft.match)
            json.add("title", draft.title)
            json.add("severity", draft.severity.name)
            json.add("yaml", draft.yaml)
            json.add("pack", draft.pack)
            if let place = draft.place { json.add("path", place.path) }
            json.add("caught", array: caught?.rows ?? []) { ConsoleSite.add($1, to: &$0) }
            json.add("caught_more", caught?.isPart ?? false)
        }
    }
}
