internal import Events
internal import GRDB
internal import Triage

/// What is known of the sources of one batch: which file is of which, what each has learned, how well it groups.
/// Read once a batch, written once a batch.
struct SourceBook {
    struct Entry {
        var learning: SourceLearning
        var grouping: GroupingQuality
        /// Notices held back for a summary, ever.
        var held = 0
        var isChanged = false
    }

    private let find: BoundStatement
    private let save: BoundStatement
    private let isFollowed: BoundStatement
    private let policy: NoveltyPolicy
    private let node: Int64
    private let now: Timestamp
    /// By the bytes of the path, as an array: two spellings of a letter are two files.
    private var names: [[UInt8]: String] = [:]
    /// What the streams of inputs that are no files begin with, and the source; the longest first.
    private var inputs: [(beginning: [UInt8], source: String)] = []
    private(set) var entries: [String: Entry] = [:]
    /// What is wrong with sources, found while the batch is counted.
    var faults: [HealthEvent] = []

    /// Sources that are followed for the first time begin to be learned with this batch.
    init(_ database: Database, batch: Batch, node: Int64, policy: NoveltyPolicy) throws {
        find = try BoundStatement(
            database, "SELECT learning, grouping, held FROM source WHERE node = ?1 AND name = ?2")
        save = try BoundStatement(
            database,
            """
            INSERT INTO source (node, name, learning, grouping, held) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (node, name) DO UPDATE SET learning = excluded.learning, grouping = excluded.grouping,
                held = excluded.held
            """)
        isFollowed = try BoundStatement(database, "SELECT 1 FROM setting WHERE name = ?1")
        self.policy = policy
        self.node = node
        now = batch.time
        for file in batch.files { names[Array(file.checkpoint.path.utf8)] = file.source }
        inputs = batch.files.filter { $0.checkpoint.identity.device == 0 || !$0.checkpoint.path.hasPrefix("/") }
            .map { (Array($0.checkpoint.path.utf8) + [UInt8(ascii: ":")], $0.source) }
            .sorted { $0.0.count > $1.0.count }
        guard policy != .everything else { return }
        let learned = Set(batch.files.lazy.filter(\.isLearned).map(\.source))
        for name in learned.union(batch.sources).sorted() { try load(name, of: batch) }
    }

    private mutating func load(_ name: String, of batch: Batch) throws {
        find.bind(node, at: 1)
        find.bind(name, at: 2)
        let found = try find.first { row in
            Entry(
                learning: try JSONColumn.decode(row.text(0)), grouping: try JSONColumn.decode(row.text(1)),
                held: row.int(2))
        }
        var entry = found ?? Entry(learning: SourceLearning(began: now), grouping: GroupingQuality(), isChanged: true)
        if found == nil {
            isFollowed.bind(Archive.sourceSetting(name, node: batch.node), at: 1)
            if try isFollowed.first({ _ in true }) == true {
                entry.learning.end("followed before anything was learned", now: now)
            }
        }
        entries[name] = entry
    }

    /// The source of the file; nil where the batch does not say. An input that is no file has many streams,
    /// `syslog:nginx`, which are told of under the input's name before the colon. That name may hold colons and begin with
    /// a slash itself, as `name: journal:web` may; a stream that two inputs could have belongs to the longer name.
    func name(of path: String) -> String? {
        if let name = names[Array(path.utf8)] { return name }
        return inputs.first { path.utf8.starts(with: $0.beginning) }?.source
    }

    /// How a source stands for events as old as `first`.
    func standing(of source: String?, _ delta: IssueDelta) -> SourceStanding {
        guard let source, let entry = entries[source], policy.learning != .off else { return .none }
        let isTold = entry.learning.tells(delta.first, severity: delta.severity, isAlways: delta.isAlways)
        if let ended = entry.learning.ended, isTold || !entry.learning.takesAsKnown(delta.first) {
            return .learned(source: source, on: ended)
        }
        return isTold ? .none : .learning(source: source, since: entry.learning.began)
    }

    /// Counts events of one issue. `before` is how many it had. Returns whether the source turned to grouping poorly, or
    /// back.
    mutating func add(_ delta: IssueDelta, source: String?, before: Int, isUnmatched: Bool) -> Bool {
        guard let source, var entry = entries[source] else { return false }
        let wasLearning = entry.learning.isLearning
        entry.learning.add(
            first: delta.first, last: delta.last, count: delta.count, isNew: before == 0, now: now)
        let turned = isUnmatched && entry.grouping.add(count: delta.count, before: before)
        entry.isChanged = entry.isChanged || wasLearning || isUnmatched
        entries[source] = entry
        return turned
    }

    mutating func hold(_ source: String?) {
        guard let source else { return }
        entries[source]?.held += 1
        entries[source]?.isChanged = true
    }

    /// Ends learning where it is due, and writes what changed. Returns whose learning ended.
    mutating func close() throws -> [LearnedSource] {
        var learned: [LearnedSource] = []
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            var entry = entry
            let wasLearning = entry.learning.isLearning
            entry.learning.settle(policy.learning, now: now)
            if wasLearning, !entry.learning.isLearning, policy.learning != .off {
                learned.append(
                    LearnedSource(
                        name: name, issues: entry.learning.issues, events: entry.learning.events,
                        reason: entry.learning.endedBecause ?? ""))
            }
            guard entry.isChanged || wasLearning != entry.learning.isLearning else { continue }
            save.bind(node, at: 1)
            save.bind(name, at: 2)
            save.bind(try JSONColumn.encode(entry.learning), at: 3)
            save.bind(try JSONColumn.encode(entry.grouping), at: 4)
            save.bind(entry.held, at: 5)
            try save.run()
        }
        return learned
    }
}
