package import Events
import Patterns
import Scan
import Tail

/// A finished log that is being scanned, with all that its blocks have in common.
package final class ScannedFile: Sendable {
    package let path: String
    package let patterns: CompiledSet
    /// Time of records that have none of their own: the file's last change.
    package let fallbackTime: Timestamp
    package let zone: TimeZoneRules

    init(path: String, patterns: CompiledSet, fallbackTime: Timestamp, zone: TimeZoneRules) {
        self.path = path
        self.patterns = patterns
        self.fallbackTime = fallbackTime
        self.zone = zone
    }
}

/// Whole records of one finished log, read into a buffer of the caller's.
struct Block {
    /// Counts all blocks of a scan from 0, in the order of the files and of the bytes.
    let number: Int
    let file: ScannedFile
    /// Bytes of the buffer that are the block.
    let count: Int
    /// They are in the buffer's `text`, with their places.
    let isDecoded: Bool
    /// Of its first byte in the (decompressed) file.
    let offset: Int64
    /// Number of its first line, from 1.
    let line: Int64
    let beginsInside: Bool
}

/// Hands out finished logs block by block, to as many threads as ask, each block cut between two records.
///
/// Reading and cutting happen under one lock and cost a tenth of scanning; memory is one buffer a thread.
final class BlockReader: @unchecked Sendable {
    // Safe to share: `state` is touched within `monitor.locked` only.
    private var state: ReaderState
    private let monitor = Monitor()

    /// Bytes that are read for a block; it grows when a record or a line is longer.
    static let blockBytes = 512 * 1_024
    /// A longer line is cut there, and the rest of it skipped.
    static let lineBytesMax = 1_024 * 1_024

    /// What a reader has come upon so far.
    struct Totals: Sendable {
        /// Bytes taken from disk, of all files so far.
        var bytesRead: Int64 = 0
        var lines: Int64 = 0
        var filesRead = 0
        /// Lines cut at `lineBytesMax`.
        var linesCut = 0
        /// Lines that are not wrapped as the others of their file.
        var linesForeign = 0
        /// What could not be read, or not wholly.
        var faults: [Diagnostic] = []
        /// Which packs were chosen for which file, and why.
        var choices: [(path: String, reason: String)] = []
    }

    /// `files` in the order in which they are read. `open` is called under the lock, once for each.
    init(files: [String], open: @escaping (String) -> Result<OpenLog, Diagnostic>) {
        state = ReaderState(pending: files.reversed(), open: open)
    }

    var totals: Totals {
        monitor.locked {
            var totals = state.totals
            totals.bytesRead += state.current?.stream.bytesTaken ?? 0
            return totals
        }
    }

    /// Fills `buffer` with the next block; nil when all files are read. `buffer` is grown when a record needs it.
    func next(into buffer: BlockBuffer) -> Block? { monitor.locked { state.next(into: buffer) } }
}

/// Where a reader is. Under its lock.
private struct ReaderState {
    var pending: [String]
    let open: (String) -> Result<OpenLog, Diagnostic>
    var current: OpenLog?
    var blockNumber = 0
    var totals = BlockReader.Totals()

    /// The next block of this or a later file; nil when all are read.
    mutating func next(into buffer: BlockBuffer) -> Block? {
        while true {
            guard let log = current else {
                guard let path = pending.popLast() else { return nil }
                switch open(path) {
                case .failure(let fault): totals.faults.append(fault)
                case .success(let log):
                    totals.choices.append((path, log.reason))
                    current = log
                }
                continue
            }
            if let block = log.next(into: buffer, number: blockNumber) {
                blockNumber += 1
                return block
            }
            close()
        }
    }

    /// Takes leave of the current file and keeps what it has to say.
    private mutating func close() {
        guard let log = current else { return }
        totals.bytesRead += log.stream.bytesTaken
        totals.filesRead += 1
        totals.lines += log.line - 1
        totals.linesCut += log.linesCut + log.linesJoinedAndCut
        totals.linesForeign += log.linesForeign
        if let fault = log.fault { totals.faults.append(fault) }
        current = nil
    }
}

/// Room for one block, owned by one thread.
final class BlockBuffer {
    private(set) var bytes: UnsafeMutableRawBufferPointer
    /// What was decoded of a log that does not lie on disk as it is scanned.
    let text = DecodedText()

    init() { bytes = .allocate(byteCount: BlockReader.blockBytes * 2, alignment: 64) }

    deinit { bytes.deallocate() }

    /// Doubles the room and keeps the first `count` bytes.
    func grow(keeping count: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count * 2, alignment: 64)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        bytes.deallocate()
        bytes = larger
    }
}

/// A log that is open for scanning. Used under the reader's lock.
final class OpenLog {
    let stream: LogStream
    let file: ScannedFile
    /// Why these packs apply to it.
    let reason: String
    var line: Int64 = 1
    var linesCut = 0
    /// Besides those, cut, lines joined of several.
    var linesJoinedAndCut = 0
    var linesForeign = 0
    private(set) var fault: Diagnostic?

    let layout: TextLayout
    /// Makes text of what is read; nil where nothing is to be made.
    var decoder: LineDecoder?
    /// Read and not yet handed out.
    var carry: [UInt8]
    var offset: Int64 = 0
    var cutter = RecordCutter()
    private(set) var isOver = false
    /// A line was cut; what follows of it, up to its newline, is still to be skipped.
    var isSkippingLine = false

    /// `head` are the bytes that were read to choose the packs, of which the first `told.markBytes` are no text.
    init(stream: LogStream, head: [UInt8], told: TextLayout.Told, file: ScannedFile, reason: String) {
        self.stream = stream
        self.file = file
        self.reason = reason
        layout = told.layout
        if !layout.isPlain { decoder = LineDecoder(layout, lineBytesMax: BlockReader.lineBytesMax) }
        carry = Array(head[told.markBytes...])
        offset = Int64(told.markBytes)
    }

    /// The next block; nil at the end.
    func next(into buffer: BlockBuffer, number: Int) -> Block? {
        if decoder != nil { return nextDecoded(into: buffer, number: number) }
        while buffer.bytes.count < carry.count { buffer.grow(keeping: 0) }
        carry.withUnsafeBytes { buffer.bytes.copyMemory(from: $0) }
        var count = carry.count
        carry.removeAll(keepingCapacity: true)
        var wanted = BlockReader.blockBytes
        while true {
            fill(buffer, &count, upTo: wanted)
            if isSkippingLine { skipLine(buffer, &count) }
            if count == 0 && isOver { return nil }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count])
            let usable = cut(bytes)
            if usable.count > 0 {
                return hand(out: usable, of: bytes, number: number)
            }
            wanted = count + BlockReader.blockBytes
        }
    }

    /// Reads up to `wanted` bytes, those that are there included.
    func fill(_ buffer: BlockBuffer, _ count: inout Int, upTo wanted: Int) {
        while !isOver, count < wanted {
            if buffer.bytes.count < wanted { buffer.grow(keeping: count) }
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[count...])
            do throws(LogStreamError) {
                let got = try stream.read(into: room)
                count += got
                if got == 0 { isOver = true }
            } catch {
                fault = Diagnostic(
                    Place(path: error.path), .error, rule: "unreadable", error.reason,
                    remedy: error.isRefused
                        ? "then scan what comes out as '-'; what came before was scanned"
                        : "what came before it was scanned")
                isOver = true
            }
        }
        if isOver, fault == nil, let damage = stream.damage {
            fault = Diagnostic(
                Place(path: file.path), .error, rule: "damaged", damage, remedy: "what could be read of it was scanned")
        }
    }

    /// Bytes that form whole records, and whether they begin inside one. None when more must be read first.
    private func cut(_ bytes: UnsafeRawBufferPointer) -> (count: Int, beginsInside: Bool) {
        if isOver {
            let cut = cutter.cut(bytes, isLast: true)
            return (cut.usable, cut.beginsInside)
        }
        guard let newline = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
            guard bytes.count >= BlockReader.lineBytesMax else { return (0, false) }
            linesCut += 1
            isSkippingLine = true
            return (bytes.prefixBeforeCutCharacter(BlockReader.lineBytesMax), false)
        }
        let lines = UnsafeRawBufferPointer(rebasing: bytes[...newline])
        let before = cutter
        let cut = cutter.cut(lines, isLast: false)
        if cut.usable == 0 { cutter = before }
        return (cut.usable, cut.beginsInside)
    }

    /// Drops the rest of a line that was cut, up to and with its newline.
    private func skipLine(_ buffer: BlockBuffer, _ count: inout Int) {
        let bytes = UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count])
        let end = bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? count
        offset += Int64(end)
        if end < count || (end > 0 && bytes[end - 1] == UInt8(ascii: "\n")) {
            isSkippingLine = false
            line += 1
        }
        let rest = [UInt8](bytes[end...])
        rest.withUnsafeBytes { buffer.bytes.copyMemory(from: $0) }
        count = rest.count
    }

    private func hand(out usable: (count: Int, beginsInside: Bool), of bytes: UnsafeRawBufferPointer, number: Int)
        -> Block
    {
        let block = Block(
            number: number, file: file, count: usable.count, isDecoded: false, offset: offset, line: line,
            beginsInside: usable.beginsInside)
        carry.append(contentsOf: bytes[usable.count...])
        offset += Int64(usable.count)
        line += Int64(UnsafeRawBufferPointer(rebasing: bytes[..<usable.count]).newlineCount)
        return block
    }
}

extension UnsafeRawBufferPointer {
    /// `limit`, or a little less, so that no UTF-8 character is cut in two.
    fileprivate func prefixBeforeCutCharacter(_ limit: Int) -> Int {
        var end = Swift.min(limit, count)
        while end > limit - 4, end > 0, end < count, self[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }
}
