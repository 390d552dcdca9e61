import Synchronization

/// What the page after a move says about it. Kept here and not in the address, so that no link can make the console say
/// something.
final class Announcements: Sendable {
    struct Announcement: Sendable, Equatable {
        var text: String
        var isRefusal = false
        /// Issues whose latest moves an undo takes back, and how many moves of each; none for no undo.
        var undoIDs: [String] = []
        var undoTimes = 1
    }

    private struct Shelf {
        var kept: [String: Announcement] = [:]
        /// Oldest first.
        var order: [String] = []
    }

    private let shelf = Mutex(Shelf())

    /// Returns the key to show it by. Beyond `ConsoleLimits.announcementsMax` the oldest is dropped.
    func post(_ announcement: Announcement) -> String {
        let key = String(FormTokens.newSession().prefix(12))
        shelf.withLock { shelf in
            shelf.kept[key] = announcement
            shelf.order.append(key)
            if shelf.order.count > ConsoleLimits.announcementsMax { shelf.kept[shelf.order.removeFirst()] = nil }
        }
        return key
    }

    subscript(key: String) -> Announcement? { shelf.withLock { $0.kept[key] } }
}
