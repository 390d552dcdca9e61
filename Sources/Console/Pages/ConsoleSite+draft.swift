import Events
import HTTPTypes
import Store
import Triage

extension ConsoleSite {
    /// Issues of the past that a draft shows.
    private static let caughtMax = 20

    /// `GET /i/ID/draft`: a pattern for an issue that no pack claims, its tests, and what else of the past it would have
    /// caught.
    func draft(_ request: PageRequest) throws -> Answer {
        let (issue, _) = try find(request.name, request)
        let answer = host.draft(issue, PatternDraft.Wish())
        if case .drafted(let draft) = answer, request.query["format"] == "yaml" {
            return Answer(type: "application/yaml; charset=utf-8", body: Array(draft.pack.utf8))
                .saved(as: "\(draft.id.split(separator: ".").first ?? "drafted").yaml")
        }
        return try draftPage(answer, PatternDraft.Wish(), issue, request)
    }

    /// `POST /i/ID/draft`: shows it as it is wished for, or adds it to its pack.
    func addDraft(_ request: PageRequest) throws -> Answer {
        let (issue, _) = try find(request.name, request)
        let wish = PatternDraft.Wish(
            name: request.form.text("name"), title: request.form.text("title"),
            severity: try MoveForm.severity(request.form.text("severity")))
        if let fault = wish.fault { return try draftPage(.none(reason: fault), wish, issue, request) }
        guard request.form["do"] == "add" else {
            return try draftPage(host.draft(issue, wish), wish, issue, request)
        }
        let answer = try add(issue, wish, request)
        guard case .drafted(let draft) = answer, let place = draft.place else {
            return try draftPage(answer, wish, issue, request)
        }
        return said(
            Announcements.Announcement(
                text: "\(draft.id) was added to \(place.path); 'margay watch' uses it from its next start on"),
            at: "/i/\(issue.row.id)", [])
    }

    /// Adds a pattern to its pack, and notes who did it.
    func add(_ issue: IssueDetail, _ wish: PatternDraft.Wish, _ request: PageRequest) throws -> PatternDraft.Answer {
        guard let addDraft = host.addDraft else {
            throw PageFault(
                status: .conflict, title: "Nothing was added",
                message: "No pack may be written to here: name a directory of packs under console: local_packs.")
        }
        let answer = addDraft(issue, wish)
        if case .drafted(let draft) = answer, let place = draft.place {
            try archive.recordPattern(
                draft.id, in: place.path, expression: draft.match, by: author(request), now: request.now)
        }
        return answer
    }

    private func draftPage(
        _ answer: PatternDraft.Answer, _ wish: PatternDraft.Wish, _ issue: IssueDetail, _ request: PageRequest
    ) throws -> Answer {
        let row = issue.row
        var values: [String: Any] = [
            "id": row.id, "title": PageEscape.line(row.title), "severity": PageValues.severity(row.severity),
            "pattern": row.pattern,
        ]
        var (drafted, refusal) = (answer, String?.none)
        if case .none(let reason) = answer, wish != PatternDraft.Wish() {
            // What was wished for cannot be; the form stays.
            (drafted, refusal) = (host.draft(issue, PatternDraft.Wish()), reason)
        }
        switch drafted {
        case .none(let reason): values["reason"] = refusal ?? reason
        case .drafted(let draft):
            values["isDrafted"] = true
            values["refusal"] = refusal.map { PageEscape.line($0) }
            values["patternID"] = draft.id
            values["download"] = "/i/\(row.id)/draft?format=yaml"
            values.merge(changeValues(draft, wish, request)) { $1 }
            values.merge(try caughtValues(draft, row, request)) { $1 }
        }
        return try page(
            "draft", title: "A pattern for \(row.id)", section: "issues",
            status: refusal == nil ? .ok : .unprocessableContent, request, values)
    }

    /// The form, and the lines that would be added.
    private func changeValues(
        _ draft: PatternDraft, _ wish: PatternDraft.Wish, _ request: PageRequest
    ) -> [String: Any] {
        let parts = draft.id.split(separator: ".", maxSplits: 1)
        let chosen = wish.severity ?? draft.severity
        let lines =
            draft.place?.lines
            ?? draft.yaml.split(separator: "\n").enumerated().map {
                PatternDraft.Line(kind: .added, number: $0.offset + 1, text: String($0.element))
            }
        var last = 0
        return [
            "pack": parts.first.map(String.init) ?? "", "name": wish.name ?? parts.last.map(String.init) ?? "",
            "wishedTitle": PageEscape.line(wish.title ?? draft.title),
            "grades": Severity.allCases.reversed().filter { $0 != .clear }.map {
                ["name": $0.name, "isChosen": $0 == chosen]
            },
            "canAdd": host.addDraft != nil && draft.place != nil && canChange(request, .editor),
            "isEditable": host.addDraft != nil && draft.place != nil,
            "path": draft.place.map { PageEscape.line($0.path) } ?? "", "isNew": draft.place?.isNew ?? false,
            "lines": lines.map { line -> [String: Any] in
                defer { last = line.number }
                return [
                    "text": PageEscape.line(line.text), "isAdded": line.kind == .added,
                    "isRemoved": line.kind == .removed, "number": line.number,
                    "isApart": last != 0 && line.number > last + 1,
                ]
            },
        ]
    }

    private func caughtValues(
        _ draft: PatternDraft, _ row: IssueRow, _ request: PageRequest
    ) throws -> [String: Any] {
        guard let caught = try caught(draft, row, request) else { return [:] }
        return [
            "caught": caught.rows.map { PageValues.row($0, lastDay: [], now: request.now) },
            "hasCaught": !caught.rows.isEmpty, "isPart": caught.isPart,
            "query": ConsoleSite.address("/issues", [("q", caught.query)]),
        ]
    }

    /// The other issues whose title, sample or notes the expression matches, whether there are more, and the query that
    /// finds them; nil where a query cannot say it.
    func caught(
        _ draft: PatternDraft, _ row: IssueRow, _ request: PageRequest
    ) throws -> (rows: [IssueRow], isPart: Bool, query: String)? {
        let query = "/\(ConsoleSite.slashed(draft.match))/ \(ConsoleSite.anyState)"
        let filter: IssueFilter
        do throws(QueryFault) { filter = try self.filter(query, request) } catch { return nil }
        let found = try archive.page(IssueQuery(filter, now: request.now, limit: ConsoleSite.caughtMax + 1))
        let others = found.rows.filter { $0.id != row.id }
        return (
            Array(others.prefix(ConsoleSite.caughtMax)), found.next != nil || others.count > ConsoleSite.caughtMax,
            query
        )
    }

    /// A term of a query that lifts the rule "open ones unless it says which".
    static let anyState = "state:[open,acknowledged,cleared,resolved,ignored]"

    /// An expression as a query has it between slashes: its own slashes behind a backslash.
    static func slashed(_ expression: String) -> String {
        var result = ""
        var isEscaped = false
        for scalar in expression.unicodeScalars {
            if scalar == "/", !isEscaped { result += "\\" }
            result.unicodeScalars.append(scalar)
            isEscaped = scalar == "\\" && !isEscaped
        }
        return result
    }
}
