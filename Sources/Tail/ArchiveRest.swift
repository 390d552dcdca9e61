import CLinux
import Events
import Glibc

/// The rest of a log that was compressed, or copied and deleted, while nobody was following it.
///
/// What follows a checkpoint is unpacked into a file without a name, at the offsets it had in the log, with the bytes that
/// prove the checkpoint: so it is read, resumed and accounted for like any other file. Disk space is that of the rest.
enum ArchiveRest {
    /// What a look through some archives came to.
    enum Outcome {
        /// The caller closes the descriptor of the file without a name. With what was wrong with the archive, if anything.
        case found(descriptor: Int32, path: String, damage: String?)
        /// It may be in an archive of so many bytes that ends in the middle, as one does that is still being written.
        case cutOff(bytes: Int64)
        /// None holds it; why of those that may have, in words that begin with the path.
        case missing(reasons: [String])
    }

    /// What one archive is to a checkpoint.
    private enum Match {
        case rest
        /// Another log, or not as much of it.
        case other
        /// It ends, or is not read, before that can be told.
        case untold(ArchiveFault)
    }

    /// Unpacks from the first of `paths` that holds the log of `checkpoint`.
    ///
    /// An archive that is cut off is used only if `acceptsCutOff` says so of its size. Throws `SystemError` when the disk
    /// fails or is full.
    static func unpack(
        _ checkpoint: Checkpoint, from paths: [String], syscalls: Syscalls, acceptsCutOff: (Int64) -> Bool
    ) throws(SystemError) -> Outcome {
        var reasons: [String] = []
        var waitingBytes: Int64?
        for path in paths {
            guard let stream = try open(path, syscalls) else { continue }
            let descriptor = margay_temporary_file()
            if descriptor < 0 { throw SystemError(call: "open", number: -descriptor) }
            var isKept = false
            defer { if !isKept { syscalls.close(descriptor) } }
            let match = try copy(stream, checkpoint, into: descriptor, syscalls)
            if case .other = match { continue }
            if case .cutOff(let bytes)? = stream.fault, !acceptsCutOff(bytes) {
                waitingBytes = max(waitingBytes ?? 0, bytes)
                continue
            }
            switch match {
            case .rest:
                isKept = true
                return .found(descriptor: descriptor, path: path, damage: stream.damage)
            case .untold(let fault): reasons.append("\(path) \(fault)")
            case .other: break
            }
        }
        if let waitingBytes { return .cutOff(bytes: waitingBytes) }
        return .missing(reasons: reasons)
    }

    /// Nil where nothing lies at the path any more. What cannot be opened now is tried again later, by whoever catches.
    private static func open(_ path: String, _ syscalls: Syscalls) throws(SystemError) -> LogStream? {
        do throws(SystemError) {
            syscalls.close(try syscalls.open(path))
        } catch {
            guard [ENOENT, ENOTDIR, ELOOP, EISDIR, ENXIO].contains(error.number) else { throw error }
            return nil
        }
        do throws(LogStreamError) {
            return try LogStream(path: path, syscalls: syscalls)
        } catch {
            return nil  // Rotated in between.
        }
    }

    /// Copies what matters of `stream`; stops as soon as it shows not to be the log of the checkpoint.
    private static func copy(
        _ stream: LogStream, _ checkpoint: Checkpoint, into descriptor: Int32, _ syscalls: Syscalls
    ) throws(SystemError) -> Match {
        let proofStart = checkpoint.offset - Int64(checkpoint.before.length)
        var block = [UInt8](repeating: 0, count: 64 * 1_024)
        var head: [UInt8] = []
        var position: Int64 = 0
        var isProven = false
        while true {
            let count = try read(stream, &block)
            if count == 0 { break }
            if head.count < checkpoint.head.length {
                head += block[..<min(count, checkpoint.head.length - head.count)]
                if head.count == checkpoint.head.length {
                    guard head.withUnsafeBytes({ SipHash.hash64($0) }) == checkpoint.head.hash else { return .other }
                    try write(head[...], at: 0, into: descriptor)
                }
            }
            let skipped = Int(clamping: max(0, proofStart - position))
            if skipped < count { try write(block[skipped..<count], at: position + Int64(skipped), into: descriptor) }
            position += Int64(count)
            if !isProven, position >= checkpoint.offset {
                // Two logs may begin alike; what stands before the checkpoint tells them apart.
                guard try checkpoint.before.holds(in: descriptor, endingAt: checkpoint.offset, syscalls: syscalls)
                else { return .other }
                isProven = true
            }
        }
        if isProven && head.count == checkpoint.head.length { return .rest }
        return stream.fault.map(Match.untold) ?? .other
    }

    private static func read(_ stream: LogStream, _ block: inout [UInt8]) throws(SystemError) -> Int {
        var count = 0
        var hasFailed = false
        block.withUnsafeMutableBytes { bytes in
            do throws(LogStreamError) {
                count = try stream.read(into: bytes)
            } catch {
                hasFailed = true
            }
        }
        // An archive that is refused is at its end; `fault` says why.
        if hasFailed && stream.fault == nil { throw SystemError(call: "read", number: EIO) }
        return count
    }

    private static func write(_ bytes: ArraySlice<UInt8>, at offset: Int64, into descriptor: Int32) throws(SystemError)
    {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written, off_t(offset) + written)
            }
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { throw SystemError(call: "pwrite", number: count == 0 ? ENOSPC : errno) }
            written += count
        }
    }
}

extension Follower {
    /// An archive that was cut off when it was last looked at.
    struct UnfinishedArchive {
        var bytes: Int64
        /// Since when it has had this size, in nanoseconds of the follower's clock.
        var since: Int64
    }

    /// Looks for the rest of a log in archives, in the first turn of a follower that was made for it. Nil: go on reading.
    ///
    /// An archive that is cut off may still be being written: it is used, as far as it goes, once it has not grown for as
    /// long as a file that has left its path is waited for.
    func openArchive() throws(SystemError) -> TurnResult? {
        let wanted: Checkpoint
        let paths: [String]
        switch origin {
        case .archive(let checkpoint, let found): (wanted, paths) = (checkpoint, found)
        case .knownArchive(let checkpoint): (wanted, paths) = (checkpoint, [current.path])
        case .unknownArchive: (wanted, paths) = (.nothing(of: identity, at: current.path), [current.path])
        default: return nil
        }
        generation = wanted.generation
        let now = clock()
        let unfinished = unfinishedArchive
        let outcome = try ArchiveRest.unpack(wanted, from: paths, syscalls: syscalls) { bytes in
            unfinished.map { $0.bytes == bytes && now - $0.since >= limits.leavingQuietNanos } ?? false
        }
        switch outcome {
        case .found(let descriptor, let path, let damage):
            if case .unknownArchive = origin, try !isNew(descriptor, isDamaged: damage != nil) {
                syscalls.close(descriptor)
                return leaveArchive("an archive of what was read before it was compressed")
            }
            if case .archive = origin { try settleArchive(path) }
            origin = .resume(wanted)
            current.descriptor = descriptor
            relatives.attach(descriptor, to: self)
            taken.note("its rest from \(path)\(damage.map { ", " + $0 } ?? "")")
            return nil
        case .cutOff(let bytes):
            let since = unfinished.flatMap { $0.bytes == bytes ? $0.since : nil } ?? now
            unfinishedArchive = UnfinishedArchive(bytes: bytes, since: since)
            fileState = .draining
            taken.note("the archive of its rest is not finished yet")
            return .atEnd(lookAgain: since + limits.leavingQuietNanos)
        case .missing(let reasons):
            let known = reasons.isEmpty ? "" : " (\(reasons.joined(separator: ", ")))"
            guard case .archive = origin else {
                return leaveArchive("an archive that holds no log that is followed\(known)")
            }
            begin(at: wanted.offset, lines: wanted.lines)
            head = wanted.head
            origin = .settled
            taken.note("gone; what it held after byte \(wanted.offset) is not known\(known)")
            fileState = .finished
            return .finished
        }
    }

    /// Whether nobody has read what was unpacked, or is going to; from here on it is read as a part of the log.
    private func isNew(_ descriptor: Int32, isDamaged: Bool) throws(SystemError) -> Bool {
        try !isKnown(descriptor, isDamaged: isDamaged) && relatives.declareIndependent(self)
    }

    /// Leaves an archive alone, and remembers it by its identity.
    private func leaveArchive(_ note: String) -> TurnResult {
        origin = .settled
        fileState = .skipped
        taken.note(note)
        return .finished
    }

    /// Remembers by its identity the archive in which the rest of a log was found.
    private func settleArchive(_ path: String) throws(SystemError) {
        let status = try syscalls.statusOfPath(path, false)
        settled.append(
            FileProgress(
                checkpoint: .nothing(of: status.identity, at: path), source: sourceName, state: .skipped,
                size: status.size, lines: 0, events: 0, bytesLost: 0, note: "an archive of \(log)"))
    }
}
