import Events
import Glibc

/// A finished log, plain or compressed, from a path or from standard input (`-`), as a run of the bytes
/// that it holds.
///
/// `read(into:)` belongs to one thread at a time; `read(into:at:)` to any number of threads at once.
package final class LogStream: @unchecked Sendable {
    // Sendable: all that `read(into:at:)` touches is constant; `read(into:)` is one thread's by contract.

    /// As given; `-` is standard input.
    package let path: String
    package let format: LogFormat
    /// Bytes on disk, for a progress bar over `bytesTaken`; nil where nobody knows (a pipe).
    package let size: Int64?
    /// Whether `read(into:at:)` works: a plain file on disk, which can be cut into ranges.
    package let isSeekable: Bool
    /// Bytes taken from the disk so far, before decompression; never more than `size` of a file that does not grow.
    package private(set) var bytesTaken: Int64 = 0
    /// What was wrong with an archive whose readable part was used all the same; nil while nothing was.
    package private(set) var fault: ArchiveFault?
    /// The same in words.
    package var damage: String? { fault?.description }

    private let descriptor: Int32
    private let syscalls: Syscalls
    /// Nil for plain text.
    private let decompressor: (any Decompressor)?
    /// Bytes as they lie on disk: `inputStart ..< inputEnd` are read and not yet handed out or decompressed.
    private let input: UnsafeMutableRawBufferPointer
    private var inputStart = 0
    private var inputEnd: Int
    private var memberIsOpen = true
    private var isOver = false

    private static let inputBytes = 64 * 1_024

    /// Opens and looks at the first bytes.
    ///
    /// Throws `LogStreamError` with the path and the reason.
    package init(path: String, syscalls: Syscalls = .live) throws(LogStreamError) {
        let descriptor = try LogStream.open(path, syscalls)
        let input = UnsafeMutableRawBufferPointer.allocate(byteCount: LogStream.inputBytes, alignment: 16)
        do throws(SystemError) {
            let status = try syscalls.status(descriptor)
            let (format, count) = try LogStream.lookAtHead(descriptor, input, syscalls)
            self.path = path
            self.descriptor = descriptor
            self.syscalls = syscalls
            self.input = input
            self.format = format
            size = status.kind == .regular ? status.size : nil
            isSeekable = status.kind == .regular && format == .plain
            decompressor = format.makeDecompressor()
            inputEnd = count
        } catch {
            syscalls.close(descriptor)
            input.deallocate()
            throw LogStreamError(path: path, reason: error.reason)
        }
        // Advice only: a pipe refuses it, and reading goes on as well.
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit {
        syscalls.close(descriptor)
        input.deallocate()
    }

    /// Fills `buffer` with the next plain bytes, as many as come at once; 0 at the end (or for an empty buffer).
    ///
    /// Throws `LogStreamError` when the disk fails, or when the archive asks for more memory than it gets. A damaged or
    /// cut-off archive ends early and says so in `fault`.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogStreamError) -> Int {
        guard !isOver, buffer.count > 0 else { return 0 }
        let count: Int
        if let decompressor {
            count = try readCompressed(with: decompressor, into: buffer)
        } else {
            count = try readPlain(into: buffer)
        }
        if count == 0 { isOver = true }
        return count
    }

    /// Fills `buffer` from `offset` (bytes of the file) of a log that `isSeekable`; short only at the end of the file.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(LogStreamError) -> Int {
        precondition(isSeekable, "a range of a stream that has none")
        var filled = 0
        do throws(SystemError) {
            while filled < buffer.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                let count = try syscalls.readAt(descriptor, rest, offset + Int64(filled))
                if count == 0 { break }
                filled += count
            }
        } catch {
            throw LogStreamError(path: path, reason: error.reason)
        }
        return filled
    }

    private func readPlain(into buffer: UnsafeMutableRawBufferPointer) throws(LogStreamError) -> Int {
        if inputStart < inputEnd {
            let count = min(inputEnd - inputStart, buffer.count)
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[inputStart..<inputStart + count]))
            inputStart += count
            bytesTaken += Int64(count)
            return count
        }
        let count = try readFromDisk(into: buffer)
        bytesTaken += Int64(count)
        return count
    }

    private func readCompressed(
        with decompressor: any Decompressor, into buffer: UnsafeMutableRawBufferPointer
    ) throws(LogStreamError) -> Int {
        while true {
            if !memberIsOpen {
                guard try startNextMember(decompressor) else { return 0 }
            }
            // Also without input: what was taken and did not fit before comes first.
            let (step, taken, made) = decompressor.step(
                UnsafeRawBufferPointer(rebasing: input[inputStart..<inputEnd]), into: buffer)
            inputStart += taken
            bytesTaken += Int64(taken)
            switch step {
            case .progressed:
                if made > 0 { return made }
                if taken > 0 { continue }
                if inputStart < inputEnd {
                    // Neither takes nor makes, with room for both: it never would.
                    fault = .damaged(at: bytesTaken, "it does not go on")
                    return 0
                }
                if try !refill() {
                    fault = .cutOff(bytes: bytesTaken)
                    return 0
                }
            case .memberEnded:
                memberIsOpen = false
                if made > 0 { return made }
            case .damaged(let words):
                fault = .damaged(at: bytesTaken, words)
                isOver = true
                return made
            case .refused(let words):
                fault = .refused(words)
                isOver = true
                throw LogStreamError(path: path, reason: words, isRefused: true)
            }
        }
    }

    /// Whether another member follows one. Zeros between and behind them are padding, anything else is damage.
    private func startNextMember(_ decompressor: any Decompressor) throws(LogStreamError) -> Bool {
        while true {
            while inputStart < inputEnd, input[inputStart] == 0 {
                inputStart += 1
                bytesTaken += 1
            }
            if inputStart < inputEnd { break }
            guard try refill() else { return false }
        }
        guard decompressor.beginsMember(with: input[inputStart]) else {
            fault = .followed(at: bytesTaken, format)
            return false
        }
        decompressor.startMember()
        memberIsOpen = true
        return true
    }

    /// Replaces the input, all of which has been used; false at the end of the file.
    private func refill() throws(LogStreamError) -> Bool {
        (inputStart, inputEnd) = (0, 0)
        inputEnd = try readFromDisk(into: input)
        return inputEnd > 0
    }

    private func readFromDisk(into buffer: UnsafeMutableRawBufferPointer) throws(LogStreamError) -> Int {
        do throws(SystemError) {
            return try LogStream.readWaiting(descriptor, buffer, syscalls)
        } catch {
            throw LogStreamError(path: path, reason: error.reason)
        }
    }

    private static func open(_ path: String, _ syscalls: Syscalls) throws(LogStreamError) -> Int32 {
        do throws(SystemError) {
            if path == "-" {
                let copy = dup(STDIN_FILENO)
                if copy < 0 { throw SystemError(call: "dup", number: errno) }
                return copy
            }
            switch try syscalls.statusOfPath(path, true).kind {
            case .directory: throw SystemError(call: "open", number: EISDIR)
            case .other, .pipe: return try openWaiting(path)
            case .regular, .symbolicLink: return try syscalls.open(path)
            }
        } catch {
            throw LogStreamError(path: path, reason: error.reason)
        }
    }

    /// Opens a pipe, waiting for somebody to write to it.
    private static func openWaiting(_ path: String) throws(SystemError) -> Int32 {
        while true {
            let descriptor = PathText.withBytes(path) { Glibc.open($0, O_RDONLY | O_CLOEXEC) }
            if descriptor >= 0 { return descriptor }
            if errno != EINTR { throw SystemError(call: "open", number: errno) }
        }
    }

    private static func lookAtHead(
        _ descriptor: Int32, _ input: UnsafeMutableRawBufferPointer, _ syscalls: Syscalls
    ) throws(SystemError) -> (format: LogFormat, count: Int) {
        var count = 0
        while true {
            let rest = UnsafeMutableRawBufferPointer(rebasing: input[count...])
            let got = try readWaiting(descriptor, rest, syscalls)
            count += got
            if let format = LogFormat.of(input[..<count]) { return (format, count) }
            if got == 0 { return (.plain, count) }
        }
    }

    /// Reads; where the descriptor is a pipe with nothing in it yet, waits for the writer.
    private static func readWaiting(
        _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, _ syscalls: Syscalls
    ) throws(SystemError) -> Int {
        while true {
            do throws(SystemError) {
                return try syscalls.read(descriptor, buffer)
            } catch {
                guard error.number == EAGAIN else { throw error }
                var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                if poll(&waiting, 1, -1) < 0 && errno != EINTR { throw SystemError(call: "poll", number: errno) }
            }
        }
    }
}

/// Why a finished log cannot be read.
package struct LogStreamError: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String
    /// In words, without the path.
    package let reason: String
    /// The archive itself is refused; its path and permissions are fine.
    package var isRefused = false

    package var description: String { "\(path): \(reason)" }
}
