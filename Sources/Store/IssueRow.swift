package import Events
package import Triage

/// An issue as lists show it: every field of the JSON contract.
package struct IssueRow: Sendable, Equatable {
    package var id: String
    package var fingerprint: Fingerprint
    package var title: String
    package var pack: String
    package var pattern: String
    package var severity: Severity
    package var type: EventType
    package var state: IssueState
    /// Stays `new`, `returned` or `regressed` until somebody judges the issue; more events do not make it known.
    package var novelty: Novelty
    package var count: Int
    package var firstSeen: Timestamp
    package var lastSeen: Timestamp
    /// By name; at most `nodesMax`.
    package var nodes: [String]
    /// Paths, by name, each once though several nodes have it; at most `filesMax`.
    package var files: [String]
    package var owner: String?
    /// The latest event; nil where none was kept.
    package var sample: Sample?
    /// Rises with every move, by people and by events.
    package var stateVersion: Int

    package init(
        id: String, fingerprint: Fingerprint, title: String, pack: String, pattern: String, severity: Severity,
        type: EventType, state: IssueState, novelty: Novelty, count: Int, firstSeen: Timestamp, lastSeen: Timestamp,
        nodes: [String], files: [String], owner: String?, sample: Sample?, stateVersion: Int = 0
    ) {
        self.id = id
        self.fingerprint = fingerprint
        self.title = title
        self.pack = pack
        self.pattern = pattern
        self.severity = severity
        self.type = type
        self.state = state
        self.novelty = novelty
        self.count = count
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.nodes = nodes
        self.files = files
        self.owner = owner
        self.sample = sample
        self.stateVersion = stateVersion
    }

    package static let nodesMax = 100
    package static let filesMax = 100
}

/// All that is kept of an issue.
package struct IssueDetail: Sendable, Equatable {
    package var row: IssueRow
    package var runbook: String?
    /// Why `row.novelty` is what it is.
    package var noveltyReason: String
    /// When the state was entered.
    package var stateTime: Timestamp
    /// Rises with every move; a move is made on the version that its author saw.
    package var stateVersion: Int
    /// Events an hour, oldest first: 24 hours of UTC, the last of them the one that holds `now`.
    package var lastDay: [Int]
    /// Events in 14 spans of 24 hours, oldest first, ending with the same hour as `lastDay`.
    package var lastFortnight: [Int]
    /// Most events first; at most `IssueRow.nodesMax`.
    package var nodes: [IssueNode]
    /// Most events first; at most `IssueRow.filesMax`.
    package var files: [IssueFile]
    /// The first and the last event and up to three between, in order of time.
    package var samples: [NodeSample]
}

/// An issue's events on one node.
package struct IssueNode: Sendable, Equatable {
    package var node: String
    package var count: Int
    package var firstSeen: Timestamp
    package var lastSeen: Timestamp
}

/// An issue's events in one file of one node.
package struct IssueFile: Sendable, Equatable {
    package var node: String
    package var path: String
    package var count: Int
    package var lastSeen: Timestamp
}

/// A sample with the node it came from.
package struct NodeSample: Sendable, Equatable {
    package var node: String
    package var sample: Sample
}

/// What an id, or the beginning of one, stands for.
package enum IssueLookup: Sendable, Equatable {
    case found(IssueDetail)
    /// Several issues begin like that: their ids, in order; at most `ambiguousMax`.
    case ambiguous([String])
    case none

    package static let ambiguousMax = 10
}
