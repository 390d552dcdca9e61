import Events
import Synchronization

/// A request that waits to be told that its events are stored. Settled by the writer.
final class IntakeReceipt: Sendable {
    /// What came of its batch.
    enum Settlement: Equatable {
        case stored
        /// The store did not take it yet, with the reason. It will be tried again, and settled once more.
        case refused(String)
        /// The writer ended before it was.
        case stopped
    }

    /// Under which key it is remembered; nil where it has none.
    let request: ReportedRequest?
    let events: Int
    private let answer: Mutex<(@Sendable (IntakeVerdict) -> Void)?>
    private let onEnd: @Sendable () -> Void

    /// - Parameters:
    ///   - answer: called once, on the writer's thread.
    ///   - onEnd: called once, when the events do not wait any more.
    init(
        request: ReportedRequest?, events: Int, answer: @escaping @Sendable (IntakeVerdict) -> Void,
        onEnd: @escaping @Sendable () -> Void
    ) {
        self.request = request
        self.events = events
        self.answer = Mutex(answer)
        self.onEnd = onEnd
    }

    func settle(_ settlement: Settlement) {
        let answer = self.answer.withLock { answer in
            defer { answer = nil }
            return answer
        }
        switch settlement {
        case .stored:
            onEnd()
            answer?(.stored(events: events, isRepeated: false))
        case .refused(let reason): answer?(.refused(reason))
        case .stopped:
            onEnd()
            answer?(.stopped)
        }
    }
}
