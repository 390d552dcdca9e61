package import Events

/// All that people decided about one issue, and the novelty they judged: what a move changes and an undo restores.
package struct IssueStanding: Sendable, Codable, Equatable {
    package var state: IssueState
    /// When the state was entered, by the clock of whoever moved it.
    package var stateTime: Timestamp
    /// Rises by one with every move. A move is made on the version that its author saw.
    package var version: Int
    /// Who made the latest move; nil before the first. `margay` for a move made by an event or by time.
    package var movedBy: String?
    package var novelty: Novelty
    package var noveltyReason: String
    /// What the novelty was when a person judged the issue; nil while nobody has.
    package var noveltyJudged: Novelty?
    package var owner: String?
    /// While ignored, and then only.
    package var ignore: IgnoreCondition?
    /// Resolved by time, not by a person: an event then only returns it.
    package var isAutomatic: Bool
    /// A ticket, a link, whatever another system calls it.
    package var reference: String?
    /// A person's severity; nil where the pack's holds.
    package var severity: Severity?
    /// A person's title; nil where the pack's holds.
    package var title: String?
    /// The id of the issue that this one is part of now; nil for an issue of its own.
    package var mergedInto: String?
    /// Samples and counts were dropped on request; the fingerprint stays.
    package var isForgotten: Bool

    package init(
        state: IssueState = .open, stateTime: Timestamp, version: Int = 0, movedBy: String? = nil,
        novelty: Novelty = .new, noveltyReason: String = "", noveltyJudged: Novelty? = nil, owner: String? = nil,
        ignore: IgnoreCondition? = nil, isAutomatic: Bool = false, reference: String? = nil, severity: Severity? = nil,
        title: String? = nil, mergedInto: String? = nil, isForgotten: Bool = false
    ) {
        self.state = state
        self.stateTime = stateTime
        self.version = version
        self.movedBy = movedBy
        self.novelty = novelty
        self.noveltyReason = noveltyReason
        self.noveltyJudged = noveltyJudged
        self.owner = owner
        self.ignore = ignore
        self.isAutomatic = isAutomatic
        self.reference = reference
        self.severity = severity
        self.title = title
        self.mergedInto = mergedInto
        self.isForgotten = isForgotten
    }

    /// Whether both say the same, whoever said it and whenever.
    package func isSame(as other: IssueStanding) -> Bool {
        var copy = other
        copy.version = version
        copy.movedBy = movedBy
        return self == copy
    }

    /// Whether nobody has decided anything about the issue; what events did to it does not count.
    package var isUntouched: Bool {
        state == .open && (movedBy == nil || movedBy == AuditEntry.machine) && owner == nil && severity == nil
            && title == nil && reference == nil && noveltyJudged == nil && mergedInto == nil && !isForgotten
    }

    /// Whether the issue waits in the inbox for somebody to judge it, if its severity does (`Severity.wantsJudgement`).
    package var isInInbox: Bool { state == .open && novelty.wantsJudgement && mergedInto == nil }
}
