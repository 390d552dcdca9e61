import CLinux
import Events
import Glibc

/// The rest of a log that was compressed, or copied and deleted, while nobody was following it.
///
/// What follows a checkpoint is unpacked into a file without a name, at the offsets it had in the log, with the bytes that
/// prove the checkpoint: so it is read, resumed and accounted for like any other file. Disk space is that of the rest.
enum ArchiveRest {
    /// Unpacks from the first of `paths` that holds the log of `checkpoint`; nil when none does.
    ///
    /// Returns the descriptor of the file without a name, which the caller closes, and the path. Throws `SystemError` when
    /// the disk fails or is full, or when an archive that begins right is cut off, since it may still be being written.
    static func unpack(
        _ checkpoint: Checkpoint, from paths: [String], syscalls: Syscalls
    ) throws(SystemError) -> (descriptor: Int32, path: String)? {
        for path in paths {
            let stream: LogStream
            do throws(LogStreamError) {
                stream = try LogStream(path: path, asBytes: true, syscalls: syscalls)
            } catch {
                continue  // Rotated again, or of a kind that is not read.
            }
            let descriptor = margay_temporary_file()
            if descriptor < 0 { throw SystemError(call: "open", number: -descriptor) }
            do throws(SystemError) {
                if try copy(stream, checkpoint, into: descriptor) { return (descriptor, path) }
            } catch {
                syscalls.close(descriptor)
                throw error
            }
            syscalls.close(descriptor)
        }
        return nil
    }

    /// Copies what matters of `stream`; false as soon as it shows not to be the log of the checkpoint.
    private static func copy(
        _ stream: LogStream, _ checkpoint: Checkpoint, into descriptor: Int32
    ) throws(SystemError) -> Bool {
        let proofStart = checkpoint.offset - Int64(checkpoint.before.length)
        var block = [UInt8](repeating: 0, count: 64 * 1_024)
        var head: [UInt8] = []
        var position: Int64 = 0
        while true {
            let count = try read(stream, &block)
            if count == 0 { break }
            let wasProven = head.count == checkpoint.head.length
            if !wasProven {
                head += block[..<min(count, checkpoint.head.length - head.count)]
                if head.count == checkpoint.head.length {
                    guard head.withUnsafeBytes({ SipHash.hash64($0) }) == checkpoint.head.hash else { return false }
                    try write(head[...], at: 0, into: descriptor)
                }
            }
            let skipped = Int(clamping: max(0, proofStart - position))
            if skipped < count { try write(block[skipped..<count], at: position + Int64(skipped), into: descriptor) }
            position += Int64(count)
        }
        guard head.count == checkpoint.head.length, position >= checkpoint.offset else {
            if stream.damage != nil, head.count == checkpoint.head.length {
                throw SystemError(call: "read", number: EAGAIN)
            }
            return false
        }
        return true
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
        if hasFailed { throw SystemError(call: "read", number: EIO) }
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
    /// Looks for the rest of a log in archives, in the first turn of a follower that was made for it. Nil: go on reading.
    func openArchive() throws(SystemError) -> TurnResult? {
        guard case .archive(let checkpoint, let paths) = origin else { return nil }
        generation = checkpoint.generation
        guard let found = try ArchiveRest.unpack(checkpoint, from: paths, syscalls: syscalls) else {
            begin(at: checkpoint.offset, lines: checkpoint.lines)
            head = checkpoint.head
            origin = .settled
            taken.note("gone; what it held after byte \(checkpoint.offset) is not known")
            fileState = .finished
            return .finished
        }
        origin = .resume(checkpoint)
        current.descriptor = found.descriptor
        relatives.attach(found.descriptor, to: self)
        taken.note("its rest from \(found.path)")
        return nil
    }
}
