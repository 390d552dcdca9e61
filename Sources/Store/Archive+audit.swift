package import Events
internal import GRDB

/// One row of the audit trail: a move, however many issues it moved.
package struct AuditLine: Sendable, Equatable {
    /// Rises with every row.
    package var number: Int64
    package var time: Timestamp
    package var author: String
    package var what: String
    package var detail: String?
    package var reason: String?
    /// The only issue that was moved; nil where there were several, or none.
    package var issue: String?
    /// State words, or how many issues it was.
    package var before: String?
    package var after: String?

    /// Rows in one answer at most.
    package static let linesMax = 1_000
}

/// Which rows of the audit trail; all conditions hold together, nil for none.
package struct AuditChoice: Sendable, Equatable {
    /// Numbers below, and above.
    package var before: Int64?
    package var after: Int64?
    /// Exactly as they are written.
    package var author: String?
    package var what: String?
    /// The id of an issue that was moved, alone or among others.
    package var issue: String?

    package init() {}
}

extension Archive {
    /// The audit trail, latest first: at most `limit` rows with a number below `before`.
    package func audit(before: Int64? = nil, limit: Int) throws(ArchiveError) -> [AuditLine] {
        var choice = AuditChoice()
        choice.before = before
        return try audit(choice, limit: limit)
    }

    /// At most `limit` rows of the audit trail, latest first; earliest first where the choice has `after`. Costs a pass
    /// over the trail where few rows are meant.
    package func audit(_ choice: AuditChoice, limit: Int) throws(ArchiveError) -> [AuditLine] {
        try read { database in
            let statement = try BoundStatement(
                database,
                """
                SELECT number, time, who, what, detail, reason,
                    (SELECT id FROM issue WHERE issue.number = audit.issue), before, after
                FROM audit
                WHERE (?1 IS NULL OR number < ?1) AND (?3 IS NULL OR number > ?3) AND (?4 IS NULL OR who = ?4)
                    AND (?5 IS NULL OR what = ?5)
                    AND (?6 IS NULL OR EXISTS (
                        SELECT 1 FROM audit_issue JOIN issue ON issue.number = audit_issue.issue
                        WHERE audit_issue.audit = audit.number AND issue.id = ?6))
                ORDER BY number \(choice.after == nil ? "DESC" : "ASC") LIMIT ?2
                """)
            statement.bind(choice.before, at: 1)
            statement.bind(min(max(limit, 0), AuditLine.linesMax), at: 2)
            statement.bind(choice.after, at: 3)
            statement.bind(choice.author, at: 4)
            statement.bind(choice.what, at: 5)
            statement.bind(choice.issue, at: 6)
            return try statement.all(Archive.auditLine)
        }
    }

    /// Notes that somebody added a pattern to the pack at `path`. For `.change` and `.write`.
    package func recordPattern(
        _ id: String, in path: String, expression: String, by author: String, now: Timestamp
    ) throws(ArchiveError) {
        try change(keeps: true) { database in
            try AccessAudit(database, by: author, now: now).write(.patternAdd, path, after: "\(id): \(expression)")
        }
    }

    /// The latest moves and what Margay did by itself, latest first, at most `limit`; signing in and the like left out. A
    /// move that lies further back than `linesMax` rows is not found.
    package func lastMoves(limit: Int) throws(ArchiveError) -> [AuditLine] {
        try read { database in
            let statement = try BoundStatement(
                database,
                """
                SELECT number, time, who, what, detail, reason,
                    (SELECT id FROM issue WHERE issue.number = latest.issue), before, after
                FROM (SELECT * FROM audit ORDER BY number DESC LIMIT \(AuditLine.linesMax)) AS latest
                WHERE what NOT IN (\(AccessAudit.words)) ORDER BY number DESC LIMIT ?1
                """)
            statement.bind(limit, at: 1)
            return try statement.all(Archive.auditLine)
        }
    }

    private static func auditLine(_ row: BoundStatement) -> AuditLine {
        AuditLine(
            number: row.integer(0), time: row.time(1), author: row.text(2), what: row.text(3),
            detail: row.optionalText(4), reason: row.optionalText(5), issue: row.optionalText(6),
            before: row.optionalText(7), after: row.optionalText(8))
    }

    /// A number that rises whenever events are counted or issues are moved, in whichever process.
    package func changeNumber() throws(ArchiveError) -> Int64 {
        try read { database in
            try BoundStatement(
                database,
                """
                SELECT (SELECT coalesce(sum(sequence), 0) FROM node) + (SELECT coalesce(max(number), 0) FROM audit)
                """
            ).first { $0.integer(0) } ?? 0
        }
    }
}
