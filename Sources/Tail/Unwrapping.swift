import CLinux
import Events
import Glibc

/// The outputs of a program whose lines are being passed over because they carry on one that was cut.
struct OutputSet: OptionSet, Sendable, Hashable {
    let rawValue: UInt8

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ output: ProgramOutput) { rawValue = 1 << output.rawValue }
}

/// Turns wrapped lines of a file into the lines that a program wrote, whole ones only.
///
/// A value without effects but on the text it makes: what comes out depends on the bytes and on what is given here alone,
/// so that lines that come again, with more behind them, come out the same. Lines come in the order in which they begin in
/// the file. Each line of the file is looked at no more than three times: by itself, and once for either output on the way
/// to the end of a joined line.
struct Unwrapping {
    let wrapper: LineWrapper
    let isLatin1: Bool
    /// Longest joined line, in bytes of text.
    let lineBytesMax: Int
    /// Joined lines that begin before this byte are shown as far as they are there.
    let showsBefore: Int
    /// As it is before the first byte.
    var passing: OutputSet

    let raw: UnsafeRawBufferPointer
    let text: DecodedText
    /// For each output, where the last joined line ends: its parts up to there have been taken.
    private var joinedUntil = (0, 0)

    init(
        _ wrapper: LineWrapper, isLatin1: Bool, lineBytesMax: Int, showsBefore: Int, passing: OutputSet,
        raw: UnsafeRawBufferPointer, into text: DecodedText
    ) {
        self.wrapper = wrapper
        self.isLatin1 = isLatin1
        self.lineBytesMax = lineBytesMax
        self.showsBefore = showsBefore
        self.passing = passing
        self.raw = raw
        self.text = text
    }

    mutating func run() {
        var at = 0
        var line = 0
        while at < raw.count {
            let end = lineEnd(from: at)
            let next = min(end + 1, raw.count)
            if let piece = unwrap(at..<end) {
                if passing.contains(OutputSet(piece.output)), at >= joinedEnd(of: piece.output) {
                    text.mark(
                        next, .passedOver(piece.output, bytesLost: piece.textBytes, isOver: !piece.isPartial))
                    if !piece.isPartial { passing.remove(OutputSet(piece.output)) }
                } else if at >= joinedEnd(of: piece.output) {
                    guard take(piece, at..<end, line: line) else { return text.finish(openAt: at) }
                }
            } else {
                takeForeign(at..<end, line: line)
            }
            at = next
            line += 1
        }
        text.finish(rawTaken: raw.count)
    }

    private func lineEnd(from start: Int) -> Int {
        guard let base = raw.baseAddress,
            let found = memchr(base + start, Int32(UInt8(ascii: "\n")), raw.count - start)
        else { return raw.count }
        return base.distance(to: UnsafeRawPointer(found))
    }

    private func unwrap(_ range: Range<Int>) -> LineWrapper.Piece? {
        wrapper.unwrap(UnsafeRawBufferPointer(rebasing: raw[range]), into: text.room, isLatin1: isLatin1)
    }

    private func joinedEnd(of output: ProgramOutput) -> Int {
        output == .standardOutput ? joinedUntil.0 : joinedUntil.1
    }

    /// Takes a line that begins with `piece`; false where its end is not there and has to be waited for.
    private mutating func take(_ piece: LineWrapper.Piece, _ range: Range<Int>, line: Int) -> Bool {
        let textStart = text.count
        text.append(piece.textBytes)
        if piece.isPartial { return join(piece, range, line: line) }
        if wrapper == .cri, range.upperBound < raw.count { text.appendNewline() }
        text.place(
            textStart: textStart, raw: range, lines: line...line, output: piece.output, time: piece.time)
        return true
    }

    /// Goes on to the end of a line whose first part has been taken.
    private mutating func join(_ first: LineWrapper.Piece, _ range: Range<Int>, line firstLine: Int) -> Bool {
        let textStart = text.count - first.textBytes
        var end = range.upperBound
        var lastLine = firstLine
        var at = min(range.upperBound + 1, raw.count)
        var line = firstLine + 1
        var isWhole = false
        while !isWhole, text.count - textStart <= lineBytesMax, at < raw.count {
            let lineEnd = lineEnd(from: at)
            if let piece = unwrap(at..<lineEnd), piece.output == first.output {
                text.append(piece.textBytes)
                isWhole = !piece.isPartial
                end = lineEnd
                lastLine = line
            }
            at = min(lineEnd + 1, raw.count)
            line += 1
        }
        let isTooLong = text.count - textStart > lineBytesMax
        if !isWhole, !isTooLong, showsBefore <= range.lowerBound {
            text.cut(to: textStart)
            return false
        }
        let endsItself = isWhole && wrapper == .docker
        if isTooLong {
            let cut = cutPlace(textStart + lineBytesMax)
            let lost = text.count - cut - (endsItself ? 1 : 0)
            if lost > 0 || !isWhole {
                text.mark(min(end + 1, raw.count), .cut(first.output, bytesLost: lost, isOver: isWhole))
                if !isWhole { passing.insert(OutputSet(first.output)) }
                text.cut(to: cut)
                text.appendNewline()
            }
        } else if !endsItself {
            text.appendNewline()
        }
        if first.output == .standardOutput { joinedUntil.0 = end + 1 } else { joinedUntil.1 = end + 1 }
        text.place(
            textStart: textStart, raw: range.lowerBound..<end, lines: firstLine...lastLine, output: first.output,
            time: first.time)
        return true
    }

    /// `limit`, or a little less, so that no character is cut in two.
    private func cutPlace(_ limit: Int) -> Int {
        let bytes = text.bytes
        var cut = limit
        while cut > limit - 4, cut > 0, cut < bytes.count, bytes[cut] & 0xC0 == 0x80 { cut -= 1 }
        return cut
    }

    /// Hands on a line that is not as the wrapper writes it.
    private mutating func takeForeign(_ range: Range<Int>, line: Int) {
        let textStart = text.count
        let next = min(range.upperBound + 1, raw.count)
        text.mark(next, .foreign)
        let bytes = UnsafeRawBufferPointer(rebasing: raw[range.lowerBound..<next])
        let (_, made) = (isLatin1 ? TextForm.latin1 : .utf8).decode(bytes, into: text.room)
        text.append(made)
        text.place(textStart: textStart, raw: range, lines: line...line)
    }
}
