import CLinux
import Events
import Glibc

/// Turns lines of a file into UTF-8 with the way back.
extension TextLayout {
    /// What decoding goes by, besides the bytes.
    struct Rules {
        /// Longest line that is joined of several, in bytes of text.
        var lineBytesMax: Int
        /// Joined lines that begin before this byte are shown as far as they are there; all others wait for their end.
        var showsBefore = 0
        /// Outputs whose lines carry on one that was cut.
        var passing: OutputSet = []
    }

    /// Makes `text` of `raw`, which is whole lines, but for the last line of a log that is over.
    func decode(_ raw: UnsafeRawBufferPointer, into text: DecodedText, _ rules: Rules) {
        let lines = margay_count(raw.baseAddress, Int32(UInt8(ascii: "\n")), raw.count) + 1
        guard let wrapper else { return decodePlainLines(raw, into: text, linesMax: lines) }
        // Twice: a part that was joined already is looked at again behind all the text.
        text.start(textBytesMax: 2 * form.utf8BytesMax(raw.count) + 64, linesMax: lines)
        var unwrapping = Unwrapping(
            wrapper, isLatin1: form == .latin1, lineBytesMax: rules.lineBytesMax, showsBefore: rules.showsBefore,
            passing: rules.passing, raw: raw, into: text)
        unwrapping.run()
    }

    /// Decodes characters alone: newlines stand in the text in the order in which they stand in the file.
    private func decodePlainLines(_ raw: UnsafeRawBufferPointer, into text: DecodedText, linesMax: Int) {
        text.start(textBytesMax: form.utf8BytesMax(raw.count) + 1, linesMax: linesMax)
        text.append(form.decode(raw, into: text.room).made)
        let bytes = text.bytes
        var rawStart = 0
        var textStart = 0
        var line = 0
        while textStart < bytes.count {
            let rawEnd = form.newline(in: raw, from: rawStart) ?? raw.count
            text.place(textStart: textStart, raw: rawStart..<rawEnd, lines: line...line)
            guard let newline = TextForm.utf8.newline(in: bytes, from: textStart) else { break }
            textStart = newline + 1
            rawStart = min(rawEnd + form.unitBytes, raw.count)
            line += 1
        }
        text.finish(rawTaken: raw.count)
    }
}

extension TextForm {
    /// Where the first newline at or after `start`, which begins a unit, begins; nil where there is none.
    package func newline(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var at = start
        while at < bytes.count {
            guard let found = memchr(base + at, Int32(UInt8(ascii: "\n")), bytes.count - at) else { return nil }
            let index = base.distance(to: UnsafeRawPointer(found))
            guard unitBytes == 2 else { return index }
            let unit = index - index % 2
            if unit + 2 <= bytes.count, self.unit(at: unit, in: bytes) == 0x0A { return unit }
            at = index + 1
        }
        return nil
    }
}
