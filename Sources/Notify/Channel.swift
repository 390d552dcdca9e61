package import Triage

/// A way by which people are told.
package protocol Channel: Sendable {
    /// Its name in logs and in the list of what was sent.
    var name: String { get }

    /// Tells what `notice` says. Blocks until it is told or the channel knows that it cannot be.
    func deliver(_ notice: Notice) -> Delivery
}

/// What came of telling somebody.
package enum Delivery: Sendable, Equatable {
    case sent
    /// Worth another try; the reason in words.
    case retry(String)
    /// Nobody will ever receive it by this channel; the reason in words.
    case giveUp(String)
}
