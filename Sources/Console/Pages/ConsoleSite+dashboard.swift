import Events
import Store
import Triage

extension ConsoleSite {
    /// `GET /`.
    func dashboard(_ request: PageRequest) throws -> Answer {
        let now = request.now
        let counts = try archive.counts()
        let health = StoreHealth(
            counts, files: try archive.files(node: nil), keptAside: try archive.keptAside(), now: now)
        let newest = try archive.issues(
            IssueQuery(states: nil, limit: 8, condition: .test(.mark(.inbox)), now: now))
        let worst = try archive.issues(IssueQuery(sort: .severity, limit: 8, now: now))
        let days = try archive.lastDays(ids: (newest + worst).map(\.id), now: now)
        func rows(_ issues: [IssueRow]) -> [[String: Any]] {
            issues.map { PageValues.row($0, lastDay: days[$0.id] ?? [], now: now) }
        }
        let news = try [Novelty.new, .regressed, .returned, .spiking].map { novelty in
            let query = "is:inbox is:\(novelty.rawValue)"
            let node = QueryNode.all([.test(.mark(.inbox)), .test(.novelty(novelty))])
            return [
                "name": novelty.rawValue,
                "count": try issueCount("q=\(query)", IssueQuery(states: nil, condition: node), request),
                "address": ConsoleSite.address("/issues", [("q", query)]),
            ] as [String: Any]
        }
        let oldest = try archive.issues(
            IssueQuery(
                states: nil, sort: .firstSeen, isAscending: true, limit: 1, condition: .test(.mark(.inbox)), now: now))
        let hours = try archive.eventsOfLastDay(now: now)
        let picture = Histogram(hours: hours, of: IssuePulseLimit(nil), now: now)
        return try page(
            "dashboard", title: "Dashboard", section: "dashboard", request,
            [
                "news": news,
                "oldest": oldest.first.map { PageValues.time($0.firstSeen, now: now) } as Any? ?? false,
                "toJudge": ConsoleSite.grouped(newest.isEmpty ? 0 : news.reduce(0) { $0 + ($1["count"] as? Int ?? 0) }),
                "hasNews": !newest.isEmpty, "newest": rows(newest), "worst": rows(worst), "hasWorst": !worst.isEmpty,
                "severities": Severity.allCases.reversed().map { severity in
                    [
                        "name": severity.name, "shape": severity.shape,
                        "count": ConsoleSite.grouped(counts.open[severity] ?? 0),
                        "address": ConsoleSite.address("/issues", [("q", "severity:\(severity.name)")]),
                    ]
                },
                "states": IssueState.allCases.filter { $0 != .open }.map { state in
                    [
                        "name": state.rawValue, "count": ConsoleSite.grouped(counts.issues[state] ?? 0),
                        "address": ConsoleSite.address("/issues", [("q", "state:\(state.rawValue)")]),
                    ]
                },
                "events": ConsoleSite.grouped(counts.events), "histogram": picture.svg, "histogramWords": picture.words,
                "histogramFirst": picture.names.first ?? "", "histogramLast": picture.names.last ?? "",
                "isWell": health.isWell, "hasFiles": counts.files.values.contains { $0 > 0 },
                "files": ConsoleSite.grouped(counts.files.values.reduce(0, +)),
                "unreadable": health.unreadable, "isUnreadable": health.unreadable > 0,
                "lag": health.lagBytes.asBytes, "lagSeconds": health.lagSeconds, "isBehind": health.filesBehind > 0,
                "behind": health.filesBehind, "lost": health.lossText, "isLost": health.isLost,
                "database": counts.databaseBytes.asBytes, "isWatched": archive.isBeingWritten,
                "nodes": counts.nodes.map { node in
                    ["name": node.name, "time": PageValues.time(node.batchTime, now: now)] as [String: Any]
                },
                "activity": try archive.audit(limit: 10).map { auditValues($0, now: now) },
            ])
    }

    func auditValues(_ line: AuditLine, now: Timestamp) -> [String: Any] {
        [
            "time": PageValues.time(line.time, now: now), "author": line.author, "what": line.what,
            "detail": line.detail ?? "", "reason": line.reason ?? "", "issue": line.issue ?? "",
            "hasIssue": line.issue != nil, "before": line.before ?? "", "after": line.after ?? "",
            "isSame": line.before == line.after,
        ]
    }

    /// `GET /audit`: who did what, latest first.
    func audit(_ request: PageRequest) throws -> Answer {
        let before = request.query["before"].flatMap { Int64($0) }
        let lines = try archive.audit(before: before, limit: ConsoleLimits.rowsMax)
        return try page(
            "audit", title: "Audit", section: "audit", request,
            [
                "lines": lines.map { auditValues($0, now: request.now) }, "hasLines": !lines.isEmpty,
                "next": lines.count == ConsoleLimits.rowsMax
                    ? lines.last.map { "/audit?before=\($0.number)" } as Any : false,
                "isFurther": before != nil,
            ])
    }
}
