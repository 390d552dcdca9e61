/// A value that most owners never have: a pointer's room while there is none, an allocation of its own while there is.
///
/// There is a `Follower` for each of ten thousand files, and most of what one may go through happens to none of them.
@propertyWrapper
struct Rare<Value> {
    private final class Box {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    private var box: Box?

    init(wrappedValue: Value?) { box = wrappedValue.map(Box.init) }

    var wrappedValue: Value? {
        get { box?.value }
        set { box = newValue.map(Box.init) }
    }
}
