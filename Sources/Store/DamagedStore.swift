internal import Events
internal import Glibc

/// Moves a damaged store out of the way, whole, and remembers that one is.
enum DamagedStore {
    /// What belongs to a database beside its file.
    private static let companions = ["-wal", "-shm"]

    /// Whether the last writer left its log behind: it did not close the store, or somebody has it open.
    static func hasLog(_ path: String) -> Bool {
        var status = stat()
        return stat(path + "-wal", &status) == 0 && status.st_size > 0
    }

    static func isMarked(_ path: String) -> Bool { StoreFile.exists(marker(path)) }

    /// Not vital: without the mark the damage is met again.
    static func mark(_ path: String) {
        let descriptor = open(marker(path), O_WRONLY | O_CREAT | O_CLOEXEC, StoreFile.fileMode)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Renames the database with its companions. Returns its new path. Throws `.denied`, `.held`.
    static func keepAside(_ path: String, now: Timestamp) throws(ArchiveError) -> String {
        let resolved = try StoreFile.prepareForWriting(path)
        let lock = try WriterLock(database: resolved)
        defer { lock.release() }
        var aside = "\(resolved).damaged-\(now.description.filter { $0 != ":" && $0 != "-" })"
        var number = 1
        while StoreFile.exists(aside) {
            number += 1
            aside = "\(resolved).damaged-\(now.description.filter { $0 != ":" && $0 != "-" })-\(number)"
        }
        for companion in companions + [""] where StoreFile.exists(resolved + companion) {
            guard rename(resolved + companion, aside + companion) == 0 else {
                throw ArchiveError(
                    .denied, "is damaged and cannot be moved to \(aside): \(lastSystemError()); move it away",
                    path: resolved)
            }
        }
        unlink(marker(resolved))
        return aside
    }

    private static func marker(_ path: String) -> String { path + "-damaged" }
}
