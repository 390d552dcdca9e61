import Events
import HTTPTypes
import Store
import Triage

extension ConsoleSite {
    /// `GET /api/v1/issues`: a page of a list, `cursor` for the next one.
    func apiIssues(_ request: PageRequest) throws -> Answer {
        let query = try CallQuery(request.query, ["q", "sort", "limit", "cursor"])
        var list = IssueListRequest(request.query)
        list.after = try query.text("cursor").map(ConsoleSite.cursor)
        list.sort = query.text("sort")
        if let sort = list.sort, IssueSort(name: sort.hasPrefix("+") ? sort.dropFirst() : sort[...]) == nil {
            throw PageFault.malformed(
                "There is no sort '\(sort)'; there are \(IssueSort.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        let asked = list.issueQuery(try callFilter(list.query, request), now: request.now, limit: try query.limit())
        let found = try archive.page(asked)
        return .json(
            JSONText.object { json in
                json.add("issues", array: found.rows) { ConsoleSite.add($1, to: &$0) }
                json.add("next", found.next.map { "\($0.value).\($0.number)" })
            }.text + "\n")
    }

    /// A row of a list, with the version that a move is made on.
    static func add(_ row: IssueRow, to json: inout JSONText) {
        json.element { json in
            row.add(to: &json)
            json.add("state_version", row.stateVersion)
        }
    }

    private static func cursor(_ text: String) throws -> PageKey {
        let numbers = text.split(separator: ".", maxSplits: 1).compactMap { Int64($0) }
        guard numbers.count == 2, text == "\(numbers[0]).\(numbers[1])" else {
            throw PageFault.malformed("'\(text)' is no cursor of this list; send 'next' of the page before.")
        }
        return PageKey(value: numbers[0], number: numbers[1])
    }

    /// The filter of a query, or a `PageFault` with its caret.
    func callFilter(_ query: String, _ request: PageRequest) throws -> IssueFilter {
        do throws(QueryFault) { return try filter(query, request) } catch {
            throw PageFault.malformed(error.description)
        }
    }

    /// `GET /api/v1/count`: how many issues a query finds, exactly.
    func apiCount(_ request: PageRequest) throws -> Answer {
        let query = try CallQuery(request.query, ["q"])
        let filter = try callFilter(query.text("q") ?? "", request)
        let count = try archive.issueCount(IssueQuery(filter, now: request.now))
        return .json(JSONText.object { $0.add("count", count) }.text + "\n")
    }

    /// `GET /api/v1/issues/ID`: as `margay show --format json`; the state version is its tag.
    func apiIssue(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        return try issueAnswer(request)
    }

    func issueAnswer(_ request: PageRequest) throws -> Answer {
        let (issue, story) = try find(request.name, request)
        var answer = Answer.json(issue.json(story) + "\n")
        answer.headers[.eTag] = ConsoleSite.tag(issue.stateVersion)
        return answer
    }

    static func tag(_ version: Int) -> String { "\"\(version)\"" }

    /// `GET /api/v1/issues/ID/pulse`: how often it was seen, and from how often on it is a spike.
    func apiPulse(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let (issue, _) = try find(request.name, request)
        guard let pulse = try archive.pulse(id: issue.row.id, now: request.now) else {
            throw PageFault.notFound("There is no issue \(request.name) any more.")
        }
        return .json(
            JSONText.object { json in
                json.add("hours", array: pulse.hours) { $0.element($1) }
                json.add("days", array: pulse.days) { $0.element($1) }
                json.add("spike_limit", IssuePulseLimit(pulse.watch).limit)
            }.text + "\n")
    }

    /// `GET /api/v1/issues/ID/context`: the lines round one of its samples, from the file.
    func apiContext(_ request: PageRequest) throws -> Answer {
        let query = try CallQuery(request.query, ["sample", "lines"])
        let lines = try query.integer("lines", 0...Int64(RecordContext.linesMax)) ?? Int64(ConsoleSite.contextLines)
        let number = try query.integer("sample", 1...Int64(IssueDelta.samplesMax))
        let (issue, _) = try find(request.name, request)
        let wanted = number.map { Int($0) } ?? issue.samples.count
        guard (1...max(issue.samples.count, 1)).contains(wanted), !issue.samples.isEmpty else {
            throw PageFault.notFound("\(issue.row.id) has \(issue.samples.count) samples.")
        }
        let chosen = issue.samples[wanted - 1]
        guard let context = host.context(chosen.sample, Int(lines)) else {
            throw PageFault.notFound("\(chosen.sample.file) has this record no more, and no rotated file was found.")
        }
        return .json(
            JSONText.object { json in
                json.add("node", chosen.node)
                json.add("file", context.path)
                json.add("line", chosen.sample.line)
                json.add("before", context.before.map(PageEscape.line))
                json.add("record", context.record.map(PageEscape.line))
                json.add("after", context.after.map(PageEscape.line))
            }.text + "\n")
    }

    /// `GET /api/v1/issues/ID/similar`: those of the same pattern that read alike.
    func apiSimilar(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let (issue, _) = try find(request.name, request)
        let similar = try similarIssues(issue.row, request)
        return .json(
            JSONText.object { $0.add("issues", array: similar) { ConsoleSite.add($1, to: &$0) } }.text + "\n")
    }

    /// `GET /api/v1/issues/ID/notices`: when somebody was told of it, or why not, the oldest first.
    func apiNotices(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let (issue, _) = try find(request.name, request)
        let notices = try archive.told(id: issue.row.id, limit: ConsoleLimits.callRowsMax).reversed()
        return .json(
            JSONText.object { json in
                json.add("notices", array: Array(notices)) { json, notice in
                    json.element { json in
                        json.add("time", notice.time)
                        json.add("novelty", notice.novelty.rawValue)
                        json.add("reason", notice.reason)
                        json.add("held", notice.held)
                    }
                }
            }.text + "\n")
    }
}
