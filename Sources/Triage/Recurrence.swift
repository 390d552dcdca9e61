package import Events

/// What somebody who judges an issue wants to happen when it happens again.
package enum Recurrence: String, Sendable, CaseIterable {
    /// Tell me at once.
    case tell
    /// Only when there is far more of it than usual.
    case spiking
    /// Not for a year.
    case never

    /// The move that brings it about.
    package func move(now: Timestamp) -> Move {
        switch self {
        case .tell: .clear
        case .spiking: .ignore(.spiking)
        case .never: .ignore(.time(now.adding(Timestamp(seconds: 365 * 86_400))))
        }
    }
}
