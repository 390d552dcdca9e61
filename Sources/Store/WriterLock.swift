internal import CLinux
internal import Glibc
internal import Synchronization

/// The right to be the one writer of a store: an open file description lock (fcntl(2)) on a file beside the database.
///
/// Unlike an flock(2), it can be asked for without being tried, from other containers too (`isHeld`). The kernel lets it go when the process dies, however it dies. The lock file itself stays: to delete it would let two
/// processes lock two files of one name. It is not the database file, because closing any descriptor of that one would
/// drop the POSIX locks SQLite holds on it (sqlite.org, "How To Corrupt An SQLite Database File", 2.2).
final class WriterLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Throws `.held` when another process, or another `Archive` of this one, has it.
    init(database path: String) throws(ArchiveError) {
        let lockPath = WriterLock.path(ofDatabase: path)
        let opened = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard opened >= 0 else {
            throw ArchiveError(
                .denied, "cannot make the lock file \(lockPath): \(lastSystemError())", path: path)
        }
        let outcome = margay_lock(opened)
        guard outcome == 1 else {
            let holder = WriterLock.holder(opened)
            close(opened)
            guard outcome == 0 else {
                throw ArchiveError(
                    .inputOutput,
                    "cannot lock \(lockPath): \(String(cString: strerror(-outcome))); "
                        + "keep the store on a local disk", path: path)
            }
            throw ArchiveError(
                .held,
                "another Margay\(holder) writes this store; stop it, or name another store for this one", path: path)
        }
        WriterLock.write(process: getpid(), to: opened)
        descriptor = Mutex(opened)
    }

    deinit { release() }

    /// Lets the lock go; more than once does nothing.
    func release() {
        descriptor.withLock { held in
            if let open = held {
                // A child that is being started has a copy of the descriptor until it runs its program, and with that
                // the lock: closing ours would let it go only then.
                _ = margay_unlock(open)
                close(open)
            }
            held = nil
        }
    }

    /// Whether some process has the right to write the store of that path at this moment. The lock is looked at, not
    /// tried: that would get in the way of a writer that is just starting. False where its file cannot be read.
    static func isHeld(database path: String) -> Bool {
        let opened = open(WriterLock.path(ofDatabase: path), O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { return false }
        defer { close(opened) }
        return margay_is_locked(opened) == 1
    }

    private static func path(ofDatabase path: String) -> String { path + ".lock" }

    /// For the message of whoever is refused. Not vital: without it the message names no process.
    private static func write(process: pid_t, to descriptor: Int32) {
        var text = Array("\(process)\n".utf8)
        guard ftruncate(descriptor, 0) == 0 else { return }
        _ = pwrite(descriptor, &text, text.count, 0)
    }

    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(0, count)).prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        return digits.isEmpty ? "" : " (process \(String(decoding: digits, as: UTF8.self)))"
    }
}

/// The text of `errno`.
func lastSystemError() -> String { String(cString: strerror(errno)) }
