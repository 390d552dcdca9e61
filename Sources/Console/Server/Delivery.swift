import Synchronization

/// A value that one thread hands over and one task waits for, whichever comes first. Each once.
final class Delivery<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case delivered(Value)
        case awaited(CheckedContinuation<Value, Never>)
        case over
    }

    private let state = Mutex(State.empty)

    func deliver(_ value: Value) {
        let waiting = state.withLock { state -> CheckedContinuation<Value, Never>? in
            switch state {
            case .awaited(let continuation):
                state = .over
                return continuation
            case .empty: state = .delivered(value)
            case .delivered, .over: break
            }
            return nil
        }
        waiting?.resume(returning: value)
    }

    func value() async -> Value {
        await withCheckedContinuation { continuation in
            let delivered = state.withLock { state -> Value? in
                if case .delivered(let value) = state {
                    state = .over
                    return value
                }
                state = .awaited(continuation)
                return nil
            }
            if let delivered { continuation.resume(returning: delivered) }
        }
    }
}
