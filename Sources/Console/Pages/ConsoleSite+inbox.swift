import Events
import Store
import Triage

extension ConsoleSite {
    /// `GET /inbox`: one issue after the other that nobody has judged, the worst first, of equals the latest.
    func inbox(_ request: PageRequest) throws -> Answer {
        let inbox = QueryNode.test(.mark(.inbox))
        let left = try issueCount("inbox", IssueQuery(states: nil, condition: inbox), request)
        var asked = IssueQuery(
            states: nil, sort: .severity, limit: 1, condition: inbox, after: IssueListRequest(request.query).after,
            now: request.now)
        var found = try archive.page(asked)
        let isBeyondLast = found.rows.isEmpty && asked.after != nil
        if isBeyondLast {
            asked.after = nil
            found = try archive.page(asked)
        }
        guard let row = found.rows.first else {
            return try page("inbox", title: "Inbox", section: "inbox", request, ["isEmpty": true, "left": "0"])
        }
        let (issue, story) = try find(row.id, request)
        var values = try headValues(issue, story, request)
        values["isEmpty"] = false
        values["left"] = ConsoleSite.countText(left)
        values["isAgain"] = isBeyondLast
        values["sample"] = sampleValues(issue, request)
        values.merge(try pulseValues(issue, request)) { $1 }
        values.merge(try similarValues(row, request)) { $1 }
        values["skip"] = ConsoleSite.address("/inbox", [("after", found.next.map { "\($0.value).\($0.number)" })])
        values["isLast"] = left == 1
        values["fileCount"] = issue.files.count
        values["isManyFiles"] = issue.files.count > 1
        values["files"] = issue.files.prefix(3).map { ["path": $0.path, "node": $0.node] }
        return try page("inbox", title: "Inbox: \(row.id) \(row.title)", section: "inbox", request, values)
    }

    /// `POST /inbox/ID`: what it is and whether to be told again, in one form.
    func judge(_ request: PageRequest) throws -> Answer {
        guard let seen = request.form["version"].flatMap({ Int($0) }) else {
            throw PageFault.malformed("The form does not say which state of the issue it was made on.")
        }
        let (issue, _) = try find(request.name, request)
        let id = issue.row.id
        let final: Move
        switch request.form["verdict"] ?? "" {
        case "acknowledge": final = .acknowledge
        case let word:
            guard let wish = Recurrence(rawValue: word) else {
                throw PageFault.malformed("Say what is to happen if it happens again.")
            }
            final = wish.move(now: request.now)
        }
        var moves: [Move] = []
        if let severity = try MoveForm.severity(request.form.text("severity")), severity != issue.row.severity {
            moves.append(.grade(severity, judged: false))
        }
        if let title = request.form.text("title"), title != issue.row.title { moves.append(.entitle(title)) }
        moves.append(final)
        var version = seen
        var done: [String] = []
        for move in moves {
            if let fault = move.fault { throw PageFault.malformed(MoveForm.sentence(fault)) }
            let report = try self.move([id: version], move, request)
            if let refused = report.refused.first {
                return said(
                    Announcements.Announcement(
                        text: "\(id): \(refused.refusal.sentence)"
                            + (done.isEmpty ? "" : "; it was \(done.joined(separator: ", "))"),
                        isRefusal: true, undoIDs: done.isEmpty ? [] : [id], undoTimes: max(done.count, 1)),
                    at: "/i/\(id)", [])
            }
            version += 1
            done.append(move.done)
        }
        return said(
            Announcements.Announcement(
                text: "\(id) \(done.joined(separator: ", "))", undoIDs: [id], undoTimes: done.count), at: "/inbox", [])
    }
}
