import CLinux
import Events
import Glibc

/// The bytes of one file between the first one not accounted for and the last one read.
///
/// Invariant: `start <= wholeEnd <= end`. `start ..< wholeEnd` are whole lines that nobody has accounted for,
/// `wholeEnd ..< end` is a partial line and is never shown to a caller while it may still grow. What lies before `start`,
/// as far as it is still there, are the bytes that precede it in the file: they prove later that the file is still the
/// same. Index 0 is byte `base` of the file. One thread at a time.
final class LineBuffer {
    private let pool: BlockPool
    private var storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    /// Whether `storage` is a block that the pool will take back.
    private var isLent = false
    /// Bytes accounted for in the pool as kept between turns.
    private var accounted = 0
    private var base: Int64 = 0
    /// First index whose bytes are those of the file; before it is nothing.
    private var provenStart = 0
    private(set) var start = 0
    private(set) var wholeEnd = 0
    private(set) var end = 0

    /// Up to this many bytes are kept in memory of their own size; with more, the whole block stays with the file.
    static let compactBytesMax = 4 * 1_024

    init(pool: BlockPool) { self.pool = pool }

    deinit { release() }

    /// First byte of the file that is not accounted for.
    var offset: Int64 { base + Int64(start) }
    /// First byte of the file that has not been read.
    var position: Int64 { base + Int64(end) }
    /// Bytes of whole lines that are not accounted for.
    var heldBytes: Int { wholeEnd - start }
    /// Bytes of the partial line at the end.
    var partialBytes: Int { end - wholeEnd }

    subscript(range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(storage)[range])
    }

    /// The bytes just before the first one not read, at most `Checkpoint.beforeBytesMax`.
    var beforeEnd: UnsafeRawBufferPointer {
        self[max(provenStart, end - Checkpoint.beforeBytesMax)..<end]
    }

    /// The bytes just before the first one not accounted for, at most `Checkpoint.beforeBytesMax`.
    var beforeStart: UnsafeRawBufferPointer {
        self[max(provenStart, start - Checkpoint.beforeBytesMax)..<start]
    }

    /// Forgets everything and stands at byte `offset` of the file, of which `before` are the preceding bytes.
    func restart(at offset: Int64, before: UnsafeRawBufferPointer = .init(start: nil, count: 0)) {
        release()
        start = before.count
        end = before.count
        wholeEnd = before.count
        provenStart = 0
        base = offset - Int64(before.count)
        guard before.count > 0 else { return }
        storage = .allocate(byteCount: before.count, alignment: 8)
        storage.copyMemory(from: before)
    }

    /// Jumps over bytes of the file that hold nothing. Nothing may be held.
    func jump(to position: Int64) {
        precondition(start == end, "a jump would tear what is held")
        restart(at: position)
    }

    /// Free memory behind `end` for at most `bytes`; at least a quarter of them.
    ///
    /// The quarter keeps a file that holds much and grows by little from being copied at every turn.
    func room(for bytes: Int) -> UnsafeMutableRawBufferPointer {
        if storage.count - end < max(1, bytes / 4) { makeRoom(bytes) }
        return UnsafeMutableRawBufferPointer(rebasing: storage[end..<min(storage.count, end + bytes)])
    }

    /// Takes in `count` bytes that were read into `room`; whole lines have still to be told by `wholeLines(until:)`.
    func append(_ count: Int) {
        end += count
    }

    /// Declares that the whole lines end at `index`.
    func wholeLines(until index: Int) {
        precondition(index >= wholeEnd && index <= end)
        wholeEnd = index
    }

    /// Accounts for everything before `index`.
    func consume(until index: Int) {
        precondition(index >= start && index <= end)
        start = index
        wholeEnd = max(wholeEnd, index)
    }

    func byte(at index: Int) -> UInt8 { storage[index] }

    /// First index in `range` that holds `byte`; nil where none does.
    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        guard !range.isEmpty, let memory = storage.baseAddress,
            let found = memchr(memory + range.lowerBound, Int32(byte), range.count)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(memory)
    }

    /// Last index in `range` that holds `byte`; nil where none does.
    func lastIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        guard !range.isEmpty, let memory = storage.baseAddress else { return nil }
        let found = margay_last_index(memory + range.lowerBound, Int32(byte), range.count)
        return found < 0 ? nil : range.lowerBound + found
    }

    /// How often `byte` occurs in `range`.
    func count(of byte: UInt8, in range: Range<Int>) -> Int {
        guard !range.isEmpty, let memory = storage.baseAddress else { return 0 }
        return margay_count(memory + range.lowerBound, Int32(byte), range.count)
    }

    /// End of the run of NULs that begins at `index`.
    func nulRunEnd(from index: Int) -> Int {
        guard index < end, let memory = storage.baseAddress else { return index }
        return index + margay_nul_run(memory + index, end - index)
    }

    /// The unit at `index`, for a moment replaced by a newline: what is torn is shown as a line.
    func withNewline(at index: Int, _ form: TextForm, _ body: () -> Void) {
        let newline = form.isBigEndian ? index + 1 : index
        let first = storage[index]
        let last = storage[index + form.unitBytes - 1]
        if form.unitBytes == 2 { storage[form.isBigEndian ? index : index + 1] = 0 }
        storage[newline] = UInt8(ascii: "\n")
        body()
        storage[index] = first
        storage[index + form.unitBytes - 1] = last
    }

    /// Gives memory back after a turn. False when all files together keep too much: then nothing is held any more,
    /// and what was has to be read again from `offset`, unless `mayDrop` says that it cannot be.
    func settle(mayDrop: Bool = true) -> Bool {
        let keptStart = max(provenStart, start - Checkpoint.beforeBytesMax)
        let count = end - keptStart
        if count <= LineBuffer.compactBytesMax {
            if storage.count > count { replaceStorage(keptStart, count, lent: false) }
            account(0)
            return true
        }
        guard account(storage.count) || !mayDrop else {
            end = start
            wholeEnd = start
            replaceStorage(keptStart, start - keptStart, lent: false)
            account(0)
            return false
        }
        return true
    }

    /// Makes room for `bytes`. What is moved is little, or no more than what has been freed before it: each byte is
    /// moved a bounded number of times however the file grows.
    private func makeRoom(_ bytes: Int) {
        let keptStart = max(provenStart, start - Checkpoint.beforeBytesMax)
        let count = end - keptStart
        let isCheap = count <= LineBuffer.compactBytesMax || keptStart >= count
        if isCheap && count + bytes <= storage.count {
            if count > 0 { storage.copyMemory(from: self[keptStart..<end]) }
            moveIndices(by: keptStart)
        } else {
            replaceStorage(keptStart, count, lent: true, room: bytes)
        }
    }

    /// Moves the bytes from `keptStart` on into other memory: of the pool where they fit, or of their own size.
    private func replaceStorage(_ keptStart: Int, _ count: Int, lent: Bool, room: Int = 0) {
        var fresh = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        let fits = count + room <= pool.blockBytes
        if lent && fits {
            fresh = pool.take()
        } else if count + room > 0 {
            // Twice what is held, so that a line that grows is copied a number of times that is its logarithm.
            fresh = .allocate(byteCount: lent ? max(count * 2, count + room) : count, alignment: 64)
        }
        if count > 0 { fresh.copyMemory(from: self[keptStart..<keptStart + count]) }
        deallocate()
        storage = fresh
        isLent = lent && fits
        moveIndices(by: keptStart)
    }

    private func moveIndices(by distance: Int) {
        base += Int64(distance)
        provenStart = max(0, provenStart - distance)
        start -= distance
        wholeEnd -= distance
        end -= distance
    }

    @discardableResult
    private func account(_ bytes: Int) -> Bool {
        let change = bytes - accounted
        accounted = bytes
        return change == 0 || pool.account(change)
    }

    private func release() {
        account(0)
        deallocate()
    }

    private func deallocate() {
        if isLent { pool.giveBack(storage) } else { storage.deallocate() }
        storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        isLent = false
    }
}
