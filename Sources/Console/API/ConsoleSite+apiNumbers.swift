import Events
import Store
import Triage

extension ConsoleSite {
    /// `GET /api/v1/status`: as `margay status --format json`, and what the dashboard counts beside it.
    func apiStatus(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let counts = try archive.counts()
        let files = try archive.files(node: nil)
        let health = StoreHealth(counts, files: files, keptAside: try archive.keptAside(), now: request.now)
        let learning = try archive.sources().filter(\.learning.isLearning).map(\.name)
        let inbox = try Novelty.allCases.map { novelty in
            let node = QueryNode.all([.test(.mark(.inbox)), .test(.novelty(novelty))])
            return (novelty, try archive.issueCount(IssueQuery(states: nil, condition: node)))
        }
        let hours = try archive.eventFlow(now: request.now).hours.map(\.total)
        let json = JSONText.object { json in
            health.add(to: &json, counts, files: files.count, learning: learning)
            json.object("inbox_by_novelty") { json in
                for (novelty, count) in inbox { json.add(novelty.rawValue, count) }
            }
            json.object("issues_by_state") { json in
                for state in IssueState.allCases { json.add(state.rawValue, counts.issues[state] ?? 0) }
            }
            json.object("files_by_state") { json in
                for state in FileState.allCases { json.add(state.rawValue, counts.files[state] ?? 0) }
            }
            json.add("events_last_day", array: hours) { $0.element($1) }
            json.add("last_batches", array: counts.nodes) { json, node in
                json.element { json in
                    json.add("node", node.name)
                    json.add("time", node.batchTime)
                    json.add("events", node.events)
                }
            }
            json.add("being_written", archive.isBeingWritten)
        }
        return .json(json.text + "\n")
    }

    /// `GET /api/v1/reports/KIND`.
    func apiReport(_ request: PageRequest) throws -> Answer {
        let query = try CallQuery(request.query, ["format"])
        guard let kind = ReportSheet.Kind(rawValue: request.name) else {
            throw PageFault.notFound("There is no report \(request.name); there are shift, week and app.")
        }
        let sheet = try host.report(kind, request.now)
        switch query.text("format") {
        case nil, "json": return .json(sheet.json.text + "\n")
        case "html": return Answer(type: "text/html; charset=utf-8", body: Array(sheet.html.utf8))
        case "markdown": return Answer(type: "text/markdown; charset=utf-8", body: Array(sheet.markdown.utf8))
        case .some(let format):
            throw PageFault.malformed("A report is had as json, html or markdown, not as '\(format)'.")
        }
    }

    /// `GET /api/v1/audit`: the latest first, below `before`; the earliest first with `after`.
    func apiAudit(_ request: PageRequest) throws -> Answer {
        let query = try CallQuery(request.query, ["before", "after", "limit", "author", "what", "issue"])
        let limit = try query.limit()
        var choice = AuditChoice()
        choice.before = try query.integer("before", 0...CallQuery.numberMax)
        choice.after = try query.integer("after", 0...CallQuery.numberMax)
        choice.author = query.text("author")
        choice.what = query.text("what")
        choice.issue = query.text("issue")
        let lines = try archive.audit(choice, limit: limit)
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
                json.add("next", lines.count == limit ? lines.last?.number : nil)
            }.text + "\n")
    }

    /// `GET /api/v1/openapi.json`.
    func apiDocument(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        return .json(APIDocument.text(hasUsers: request.visitor.person.way != .local))
    }

    /// `GET /api/v1/configuration`: each value with where it comes from.
    func apiConfiguration(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        return .json(
            JSONText.object { json in
                json.add("configuration", array: host.configuration()) { json, fact in
                    json.element { json in
                        json.add("key", fact.key)
                        json.add("value", fact.value)
                        json.add("origin", fact.origin)
                    }
                }
            }.text + "\n")
    }

    /// `GET /api/v1/store`: its size, and of what.
    func apiStore(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let (size, backup) = (try archive.size(), try archive.lastBackup())
        return .json(
            JSONText.object { json in
                json.add("path", archive.path)
                json.add("schema", Archive.schemaVersion)
                json.add("database_bytes", size.databaseBytes)
                json.add("free_bytes", size.freeBytes)
                json.add("being_written", archive.isBeingWritten)
                json.add("last_backup", backup)
                json.object("rows") { json in
                    for (table, rows) in size.rows { json.add(table, rows) }
                }
            }.text + "\n")
    }
}

extension ReportSheet {
    fileprivate var json: JSONText {
        JSONText.object { json in
            json.add("title", title)
            json.add("span", span)
            json.add("facts", array: facts) { json, fact in
                json.element { json in
                    json.add("name", fact.name)
                    json.add("value", fact.value)
                }
            }
            json.add("tables", array: grids) { json, grid in
                json.element { json in
                    json.add("heading", grid.heading)
                    json.add("columns", grid.columns.map(\.name))
                    json.add("rows", array: grid.rows) { $0.element($1) }
                }
            }
        }
    }
}
