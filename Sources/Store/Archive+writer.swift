internal import Glibc

extension Archive {
    /// Whether some process is the writer of the store at this moment: whether the lock beside it is held.
    ///
    /// Read from proc_locks(5), since to try the lock would get in the way of a writer that is just starting. False where
    /// that cannot be read, and for a writer in another container.
    package var isBeingWritten: Bool {
        var status = stat()
        guard stat(path + ".lock", &status) == 0, let file = fopen("/proc/locks", "re") else { return false }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let words = text.split(separator: " ")
            // "1: FLOCK  ADVISORY  WRITE 4711 08:01:131 0 EOF"
            guard words.count >= 6, words[1] == "FLOCK", words[3] == "WRITE" else { continue }
            if words[5].split(separator: ":").last.flatMap({ UInt64($0) }) == UInt64(status.st_ino) { return true }
        }
        return false
    }
}
