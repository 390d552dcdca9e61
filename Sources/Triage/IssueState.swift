/// What people decided about an issue. Only people move it, except that an event reopens what was cleared or resolved.
package enum IssueState: String, CaseIterable, Sendable, Codable {
    /// Asks for attention; every issue begins here.
    case open
    /// Somebody has it; quiet until it gets worse.
    case acknowledged
    /// No action needed; a later event brings it back as `Novelty.returned`.
    case cleared
    /// Cause removed; a later event brings it back as `Novelty.regressed`.
    case resolved
    /// Counted and not told, until a condition holds.
    case ignored
}
