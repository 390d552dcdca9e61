import Events
import HTTPTypes
import Store
import Triage

extension ConsoleSite {
    /// `POST /i/ID/move`: one move on one issue, on the version that the page showed.
    func moveOne(_ request: PageRequest) throws -> Answer {
        let move = try MoveForm.move(request.form, me: author(request), now: request.now)
        guard let seen = request.form["version"].flatMap({ Int($0) }) else {
            throw PageFault.malformed("The form does not say which state of the issue it was made on.")
        }
        let (issue, _) = try find(request.name, request)
        let report = try self.move([issue.row.id: seen], move, request)
        if case .changed? = report.refused.first?.refusal { return try changedMeanwhile(move, request) }
        let back =
            request.form["back"] == "inbox" && !report.moved.isEmpty
            ? "/inbox" : ListOrigin.carried("/i/\(issue.row.id)", ListOrigin(request.query))
        return said(report.announcement(move), at: back, [])
    }

    /// Moves issues on the versions that were seen; `request.form` may hold a `reason`.
    func move(_ seen: [String: Int], _ move: Move, _ request: PageRequest) throws -> MoveReport {
        try archive.move(
            MoveRequest(
                ids: seen.keys.sorted(), move: move, author: author(request), reason: request.form.text("reason"),
                now: request.now, seen: seen))
    }

    /// `POST /issues/move`: one move on those chosen of a list, or on all that the query finds.
    func moveMany(_ request: PageRequest) throws -> Answer {
        if request.form["all"] == "yes" { return try moveAll(request) }
        let move = try MoveForm.move(request.form, me: author(request), now: request.now)
        var seen: [String: Int] = [:]
        for text in request.form.all("issue") {
            let parts = text.split(separator: ".", maxSplits: 1)
            guard parts.count == 2, let version = Int(parts[1]) else {
                throw PageFault.malformed("The list was not understood; load it again.")
            }
            seen[String(parts[0])] = version
        }
        let list = IssueListRequest(request.form)
        guard !seen.isEmpty else {
            return said(
                Announcements.Announcement(text: "no issue was chosen: nothing was changed", isRefusal: true),
                at: "/issues", [("q", list.query), ("sort", list.sort)])
        }
        if move == .forget, request.form["sure"] != "yes" {
            return try confirm(move, count: seen.count, ids: request.form.all("issue"), list, request)
        }
        return said(
            try self.move(seen, move, request).announcement(move), at: "/issues",
            [("q", list.query), ("sort", list.sort)])
    }

    /// All issues of a query: the exact number is shown first, and if it is another one by then, shown again.
    private func moveAll(_ request: PageRequest) throws -> Answer {
        let move = try MoveForm.move(request.form, me: author(request), now: request.now)
        let list = IssueListRequest(request.form)
        let filter: IssueFilter
        do throws(QueryFault) { filter = try self.filter(list.query, request) } catch {
            throw PageFault.malformed("The query has a fault: \(error.message).")
        }
        let ids = try archive.ids(list.issueQuery(filter, now: request.now, limit: Archive.movesMax))
        guard !ids.isEmpty, request.form["sure"] == String(ids.count) else {
            return try confirm(move, count: ids.count, ids: [], list, request)
        }
        let report = try archive.move(
            MoveRequest(
                ids: ids, move: move, author: author(request), reason: request.form.text("reason"), now: request.now))
        return said(report.announcement(move), at: "/issues", [("q", list.query), ("sort", list.sort)])
    }

    private func confirm(
        _ move: Move, count: Int, ids: [String], _ list: IssueListRequest, _ request: PageRequest
    ) throws -> Answer {
        // Everything that was asked for, once more, beside what the page adds itself.
        let own: Set<String> = ["token", "sure", "issue"]
        let fields = request.form.pairs.filter { !own.contains($0.name) }.map { ["name": $0.name, "value": $0.value] }
        let earlier = request.form["sure"].flatMap { Int($0) }
        return try page(
            "confirm", title: MoveWords.order(move, MoveWords.issues(count)), section: "issues", request,
            [
                "isNone": count == 0,
                "order": MoveWords.order(move, MoveWords.issues(count)), "fields": fields, "ids": ids,
                "sure": ids.isEmpty ? String(count) : "yes", "query": list.query,
                "isOther": earlier != nil && earlier != count, "earlier": earlier ?? 0,
                "cannotUndo": move == .forget, "back": list.address(),
            ])
    }

    /// The page for a move on a state that is no more.
    private func changedMeanwhile(_ move: Move, _ request: PageRequest) throws -> Answer {
        let (issue, story) = try find(request.name, request)
        let own: Set<String> = ["token", "version"]
        let fields = request.form.pairs.filter { !own.contains($0.name) }.map { ["name": $0.name, "value": $0.value] }
        let latest = story.moves.suffix(3).reversed().map { historyValues($0, now: request.now) }
        return try page(
            "changed", title: "\(issue.row.id) was changed meanwhile", section: "issues", status: .conflict, request,
            [
                "id": issue.row.id, "title": PageEscape.line(issue.row.title), "version": issue.stateVersion,
                "by": story.standing.movedBy ?? AuditEntry.machine, "state": issue.row.state.rawValue,
                "owner": issue.row.owner ?? "nobody", "since": PageValues.time(issue.stateTime, now: request.now),
                "order": MoveWords.order(move, "it"), "fields": fields, "moves": latest,
            ])
    }

    /// `POST /undo`: takes the visitor's moves back.
    func undo(_ request: PageRequest) throws -> Answer {
        let ids = Array(request.form.all("id").prefix(ConsoleLimits.undoneMax))
        guard !ids.isEmpty else { throw PageFault.malformed("The form does not say what to undo.") }
        let times = min(max(request.form["times"].flatMap { Int($0) } ?? 1, 1), 3)
        var undone: Set<String> = []
        var refused: [String] = []
        for _ in 0..<times {
            let report = try archive.undo(ids: ids, by: author(request), now: request.now)
            undone.formUnion(report.moved.map(\.id))
            refused += report.refused.map { "\($0.id): \($0.refusal.sentence)" }
        }
        var text =
            undone.isEmpty
            ? "nothing was undone" : "undone on \(undone.count == 1 ? undone.first ?? "" : "\(undone.count) issues")"
        if let first = refused.first { text += "; \(first)" }
        if refused.count > 1 { text += "; \(refused.count - 1) more were left as they are" }
        let back = request.form["back"] ?? "/issues"
        return said(Announcements.Announcement(text: text, isRefusal: undone.isEmpty), at: back, [])
    }

    /// `POST /views/save` and `POST /views/remove`.
    func saveView(_ request: PageRequest) throws -> Answer {
        let query = request.form.text("q") ?? ""
        guard let name = request.form.text("name"), name.utf8.count <= SavedView.nameBytesMax else {
            throw PageFault.malformed("Give the view a name of 1 to \(SavedView.nameBytesMax) bytes.")
        }
        do throws(QueryFault) { _ = try filter(query, request) } catch {
            throw PageFault.malformed("The query has a fault: \(error.message).")
        }
        try archive.save(SavedView(name: name, query: query, author: author(request), time: request.now))
        return said(Announcements.Announcement(text: "view \(name) saved"), at: "/issues", [("q", query)])
    }

    func removeView(_ request: PageRequest) throws -> Answer {
        let name = request.form["name"] ?? ""
        let wasThere = try archive.removeView(name)
        return said(
            Announcements.Announcement(
                text: wasThere ? "view \(name) removed" : "there is no view \(name)", isRefusal: !wasThere),
            at: "/issues", [])
    }

    /// On to a page that says `announcement`.
    func said(
        _ announcement: Announcements.Announcement, at path: String, _ fields: [(String, String?)]
    ) -> Answer {
        let address = ConsoleSite.address(path, fields)
        let key = announcements.post(announcement)
        return .redirect(to: address + (address.contains("?") ? "&" : "?") + "said=" + key)
    }
}
