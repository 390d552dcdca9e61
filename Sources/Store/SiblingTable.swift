internal import Events
internal import GRDB
internal import Triage

/// Keeps the skeletons of errors that no pattern claims, and makes one issue, a family, of those that differ in one word.
///
/// A family is an issue of its own, and the siblings become parts of it; words that come later are counted on it from
/// their first event on, without an issue each. What somebody has moved, merged or split off stays as it is: it counts
/// as one of the words, and nothing is done to it. Made anew for each batch; lives inside its transaction.
struct SiblingTable {
    private let database: Database
    private let find: BoundStatement
    private let load: BoundStatement
    private let insert: BoundStatement
    private let member: BoundStatement
    private let founder: BoundStatement
    private let standings: StandingTable
    private let audit: AuditTable
    private let parts: IssueParts

    /// By shape; those that this batch asked for.
    private var indices: [Int64: SiblingIndex] = [:]

    init(_ database: Database, standings: StandingTable, audit: AuditTable) throws {
        self.database = database
        self.standings = standings
        self.audit = audit
        parts = IssueParts(database)
        find = try BoundStatement(
            database, "SELECT issue FROM sibling WHERE fingerprint = ?1 AND fingerprint_version = ?2")
        load = try BoundStatement(database, "SELECT issue, skeleton FROM sibling WHERE shape = ?1 AND is_apart = 0")
        insert = try BoundStatement(
            database,
            """
            INSERT OR IGNORE INTO sibling (fingerprint, fingerprint_version, issue, shape, skeleton)
            VALUES (?1, ?2, ?3, ?4, ?5)
            """)
        member = try BoundStatement(
            database,
            """
            SELECT is_family, merged_into, (SELECT is_family FROM issue AS whole WHERE whole.number = issue.merged_into),
                EXISTS (SELECT 1 FROM issue AS part WHERE part.merged_into = issue.number)
            FROM issue WHERE number = ?1
            """)
        founder = try BoundStatement(database, "UPDATE issue SET is_family = 1, count = 0 WHERE number = ?1")
    }

    /// What a message without an issue of its own is counted on.
    enum Place {
        /// On this family.
        case family(Int64)
        /// On a family that is to be made: an issue for it first, then `found`.
        case newFamily(Foundation)
    }

    /// A family before it is an issue.
    struct Foundation {
        var fingerprint: Fingerprint
        var title: String
        /// Nobody has judged one of its words yet that was news.
        var isNews: Bool
        var reason: String
        var members: [Int64]
    }

    /// Where the first events of `delta` belong if not to an issue of their own. Families that turn out to be one are
    /// joined by it.
    mutating func place(of delta: IssueDelta, now: Timestamp) throws -> Place? {
        guard let skeleton = delta.skeleton.flatMap(Skeleton.init) else { return nil }
        find.bind(high: delta.fingerprint.high, low: delta.fingerprint.low, at: 1)
        find.bind(Int64(delta.fingerprint.version), at: 2)
        if let issue = try find.first({ $0.integer(0) }) { return .family(try family(of: issue) ?? issue) }
        let shape = SiblingShape(pattern: delta.pattern, severity: delta.severity, skeleton: skeleton)
        let groups = try index(of: shape.key).groups(of: skeleton)
        guard let first = groups.first else { return nil }
        var families: Set<Int64> = []
        var loose: [Int64] = []
        for issue in Set(groups.flatMap(\.members)).sorted() {
            if let family = try family(of: issue) {
                families.insert(family)
            } else if try isUntouched(issue) {
                loose.append(issue)
            }
        }
        let holed = skeleton.holed(at: first.place)
        let reason = SiblingTable.reason(first, holed: holed)
        guard let kept = families.min() else {
            return .newFamily(
                Foundation(
                    fingerprint: shape.familyFingerprint(holed), title: holed,
                    isNews: try loose.contains { try standings.standing(of: $0).novelty == .new }, reason: reason,
                    members: loose))
        }
        try join(loose, to: kept, reason: reason, now: now)
        for other in families.subtracting([kept]).sorted() where try standings.standing(of: other).isUntouched {
            try absorb(other, into: kept, shape: shape.key, reason: reason, now: now)
        }
        try add(delta, skeleton, shape, issue: kept)
        return .family(kept)
    }

    /// Makes the issue `family` what `foundation` says: the members become parts of it, with their counts.
    mutating func found(
        _ foundation: Foundation, as family: Int64, for delta: IssueDelta, now: Timestamp
    ) throws {
        founder.bind(family, at: 1)
        try founder.run()
        try join(foundation.members, to: family, reason: foundation.reason, now: now)
        try register(delta, issue: family)
    }

    /// Remembers the skeleton of `delta`, whose events are counted on `issue`. Nothing where it can have no siblings.
    mutating func register(_ delta: IssueDelta, issue: Int64) throws {
        guard let skeleton = delta.skeleton.flatMap(Skeleton.init) else { return }
        let shape = SiblingShape(pattern: delta.pattern, severity: delta.severity, skeleton: skeleton)
        try add(delta, skeleton, shape, issue: issue)
    }

    private mutating func add(
        _ delta: IssueDelta, _ skeleton: Skeleton, _ shape: SiblingShape, issue: Int64
    ) throws {
        let key = shape.key
        guard try !index(of: key).isFull else { return }
        insert.bind(high: delta.fingerprint.high, low: delta.fingerprint.low, at: 1)
        insert.bind(Int64(delta.fingerprint.version), at: 2)
        insert.bind(issue, at: 3)
        insert.bind(key, at: 4)
        insert.bind(skeleton.text, at: 5)
        try insert.run()
        indices[key]?.insert(skeleton, number: issue)
    }

    private mutating func index(of shape: Int64) throws -> SiblingIndex {
        if let known = indices[shape] { return known }
        var index = SiblingIndex()
        load.bind(shape, at: 1)
        while try load.step() {
            guard let skeleton = Skeleton(load.text(1)) else { continue }
            index.insert(skeleton, number: load.integer(0))
        }
        indices[shape] = index
        return index
    }

    /// The family that the issue is or is part of.
    private func family(of issue: Int64) throws -> Int64? {
        member.bind(issue, at: 1)
        return try member.first { row -> Int64? in
            if !row.isNull(1) { return row.integer(2) != 0 ? row.integer(1) : nil }
            return row.integer(0) != 0 ? issue : nil
        } ?? nil
    }

    /// Whether nobody has decided anything about the issue: it is no part of another, has no parts and was never moved.
    private func isUntouched(_ issue: Int64) throws -> Bool {
        member.bind(issue, at: 1)
        let isAlone = try member.first { $0.isNull(1) && $0.integer(3) == 0 } ?? false
        return try isAlone && standings.standing(of: issue).isUntouched
    }

    private func join(_ issues: [Int64], to family: Int64, reason: String, now: Timestamp) throws {
        guard !issues.isEmpty, let id = try id(of: family) else { return }
        var done: [(issue: Int64, entry: AuditEntry)] = []
        for issue in issues {
            let context = Lifecycle.Context(author: AuditEntry.machine, reason: reason, now: now)
            guard let entry = Lifecycle.apply(.merge(id), to: try standings.standing(of: issue), context).entry else {
                continue
            }
            try standings.save(entry, of: issue)
            try parts.add(issue, to: family)
            done.append((issue, entry))
        }
        try audit.write(done)
    }

    /// Makes one of two families. The emptied one stays as a part without counts, so that its id still leads somewhere.
    private func absorb(_ other: Int64, into kept: Int64, shape: Int64, reason: String, now: Timestamp) throws {
        try join([other], to: kept, reason: reason, now: now)
        for sql in [
            "UPDATE issue SET merged_into = ?2 WHERE merged_into = ?1",
            "UPDATE sibling SET issue = ?2 WHERE shape = ?3 AND issue = ?1",
            "UPDATE issue SET count = 0 WHERE number = ?1 AND ?2 = ?2",
        ] {
            let statement = try BoundStatement(database, sql)
            statement.bind(other, at: 1)
            statement.bind(kept, at: 2)
            if sql.contains("?3") { statement.bind(shape, at: 3) }
            try statement.run()
        }
        try parts.forget(other)
    }

    private func id(of issue: Int64) throws -> String? {
        let statement = try BoundStatement(database, "SELECT id FROM issue WHERE number = ?1")
        statement.bind(issue, at: 1)
        return try statement.first { $0.text(0) }
    }

    /// Words named in a reason.
    private static let wordsShown = 5

    private static func reason(_ group: SiblingIndex.Group, holed: String) -> String {
        let shown = group.words.prefix(wordsShown).joined(separator: ", ")
        let more = group.words.count > wordsShown ? " …" : ""
        return "\(group.words.count) words at one place of '\(holed)': \(shown)\(more)"
    }
}
