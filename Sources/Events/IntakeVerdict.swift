/// What became of events that somebody reported.
package enum IntakeVerdict: Sendable, Equatable {
    /// They lie on the disk. `isRepeated`: a request with the same key brought them before, and they count once.
    case stored(events: Int, isRepeated: Bool)
    /// Too many wait to be stored; to be sent again.
    case full
    /// A request with the same key is being stored at this moment.
    case inProgress
    /// A request with the same key had another content.
    case otherContent
    /// The store takes nothing now, with the reason; it is not known whether they will be counted.
    case refused(String)
    /// Margay is stopping.
    case stopped
}
