import Events

/// Reads the lines of an open file from any place on and tells the times in them: what `StartSearch` looks through.
///
/// Reads blocks of a bounded size with pread(2) and keeps nothing but the head and the tail of one line.
struct DatedLines {
    /// A line with a time and a date in its head.
    struct Line: Equatable, Sendable {
        /// Its first byte in the file.
        var offset: Int64
        var time: Timestamp
        /// It certainly begins a record, so that the time is no part of a message.
        var isCertain: Bool
    }

    /// Why no more lines were read.
    enum Ending: Equatable, Sendable {
        /// As many dated lines as were asked for.
        case enough
        /// All lines that were asked for have been read.
        case end
        /// The bytes that might be read are used up.
        case limit
    }

    struct Found: Equatable, Sendable {
        var lines: [Line] = []
        /// Where the line begins that was not looked at any more.
        var next: Int64
        var ending = Ending.end
    }

    /// Behind the byte order mark, if there is one.
    let textStart: Int64
    /// Bytes of the file that are looked at, in whole units.
    let size: Int64
    /// Whether only lines that certainly begin a record are told.
    var onlyCertain = false
    /// Bytes read so far, of all calls.
    private(set) var bytesRead = 0

    private let descriptor: Int32
    private let syscalls: Syscalls
    private let form: TextForm
    private var scanner: TimestampScanner
    private var block = [UInt8](repeating: 0, count: 16 * 1_024)

    /// Bytes of a line's head in which a header is looked for: enough for `RecordHeader.bytesMax` in UTF-16.
    private static let headBytesMax = 2 * RecordHeader.bytesMax
    /// Bytes of a line's end in which a container's time is looked for.
    private static let tailBytesMax = 128

    /// `reference` gives the year to times without one: when the file was last written to.
    init(
        descriptor: Int32, syscalls: Syscalls, form: TextForm, textStart: Int64, size: Int64, zone: TimeZoneRules,
        reference: Timestamp
    ) {
        self.descriptor = descriptor
        self.syscalls = syscalls
        self.form = form
        self.textStart = textStart
        self.size = size - size % Int64(form.unitBytes)
        scanner = TimestampScanner(zone: zone, reference: reference)
    }

    /// The dated lines that begin at `place` or behind it, and before `end`; at most `linesMax`, reading at most about
    /// `bytesMax`. An unfinished last line counts as one.
    mutating func lines(
        from place: Int64, before end: Int64, linesMax: Int, bytesMax: Int
    ) throws(SystemError) -> Found {
        let unit = Int64(form.unitBytes)
        let isHead = place <= textStart
        // One character earlier: a newline there says that a line begins at the place itself.
        var at = isHead ? textStart : place - place % unit - unit
        var line = OpenLine(start: isHead ? textStart : nil)
        var found = Found(next: isHead ? textStart : place)
        var left = bytesMax
        while at < size {
            guard left > 0 else {
                found.ending = .limit
                return found
            }
            let count = try readBlock(at: at)
            if count == 0 { break }
            left -= count
            var index = 0
            while let newline = nextNewline(from: index, until: count) {
                line.take(block[index..<newline])
                index = newline + Int(unit)
                if let dated = dated(line) { found.lines.append(dated) }
                line.begin(at: at + Int64(index))
                found.next = at + Int64(index)
                if found.next >= end { return found }
                if found.lines.count >= linesMax {
                    found.ending = .enough
                    return found
                }
            }
            line.take(block[index..<count])
            at += Int64(count)
        }
        if let dated = dated(line) { found.lines.append(dated) }
        return found
    }

    private mutating func readBlock(at offset: Int64) throws(SystemError) -> Int {
        let wanted = Int(min(Int64(block.count), size - offset))
        var result: Result<Int, SystemError> = .success(0)
        block.withUnsafeMutableBytes { all in
            do throws(SystemError) {
                let target = UnsafeMutableRawBufferPointer(rebasing: all[..<wanted])
                result = .success(try syscalls.readAt(descriptor, target, offset))
            } catch {
                result = .failure(error)
            }
        }
        let count = try result.get()
        bytesRead += count
        return count - count % form.unitBytes
    }

    /// Where the next newline begins in the block.
    private func nextNewline(from index: Int, until count: Int) -> Int? {
        guard form.unitBytes == 2 else { return block[index..<count].firstIndex(of: UInt8(ascii: "\n")) }
        return block.withUnsafeBytes { all in
            stride(from: index, to: count, by: 2).first { form.unit(at: $0, in: all) == 0x0A }
        }
    }

    private mutating func dated(_ line: OpenLine) -> Line? {
        guard let start = line.start, !line.head.isEmpty else { return nil }
        let head = utf8(line.head)
        guard let first = head.first, first != UInt8(ascii: " "), first != UInt8(ascii: "\t") else { return nil }
        if let time = containerTime(head, utf8(line.tail)) { return Line(offset: start, time: time, isCertain: true) }
        let isCertain = head.withUnsafeBytes { RecordHeader.startsRecord($0) }
        guard isCertain || !onlyCertain else { return nil }
        guard let match = head.withUnsafeBytes({ scanner.scan($0) }), match.hasDate else { return nil }
        return Line(offset: start, time: match.time, isCertain: isCertain)
    }

    /// A container's log in JSON has its time behind the message, where no header is looked for.
    private mutating func containerTime(_ head: [UInt8], _ tail: [UInt8]) -> Timestamp? {
        guard head.starts(with: Array(#"{"log":"#.utf8)) else { return nil }
        let key = Array(#""time":""#.utf8)
        guard
            let place = stride(from: tail.count - key.count, through: 0, by: -1)
                .first(where: { tail[$0...].starts(with: key) })
        else { return nil }
        return Array(tail[(place + key.count)...]).withUnsafeBytes { scanner.scan($0) }?.time
    }

    private func utf8(_ raw: [UInt8]) -> [UInt8] {
        guard form != .utf8 else { return raw }
        let whole = raw.count - raw.count % form.unitBytes
        return [UInt8](unsafeUninitializedCapacity: form.utf8BytesMax(whole)) { memory, count in
            raw.withUnsafeBytes { bytes in
                let text = UnsafeMutableRawBufferPointer(memory)
                count = form.decode(UnsafeRawBufferPointer(rebasing: bytes[..<whole]), into: text).made
            }
        }
    }

    /// The line that is being read.
    private struct OpenLine {
        /// Nil while it is the rest of a line whose beginning was not read.
        var start: Int64?
        var head: [UInt8] = []
        var tail: [UInt8] = []

        init(start: Int64?) { self.start = start }

        /// Keeps the memory: there are many lines.
        mutating func begin(at offset: Int64) {
            start = offset
            head.removeAll(keepingCapacity: true)
            tail.removeAll(keepingCapacity: true)
        }

        mutating func take(_ bytes: ArraySlice<UInt8>) {
            guard start != nil, !bytes.isEmpty else { return }
            head += bytes.prefix(headBytesMax - head.count)
            tail += bytes.suffix(tailBytesMax)
            if tail.count > tailBytesMax { tail.removeFirst(tail.count - tailBytesMax) }
        }
    }
}
