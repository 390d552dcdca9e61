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

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
