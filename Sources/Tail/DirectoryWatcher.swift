import Events
import Glibc

/// What inotify says of one name in a watched directory.
struct WatchEvent: Equatable {
    enum Kind: Equatable {
        /// Bytes or attributes of what the name stands for have changed.
        case modified
        /// Permissions, owner or number of links have changed.
        case attributes
        case created
        case deleted
        case movedFrom(cookie: UInt32)
        case movedTo(cookie: UInt32)
        /// The directory itself is gone or elsewhere, or is no longer watched.
        case directoryGone
        /// Events were dropped: everything has to be compared with the disk.
        case overflow
    }

    var kind: Kind
    /// Every path under which the directory is watched; more than one through links.
    var directories: [String]
    /// Empty for the directory itself.
    var name: String
    var isDirectory = false
}

/// One inotify descriptor for any number of directories. The watching thread's.
final class DirectoryWatcher {
    /// Readable when there are events.
    let descriptor: Int32
    private let syscalls: Syscalls
    private var watches: [String: Int32] = [:]
    private var directories: [Int32: Set<String>] = [:]
    /// 64 KiB take thousands of events a call, so that the kernel's queue empties faster than it fills.
    private let events = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1_024, alignment: 8)

    /// How a directory is followed.
    enum Outcome: Equatable {
        case watched
        /// Its changes are not told, for this reason: it has to be looked at from time to time.
        case polled(String)
        /// It is not there, or is no directory any more.
        case missing
    }

    private static let mask =
        UInt32(IN_CREATE) | UInt32(IN_MOVED_FROM) | UInt32(IN_MOVED_TO) | UInt32(IN_DELETE) | UInt32(IN_MODIFY)
        | UInt32(IN_ATTRIB) | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF) | UInt32(IN_ONLYDIR)

    init(syscalls: Syscalls) throws(SystemError) {
        self.syscalls = syscalls
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        if descriptor < 0 {
            events.deallocate()
            throw SystemError(call: "inotify_init1", number: errno)
        }
    }

    deinit {
        close(descriptor)
        events.deallocate()
    }

    var watchedDirectories: [String] { Array(watches.keys) }

    /// Watches a directory; harmless when it is watched already, and then makes sure that it is still the same one.
    func watch(_ directory: String) -> Outcome {
        do throws(SystemError) {
            if try syscalls.isRemote(directory) { return .polled("its file system does not tell of changes") }
            let watch = try syscalls.watch(descriptor, directory, DirectoryWatcher.mask)
            if let known = watches[directory], known != watch { forget(directory) }
            watches[directory] = watch
            directories[watch, default: []].insert(directory)
            return .watched
        } catch {
            switch error.number {
            case ENOSPC: return .polled("the limit of watches is reached; raise fs.inotify.max_user_watches")
            case ENOMEM: return .polled("the kernel has no memory for a watch")
            case ENOENT, ENOTDIR: return .missing
            default: return .polled(error.description)
            }
        }
    }

    /// Stops watching a directory under this path.
    func forget(_ directory: String) {
        guard let watch = watches.removeValue(forKey: directory) else { return }
        directories[watch]?.remove(directory)
        if directories[watch]?.isEmpty == true {
            directories[watch] = nil
            // Fails when the kernel has dropped the watch by itself, which comes to the same.
            _ = inotify_rm_watch(descriptor, watch)
        }
    }

    /// All events that are there, in order; empty when there are none.
    func takeEvents(limit: Int) throws(SystemError) -> [WatchEvent] {
        var taken: [WatchEvent] = []
        while taken.count < limit {
            let count: Int
            do throws(SystemError) {
                count = try syscalls.read(descriptor, events)
            } catch {
                if error.number == EAGAIN { return taken }
                throw error
            }
            if count == 0 { return taken }
            decode(UnsafeRawBufferPointer(rebasing: events[..<count]), into: &taken)
        }
        return taken
    }

    /// The layout is that of `struct inotify_event`, inotify(7).
    private func decode(_ bytes: UnsafeRawBufferPointer, into taken: inout [WatchEvent]) {
        var at = 0
        while at + 16 <= bytes.count {
            let watch = bytes.loadUnaligned(fromByteOffset: at, as: Int32.self)
            let mask = bytes.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self)
            let cookie = bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt32.self)
            let length = Int(bytes.loadUnaligned(fromByteOffset: at + 12, as: UInt32.self))
            let name = bytes[(at + 16)..<min(bytes.count, at + 16 + length)].prefix { $0 != 0 }
            at += 16 + length
            if mask & UInt32(IN_Q_OVERFLOW) != 0 {
                taken.append(WatchEvent(kind: .overflow, directories: [], name: ""))
                continue
            }
            guard let paths = directories[watch], let kind = DirectoryWatcher.kind(mask, cookie) else { continue }
            let event = WatchEvent(
                kind: kind, directories: Array(paths), name: PathText.text(name),
                isDirectory: mask & UInt32(IN_ISDIR) != 0)
            if event != taken.last { taken.append(event) }
            if mask & UInt32(IN_IGNORED) != 0 {
                directories[watch] = nil
                for path in paths { watches[path] = nil }
            }
        }
    }

    private static func kind(_ mask: UInt32, _ cookie: UInt32) -> WatchEvent.Kind? {
        let gone = UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF) | UInt32(IN_IGNORED) | UInt32(IN_UNMOUNT)
        if mask & gone != 0 { return .directoryGone }
        if mask & UInt32(IN_MOVED_FROM) != 0 { return .movedFrom(cookie: cookie) }
        if mask & UInt32(IN_MOVED_TO) != 0 { return .movedTo(cookie: cookie) }
        if mask & UInt32(IN_CREATE) != 0 { return .created }
        if mask & UInt32(IN_DELETE) != 0 { return .deleted }
        if mask & UInt32(IN_ATTRIB) != 0 { return .attributes }
        if mask & UInt32(IN_MODIFY) != 0 { return .modified }
        return nil
    }
}
