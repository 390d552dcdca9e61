import Events
import Store
import Triage

extension ConsoleSite {
    /// `GET /`. What it shows of a store of a million issues comes from indexes and from sums.
    func dashboard(_ request: PageRequest) throws -> Answer {
        let now = request.now
        let newest = try archive.issues(
            IssueQuery(states: nil, limit: 8, condition: .test(.mark(.inbox)), now: now))
        let worst = try archive.issues(IssueQuery(sort: .severity, limit: 8, now: now))
        let days = try archive.lastDays(ids: (newest + worst).map(\.id), now: now)
        func rows(_ issues: [IssueRow]) -> [[String: Any]] {
            issues.map { PageValues.row($0, lastDay: days[$0.id] ?? [], now: now) }
        }
        var values: [String: Any] = [
            "newest": rows(newest), "hasNews": !newest.isEmpty, "worst": rows(worst), "hasWorst": !worst.isEmpty,
            "activity": try archive.lastMoves(limit: 10).map { activityValues($0, now: now) },
        ]
        let counts = try archive.counts(atMost: ConsoleLimits.countedMax)
        values.merge(try inboxTile(hasNews: !newest.isEmpty, request)) { $1 }
        values.merge(try openTile(counts, request)) { $1 }
        values.merge(try ownTile(counts, request)) { $1 }
        values.merge(try flowValues(request)) { $1 }
        return try page("dashboard", title: "Dashboard", section: "dashboard", request, values)
    }

    /// What waits to be judged.
    private func inboxTile(hasNews: Bool, _ request: PageRequest) throws -> [String: Any] {
        let news = try [Novelty.new, .regressed, .returned, .spiking].map { novelty in
            let query = "is:inbox is:\(novelty.rawValue)"
            let node = QueryNode.all([.test(.mark(.inbox)), .test(.novelty(novelty))])
            return (
                novelty: novelty, query: query,
                count: try issueCount("q=\(query)", IssueQuery(states: nil, condition: node), request)
            )
        }
        let oldest = try archive.issues(
            IssueQuery(
                states: nil, sort: .firstSeen, isAscending: true, limit: 1, condition: .test(.mark(.inbox)),
                now: request.now))
        return [
            "news": news.map { each in
                [
                    "name": each.novelty.rawValue, "count": ConsoleSite.countText(each.count),
                    "address": ConsoleSite.address("/issues", [("q", each.query)]),
                ]
            },
            "toJudge": ConsoleSite.countText(hasNews ? news.reduce(0) { $0 + $1.count } : 0),
            "oldest": oldest.first.map { PageValues.time($0.firstSeen, now: request.now) } as Any? ?? false,
        ]
    }

    /// Open issues by severity, whose they are, and the other states.
    private func openTile(_ counts: StoreCounts, _ request: PageRequest) throws -> [String: Any] {
        let owned = try [("mine", "owner:me"), ("unowned major or worse", "is:unowned severity:>=major")].map {
            name, query in
            let filter: IssueFilter
            do throws(QueryFault) { filter = try self.filter(query, request) } catch {
                throw PageFault.malformed(error.description)
            }
            let count = try issueCount("q=\(query)", IssueQuery(filter, now: request.now), request)
            return [
                "name": name, "count": ConsoleSite.countText(count),
                "address": ConsoleSite.address("/issues", [("q", query)]),
            ]
        }
        return [
            "severities": Severity.allCases.reversed().map { severity in
                [
                    "name": severity.name, "shape": severity.shape,
                    "count": ConsoleSite.countText(counts.open[severity] ?? 0),
                    "address": ConsoleSite.address("/issues", [("q", "severity:\(severity.name)")]),
                ]
            },
            "owned": owned,
            "states": IssueState.allCases.filter { $0 != .open }.map { state in
                [
                    "name": state.rawValue, "count": ConsoleSite.countText(counts.issues[state] ?? 0),
                    "address": ConsoleSite.address("/issues", [("q", "state:\(state.rawValue)")]),
                ]
            },
        ]
    }

    /// How Margay itself is.
    private func ownTile(_ counts: StoreCounts, _ request: PageRequest) throws -> [String: Any] {
        let health = StoreHealth(
            counts, files: try archive.files(node: nil), keptAside: try archive.keptAside(), now: request.now)
        return [
            "events": ConsoleSite.grouped(counts.events),
            "everAddress": ConsoleSite.address("/issues", [("q", ConsoleSite.anyState)]),
            "isWell": health.isWell, "hasFiles": counts.files.values.contains { $0 > 0 },
            "files": ConsoleSite.grouped(counts.files.values.reduce(0, +)),
            "unreadable": health.unreadable, "isUnreadable": health.unreadable > 0,
            "lag": health.lagBytes.asBytes, "lagSeconds": health.lagSeconds, "isBehind": health.filesBehind > 0,
            "behind": health.filesBehind, "lost": health.lossText, "isLost": health.isLost,
            "database": counts.databaseBytes.asBytes, "isWatched": archive.isBeingWritten,
            "nodes": counts.nodes.map { node in
                [
                    "name": node.name, "time": PageValues.time(node.batchTime, now: request.now),
                    "address": ConsoleSite.address("/issues", [("q", "node:\(IssueCopy.quoted(node.name))")]),
                ] as [String: Any]
            },
        ]
    }

    /// What came in the last hours and days, and of which packs.
    private func flowValues(_ request: PageRequest) throws -> [String: Any] {
        let flow = try archive.eventFlow(now: request.now)
        let picture = FlowPicture(flow)
        var values: [String: Any] = [
            "histogram": picture.svg, "histogramWords": picture.words, "histogramFirst": picture.firstName,
            "histogramLast": picture.lastName, "hours": picture.rows, "hasHours": !picture.rows.isEmpty,
            "hourHeads": picture.severities.map { ["name": $0.name] },
            "share": UnclaimedShare(flow, now: request.now).values,
        ]
        let open = try archive.openByPack(atMost: ConsoleLimits.countedMax)
        values.merge(PackGroups.values(open, flow)) { $1 }
        return values
    }

    /// A move as a sentence. Notes are long at times: their beginning says enough here.
    private func activityValues(_ line: AuditLine, now: Timestamp) -> [String: Any] {
        var detail = line.detail ?? ""
        if detail.count > ConsoleSite.activityCharactersMax {
            detail = detail.prefix(ConsoleSite.activityCharactersMax) + "…"
        }
        return [
            "time": PageValues.time(line.time, now: now), "author": line.author, "what": MoveWords.done(line.what),
            "detail": detail, "issue": line.issue ?? "", "hasIssue": line.issue != nil, "after": line.after ?? "",
        ]
    }

    private static let activityCharactersMax = 80

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
