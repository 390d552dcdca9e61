package import Events

/// Looks whether files that were followed once are still there, under whatever name in their directory.
///
/// Each directory is read once in the life of a value, so make a new one for each round. Any thread; blocks on the disk.
package struct FilePresence {
    package enum Answer: Equatable, Sendable {
        /// The file itself lies in its directory.
        case present
        /// It is gone, and beside its path lies an archive that may have been made of it.
        case archived
        /// Neither it nor an archive of it lies there.
        case gone
        /// Its directory cannot be looked at: it may come back, with all that is in it.
        case unknown
    }

    /// Directories with more names than this are not looked through.
    package static let namesMax = 50_000
    /// How much later than the last reading an archive may be dated, in microseconds: most programs that compress keep
    /// the time of the last change, and others run within a day or two of rotation.
    package static let archivedLateMax = 2 * 24 * Timestamp.microsecondsPerHour

    private let syscalls: Syscalls
    private var directories: [String: Directory?] = [:]

    private struct Directory {
        var identities: [Relatives.Inode: [FileIdentity]] = [:]
        /// When each archive was last changed, by the paths that it may have been made of.
        var archives: [String: [Timestamp]] = [:]
    }

    package init(syscalls: Syscalls = .live) { self.syscalls = syscalls }

    /// `lastRead` is when something was last known of the file.
    package mutating func answer(for checkpoint: Checkpoint, lastRead: Timestamp) -> Answer {
        guard let directory = directory(Discovery.parent(of: checkpoint.path)) else { return .unknown }
        let birth = checkpoint.identity.birthNanoseconds
        let sameInode = directory.identities[Relatives.Inode(checkpoint.identity)] ?? []
        let isPresent = sameInode.contains {
            $0.birthNanoseconds == birth || $0.birthNanoseconds == 0 || birth == 0
        }
        if isPresent { return .present }
        let names = [checkpoint.path] + RotatedName.bases(of: checkpoint.path)
        let isArchived = names.contains { name in
            (directory.archives[name] ?? []).contains { time in
                time.microseconds >= birth / 1_000
                    && time.microseconds <= lastRead.microseconds + FilePresence.archivedLateMax
            }
        }
        return isArchived ? .archived : .gone
    }

    private mutating func directory(_ path: String) -> Directory? {
        if let known = directories[path] { return known }
        let read = readDirectory(path)
        directories[path] = .some(read)
        return read
    }

    private func readDirectory(_ path: String) -> Directory? {
        var directory = Directory()
        do throws(SystemError) {
            let names = try syscalls.list(path)
            guard names.count <= FilePresence.namesMax else { return nil }
            for name in names {
                let file = Discovery.join(path, name)
                // Gone since it was listed, or not for us to see: then it is not known to be gone.
                guard let status = try statusUnlessGone(file) else { continue }
                directory.identities[Relatives.Inode(status.identity), default: []].append(status.identity)
                guard status.kind == .regular, RotatedName.isArchive(file) else { continue }
                let time = Timestamp(microseconds: status.modifiedNanoseconds / 1_000)
                for base in RotatedName.bases(of: file) { directory.archives[base, default: []].append(time) }
            }
        } catch {
            return nil
        }
        return directory
    }

    private func statusUnlessGone(_ path: String) throws(SystemError) -> FileStatus? {
        do throws(SystemError) {
            return try syscalls.statusOfPath(path, true)
        } catch {
            if error.isAbsence { return nil }
            throw error
        }
    }
}
