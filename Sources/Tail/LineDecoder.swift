import CLinux
import Events

/// Decodes the lines of one finished log, block after block, for a reader that holds back what is not accounted for.
package struct LineDecoder {
    private let layout: TextLayout
    private let lineBytesMax: Int
    private var passing: OutputSet = []
    /// Lines that are not wrapped as the others of their file, so far.
    package private(set) var linesForeign = 0
    /// Lines joined of several and cut at the limit, so far.
    package private(set) var linesCut = 0

    /// `lineBytesMax`: longest line that is joined of several, in bytes of text.
    package init(_ layout: TextLayout, lineBytesMax: Int) {
        self.layout = layout
        self.lineBytesMax = lineBytesMax
    }

    /// Makes `text` of `raw`, which are whole lines behind those accounted for. With `isFinal`, lines in parts whose end is
    /// not there are made too, and all of `raw` is taken.
    package func decode(_ raw: UnsafeRawBufferPointer, into text: DecodedText, isFinal: Bool) {
        layout.decode(
            raw, into: text,
            .init(lineBytesMax: lineBytesMax, showsBefore: isFinal ? Int.max : 0, passing: passing))
    }

    /// Accounts for the first `count` bytes of what `text` was made of.
    package mutating func account(for count: Int, of text: DecodedText) {
        let findings = text.findings(until: count)
        passing = findings.passing(after: passing)
        linesForeign += findings.linesForeign
        linesCut += findings.linesCut
    }

    /// How many newlines are in `raw`, which begins with a unit.
    package func newlines(in raw: UnsafeRawBufferPointer) -> Int {
        if layout.unitBytes == 1 { return margay_count(raw.baseAddress, Int32(UInt8(ascii: "\n")), raw.count) }
        var count = 0
        var at = 0
        while let newline = layout.form.newline(in: raw, from: at) {
            count += 1
            at = newline + layout.unitBytes
        }
        return count
    }
}

extension TextLayout {
    /// Bytes of the shortest character.
    package var unitBytes: Int { form.unitBytes }

    /// Where the last whole line of `raw` ends, with its newline; nil where no line is whole. `raw` begins with a unit.
    package func linesEnd(in raw: UnsafeRawBufferPointer) -> Int? {
        var end = raw.count - raw.count % unitBytes
        while end > 0 {
            let found = margay_last_index(raw.baseAddress, Int32(UInt8(ascii: "\n")), end)
            if found < 0 { return nil }
            let unit = found - found % unitBytes
            if unitBytes == 1 || form.unit(at: unit, in: raw) == 0x0A { return unit + unitBytes }
            end = unit
        }
        return nil
    }

    /// Where the first line of `raw` ends, with its newline; nil where it is not whole.
    package func firstLineEnd(in raw: UnsafeRawBufferPointer) -> Int? {
        form.newline(in: raw, from: 0).map { $0 + unitBytes }
    }

    /// `limit`, or a little less, so that no character is cut in two; `raw` is longer.
    package func cutPlace(in raw: UnsafeRawBufferPointer, limit: Int) -> Int {
        var cut = limit - limit % unitBytes
        guard cut < raw.count else { return raw.count - raw.count % unitBytes }
        switch form {
        case .latin1: break
        case .utf8: while cut > limit - 4, cut > 0, raw[cut] & 0xC0 == 0x80 { cut -= 1 }
        case .utf16LittleEndian, .utf16BigEndian:
            let isPair = cut >= 2 && TextForm.isHighSurrogate(form.unit(at: cut - 2, in: raw))
            if isPair { cut -= 2 }
        }
        return cut
    }
}
