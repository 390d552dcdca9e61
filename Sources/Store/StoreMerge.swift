internal import Events
internal import GRDB

/// What `margay store restore` brought back.
package struct RestoreReport: Sendable, Equatable {
    /// Issues that the store did not have, and those that it had: their counts were added.
    package var added = 0
    package var merged = 0
    /// Rows of other tables.
    package var rows = 0
    /// Issues of which something could not be read, and tables likewise.
    package var damagedIssues = 0
    package var damagedTables: [String] = []

    package init() {}
}

/// Takes all that can be read of one store into another, inside one transaction of the latter: issues with their
/// counts, samples, notes and history, sources, checkpoints, baselines and views.
///
/// An issue that both have is one issue: counts are added, and what people said of it in the old store holds unless
/// somebody has moved it in the new one since.
struct StoreMerge {
    let old: Database
    let new: Database
    private(set) var report = RestoreReport()
    private var nodes: [Int64: Int64] = [:]
    private var streams: [Int64: Int64] = [:]
    private var issues: [(old: Int64, new: Int64, isFresh: Bool)] = []
    private var numbers: [Int64: Int64] = [:]
    private var audits: [Int64: Int64] = [:]

    init(from old: Database, into new: Database) {
        self.old = old
        self.new = new
    }

    mutating func run() throws {
        try copyNodes()
        try copyStreams()
        try copyIssues()
        try copyAudit()
        try copyParts()
        try copySiblings()
        try copySettings(["source_day", "pattern_cost"].filter { try has($0) })
        try copyFlow()
        try new.execute(sql: Schema.patternTallies)
    }

    /// Takes along what following goes on with: nodes, checkpoints, sources and settings, and the fingerprints of the
    /// issues as a baseline, so that none of them is new again. Counts nothing.
    mutating func carry(keysMax: Int, baseline: String) throws {
        try copyNodes(isCarry: true)
        // A console whose users were lost would be open to whoever is on this machine.
        try copySettings(["user", "token"].filter { try has($0) })
        let insert = try BoundStatement(
            new, "INSERT OR IGNORE INTO baseline (fingerprint, fingerprint_version, name) VALUES (?1, ?2, ?3)")
        insert.bind(baseline, at: 3)
        var keys = try IssueKeys(old).all(&report.damagedTables).prefix(keysMax).map(\.key)
        if try hasSiblings {
            keys += try read("SELECT fingerprint, fingerprint_version FROM sibling LIMIT \(keysMax)", "sibling") {
                try $0.fingerprint(0, version: 1)
            }
        }
        for key in keys {
            insert.bind(high: key.high, low: key.low, at: 1)
            insert.bind(Int64(key.version), at: 2)
            try insert.run()
        }
    }

    // MARK: Nodes and files

    private mutating func copyNodes(isCarry: Bool = false) throws {
        let names = try read("SELECT number, name FROM node", "node") { ($0.integer(0), $0.text(1)) }
        let find = try BoundStatement(new, "SELECT number FROM node WHERE name = ?1")
        let insert = try TableCopy(
            "node", from: old, to: new, where: "number = ?1", without: ["number"],
            // The sequence stays: whoever counts into the new store goes on from its own.
            conflict: "ON CONFLICT (name) DO UPDATE SET events_total = events_total + excluded.events_total")
        for (number, name) in names {
            try insert.run(number) { column, _, _ in isCarry && column == "events_total" ? .integer(0) : .keep }
            find.bind(name, at: 1)
            nodes[number] = try find.first { $0.integer(0) }
        }
    }

    private mutating func copyStreams() throws {
        let found = try read("SELECT number, node, path FROM stream", "stream") {
            (number: $0.integer(0), node: $0.integer(1), path: $0.text(2))
        }
        let find = try BoundStatement(new, "SELECT number FROM stream WHERE node = ?1 AND path = ?2")
        let insert = try TableCopy(
            "stream", from: old, to: new, where: "number = ?1", without: ["number"], verb: "INSERT OR IGNORE")
        for stream in found {
            guard let node = nodes[stream.node] else { continue }
            try insert.run(stream.number) { column, _, _ in column == "node" ? .integer(node) : .keep }
            find.bind(node, at: 1)
            find.bind(stream.path, at: 2)
            streams[stream.number] = try find.first { $0.integer(0) }
        }
    }

    // MARK: Issues

    private mutating func copyIssues() throws {
        let find = try BoundStatement(
            new, "SELECT number, state_version FROM issue WHERE fingerprint = ?1 AND fingerprint_version = ?2")
        let taken = try BoundStatement(new, "SELECT 1 FROM issue WHERE id = ?1")
        let last = try BoundStatement(new, "SELECT max(number) FROM issue")
        let insert = try TableCopy(
            "issue", from: old, to: new, where: "number = ?1", without: ["number", "merged_into"])
        let texts = try SearchTextCopy(from: old, into: new)
        let addition = try IssueAddition(from: old, into: new)
        let children = try IssueChildren(from: old, into: new, nodes: nodes, streams: streams)
        for (number, key) in try IssueKeys(old).all(&report.damagedTables) {
            find.bind(high: key.high, low: key.low, at: 1)
            find.bind(Int64(key.version), at: 2)
            let known = try find.first { (number: $0.integer(0), version: $0.int(1)) }
            var isWhole = true
            let place: Int64
            if let known {
                place = known.number
                isWhole = try addition.add(number, to: place, takesStanding: known.version == 0)
                report.merged += 1
            } else {
                let id = try Ingest.freeID(key, taken)
                let copied = try insert.run(number) { column, _, _ in column == "id" ? .text(id) : .keep }
                guard copied.rows == 1, let made = try last.first({ $0.integer(0) }) else {
                    report.damagedIssues += 1
                    continue
                }
                place = made
                try texts.copy(number, to: place)
                report.added += 1
            }
            isWhole = try children.copy(number, to: place, isFresh: known == nil, &report.rows) && isWhole
            if !isWhole { report.damagedIssues += 1 }
            issues.append((number, place, known == nil))
            numbers[number] = place
        }
    }

    /// Which issues are part of which, once all are there.
    private mutating func copyParts() throws {
        let update = try BoundStatement(
            new, "UPDATE issue SET merged_into = ?2 WHERE number = ?1 AND merged_into IS NULL")
        let fresh = Set(issues.lazy.filter(\.isFresh).map(\.old))
        let parts = try read("SELECT number, merged_into FROM issue WHERE merged_into IS NOT NULL", "issue") {
            (part: $0.integer(0), whole: $0.integer(1))
        }
        for part in parts where fresh.contains(part.part) {
            guard let number = numbers[part.part], let whole = numbers[part.whole] else { continue }
            update.bind(number, at: 1)
            update.bind(whole, at: 2)
            try update.run()
        }
    }

    /// Which skeletons are counted on which issue.
    private mutating func copySiblings() throws {
        guard try hasSiblings else { return }
        let copy = try TableCopy("sibling", from: old, to: new, where: "1", verb: "INSERT OR IGNORE")
        let numbers = numbers
        let copied = try copy.run { column, row, place in
            guard column == "issue" else { return .keep }
            return numbers[row.integer(place)].map { .integer($0) } ?? .leave
        }
        report.rows += copied.rows
        if !copied.isWhole { report.damagedTables.append("sibling") }
    }

    /// Stores of an older Margay have none.
    private var hasSiblings: Bool {
        get throws {
            try has("sibling")
        }
    }

    private func has(_ table: String) throws -> Bool {
        try BoundStatement(old, "SELECT 1 FROM sqlite_schema WHERE name = '\(table)'").first { _ in true } != nil
    }

    // MARK: What people did, and settings

    private mutating func copyAudit() throws {
        let found = try read("SELECT number FROM audit ORDER BY number", "audit") { $0.integer(0) }
        let insert = try TableCopy("audit", from: old, to: new, where: "number = ?1", without: ["number"])
        let last = try BoundStatement(new, "SELECT max(number) FROM audit")
        let numbers = numbers
        for number in found {
            let copied = try insert.run(number) { column, row, place in
                guard column == "issue", !row.isNull(place) else { return .keep }
                return .integer(numbers[row.integer(place)])
            }
            if copied.rows == 1 { audits[number] = try last.first { $0.integer(0) } }
            report.rows += copied.rows
        }
        let audits = audits
        for table in ["audit_issue", "note"] {
            let copy = try TableCopy(
                table, from: old, to: new, where: "issue = ?1", without: ["number"], verb: "INSERT OR IGNORE")
            for issue in issues {
                let copied = try copy.run(issue.old) { column, row, place in
                    if column == "issue" { return .integer(issue.new) }
                    guard column == "audit" else { return .keep }
                    return audits[row.integer(place)].map { .integer($0) } ?? .leave
                }
                report.rows += copied.rows
                if !copied.isWhole, report.damagedTables.last != table { report.damagedTables.append(table) }
            }
        }
    }

    /// What becomes of a row that the new store has too; it is left as it is where nothing is said.
    private static let conflicts = [
        "source": "ON CONFLICT (node, name) DO UPDATE SET learning = excluded.learning, grouping = excluded.grouping",
        "source_day": "ON CONFLICT (day, node, source, pack) DO UPDATE SET count = count + excluded.count",
        "pattern_cost": """
        ON CONFLICT (node, pattern) DO UPDATE SET asked = asked + excluded.asked, timed = timed + excluded.timed,
            nanoseconds = nanoseconds + excluded.nanoseconds, given_up = given_up + excluded.given_up,
            given_up_last = max(coalesce(given_up_last, excluded.given_up_last),
                coalesce(excluded.given_up_last, given_up_last))
        """,
    ]

    /// - Parameter further: tables that are to come along, which an older store need not have.
    private mutating func copySettings(_ further: [String]) throws {
        let nodes = nodes
        for table in ["file", "source", "setting", "baseline", "view"] + further {
            let conflict = StoreMerge.conflicts[table] ?? ""
            for order in ["", "DESC"] {
                let copy = try TableCopy(
                    table, from: old, to: new, where: "1", order: order.isEmpty ? "" : "ORDER BY 1 DESC",
                    verb: conflict.isEmpty ? "INSERT OR IGNORE" : "INSERT", conflict: conflict)
                let copied = try copy.run { column, row, place in
                    if column == "node" { return nodes[row.integer(place)].map { .integer($0) } ?? .leave }
                    guard table == "setting", column == "name" else { return .keep }
                    let name = row.text(place)
                    return name.hasPrefix("kept-aside") || name == SetupLink.setting ? .leave : .keep
                }
                report.rows += copied.rows
                if copied.isWhole { break }
                if order.isEmpty { report.damagedTables.append(table) }
            }
        }
    }

    /// What came in one hour to both stores came together.
    private mutating func copyFlow() throws {
        guard try has("event_hour") else { return }
        let copy = try TableCopy(
            "event_hour", from: old, to: new, where: "1",
            conflict: """
                ON CONFLICT (hour, pack, severity) DO UPDATE SET count = count + excluded.count,
                issues = issues + excluded.issues
                """)
        let copied = try copy.run { _, _, _ in .keep }
        report.rows += copied.rows
        if !copied.isWhole { report.damagedTables.append("event_hour") }
    }

    /// The values of a table that can be read, before the first damaged page.
    private mutating func read<Value>(
        _ sql: String, _ table: String, _ value: (BoundStatement) throws -> Value
    ) throws -> [Value] {
        let statement = try BoundStatement(old, sql)
        defer { statement.rewind() }
        var values: [Value] = []
        do {
            while try statement.step() { values.append(try value(statement)) }
        } catch let error as DatabaseError where error.isDamage {
            report.damagedTables.append(table)
        }
        return values
    }
}
