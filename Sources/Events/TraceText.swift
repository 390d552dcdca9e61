/// The lines of a record, ready to be read as a trace: bounded, without colours, without the prefixes of log shippers.
///
/// The bytes live as long as the call of `read` that made it.
struct TraceText {
    private let lines: [UnsafeRawBufferPointer]

    var count: Int { lines.count }

    /// The line, or an empty one behind the end.
    subscript(line: Int) -> UnsafeRawBufferPointer {
        line >= 0 && line < lines.count ? lines[line] : UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// Lends the text of `record` to `body`.
    static func read<Result>(_ record: UnsafeRawBufferPointer, _ body: (TraceText) -> Result) -> Result {
        let clean = withoutColours(record)
        return clean.withUnsafeBytes { bytes in
            var lines: [UnsafeRawBufferPointer] = []
            var start = 0
            while start < bytes.count && lines.count < StackTrace.linesMax {
                let end = bytes.find(0x0a, from: start) ?? bytes.count
                lines.append(bytes.cut(from: start, to: end))
                start = end + 1
            }
            return body(TraceText(lines: LinePrefix.removed(from: lines)))
        }
    }

    /// Copies at most `StackTrace.bytesMax` bytes; drops terminal colours and carriage returns, makes NULs blanks.
    private static func withoutColours(_ record: UnsafeRawBufferPointer) -> [UInt8] {
        let limit = min(record.count, StackTrace.bytesMax)
        var clean = [UInt8]()
        clean.reserveCapacity(limit)
        var index = 0
        while index < limit {
            let byte = record[index]
            if byte == 0x1b {
                index = LineCleaner.escapeEnd(record, at: index)
                continue
            }
            if byte != 0x0d { clean.append(byte == 0 ? 0x20 : byte) }
            index += 1
        }
        return clean
    }
}
