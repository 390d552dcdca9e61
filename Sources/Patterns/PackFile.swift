import Glibc

/// Writes packs' files.
package enum PackFile {
    /// A larger file is no pack.
    package static let bytesMax = YAMLDocument.bytesMax

    /// Puts `text` in the place of the file, all of it or nothing: written beside it, flushed, renamed over it
    /// (rename(2)). Keeps the permissions of the file that was there; a new one gets 0644 less the umask. A symbolic link
    /// stays one: what it leads to is replaced.
    package static func replace(_ path: String, with text: String) throws(FileFault) {
        let target = realPath(path) ?? path
        var information = stat()
        let mode = stat(target, &information) == 0 ? information.st_mode & 0o7777 : nil
        let beside = target + ".margay-\(getpid())"
        let descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileFault(path: path, reason: systemMessage(errno)) }
        var fault: Int32 = 0
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty, fault == 0 {
            let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 { bytes = bytes.dropFirst(written) } else if errno != EINTR { fault = errno }
        }
        if fault == 0, let mode, fchmod(descriptor, mode) != 0 { fault = errno }
        if fault == 0, fsync(descriptor) != 0 { fault = errno }
        close(descriptor)
        if fault == 0, rename(beside, target) != 0 { fault = errno }
        guard fault != 0 else { return }
        unlink(beside)
        throw FileFault(path: path, reason: systemMessage(fault))
    }

    /// Runs `body`, which reads the file at `path` and may replace it, while nobody else of this machine does the same in
    /// that directory: an flock(2) on it. Waits for whoever is at it. Throws a `FileFault` where there is no such
    /// directory, and what `body` throws.
    package static func exclusively<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        let descriptor = open(directory(of: realPath(path) ?? path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFault(path: path, reason: systemMessage(errno)) }
        // Ends the lock too.
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw FileFault(path: path, reason: systemMessage(errno)) }
        }
        return try body()
    }

    /// What is before the last slash; `.` without one.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
