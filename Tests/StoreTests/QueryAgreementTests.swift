import Events
import GRDB
import Testing
import Triage

@testable import Store

/// Random queries over a random store: SQL and the reference agree, in every order and page by page.
struct QueryAgreementTests {
    private let now = at(1_000_000)

    private func store(_ random: inout SeededGenerator) throws -> (TemporaryStore, Archive) {
        let folder = try TemporaryStore()
        let archive = try folder.writer()
        let titles = ["Upstream timed out", "disk FULL \0 on sda", "é🐆 panic", "a\"b%_", "oom"]
        for sequence in 1...12 as ClosedRange<UInt64> {
            let deltas = (0..<6).map { _ in
                var made = delta(
                    key(.random(in: 1...14, using: &random)), at: [.random(in: 900_000...999_999, using: &random)],
                    file: ["/x", "/var/log/y"].randomElement(using: &random) ?? "/x",
                    title: titles.randomElement(using: &random) ?? "",
                    severity: Severity.allCases.randomElement(using: &random) ?? .major,
                    pack: ["nginx", "core", "sh\0op"].randomElement(using: &random) ?? "core")
                if Bool.random(using: &random) { made.runbook = "https://x" }
                return made
            }
            _ = try archive.apply(
                batch(
                    sequence, node: ["web-1", "web-2", "db"].randomElement(using: &random) ?? "db", deltas,
                    files: [progress(path: "/x", offset: 1)], time: now))
        }
        let ids = try archive.everything().map(\.id)
        let moves: [Move] = [
            .acknowledge, .clear, .resolve, .ignore(.spiking), .assign("sam"), .note("LB was drained", judged: false),
            .refer("JIRA-1"), .entitle("Mine"), .grade(.critical, judged: true), .merge(ids[0]), .forget, .reopen,
        ]
        for _ in 0..<20 {
            guard let id = ids.dropFirst().randomElement(using: &random), let move = moves.randomElement(using: &random)
            else { continue }
            _ = try archive.move(MoveRequest(ids: [id], move: move, author: "dana", now: now))
        }
        return (folder, archive)
    }

    private static let terms = [
        "is:new", "is:returned", "known", "is:open", "is:inbox", "is:mine", "is:unowned", "is:learned", "is:merged",
        "is:forgotten", "state:[cleared,resolved]", "severity:>=major", "severity:minor+", "severity:<warning",
        "type:application", "pack:core", "pack:[nginx,c*]", "pack:s*", "pattern:core.error", "node:web-*", "node:db",
        "file:/x", "file:*log*", "source:web", "source:w*", "owner:me", "owner:s*", "reference:JIRA-*", "title:TIMED",
        "first:<24h", "last:>5d", "last:<2026-12-03", "count:>2", "count:1", "rate:>1/h", "rate:2/d", "has:owner",
        "has:runbook", "has:reference", "has:note", "has:sample", "timed", "\"out\"", "oo", "é🐆", "\"b%_\"", "drained",
        "error", "/t.med/i", "/^LB/", "id:1", "id:2*",
    ]

    private func query(_ random: inout SeededGenerator, depth: Int = 0) -> String {
        switch Int.random(in: 0..<(depth > 3 ? 4 : 8), using: &random) {
        case 0...3: QueryAgreementTests.terms.randomElement(using: &random) ?? ""
        case 4: "-" + query(&random, depth: depth + 4)
        case 5: "(\(query(&random, depth: depth + 1)) OR \(query(&random, depth: depth + 1)))"
        case 6: "NOT (\(query(&random, depth: depth + 1)))"
        default: "\(query(&random, depth: depth + 1)) \(query(&random, depth: depth + 1))"
        }
    }

    /// Stands in for the engine of the program: these few expressions only.
    private func compile(_ source: String, _ ignoresCase: Bool) -> CompiledQueryExpression {
        .matcher { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            return source == "^LB" ? text.hasPrefix("LB") : text.lowercased().contains("timed")
        }
    }

    private func facts(_ archive: Archive) throws -> [(key: PageKey, facts: IssueFacts)] {
        try archive.pool.read { database in
            func texts(_ sql: String, _ number: Int64) throws -> [String] {
                let statement = try BoundStatement(database, sql)
                statement.bind(number, at: 1)
                return try statement.all { $0.text(0) }
            }
            let rows = try BoundStatement(
                database,
                """
                SELECT number, id, title, pack, pattern, type, severity, state, novelty, count, first_seen, last_seen,
                    owner, reference, runbook IS NOT NULL, is_learned, merged_into IS NOT NULL, is_forgotten FROM issue
                """)
            return try rows.all { row in
                let number = row.integer(0)
                let stream = "FROM issue_stream JOIN stream ON stream.number = stream WHERE issue = ?1"
                let hours = try texts(
                    "SELECT hour || ' ' || count FROM issue_hour WHERE issue = ?1", number
                ).map { $0.split(separator: " ").compactMap { Int64($0) } }
                func events(_ from: Int64) -> Int {
                    Int(hours.filter { $0[0] >= from && $0[0] <= now.hour }.reduce(0) { $0 + $1[1] })
                }
                let facts = IssueFacts(
                    id: row.text(1), title: row.text(2), pack: row.text(3), pattern: row.text(4),
                    type: try row.word(5), severity: try row.severity(6), state: try row.word(7),
                    novelty: try row.word(8), count: row.int(9), firstSeen: row.time(10), lastSeen: row.time(11),
                    owner: row.optionalText(12), reference: row.optionalText(13), hasRunbook: row.integer(14) != 0,
                    hasSample: try texts("SELECT text FROM sample WHERE number / 8 = ?1", number).isEmpty == false,
                    nodes: try texts(
                        "SELECT name FROM issue_node JOIN node ON node.number = node WHERE issue = ?1", number),
                    files: try texts("SELECT path " + stream, number),
                    sources: try texts("SELECT source \(stream) AND source IS NOT NULL", number),
                    excerpt: try texts("SELECT excerpt FROM issue_text WHERE rowid = ?1", number)[0],
                    notes: try texts("SELECT text FROM note WHERE issue = ?1", number), hourCount: events(now.hour),
                    hourCountBefore: events(now.hour - 1) - events(now.hour), dayCount: events(now.hour - 23),
                    isLearned: row.integer(15) != 0, isMerged: row.integer(16) != 0, isForgotten: row.integer(17) != 0)
                return (PageKey(value: 0, number: number), facts)
            }
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `SQL finds what the reference finds`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (_, archive) = try store(&random)
        let all = try facts(archive)
        var hits = 0
        for _ in 0..<250 {
            let text = query(&random)
            let filter = try QueryParser.parse(text, QuerySetting(now: now, me: "dana", compile: compile))
            let sort = IssueSort.allCases.randomElement(using: &random) ?? .count
            let isAscending = Bool.random(using: &random)
            var asked = IssueQuery(
                states: nil, sort: sort, isAscending: isAscending, condition: filter.condition, now: now)
            let expected = all.filter { asked.node.matches($0.facts) }.map { pair in
                let issue = pair.facts
                let value =
                    switch sort {
                    case .lastSeen: issue.lastSeen.microseconds
                    case .firstSeen: issue.firstSeen.microseconds
                    case .count: Int64(issue.count)
                    case .severity: Int64(issue.severity.rawValue)
                    }
                return (value, pair.key.number, issue.id)
            }.sorted { isAscending ? ($0.0, $0.1) < ($1.0, $1.1) : ($0.0, $0.1) > ($1.0, $1.1) }.map(\.2)
            hits += expected.count
            #expect(try archive.ids(asked) == expected, "\(text), seed \(seed)")
            #expect(try archive.issueCount(asked) == expected.count, "\(text), seed \(seed)")
            asked.limit = 3
            var paged: [String] = []
            repeat {
                let page = try archive.page(asked)
                paged += page.rows.map(\.id)
                asked.after = page.next
            } while asked.after != nil
            #expect(paged == expected, "\(text), seed \(seed), page by page")
            asked.after = nil
            paged = []
            repeat {
                // Two rows are looked at, then the patience is over.
                let page = try archive.page(asked, patience: Patience(millis: 0, rows: 2))
                paged += page.rows.map(\.id)
                asked.after = page.next
            } while asked.after != nil
            #expect(paged == expected, "\(text), seed \(seed), without patience")
        }
        #expect(hits > 500, "queries that find nothing prove nothing")
    }

    @Test func `many candidates are walked, few are looked up, and both find the same`() throws {
        let folder = try TemporaryStore()
        let archive = try folder.writer()
        let deltas = (0..<UInt64(QueryPlan.candidatesMax + 10)).map { number in
            delta(
                Fingerprint(high: number << 30, low: number), at: [Int64(number)],
                title: number % 1_000 == 0 ? "needle" : "haystack", pack: number < 20 ? "few" : "many")
        }
        _ = try archive.apply(batch(1, deltas))
        func count(_ test: QueryTest) throws -> Int { try archive.issueCount(IssueQuery(condition: .test(test))) }
        func isLookup(_ test: QueryTest) throws -> Bool {
            try archive.pool.read { database in
                let plan = try QueryPlan(.test(test), sort: .lastSeen, now: now, database)
                if case .candidates = plan.way { return true }
                return false
            }
        }
        #expect(try isLookup(.words("needle")) && isLookup(.name(.pack, [WildcardText("few")])))
        #expect(try !isLookup(.words("haystack")) && !isLookup(.novelty(.new)) && !isLookup(.words("ee")))
        #expect(try count(.words("needle")) == 6 && count(.words("haystack")) == deltas.count - 6)
        #expect(try count(.name(.pack, [WildcardText("few")])) == 20 && count(.words("ee")) == 6)
    }

    @Test(arguments: [(QueryPlan.newsMax, true), (QueryPlan.newsMax - 1, false)])
    func `news is read whole where it is little, and walked where it is much`(number: Int, isWalk: Bool) throws {
        let folder = try TemporaryStore()
        let archive = try folder.writer()
        let deltas = (0..<UInt64(number)).map { number in
            delta(Fingerprint(high: number << 30, low: number), at: [Int64(number)], title: "one of many", pack: "core")
        }
        _ = try archive.apply(batch(1, deltas))
        // Alternatives of which no index answers the second, so that nothing is looked up.
        let node = QueryNode.any([.test(.novelty(.new)), .test(.mark(.inbox))])
        let query = IssueQuery(limit: 3, condition: node)
        let way = try archive.pool.read { try QueryPlan(query.node, sort: .lastSeen, now: now, $0).way }
        switch way {
        case .walk: #expect(isWalk)
        case .news: #expect(!isWalk)
        case .candidates: #expect(Bool(false), "\(number) issues are too many to be looked up")
        }
        #expect(try archive.issues(query).map(\.lastSeen) == (1...3).map { at(Int64(number - $0)) })
        #expect(
            try archive.counts().unjudged
                == archive.issueCount(IssueQuery(states: nil, condition: .test(.mark(.inbox)))))
    }
}
