/// Turns what a stream gives, piece by piece, into UTF-8 without its byte order mark.
///
/// One thread at a time. Bytes that are UTF-8 already pass by unchanged and uncopied.
final class StreamText {
    /// Gives more bytes; 0 at the end.
    typealias Source = (UnsafeMutableRawBufferPointer) throws(LogStreamError) -> Int

    /// Nil until the first bytes have told it.
    private var form: TextForm?
    /// Bytes of the mark of UTF-8, which are in the file but not in the text.
    private(set) var markBytes = 0
    /// Bytes not decoded yet: the head while the form is not told, and a cut character later.
    private let raw: UnsafeMutableRawBufferPointer
    private var rawCount = 0
    /// Decoded, and not handed out yet.
    private var text = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var textStart = 0
    private var textEnd = 0
    private var isOver = false

    private static let rawBytes = 16 * 1_024

    init() { raw = .allocate(byteCount: StreamText.rawBytes, alignment: 16) }

    deinit {
        raw.deallocate()
        text.deallocate()
    }

    /// Fills `buffer`, which is not empty, with text, as much as comes at once; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, from source: Source) throws(LogStreamError) -> Int {
        if form == nil { try open(source) }
        while textStart == textEnd {
            if form == .utf8 { return try source(buffer) }
            if isOver { return 0 }
            try decodeMore(source)
        }
        let count = min(buffer.count, textEnd - textStart)
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: text[textStart..<textStart + count]))
        textStart += count
        return count
    }

    /// Reads the first bytes, no more of them than are needed.
    private func open(_ source: Source) throws(LogStreamError) {
        var told: TextForm.Told?
        repeat {
            let wanted = UnsafeMutableRawBufferPointer(rebasing: raw[rawCount..<TextForm.headBytesMax])
            let count = try source(wanted)
            rawCount += count
            isOver = count == 0
            told = TextForm.told(by: raw[..<rawCount], configured: .automatic)
        } while told == nil && !isOver
        let found = told ?? .plain
        form = found.form
        if found.form == .utf8 { markBytes = found.markBytes }
        text = .allocate(byteCount: found.form.utf8BytesMax(StreamText.rawBytes), alignment: 16)
        let head = UnsafeRawBufferPointer(rebasing: raw[found.markBytes..<rawCount])
        raw.copyMemory(from: head)
        rawCount = head.count
        if found.form == .utf8 { decodeRaw(.utf8) }
    }

    private func decodeMore(_ source: Source) throws(LogStreamError) {
        let count = try source(UnsafeMutableRawBufferPointer(rebasing: raw[rawCount...]))
        rawCount += count
        isOver = count == 0
        decodeRaw(form ?? .utf8)
    }

    private func decodeRaw(_ form: TextForm) {
        let bytes = UnsafeRawBufferPointer(rebasing: raw[..<rawCount])
        let (taken, made) = form.decode(bytes, into: text, isWhole: isOver)
        raw.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[taken...]))
        rawCount -= taken
        (textStart, textEnd) = (0, made)
    }
}
