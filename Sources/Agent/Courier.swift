package import Logging
package import Notify
import Tail
package import Triage

/// Carries notices to the channels on a thread of its own, so that a slow reader never holds up the counting.
///
/// Bounded: what does not fit is left out of the channels (never out of the store), and that is said.
package final class Courier: @unchecked Sendable {
    // Safe to share: what is `var` is touched within `monitor.locked` only.
    private var waiting: [Notice] = []
    private var leftOut = 0
    private var isClosed = false
    private let monitor = Monitor()
    private let channels: [any Channel]
    private let log: Logger

    /// Notices that wait at most.
    package static let noticesMax = 1_000

    package init(channels: [any Channel], log: Logger) {
        self.channels = channels
        self.log = log
    }

    /// Takes notices to deliver. Never waits.
    package func post(_ notices: [Notice]) {
        monitor.locked {
            let room = max(0, Courier.noticesMax - waiting.count)
            waiting += notices.prefix(room)
            leftOut += notices.count - min(room, notices.count)
            monitor.notify()
        }
    }

    /// Delivers until it is closed and nothing waits.
    package func run() {
        while let (notices, leftOut) = take() {
            for notice in notices { deliver(notice) }
            if leftOut > 0 {
                log.warning("\(leftOut) notices were left out, the channels are too slow; the store has them")
            }
        }
    }

    /// Ends `run()` once everything that waits is delivered.
    package func close() {
        monitor.locked {
            isClosed = true
            monitor.notify()
        }
    }

    private func take() -> (notices: [Notice], leftOut: Int)? {
        monitor.locked {
            while waiting.isEmpty && leftOut == 0 && !isClosed { monitor.wait() }
            if waiting.isEmpty && leftOut == 0 { return nil }
            let taken = (waiting, leftOut)
            waiting = []
            leftOut = 0
            return taken
        }
    }

    private func deliver(_ notice: Notice) {
        for channel in channels {
            switch channel.deliver(notice) {
            case .sent: break
            case .retry(let reason), .giveUp(let reason):
                log.warning("\(channel.name): issue \(notice.issue) was not told: \(reason)")
            }
        }
    }
}
