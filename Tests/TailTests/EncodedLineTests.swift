import Events
import Glibc
import Testing

@testable import Tail

/// Long lines, gaps and broken characters in text that is not UTF-8 on disk.
struct EncodedLineTests {
    @Test(arguments: WrittenEncoding.wide, [16, 50, 51, 4_096])
    func `an over-long line is cut between characters, and the next line is whole`(
        encoding: WrittenEncoding, block: Int
    ) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", encoding.mark + encoding.bytes("first\n"))
        let tail = try TailHarness(folder, encoding) {
            $0.lineBytesMax = 51
            $0.blockBytes = block
        }
        try tail.settle()
        for _ in 0..<30 {
            folder.append("a.log", encoding.bytes("😀😀😀"))
            try tail.settle()
        }
        folder.append("a.log", encoding.bytes("end\nlast\n"))
        try tail.settle()
        // 50 bytes are twelve pairs and a half.
        #expect(tail.read(folder("a.log")) == "first\n" + String(repeating: "😀", count: 12) + "\nlast\n")
        #expect(tail.bytesLost == 30 * 12 + 6 - 48 && tail.lines == 3)
        #expect(tail.notes.filter { $0.contains("cut") } == ["1 over-long line cut"])
    }

    @Test(arguments: WrittenEncoding.wide + [.latin1])
    func `a restart inside an over-long line does not take its rest for a line`(encoding: WrittenEncoding) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", encoding.mark + encoding.bytes(String(repeating: "x", count: 100)))
        let tail = try TailHarness(folder, encoding) { $0.lineBytesMax = 50 }
        try tail.settle()
        try tail.restart()
        folder.append("a.log", encoding.bytes("rest\nnext\n"))
        try tail.settle()
        let shown = String(repeating: "x", count: 50 / encoding.form.unitBytes)
        #expect(tail.read(folder("a.log")) == shown + "\nnext\n")
    }

    @Test(arguments: WrittenEncoding.all)
    func `a gap of NULs is stepped over wherever a read ends, fewer stay in the line`(encoding: WrittenEncoding) throws
    {
        let nuls = [UInt8](repeating: 0, count: 12)
        let start = encoding.mark + encoding.bytes("one\nhalf")
        let bytes = start + nuls + encoding.bytes("two\n\0three\n")
        for split in start.count...bytes.count {
            let folder = try TemporaryFolder()
            folder.write("a.log", Array(bytes[..<split]))
            let tail = try TailHarness(folder, encoding)
            try tail.settle()
            folder.append("a.log", Array(bytes[split...]))
            try tail.settle()
            #expect(tail.read(folder("a.log")) == "one\nhalf\ntwo\n\0three\n", "split at \(split)")
            #expect(tail.bytesLost == 0)
        }
    }

    @Test(arguments: WrittenEncoding.wide)
    func `a hole of gigabytes is jumped over`(encoding: WrittenEncoding) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", encoding.mark + encoding.bytes("one\nhalf"))
        let tail = try TailHarness(folder, encoding)
        try tail.settle()
        #expect(truncate(folder("a.log"), 3 << 30) == 0)
        folder.append("a.log", encoding.bytes("two\n"))
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\nhalf\ntwo\n" && tail.turns < 20)
    }

    @Test(arguments: [false, true])
    func `unpaired surrogates become U+FFFD, also at the end of the log`(isBigEndian: Bool) throws {
        let form = isBigEndian ? TextForm.utf16BigEndian : .utf16LittleEndian
        let units: [UInt16] = [
            0xFEFF, 0x41, 0xD800, 0x42, 0xDC00, 0xD83D, 0xD83D, 0xDE00, 0x0A, 0x0A0A, 0x0D0A, 0xD83D,
        ]
        let bytes = units.flatMap {
            isBigEndian ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)]
        }
        let folder = try TemporaryFolder()
        folder.write("a.log", bytes)
        let tail = try TailHarness(folder)
        try tail.settle()
        folder.remove("a.log")
        try tail.settle(afterMillis: 60_000)
        #expect(tail.read(folder("a.log")) == "A\u{FFFD}B\u{FFFD}\u{FFFD}😀\n\u{0A0A}\u{0D0A}\u{FFFD}⏎\n", "\(form)")
    }

    @Test func `latin-1 is the first 256 characters`() throws {
        let folder = try TemporaryFolder()
        let bytes = (1...255).map { UInt8($0) } + Array("\n".utf8)
        folder.write("a.log", bytes)
        let tail = try TailHarness(folder, .latin1)
        try tail.settle()
        let text = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        #expect(tail.read(folder("a.log")) == text && tail.lines == 2)
    }

    @Test(arguments: 0..<40)
    func `random units come out as the standard library decodes them`(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        for form in [TextForm.utf16LittleEndian, .utf16BigEndian] {
            let units = (0..<random.next(below: 300)).map { _ in
                UInt16(
                    [random.next(below: 0x80), 0xD800 + random.next(below: 0x800), random.next(below: 0x1_0000)][
                        random.next(below: 3)])
            }
            let isBig = form == .utf16BigEndian
            let raw = units.flatMap {
                isBig ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)]
            }
            let expected = String(decoding: units, as: UTF16.self)
            var text = [UInt8](repeating: 0, count: form.utf8BytesMax(raw.count))
            let (taken, made) = raw.withUnsafeBytes { raw in text.withUnsafeMutableBytes { form.decode(raw, into: $0) }
            }
            #expect(Array(text[..<made]) == Array(expected.utf8) && taken == raw.count, "seed \(seed)")
        }
    }

    @Test(
        arguments: [
            ([], .automatic, TextForm.utf8, 0), ([0xEF], .automatic, nil, 0),
            ([0xEF, 0xBB, 0xBF], .automatic, .utf8, 3),
            ([0xEF, 0x41], .automatic, .utf8, 0), ([0xFF], .automatic, nil, 0),
            ([0xFF, 0xFE], .automatic, .utf16LittleEndian, 2), ([0xFE, 0xFF], .automatic, .utf16BigEndian, 2),
            ([0xFE, 0xFE], .automatic, .utf8, 0), ([0x41], .automatic, .utf8, 0), ([0x41, 0], .automatic, nil, 0),
            ([0x41, 0, 0x42, 0], .automatic, .utf16LittleEndian, 0), ([0], .automatic, nil, 0),
            ([0, 0x41, 0, 0x42], .automatic, .utf16BigEndian, 0), ([0, 0, 0, 0], .automatic, .utf8, 0),
            ([0x41, 0, 0, 0], .automatic, .utf8, 0), ([0xFF, 0xFE], .utf8, .utf8, 0),
            ([0xFF, 0xFE], .latin1, .latin1, 0),
            ([0xFF, 0xFE], .utf16BigEndian, .utf16LittleEndian, 2), ([0xFF], .utf16BigEndian, nil, 0),
            ([0x41, 0x42], .utf16BigEndian, .utf16BigEndian, 0), ([0xEF, 0xBB, 0xBF], .utf8, .utf8, 3),
        ] as [([UInt8], TextEncoding, TextForm?, Int)])
    func `the head tells the form`(head: [UInt8], configured: TextEncoding, form: TextForm?, mark: Int) {
        let told = TextForm.told(by: head, configured: configured)
        #expect(told == form.map { TextForm.Told(form: $0, markBytes: mark) })
    }
}
