import Events

/// Where the rest of a log is that was cut in place: in the copy that was made before, compressed by now perhaps, and in
/// those that were made after it.
extension Follower {
    /// Archives looked into for one rest, the latest first: a log that is cut without a copy costs no more than these.
    private static let archivesMax = 8

    /// Looks for the copy that was made of this log before it was cut, and opens it; nil when there is none with more
    /// than `position` bytes. Shorter copies are declared as such all the same, so that nobody reads them.
    func openCopy(
        head: ContentProof, before: ContentProof, position: Int64
    ) throws(SystemError) -> OpenCopy? {
        guard head.length > 0 else { return nil }
        let paths = try possibleCopies()
        for path in paths where !RotatedName.isArchive(path) {
            let found = try open(path) { descriptor, status throws(SystemError) in
                guard try proves(head, endingAt: Int64(head.length), in: descriptor) else { return false }
                let isLonger = status.size >= position
                let isCopy =
                    isLonger
                    ? try proves(before, endingAt: position, in: descriptor)
                    : head.length >= Follower.provingHeadBytesMin
                return isCopy && relatives.declareCopy(status.identity, of: current.path) && isLonger
            }
            if let found { return found }
        }
        let wanted = Checkpoint(
            path: current.path, identity: identity, generation: generation, offset: position, lines: nil, head: head,
            before: before)
        for (path, status) in dated(paths.filter(RotatedName.isArchive)).reversed().prefix(Follower.archivesMax) {
            let found = try openArchive(path, status, wanted)
            if let found, relatives.declareCopy(status.identity, of: current.path) { return found }
            if let found { syscalls.close(found.descriptor) }
        }
        return nil
    }

    /// The copy that was made next after one: what the file held between two cuts that were both not seen. Only times
    /// and names can tell, since nobody has read it.
    func openNextCopy(after copy: OpenCopy) throws(SystemError) -> OpenCopy? {
        let paths = try possibleCopies().filter { path in
            places.contains { RotatedName.isRotation(path, of: $0) }
        }
        for (path, status) in dated(paths) where isLater(path, status, than: copy) {
            let found: OpenCopy?
            if RotatedName.isArchive(path) {
                found = try openArchive(path, status, Checkpoint.nothing(of: status.identity, at: path))
                if let found, try isKnown(found.descriptor) || !declareUnseen(status) {
                    syscalls.close(found.descriptor)
                    continue
                }
            } else {
                found = try open(path) { descriptor, status throws(SystemError) in
                    var opening = [UInt8](repeating: 0, count: LogFormat.magicBytesMax)
                    let count = try read(&opening, at: 0, in: descriptor)
                    guard count > 0, LogFormat.of(opening[..<count]) == .plain else { return false }
                    return try !isKnown(descriptor) && declareUnseen(status)
                }
            }
            if let found { return found }
        }
        return nil
    }

    /// Remembers a copy that was read to its end by its identity and content, so that neither it nor an archive of it is
    /// taken for something new after a restart.
    func settle(_ copy: OpenCopy) {
        let before = buffer.beforeEnd
        let mark = Checkpoint(
            path: copy.path, identity: copy.status.identity, generation: 0, offset: buffer.position, lines: nil,
            head: head, before: ContentProof(length: before.count, hash: SipHash.hash64(before)))
        settled.append(
            FileProgress(
                checkpoint: mark, source: sourceName, state: .skipped, size: copy.status.size, lines: 0, events: 0,
                bytesLost: 0, note: "a copy of \(current.path)"))
        relatives.remember(past: mark, of: log)
    }

    /// Whether an open file holds what is proven of some other part of the log. Of one that is damaged the beginning is
    /// enough where the rest is not there to ask, and where not even that is there, it is taken for known: better told
    /// as damaged than counted twice.
    func isKnown(_ descriptor: Int32, isDamaged: Bool = false) throws(SystemError) -> Bool {
        let size = try syscalls.status(descriptor).size
        for mark in relatives.marks(besides: self) where mark.head.length > 0 && (isDamaged || mark.offset <= size) {
            if size < mark.head.length { return true }
            guard try proves(mark.head, endingAt: Int64(mark.head.length), in: descriptor) else { continue }
            if mark.offset > size { return true }
            // Many logs begin with the same few bytes; an archive of no more than those grows no more.
            let isTelling = mark.head.length >= Follower.tellingBytesMin || isFromArchive && mark.offset == size
            guard isTelling else { continue }
            if try proves(mark.before, endingAt: mark.offset, in: descriptor) { return true }
        }
        return false
    }

    private func declareUnseen(_ status: FileStatus) -> Bool {
        relatives.declareCopy(status.identity, of: current.path, unseen: true)
    }

    /// Unpacks an archive if it holds what is wanted.
    private func openArchive(
        _ path: String, _ status: FileStatus, _ wanted: Checkpoint
    ) throws(SystemError) -> OpenCopy? {
        let outcome = try ArchiveRest.unpack(wanted, from: [path], syscalls: syscalls) { _ in true }
        guard case .found(let descriptor, _, _) = outcome else { return nil }
        return OpenCopy(descriptor: descriptor, path: path, status: status)
    }

    /// The paths with what stat says of them, the earliest part first.
    private func dated(_ paths: [String]) -> [(path: String, status: FileStatus)] {
        var dated: [(path: String, status: FileStatus)] = []
        for path in paths {
            do throws(SystemError) {
                dated.append((path, try syscalls.statusOfPath(path, false)))
            } catch {
                continue  // Rotated again since it was listed: then it is found under its new name.
            }
        }
        return dated.sorted {
            $0.status.modifiedNanoseconds != $1.status.modifiedNanoseconds
                ? $0.status.modifiedNanoseconds < $1.status.modifiedNanoseconds
                : RotatedName.isRotatedEarlier($0.path, than: $1.path)
        }
    }

    private func isLater(_ path: String, _ status: FileStatus, than copy: OpenCopy) -> Bool {
        let times = (status.modifiedNanoseconds, copy.status.modifiedNanoseconds)
        return times.0 != times.1 ? times.0 > times.1 : RotatedName.isRotatedEarlier(copy.path, than: path)
    }

    private func possibleCopies() throws(SystemError) -> [String] {
        var found: [String] = []
        for place in places {
            let directory = Discovery.parent(of: place)
            found += try syscalls.list(directory).sorted().map { Discovery.join(directory, $0) }
                .filter { RotatedName.bases(of: $0).contains(place) }
        }
        return found
    }
}

extension Checkpoint {
    /// Of a file of which nothing has been read.
    static func nothing(of identity: FileIdentity, at path: String) -> Checkpoint {
        Checkpoint(path: path, identity: identity, generation: 0, offset: 0, lines: 0, head: .none, before: .none)
    }
}
