package import Events

/// All that a query may ask of one issue, as one value.
package struct IssueFacts: Sendable, Equatable {
    package var id: String
    package var title: String
    package var pack: String
    package var pattern: String
    package var type: EventType
    package var severity: Severity
    package var state: IssueState
    package var novelty: Novelty
    package var count: Int
    package var firstSeen: Timestamp
    package var lastSeen: Timestamp
    package var owner: String?
    package var reference: String?
    package var hasRunbook: Bool
    package var hasSample: Bool
    package var nodes: [String]
    package var files: [String]
    package var sources: [String]
    /// The beginning of the sample that is searched.
    package var excerpt: String
    package var notes: [String]
    /// Events of the current clock hour, of the one before, and of the 24 that end with the current one.
    package var hourCount: Int
    package var hourCountBefore: Int
    package var dayCount: Int
    package var isLearned: Bool
    package var isMerged: Bool
    package var isForgotten: Bool

    package init(
        id: String, title: String, pack: String, pattern: String, type: EventType, severity: Severity,
        state: IssueState, novelty: Novelty, count: Int, firstSeen: Timestamp, lastSeen: Timestamp,
        owner: String? = nil, reference: String? = nil, hasRunbook: Bool = false, hasSample: Bool = false,
        nodes: [String] = [], files: [String] = [], sources: [String] = [], excerpt: String = "", notes: [String] = [],
        hourCount: Int = 0, hourCountBefore: Int = 0, dayCount: Int = 0, isLearned: Bool = false,
        isMerged: Bool = false, isForgotten: Bool = false
    ) {
        self.id = id
        self.title = title
        self.pack = pack
        self.pattern = pattern
        self.type = type
        self.severity = severity
        self.state = state
        self.novelty = novelty
        self.count = count
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.owner = owner
        self.reference = reference
        self.hasRunbook = hasRunbook
        self.hasSample = hasSample
        self.nodes = nodes
        self.files = files
        self.sources = sources
        self.excerpt = excerpt
        self.notes = notes
        self.hourCount = hourCount
        self.hourCountBefore = hourCountBefore
        self.dayCount = dayCount
        self.isLearned = isLearned
        self.isMerged = isMerged
        self.isForgotten = isForgotten
    }
}

extension QueryNode {
    /// Whether the issue meets the query: the reference by which the store's SQL is tested.
    package func matches(_ issue: IssueFacts) -> Bool {
        switch self {
        case .all(let nodes): nodes.allSatisfy { $0.matches(issue) }
        case .any(let nodes): nodes.contains { $0.matches(issue) }
        case .not(let node): !node.matches(issue)
        case .test(let test): test.matches(issue)
        }
    }
}

extension QueryTest {
    func matches(_ issue: IssueFacts) -> Bool {
        switch self {
        case .novelty(let novelty): issue.novelty == novelty
        case .state(let state): issue.state == state
        case .mark(let mark): mark.matches(issue)
        case .has(let attribute): attribute.matches(issue)
        case .severity(let comparison, let severity): comparison.holds(issue.severity, severity)
        case .type(let type): issue.type == type
        case .name(let name, let patterns):
            name.values(of: issue).contains { value in patterns.contains { $0.matches(value) } }
        case .time(.first, let comparison, let time): comparison.holds(issue.firstSeen, time)
        case .time(.last, let comparison, let time): comparison.holds(issue.lastSeen, time)
        case .count(let comparison, let number): comparison.holds(issue.count, number)
        case .rate(let comparison, let number, .hour):
            comparison.holds(max(issue.hourCount, issue.hourCountBefore), number)
        case .rate(let comparison, let number, .day): comparison.holds(issue.dayCount, number)
        case .words(let words):
            ([issue.title, issue.excerpt] + issue.notes).contains { QueryTest.holds($0, words) }
        case .title(let words): QueryTest.holds(issue.title, words)
        case .expression(let expression):
            ([issue.title, issue.excerpt] + issue.notes).contains { text in
                var text = text
                return text.withUTF8 { expression.matches(UnsafeRawBufferPointer($0)) }
            }
        }
    }

    /// Whether `text` holds `words` somewhere, byte for byte but for the case of ASCII letters.
    package static func holds(_ text: String, _ words: String) -> Bool {
        let wanted = lower(words)
        let given = lower(text)
        guard wanted.count <= given.count else { return false }
        return wanted.isEmpty
            || (0...given.count - wanted.count).contains { given[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }

    private static func lower(_ text: String) -> [UInt8] {
        text.utf8.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 + 32 : $0 }
    }
}

extension QueryMark {
    fileprivate func matches(_ issue: IssueFacts) -> Bool {
        switch self {
        case .inbox:
            issue.state == .open && issue.novelty.wantsJudgement && issue.severity.wantsJudgement && !issue.isMerged
        case .unowned: issue.owner == nil
        case .learned: issue.isLearned
        case .merged: issue.isMerged
        case .forgotten: issue.isForgotten
        }
    }
}

extension QueryAttribute {
    fileprivate func matches(_ issue: IssueFacts) -> Bool {
        switch self {
        case .owner: issue.owner != nil
        case .runbook: issue.hasRunbook
        case .reference: issue.reference != nil
        case .note: !issue.notes.isEmpty
        case .sample: issue.hasSample
        }
    }
}

extension QueryName {
    fileprivate func values(of issue: IssueFacts) -> [String] {
        switch self {
        case .id: [issue.id]
        case .pack: [issue.pack]
        case .pattern: [issue.pattern]
        case .node: issue.nodes
        case .file: issue.files
        case .source: issue.sources
        case .owner: issue.owner.map { [$0] } ?? []
        case .reference: issue.reference.map { [$0] } ?? []
        }
    }
}
