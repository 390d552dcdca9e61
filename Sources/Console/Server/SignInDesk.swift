import Access
import Events
import Synchronization

/// Looks at passwords, not too often. One for a console.
final class SignInDesk: Sendable {
    enum Outcome: Sendable, Equatable {
        case right
        case wrong
        /// Not looked at; try again after so many seconds.
        case wait(Int64)
    }

    private let throttle = Mutex(SignInThrottle())
    private let failures = Atomic(0)
    private let delays = Atomic(0)
    /// Costs as much to compare with as a user's, and is nobody's.
    private let decoy: String
    private let cost: PasswordHash.Cost

    init(cost: PasswordHash.Cost) {
        self.cost = cost
        decoy = PasswordHash.decoy(cost: cost)
    }

    /// Passwords that were wrong, and those that were not looked at, since the start.
    var counts: (wrong: Int, delayed: Int) {
        (failures.load(ordering: .relaxed), delays.load(ordering: .relaxed))
    }

    /// Whether `password` is the one of `name`, whose kept hash is `secret`; nil for a name that nobody bears or that may
    /// not sign in, which takes as long and is as wrong. Takes the time of a hash; call it on the threads for that.
    func judge(
        _ password: String, secret: String?, name: String, address: String, now: Timestamp
    ) -> Outcome {
        let keys: [SignInThrottle.Key] = [
            .name(String(name.lowercased().prefix(AccountName.bytesMax))),
            .address(AddressRange.group(of: address)),
        ]
        let wait = throttle.withLock { $0.wait(keys, now: now) }
        if wait > 0 {
            delays.wrappingAdd(1, ordering: .relaxed)
            return .wait(wait)
        }
        let isRight = PasswordHash.isRight(password, for: secret ?? decoy) && secret != nil
        throttle.withLock { throttle in
            if isRight { throttle.succeeded(name: name.lowercased()) } else { throttle.failed(keys, now: now) }
        }
        if !isRight { failures.wrappingAdd(1, ordering: .relaxed) }
        return isRight ? .right : .wrong
    }

    /// The hash that is kept of a new password.
    func hash(_ password: String) throws -> String { try PasswordHash.make(password, cost: cost) }
}
