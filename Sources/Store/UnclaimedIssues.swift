internal import Events
internal import GRDB
internal import Triage

/// How many open issues without a pattern each source has, so that a log in which every error is different does not fill
/// the store: what comes beyond `issuesMax` is counted on one issue of the source.
///
/// Made anew for each batch; a source is counted once a batch, and only if it brings a message never seen.
struct UnclaimedIssues {
    /// Of one source.
    static let issuesMax = 2_000

    private let count: BoundStatement
    private var counts: [String: Int] = [:]

    init(_ database: Database) throws {
        count = try BoundStatement(
            database,
            """
            SELECT count(*) FROM (
                SELECT DISTINCT issue.number FROM stream
                JOIN issue_stream ON issue_stream.stream = stream.number
                JOIN issue ON issue.number = issue_stream.issue
                WHERE stream.source = ?1 AND issue.pack = '\(Ingest.corePack)' AND issue.state = 'open'
                    AND issue.merged_into IS NULL
                LIMIT \(UnclaimedIssues.issuesMax))
            """)
    }

    mutating func isFull(_ source: String) throws -> Bool {
        let known = try counts[source] ?? counted(source)
        counts[source] = known
        return known >= UnclaimedIssues.issuesMax
    }

    mutating func add(_ source: String) { counts[source]? += 1 }

    private func counted(_ source: String) throws -> Int {
        count.bind(source, at: 1)
        return try count.first { $0.int(0) } ?? 0
    }

    /// The events of `delta` as some of the source's other errors.
    static func other(_ delta: IssueDelta, of source: String) -> IssueDelta {
        var builder = FingerprintBuilder()
        builder.add("other")
        builder.add(source)
        var other = delta
        other.fingerprint = builder.finish()
        other.pattern = "\(Ingest.corePack).other"
        other.title = "Other errors of \(source): it has more than \(UnclaimedIssues.issuesMax) kinds"
        other.runbook = "Write patterns or masks for this log: margay packs suggest, margay packs coverage"
        other.severity = .indeterminate
        other.skeleton = nil
        return other
    }
}
