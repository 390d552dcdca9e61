internal import Events
internal import GRDB
internal import Triage

/// Makes moves inside one transaction: looks issues up, asks `Lifecycle`, writes what it says.
struct IssueMoves {
    private let database: Database
    private let standings: StandingTable
    private let audit: AuditTable
    private let parts: IssueParts
    private let notes: NoteTable
    private let lookup: IssueNumbers

    init(_ database: Database) throws {
        self.database = database
        standings = try StandingTable(database)
        audit = try AuditTable(database)
        parts = IssueParts(database)
        notes = try NoteTable(database)
        lookup = try IssueNumbers(database)
    }

    mutating func apply(_ request: MoveRequest) throws -> MoveReport {
        var report = MoveReport()
        var target: IssueNumbers.Found?
        var request = request
        if case .merge(let id) = request.move {
            guard let found = try lookup.find(id) else {
                report.unknown.append(id)
                return report
            }
            target = found
            request.move = .merge(found.id)
        }
        var done: [(issue: Int64, entry: AuditEntry)] = []
        var seen: Set<Int64> = []
        for text in request.ids {
            guard let found = try lookup.find(text) else {
                report.unknown.append(text)
                continue
            }
            guard seen.insert(found.number).inserted else { continue }
            let standing = try standings.standing(of: found.number)
            var outcome = Lifecycle.apply(request.move, to: standing, try context(found, named: text, request))
            if let target, let fault = try mergeFault(found, into: target) { outcome = .refused(.notAllowed(fault)) }
            switch outcome {
            case .refused(let refusal): report.refused.append(MoveReport.Refused(id: found.id, refusal: refusal))
            case .moved(let entry):
                try perform(entry, request.move, on: found.number)
                done.append((found.number, entry))
                report.moved.append(MoveReport.Moved(id: found.id, title: found.title, entry: entry))
            }
        }
        let number = try audit.write(done)
        if case .note(let text, _) = request.move, let number {
            for (issue, entry) in done { try notes.add(text, to: issue, audit: number, entry) }
        }
        return report
    }

    private func context(
        _ found: IssueNumbers.Found, named text: String, _ request: MoveRequest
    ) throws -> Lifecycle.Context {
        var hourCount = 0
        if case .ignore = request.move {
            let statement = try BoundStatement(
                database, "SELECT count FROM issue_hour WHERE issue = ?1 AND hour = ?2")
            statement.bind(found.number, at: 1)
            statement.bind(request.now.hour, at: 2)
            hourCount = try statement.first { $0.int(0) } ?? 0
        }
        return Lifecycle.Context(
            author: request.author, reason: request.reason, now: request.now,
            seenVersion: request.seen[found.id] ?? request.seen[text],
            count: found.count, hourCount: hourCount)
    }

    private func mergeFault(_ part: IssueNumbers.Found, into whole: IssueNumbers.Found) throws -> String? {
        if part.number == whole.number { return "an issue cannot be part of itself" }
        if let other = try standings.standing(of: whole.number).mergedInto {
            return "\(whole.id) is part of \(other) itself; name that one"
        }
        let statement = try BoundStatement(database, "SELECT id FROM issue WHERE merged_into = ?1 LIMIT 1")
        statement.bind(part.number, at: 1)
        return try statement.first { "it has parts of its own, such as \($0.text(0)); split these off first" }
    }

    /// Writes a move's outcome, with what it does to the counts.
    private func perform(_ entry: AuditEntry, _ move: Move, on issue: Int64) throws {
        try standings.save(entry, of: issue)
        try movePart(entry, of: issue)
        if move == .forget { try parts.forget(issue) }
    }

    private func movePart(_ entry: AuditEntry, of issue: Int64) throws {
        guard entry.before.mergedInto != entry.after.mergedInto else { return }
        // What somebody split off does not find its way back by itself.
        let apart = try BoundStatement(
            database,
            """
            UPDATE sibling SET is_apart = ?2
            WHERE (fingerprint, fingerprint_version) =
                (SELECT fingerprint, fingerprint_version FROM issue WHERE number = ?1)
            """)
        apart.bind(issue, at: 1)
        apart.bind(entry.after.mergedInto == nil ? 1 : 0, at: 2)
        try apart.run()
        if let id = entry.before.mergedInto, let whole = try lookup.find(id) {
            try parts.remove(issue, from: whole.number)
        }
        if let id = entry.after.mergedInto, let whole = try lookup.find(id) { try parts.add(issue, to: whole.number) }
    }

    // MARK: Undo

    mutating func undo(ids: [String], by author: String, reason: String?, now: Timestamp) throws -> MoveReport {
        var report = MoveReport()
        var wanted: [(found: IssueNumbers.Found, audit: Int64)] = []
        if ids.isEmpty {
            wanted = try latest(by: author)
        }
        for text in ids {
            guard let found = try lookup.find(text) else {
                report.unknown.append(text)
                continue
            }
            guard let number = try latest(on: found.number) else {
                report.refused.append(
                    MoveReport.Refused(id: found.id, refusal: .notAllowed("nobody has moved it")))
                continue
            }
            if !wanted.contains(where: { $0.found.number == found.number }) { wanted.append((found, number)) }
        }
        var done: [(issue: Int64, entry: AuditEntry)] = []
        for (found, number) in wanted {
            let standing = try standings.standing(of: found.number)
            guard let entry = try entry(number, of: found.number) else { continue }
            switch Lifecycle.undo(entry, of: standing, by: author, reason: reason, now: now) {
            case .refused(let refusal): report.refused.append(MoveReport.Refused(id: found.id, refusal: refusal))
            case .moved(let undone):
                try standings.save(undone, of: found.number)
                try movePart(undone, of: found.number)
                try notes.remove(from: found.number, audit: number)
                try markUndone(number, of: found.number)
                done.append((found.number, undone))
                report.moved.append(MoveReport.Moved(id: found.id, title: found.title, entry: undone))
            }
        }
        if let number = try audit.write(done) {
            // An undo is no move that can be undone.
            for (issue, _) in done { try markUndone(number, of: issue) }
        }
        return report
    }

    /// The author's latest move that stands, with all its issues.
    private func latest(by author: String) throws -> [(IssueNumbers.Found, Int64)] {
        let last = try BoundStatement(
            database,
            """
            SELECT max(number) FROM audit WHERE who = ?1 AND EXISTS (
                SELECT 1 FROM audit_issue WHERE audit_issue.audit = audit.number AND is_undone = 0)
            """)
        last.bind(author, at: 1)
        guard let number = try last.first({ $0.isNull(0) ? nil : $0.integer(0) }) ?? nil else { return [] }
        let issues = try BoundStatement(
            database, "SELECT issue FROM audit_issue WHERE audit = ?1 AND is_undone = 0 ORDER BY issue")
        issues.bind(number, at: 1)
        return try issues.all { $0.integer(0) }.compactMap { try lookup.found($0) }.map { ($0, number) }
    }

    /// The latest move on an issue that stands, whoever made it.
    private func latest(on issue: Int64) throws -> Int64? {
        let statement = try BoundStatement(
            database, "SELECT max(audit) FROM audit_issue WHERE issue = ?1 AND is_undone = 0")
        statement.bind(issue, at: 1)
        return try statement.first { $0.isNull(0) ? nil : $0.integer(0) } ?? nil
    }

    private func entry(_ number: Int64, of issue: Int64) throws -> AuditEntry? {
        let statement = try BoundStatement(
            database,
            """
            SELECT audit.time, who, what, detail, reason, audit_issue.before, audit_issue.after
            FROM audit_issue JOIN audit ON audit.number = audit_issue.audit
            WHERE audit_issue.issue = ?1 AND audit_issue.audit = ?2
            """)
        statement.bind(issue, at: 1)
        statement.bind(number, at: 2)
        return try statement.first(IssueMoves.entry)
    }

    /// Of the columns time, who, what, detail, reason, before, after.
    static func entry(_ row: BoundStatement) throws -> AuditEntry {
        AuditEntry(
            time: row.time(0), author: row.text(1), what: row.text(2), detail: row.optionalText(3),
            reason: row.optionalText(4), before: try JSONColumn.decode(row.text(5)),
            after: try JSONColumn.decode(row.text(6)))
    }

    private func markUndone(_ number: Int64, of issue: Int64) throws {
        let statement = try BoundStatement(
            database, "UPDATE audit_issue SET is_undone = 1 WHERE issue = ?1 AND audit = ?2")
        statement.bind(issue, at: 1)
        statement.bind(number, at: 2)
        try statement.run()
    }

    // MARK: Time

    func resolveQuiet(now: Timestamp, limit: Int) throws -> Int {
        let due = now.adding(Timestamp(seconds: -Int64(Lifecycle.quietDaysMax) * 86_400))
        let candidates = try BoundStatement(
            database,
            """
            SELECT number, received FROM issue
            WHERE state = 'acknowledged' AND state_time <= ?1 AND received <= ?1 AND merged_into IS NULL LIMIT ?2
            """)
        candidates.bind(due, at: 1)
        candidates.bind(limit, at: 2)
        let found = try candidates.all { (issue: $0.integer(0), received: $0.time(1)) }
        var count = 0
        for (issue, received) in found {
            let standing = try standings.standing(of: issue)
            guard let entry = Lifecycle.resolveByTime(standing, lastSeen: received, now: now) else { continue }
            try standings.save(entry, of: issue)
            try audit.write([(issue, entry)])
            count += 1
        }
        return count
    }
}
