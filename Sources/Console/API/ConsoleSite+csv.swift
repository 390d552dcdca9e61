import Events
import Store

/// Lists as comma-separated values, whole up to a limit.
extension ConsoleSite {
    /// `GET /issues.csv`: as `/issues?format=csv`.
    func issuesCSV(_ request: PageRequest) throws -> Answer {
        let query = try CallQuery(request.query, ["q", "sort", "limit"])
        let list = IssueListRequest(request.query)
        let filter = try callFilter(query.text("q") ?? "", request)
        return try export(list, filter, format: "csv", request)
    }

    /// `GET /sources.csv`: all files, by node and path.
    func sourcesCSV(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let entries = try host.sources(request.now).sorted { ($0.node, $0.path) < ($1.node, $1.path) }
        return CSVText.answer(
            "sources",
            [
                "node", "path", "source", "state", "size", "offset", "lag_bytes", "lag_seconds", "lines", "events",
                "bytes_lost", "messages_lost", "note",
            ],
            entries.prefix(ConsoleLimits.savedRowsMax).map { entry in
                [
                    entry.node, entry.path, entry.source, entry.state.rawValue, String(entry.size),
                    String(entry.offset), String(entry.lagBytes), String(entry.lagSeconds), String(entry.lines),
                    String(entry.events), String(entry.bytesLost), String(entry.messagesLost), entry.note,
                ]
            })
    }

    /// `GET /packs.csv`: what each pattern has caught; those that never hit are not in it.
    func packsCSV(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        return CSVText.answer(
            "packs", ["pack", "pattern", "issues", "events", "events_24h", "last_seen"],
            try archive.patternHits(now: request.now).map { hits in
                [
                    hits.pack, hits.pattern, String(hits.issues), String(hits.events), String(hits.eventsOfDay),
                    hits.lastSeen.description,
                ]
            })
    }

    /// `GET /audit.csv`: the latest `AuditLine.linesMax` rows below `before`.
    func auditCSV(_ request: PageRequest) throws -> Answer {
        let query = try CallQuery(request.query, ["before"])
        let before = try query.integer("before", 0...CallQuery.numberMax)
        return CSVText.answer(
            "audit", ["number", "time", "author", "what", "issue", "detail", "before", "after", "reason"],
            try archive.audit(before: before, limit: AuditLine.linesMax).map { line in
                [
                    String(line.number), line.time.description, line.author, line.what, line.issue ?? "",
                    line.detail ?? "", line.before ?? "", line.after ?? "", line.reason ?? "",
                ]
            })
    }
}

extension CSVText {
    /// A table as a file to keep.
    static func answer(_ name: String, _ heading: [String], _ rows: [[String]]) -> Answer {
        let lines = ([heading] + rows).map { $0.map(cell).joined(separator: ",") + "\r\n" }
        return Answer(type: "text/csv; charset=utf-8; header=present", body: Array(lines.joined().utf8))
            .saved(as: name + ".csv")
    }
}
