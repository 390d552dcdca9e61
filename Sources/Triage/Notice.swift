package import Events

/// What to tell people about one issue after one batch. Whom to tell, and whether, is decided elsewhere.
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
    /// The pattern is meant to alert even while its source is still being learnt.
    package var always: Bool
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

    package init(
        issue: String, fingerprint: Fingerprint, pack: String, pattern: String, severity: Severity, type: EventType,
        title: String, runbook: String?, always: Bool = false, verdict: NoveltyVerdict, count: Int, first: Timestamp,
        node: String,
        file: String?, sample: Sample?
    ) {
        self.issue = issue
        self.fingerprint = fingerprint
        self.pack = pack
        self.pattern = pattern
        self.severity = severity
        self.type = type
        self.title = title
        self.runbook = runbook
        self.always = always
        self.verdict = verdict
        self.count = count
        self.first = first
        self.node = node
        self.file = file
        self.sample = sample
    }
}
