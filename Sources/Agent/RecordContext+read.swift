package import Events
import Glibc
import Tail

/// Finds the lines in the record's file or, once that was rotated, in the rotated or compressed twin that has the record at
/// the same place.
extension RecordContext {
    /// Bytes looked at before and behind the record's first byte.
    static let beforeBytesMax = 256 * 1_024
    static let afterBytesMax = 256 * 1_024
    /// Twins looked at, the newest first.
    static let twinsMax = 20
    /// Bytes of the record that have to agree.
    private static let proofBytes = 48

    /// Up to `lines` lines (0 to 1,000) on each side; nil where no file has the record any more.
    package static func read(_ sample: Sample, lines: Int) -> RecordContext? {
        for path in [sample.file] + twins(of: sample.file) {
            if let found = read(path, sample, lines: min(max(lines, 0), RecordContext.linesMax)) { return found }
        }
        return nil
    }

    private static func read(_ path: String, _ sample: Sample, lines: Int) -> RecordContext? {
        do throws(LogStreamError) {
            let stream = try LogStream(path: path)
            guard let window = try window(stream, round: sample.offset) else { return nil }
            return cut(window.bytes, at: window.place, path, sample, lines: lines)
        } catch {
            // A file that cannot be read is one that does not have it.
            return nil
        }
    }

    /// The bytes round an offset, and where it lies in them; nil where the file ends before it.
    private static func window(
        _ stream: LogStream, round offset: Int64
    ) throws(LogStreamError) -> (bytes: [UInt8], place: Int)? {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1_024, alignment: 16)
        defer { piece.deallocate() }
        var bytes: [UInt8] = []
        var start: Int64 = 0
        if stream.isSeekable { start = max(0, offset - Int64(beforeBytesMax)) }
        var position = start
        while position < offset + Int64(afterBytesMax) {
            let count = stream.isSeekable ? try stream.read(into: piece, at: position) : try stream.read(into: piece)
            guard count > 0 else { break }
            bytes.append(contentsOf: piece[..<count])
            position += Int64(count)
            let excess = Int(min(Int64(bytes.count), offset - Int64(beforeBytesMax) - start))
            if excess > beforeBytesMax {
                bytes.removeFirst(excess)
                start += Int64(excess)
            }
        }
        guard position > offset else { return nil }
        return (bytes, Int(offset - start))
    }

    private static func cut(
        _ bytes: [UInt8], at place: Int, _ path: String, _ sample: Sample, lines: Int
    ) -> RecordContext? {
        let isLineStart = place == 0 || bytes[place - 1] == UInt8(ascii: "\n")
        // What is kept has its secrets replaced, so only what stands before the first of them can be compared.
        let kept = sample.text.firstRange(of: "<secret>").map { sample.text[..<$0.lowerBound] } ?? sample.text[...]
        let proof = Array(kept.utf8.prefix(proofBytes).prefix { $0 != UInt8(ascii: "\n") && $0 < 0x80 && $0 >= 0x20 })
        guard isLineStart, bytes[place...].starts(with: proof) else { return nil }
        var before = bytes[..<place].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if before.last?.isEmpty == true { before.removeLast() }
        var rest = bytes[place...].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if rest.last?.isEmpty == true { rest.removeLast() }
        let own = max(1, sample.text.utf8.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 })
        func text(_ lines: some Sequence<ArraySlice<UInt8>>) -> [String] {
            lines.map { String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self) }
        }
        return RecordContext(
            path: path, before: text(before.suffix(lines)), record: text(rest.prefix(own)),
            after: text(rest.dropFirst(own).prefix(lines)))
    }

    /// Files beside `path` whose names begin like it: `app.log.1`, `app.log-20261122.gz`.
    private static func twins(of path: String) -> [String] {
        guard let slash = path.lastIndex(of: "/") else { return [] }
        let folder = String(path[...slash])
        let name = String(path[path.index(after: slash)...])
        guard let directory = PathText.withBytes(folder, { opendir($0) }) else { return [] }
        defer { closedir(directory) }
        var found: [(path: String, time: Int)] = []
        while let entry = readdir(directory) {
            let other = withUnsafeBytes(of: entry.pointee.d_name) { bytes in PathText.text(bytes.prefix { $0 != 0 }) }
            guard other.hasPrefix(name), other.utf8.count > name.utf8.count else { continue }
            var status = stat()
            guard PathText.withBytes(folder + other, { stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFREG
            else { continue }
            found.append((folder + other, status.st_mtim.tv_sec))
        }
        return found.sorted { ($0.time, $0.path) > ($1.time, $1.path) }.prefix(twinsMax).map(\.path)
    }
}
