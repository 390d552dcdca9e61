package import Events

/// Whether a notice is told by itself or waits for the next summary.
package enum NoticeDelivery: Sendable, Codable, Equatable {
    case single
    /// In a summary only; the clause says why.
    case digest(String)
}

/// What to tell people about one issue after one batch. Whom to tell is decided elsewhere.
package struct Notice: Sendable, Codable, Equatable {
    /// The id people use, such as `7K3F9`.
    package var issue: String
    package var fingerprint: Fingerprint
    package var pack: String
    package var pattern: String
    package var severity: Severity
    package var type: EventType
    package var title: String
    package var runbook: String?
    package var verdict: NoveltyVerdict
    /// Events of the issue so far, over all nodes; at least 1.
    package var count: Int
    /// Event time of the first event of the issue, over all nodes.
    package var first: Timestamp
    /// The node whose batch brought it.
    package var node: String
    /// A file of that node that holds an event of it; nil where the batch named none.
    package var file: String?
    /// The event to look at: the earliest of the batch for a new issue, the latest for one that came back.
    package var sample: Sample?
    /// The issue was known; a node has it for the first time. `verdict` speaks of that then.
    package var isNewOnNode: Bool
    package var delivery: NoticeDelivery

    package init(
        issue: String, fingerprint: Fingerprint, pack: String, pattern: String, severity: Severity, type: EventType,
        title: String, runbook: String?, verdict: NoveltyVerdict, count: Int, first: Timestamp, node: String,
        file: String?, sample: Sample?, isNewOnNode: Bool = false, delivery: NoticeDelivery = .single
    ) {
        self.issue = issue
        self.fingerprint = fingerprint
        self.pack = pack
        self.pattern = pattern
        self.severity = severity
        self.type = type
        self.title = title
        self.runbook = runbook
        self.verdict = verdict
        self.count = count
        self.first = first
        self.node = node
        self.file = file
        self.sample = sample
        self.isNewOnNode = isNewOnNode
        self.delivery = delivery
    }
}
