import Events
import Foundation
import HTTPTypes
import Store
import Triage

extension ConsoleSite {
    /// `GET /api/v1/issues`: a page of a list, `cursor` for the next one.
    func apiIssues(_ request: PageRequest) throws -> Answer {
        var list = IssueListRequest(request.query)
        let limit = min(max(request.query["limit"].flatMap { Int($0) } ?? ConsoleLimits.rowsMax, 1), 1_000)
        if let cursor = request.query["cursor"] {
            let numbers = cursor.split(separator: ".", maxSplits: 1).compactMap { Int64($0) }
            guard numbers.count == 2 else { throw PageFault.malformed("'\(cursor)' is no cursor of this list.") }
            list.after = PageKey(value: numbers[0], number: numbers[1])
        }
        let filter: IssueFilter
        do throws(QueryFault) { filter = try self.filter(list.query, request) } catch {
            throw PageFault.malformed(error.description)
        }
        let found = try archive.page(list.issueQuery(filter, now: request.now, limit: limit))
        let json = JSONText.object { json in
            json.add("issues", array: found.rows) { json, row in
                json.element { json in
                    row.add(to: &json)
                    json.add("state_version", row.stateVersion)
                }
            }
            json.add("next", found.next.map { "\($0.value).\($0.number)" })
        }
        return .json(json.text + "\n")
    }

    /// `GET /api/v1/issues/ID`: as `margay show --format json`; the state version is its tag.
    func apiIssue(_ request: PageRequest) throws -> Answer {
        let (issue, story) = try find(request.name, request)
        var answer = Answer.json(issue.json(story) + "\n")
        answer.headers[.eTag] = "\"\(issue.stateVersion)\""
        return answer
    }

    /// `POST /api/v1/issues/ID/moves` with `If-Match: "VERSION"`; `*` moves it as it stands.
    func apiMove(_ request: PageRequest) throws -> Answer {
        guard let match = request.ifMatch, match == "*" || Int(match) != nil else {
            throw PageFault(
                status: .preconditionRequired, title: "If-Match is missing",
                message: "Send the state version that you saw as If-Match, or * to move the issue as it stands.")
        }
        let fields = try APIMove.fields(request.body)
        let move = try MoveForm.move(fields, me: author(request), now: request.now)
        let (issue, _) = try find(request.name, request)
        let report = try archive.move(
            MoveRequest(
                ids: [issue.row.id], move: move, author: author(request), reason: fields.text("reason"),
                now: request.now,
                seen: Int(match).map { [issue.row.id: $0] } ?? [:]))
        if let refused = report.refused.first {
            if case .changed = refused.refusal {
                throw PageFault(
                    status: .preconditionFailed, title: "Changed meanwhile",
                    message: MoveForm.sentence(refused.refusal.sentence))
            }
            if case .notAllowed = refused.refusal {
                throw PageFault(
                    status: .conflict, title: "Not possible now", message: MoveForm.sentence(refused.refusal.sentence))
            }
        }
        return try apiIssue(request)
    }

    /// `GET /api/v1/sources`.
    func apiSources(_ request: PageRequest) throws -> Answer {
        let entries = try host.sources(request.now)
        return .json(
            JSONText.object { json in
                json.add("sources", array: entries) { json, entry in json.element { entry.add(to: &$0) } }
            }.text + "\n")
    }

    /// `GET /api/v1/packs`: each pattern of each pack with what it has caught.
    func apiPacks(_ request: PageRequest) throws -> Answer {
        let hits = try archive.patternHits(now: request.now)
        let caught = Dictionary(hits.map { ("\($0.pack)\0\($0.pattern)", $0) }, uniquingKeysWith: { first, _ in first })
        return .json(
            JSONText.object { json in
                json.add("packs", array: host.packs()) { json, pack in
                    json.element { json in
                        json.add("pack", pack.name)
                        json.add("description", pack.description)
                        json.add("type", pack.type.rawValue)
                        json.add("file", pack.path)
                        json.add("patterns", array: pack.patterns) { json, pattern in
                            let hit = caught["\(pack.name)\0\(pattern.id)"]
                            json.element { json in
                                json.add("id", pattern.id)
                                json.add("severity", pattern.severity)
                                json.add("issues", hit?.issues ?? 0)
                                json.add("events", hit?.events ?? 0)
                                json.add("events_24h", hit?.eventsOfDay ?? 0)
                                json.add("last_seen", hit?.lastSeen)
                            }
                        }
                    }
                }
            }.text + "\n")
    }

    /// `GET /api/v1/status`: as `margay status --format json`.
    func apiStatus(_ request: PageRequest) throws -> Answer {
        let counts = try archive.counts()
        let files = try archive.files(node: nil)
        let health = StoreHealth(counts, files: files, keptAside: try archive.keptAside(), now: request.now)
        let learning = try archive.sources().filter(\.learning.isLearning).map(\.name)
        return .json(health.json(counts, files: files.count, learning: learning) + "\n")
    }

    /// `GET /api/v1/audit`: the latest first, `before` for older ones.
    func apiAudit(_ request: PageRequest) throws -> Answer {
        let limit = min(max(request.query["limit"].flatMap { Int($0) } ?? ConsoleLimits.rowsMax, 1), 1_000)
        let lines = try archive.audit(before: request.query["before"].flatMap { Int64($0) }, limit: limit)
        return .json(
            JSONText.object { json in
                json.add("audit", array: lines) { json, line in
                    json.element { json in
                        json.add("number", line.number)
                        json.add("time", line.time)
                        json.add("author", line.author)
                        json.add("what", line.what)
                        json.add("detail", line.detail)
                        json.add("reason", line.reason)
                        json.add("issue", line.issue)
                        json.add("before", line.before)
                        json.add("after", line.after)
                    }
                }
            }.text + "\n")
    }
}

/// The body of a move: a JSON object of texts, numbers and booleans.
private enum APIMove {
    private struct Body: Decodable {
        var move: String
        var until: String?
        var owner: String?
        var text: String?
        var severity: String?
        var into: String?
        var reason: String?
        var judged: Bool?
    }

    static func fields(_ body: [UInt8]) throws -> FormFields {
        do {
            let body = try JSONDecoder().decode(Body.self, from: Data(body))
            var fields = FormFields()
            fields.add("move", body.move)
            fields.add("until", body.until)
            fields.add("owner", body.owner)
            fields.add("text", body.text)
            fields.add("severity", body.severity)
            fields.add("into", body.into)
            fields.add("reason", body.reason)
            fields.add("judged", body.judged == true ? "yes" : nil)
            return fields
        } catch {
            throw PageFault.malformed(
                "Send a JSON object such as {\"move\": \"ack\"}; texts are 'until', 'owner', 'text', 'severity', 'into' and "
                    + "'reason', 'judged' is true or false.")
        }
    }
}
