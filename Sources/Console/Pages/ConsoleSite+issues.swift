import Events
import HTTPTypes
import Store
import Triage

/// The list of issues, as the address asks for it.
struct IssueListRequest {
    /// The query as written.
    var query: String
    /// `count`, `+count`; nil where the query says it, or nobody.
    var sort: String?
    var after: PageKey?

    init(_ fields: FormFields) {
        query = fields.text("q") ?? ""
        sort = fields.text("sort")
        let numbers = (fields["after"] ?? "").split(separator: ".", maxSplits: 1).compactMap { Int64($0) }
        after = numbers.count == 2 ? PageKey(value: numbers[0], number: numbers[1]) : nil
    }

    /// What the store is asked for.
    func issueQuery(_ filter: IssueFilter, now: Timestamp, limit: Int) -> IssueQuery {
        var asked = IssueQuery(filter, now: now, limit: limit)
        if let sort, let field = IssueSort(name: sort.drop { $0 == "+" }) {
            asked.sort = field
            asked.isAscending = sort.hasPrefix("+")
        }
        asked.after = after
        return asked
    }

    /// The address of this list with another sort, page or format.
    func address(sort: String?? = .none, after: PageKey? = nil, format: String? = nil) -> String {
        ConsoleSite.address(
            "/issues",
            [
                ("q", query), ("sort", sort ?? self.sort), ("after", after.map { "\($0.value).\($0.number)" }),
                ("format", format),
            ])
    }
}

extension ConsoleSite {
    /// `GET /issues`.
    func issues(_ request: PageRequest) throws -> Answer {
        let list = IssueListRequest(request.query)
        let filter: IssueFilter
        do throws(QueryFault) {
            filter = try self.filter(list.query, request)
        } catch {
            return try faultyQuery(error, list, request)
        }
        if let format = request.query["format"] { return try export(list, filter, format: format, request) }
        let asked = list.issueQuery(filter, now: request.now, limit: ConsoleLimits.rowsMax)
        let found = try archive.page(asked)
        let days = try archive.lastDays(ids: found.rows.map(\.id), now: request.now)
        let total = try issueCount("q=\(list.query)", asked, request)
        var values = try listValues(list, request)
        values["rows"] = found.rows.map { PageValues.row($0, lastDay: days[$0.id] ?? [], now: request.now) }
        values["hasRows"] = !found.rows.isEmpty
        values["carried"] = ListOrigin(list).map { "?" + $0.fields } ?? ""
        values["isEmptyStore"] = found.rows.isEmpty && list.query.isEmpty
        values["total"] = ConsoleSite.countText(total)
        values["isOne"] = total == 1
        values["next"] = found.next.map { list.address(after: $0) }
        values["isFurther"] = list.after != nil
        values["start"] = list.address()
        values["isMore"] = total > found.rows.count
        values["live"] =
            list.after == nil ? ConsoleSite.address("/live", [("q", list.query), ("sort", list.sort)]) : nil
        values.merge(columnValues(list, (asked.sort.rawValue, asked.isAscending), request)) { $1 }
        return try page("issues", title: "Issues", section: "issues", request, values)
    }

    private func faultyQuery(_ fault: QueryFault, _ list: IssueListRequest, _ request: PageRequest) throws -> Answer {
        var values = try listValues(list, request)
        values["start"] = list.address()
        values["fault"] = fault.description
        values["faultMessage"] = fault.message
        return try page("issues", title: "Issues", section: "issues", status: .badRequest, request, values)
    }

    private func listValues(_ list: IssueListRequest, _ request: PageRequest) throws -> [String: Any] {
        let saved = try archive.views().first { $0.query == list.query }?.name
        return [
            "query": list.query, "sort": list.sort ?? "", "hasSort": list.sort != nil,
            "csv": list.address(format: "csv"),
            "jsonl": list.address(format: "jsonl"), "views": try views(list, request),
            "words": try suggestions(), "canSave": !list.query.isEmpty && canChange(request) && saved == nil,
            "savedView": canChange(request) ? saved as Any? ?? false : false,
        ]
    }

    /// Views that every console has.
    static let standingViews: [(name: String, query: String)] = [
        ("Open", ""), ("Inbox", "is:inbox"), ("Mine", "owner:me"), ("Unowned major+", "is:unowned severity:>=major"),
        ("Acknowledged", "state:acknowledged"), ("Ignored", "state:ignored"), ("Resolved", "state:resolved"),
    ]

    private func views(_ list: IssueListRequest, _ request: PageRequest) throws -> [[String: Any]] {
        let saved = try archive.views().map { (name: $0.name, query: $0.query, isSaved: true) }
        let standing = ConsoleSite.standingViews.map { (name: $0.name, query: $0.query, isSaved: false) }
        return (standing + saved).map { view in
            var values: [String: Any] = [
                "name": view.name, "address": ConsoleSite.address("/issues", [("q", view.query)]),
                "isCurrent": view.query == list.query, "isSaved": view.isSaved,
            ]
            do throws(QueryFault) {
                let filter = try self.filter(view.query, request)
                let query = IssueQuery(filter, now: request.now)
                values["count"] = ConsoleSite.countText(
                    try counting { try issueCount("q=\(view.query)", query, request) })
            } catch {
                values["count"] = "?"
            }
            return values
        }
    }

    /// A count that cannot be had leaves the page standing.
    private func counting(_ count: () throws -> Int) throws(QueryFault) -> Int {
        do { return try count() } catch {
            throw QueryFault(query: "", offset: 0, length: 1, message: "\(error)")
        }
    }

    /// Words that a query may hold, for whoever types one.
    private func suggestions() throws -> String {
        var words = QueryField.allCases.map { $0.rawValue + ":" } + ["sort:"]
        words += (Novelty.allCases.map(\.rawValue) + QueryMark.allCases.map(\.rawValue)).map { "is:" + $0 }
        words += QueryAttribute.allCases.map { "has:" + $0.rawValue }
        words += IssueState.allCases.map { "state:" + $0.rawValue }
        words += Severity.allCases.reversed().flatMap { ["severity:\($0.name)", "severity:>=\($0.name)"] }
        words += EventType.allCases.map { "type:" + $0.rawValue }
        words += IssueSort.allCases.map { "sort:" + $0.rawValue }
        words += ["first:<24h", "last:<1h", "count:>100", "rate:>10/h", "owner:me"]
        words += try archive.lastBatchTimes().keys.sorted().prefix(20).map { "node:" + $0 }
        words += try archive.packNames().prefix(100).map { "pack:" + $0 }
        return words.filter { !$0.contains(where: \.isWhitespace) }.joined(separator: " ")
    }
}
