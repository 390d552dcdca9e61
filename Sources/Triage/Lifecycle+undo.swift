package import Events

extension Lifecycle {
    /// Takes `entry` back, the latest move of its author on this issue: what stood before it stands again.
    ///
    /// Refused where somebody else asks, where anybody or an event has moved the issue since, and for what cannot be
    /// taken back: what was forgotten is gone.
    package static func undo(
        _ entry: AuditEntry, of standing: IssueStanding, by author: String, reason: String? = nil, now: Timestamp
    ) -> Outcome {
        guard entry.author == author else {
            return .refused(.notAllowed("the latest move is \(entry.author)'s; everybody undoes their own"))
        }
        guard entry.what != Move.forget.word else {
            return .refused(.notAllowed("what was forgotten is gone and cannot be brought back"))
        }
        guard standing.isSame(as: entry.after) else {
            return .refused(.changed(by: standing.movedBy ?? AuditEntry.machine, at: standing.stateTime))
        }
        var next = entry.before
        next.version = standing.version + 1
        next.movedBy = author
        return .moved(
            AuditEntry(
                time: now, author: author, what: undoWord, detail: entry.what, reason: reason, before: standing,
                after: next))
    }

    /// The word of an undo in the audit trail.
    package static let undoWord = "undo"

    /// Quiet days after which an acknowledged issue counts as resolved.
    package static let quietDaysMax = 14

    /// Resolves by time what somebody has judged and what has been quiet since; nil where it stays. An open issue that
    /// nobody has judged is never touched: the inbox empties by people.
    ///
    /// - Parameter lastSeen: the latest event by the clock of the host, not the time that a record claims.
    package static func resolveByTime(_ standing: IssueStanding, lastSeen: Timestamp, now: Timestamp) -> AuditEntry? {
        guard standing.state == .acknowledged, standing.mergedInto == nil else { return nil }
        let quietSince = max(lastSeen, standing.stateTime)
        let due = quietSince.adding(Timestamp(seconds: Int64(quietDaysMax) * 86_400))
        guard now >= due else { return nil }
        var next = standing
        next.state = .resolved
        next.stateTime = now
        next.version += 1
        next.movedBy = AuditEntry.machine
        next.isAutomatic = true
        return AuditEntry(
            time: now, author: AuditEntry.machine, what: "auto-resolve", detail: nil,
            reason: "quiet for \(quietDaysMax) days, since \(quietSince)", before: standing, after: next)
    }

    /// What an event did to an issue: the verdict as a change of its standing; nil where nothing changes.
    package static func apply(_ verdict: NoveltyVerdict, to standing: IssueStanding, now: Timestamp) -> AuditEntry? {
        var next = standing
        next.novelty = verdict.novelty
        next.noveltyReason = verdict.reason
        if verdict.novelty.reopens, standing.state != .open {
            next.state = .open
            next.stateTime = now
            next.ignore = nil
            next.isAutomatic = false
        }
        guard next != standing else { return nil }
        next.version += next.state == standing.state ? 0 : 1
        if next.state != standing.state { next.movedBy = AuditEntry.machine }
        return AuditEntry(
            time: now, author: AuditEntry.machine, what: verdict.novelty.rawValue, reason: verdict.reason,
            before: standing, after: next)
    }
}
