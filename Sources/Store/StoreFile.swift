internal import Glibc

/// Where a store lies: makes what is missing for a writer, finds out early what would fail with a worse message later.
enum StoreFile {
    static let directoryMode: mode_t = 0o750
    static let fileMode: mode_t = 0o640

    /// The absolute path, links followed, of a database that exists afterwards.
    static func prepareForWriting(_ path: String) throws(ArchiveError) -> String {
        try checkName(path)
        try makeDirectories(above: path)
        if status(path) == nil {
            // Only ever with O_EXCL: to close a descriptor of a database that is open elsewhere in this process would
            // drop SQLite's locks on it.
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, fileMode)
            if descriptor >= 0 {
                close(descriptor)
            } else if errno != EEXIST || isDangling(path) {
                throw ArchiveError(.denied, "cannot be made: \(lastSystemError()); \(remedy)", path: path)
            }
        }
        let resolved = try resolve(path)
        for target in [resolved, directory(of: resolved)] where access(target, R_OK | W_OK) != 0 {
            throw ArchiveError(.denied, "\(target) cannot be written: \(lastSystemError()); \(remedy)", path: resolved)
        }
        return resolved
    }

    /// The absolute path, links followed, of a database that is there and can be read.
    static func prepareForReading(_ path: String) throws(ArchiveError) -> String {
        try checkName(path)
        if status(path) == nil, errno == ENOENT || errno == ENOTDIR {
            throw ArchiveError(
                .missing, "there is no store here; `margay watch` makes one, or name the right file", path: path)
        }
        let resolved = try resolve(path)
        guard access(resolved, R_OK) == 0 else {
            throw ArchiveError(.denied, "cannot be read: \(lastSystemError()); \(remedy)", path: resolved)
        }
        return resolved
    }

    /// The absolute path, links followed, of a database that is there and can be read and written.
    static func prepareForChanging(_ path: String) throws(ArchiveError) -> String {
        let resolved = try prepareForReading(path)
        for target in [resolved, directory(of: resolved)] where access(target, R_OK | W_OK) != 0 {
            throw ArchiveError(.denied, "\(target) cannot be written: \(lastSystemError()); \(remedy)", path: resolved)
        }
        return resolved
    }

    private static let remedy =
        "run as the user that owns the store, give that user the right to write there, or name another place"

    private static func checkName(_ path: String) throws(ArchiveError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw ArchiveError(.badPath, "is no file name; name the database file", path: path)
        }
    }

    private static func resolve(_ path: String) throws(ArchiveError) -> String {
        guard let pointer = realpath(path, nil) else {
            throw ArchiveError(.denied, "cannot be reached: \(lastSystemError()); \(remedy)", path: path)
        }
        defer { free(pointer) }
        let resolved = String(cString: pointer)
        guard let mode = status(resolved), mode & S_IFMT == S_IFREG else {
            throw ArchiveError(
                .badPath, "is not a plain file; name the database file, such as \(resolved)/margay.db", path: resolved)
        }
        return resolved
    }

    private static func makeDirectories(above path: String) throws(ArchiveError) {
        var missing: [String] = []
        var current = directory(of: path)
        while status(current) == nil, errno == ENOENT, current != "/", current != "." {
            missing.append(current)
            current = directory(of: current)
        }
        for name in missing.reversed() where mkdir(name, directoryMode) != 0 && errno != EEXIST {
            throw ArchiveError(
                .denied, "cannot make the directory \(name): \(lastSystemError()); \(remedy)", path: path)
        }
    }

    private static func directory(of path: String) -> String {
        var bytes = Array(path.utf8)
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
    }

    /// Whether something lies at the path, a dangling link included.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    private static func status(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode : nil
    }

    /// A link whose target is not there: open(2) with O_EXCL reports it as existing.
    private static func isDangling(_ path: String) -> Bool {
        status(path) == nil
    }
}
