import Synchronization

/// A switch that a test throws while something else looks at it.
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    var isSet: Bool { value.load(ordering: .sequentiallyConsistent) }

    func set(_ on: Bool) { value.store(on, ordering: .sequentiallyConsistent) }
}
