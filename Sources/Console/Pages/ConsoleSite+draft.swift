import Events
import Store
import Triage

extension ConsoleSite {
    /// Issues of the past that a draft shows.
    private static let caughtMax = 20

    /// `GET /i/ID/draft`: a pattern for an issue that no pack claims, its tests, and what else of the past it would have
    /// caught.
    func draft(_ request: PageRequest) throws -> Answer {
        let (issue, _) = try find(request.name, request)
        let row = issue.row
        var values: [String: Any] = [
            "id": row.id, "title": PageEscape.line(row.title), "severity": PageValues.severity(row.severity),
            "pattern": row.pattern,
        ]
        switch host.draft(issue) {
        case .none(let reason): values["reason"] = reason
        case .drafted(let draft):
            if request.query["format"] == "yaml" {
                return Answer(type: "application/yaml; charset=utf-8", body: Array(draft.pack.utf8))
                    .saved(as: "\(draft.id.split(separator: ".").first ?? "drafted").yaml")
            }
            values["isDrafted"] = true
            values["lines"] = draft.yaml.split(separator: "\n").map { PageEscape.line(String($0)) }
            values["patternID"] = draft.id
            values["download"] = "/i/\(row.id)/draft?format=yaml"
            values.merge(try caughtValues(draft, row, request)) { $1 }
        }
        return try page("draft", title: "A pattern for \(row.id)", section: "issues", request, values)
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
