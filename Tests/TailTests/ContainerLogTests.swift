import Events
import Glibc
import Testing

@testable import Tail

/// Logs of containers: lines are unwrapped and parts joined, while every checkpoint counts bytes of the file.
struct ContainerLogTests {
    /// Both outputs, parts of one within parts of the other.
    private static let pieces: [WrittenPiece] = [
        .out("one"), .outPart("two \"a\" 😀"), .error("three"), .outPart("<b>"), .errorPart("four a"), .out("c"),
        .errorPart("b"), .error(""), .out("five\tend"),
    ]
    /// Lines come in the order in which they begin.
    private static let text = "one\ntwo \"a\" 😀<b>c\nthree\nfour ab\nfive\tend\n"

    @Test(arguments: LineWrapper.allCases, [1, 16, 17, 61, 1_000, 65_536])
    func `the same lines come out whatever the size of a read`(wrapper: LineWrapper, blockBytes: Int) throws {
        let folder = try TemporaryFolder()
        let written = wrapper.lines(Array(repeating: ContainerLogTests.pieces, count: 20).flatMap { $0 })
        folder.write("a.log", written)
        let tail = try TailHarness(folder) { $0.blockBytes = blockBytes }
        tail.budgetBytes = blockBytes
        try tail.settle()
        #expect(tail.read(folder("a.log")) == String(repeating: ContainerLogTests.text, count: 20))
        #expect(tail.lines == 180 && tail.bytesLost == 0 && tail.notes.isEmpty)
        #expect(tail.checkpoints.map(\.offset) == [Int64(written.utf8.count)])
        #expect(tail.checkpoints.map(\.lines) == [180])
    }

    @Test(arguments: LineWrapper.allCases)
    func `it may be appended in two parts, split anywhere, with or without a restart between`(wrapper: LineWrapper)
        throws
    {
        let bytes = Array(wrapper.lines(ContainerLogTests.pieces).utf8)
        for split in 0...bytes.count {
            for restarts in [false, true] {
                let folder = try TemporaryFolder()
                folder.write("a.log", Array(bytes[..<split]))
                let tail = try TailHarness(folder)
                try tail.settle()
                if restarts { try tail.restart() }
                folder.append("a.log", Array(bytes[split...]))
                try tail.settle()
                #expect(tail.read(folder("a.log")) == ContainerLogTests.text, "split at \(split)")
                #expect(tail.lines == 9 && tail.bytesLost == 0)
            }
        }
    }

    @Test(arguments: LineWrapper.allCases, [1, 2, 3, 5])
    func `killed after every turn, with records left open, nothing is lost or doubled`(
        wrapper: LineWrapper, held: Int
    ) throws {
        let folder = try TemporaryFolder()
        let tail = try TailHarness(folder) { $0.blockBytes = 100 }
        tail.budgetBytes = 100
        // Keeps the last lines back, as an open record, up to where reading can go on.
        tail.consume = { chunk in
            guard chunk.ending == .more else { return chunk.bytes.count }
            var end = chunk.bytes.count
            for _ in 0..<held where end > 0 {
                end = chunk.bytes[..<(end - 1)].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            }
            return chunk.places?.restingPlace(atOrBefore: end) ?? end
        }
        for (number, piece) in Array(repeating: ContainerLogTests.pieces, count: 6).flatMap({ $0 }).enumerated() {
            folder.append("a.log", wrapper.line(piece))
            try tail.tailer.look()
            for _ in 0...number % 7 { tail.takeTurn() }
            try tail.restart()
        }
        try tail.settle(afterMillis: 1_000)
        #expect(tail.read(folder("a.log")) == String(repeating: ContainerLogTests.text, count: 6))
        #expect(tail.lines == 54 && tail.bytesLost == 0)
    }

    @Test(arguments: LineWrapper.allCases)
    func `a line whose end is not there holds the checkpoint at its first byte`(wrapper: LineWrapper) throws {
        let folder = try TemporaryFolder()
        let before = wrapper.line(.out("one"))
        folder.write("a.log", before + wrapper.lines([.outPart("two "), .error("three")]))
        let tail = try TailHarness(folder)
        try tail.settle(afterMillis: 1_000)
        #expect(tail.read(folder("a.log")) == "one\n")
        #expect(tail.checkpoints.map(\.offset) == [Int64(before.utf8.count)])
        folder.append("a.log", wrapper.line(.out("end")))
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\ntwo end\nthree\n" && tail.lines == 4)
    }

    @Test(arguments: LineWrapper.allCases)
    func `a line whose end does not come is shown after a while, and what comes later is another`(
        wrapper: LineWrapper
    ) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", wrapper.lines([.outPart("panic: "), .outPart("out of"), .error("exit 1")]))
        let tail = try TailHarness(folder)
        try tail.settle(afterMillis: 4_999)
        #expect(tail.read(folder("a.log")) == "")
        try tail.settle(afterMillis: 1)
        #expect(tail.read(folder("a.log")) == "panic: out of\nexit 1\n")
        try tail.restart()
        folder.append("a.log", wrapper.line(.out("started")))
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "panic: out of\nexit 1\nstarted\n" && tail.bytesLost == 0)
    }

    @Test(arguments: LineWrapper.allCases)
    func `the other output does not wait longer for it while it goes on`(wrapper: LineWrapper) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", wrapper.line(.outPart("half")))
        let tail = try TailHarness(folder)
        for second in 0..<10 {
            folder.append("a.log", wrapper.line(.error("line \(second)")))
            try tail.settle(afterMillis: 1_000)
        }
        #expect(tail.read(folder("a.log")) == "half\n" + (0..<10).map { "line \($0)\n" }.joined())
    }

    @Test(arguments: LineWrapper.allCases)
    func `rotation ends a line, and its parts in the new file are another`(wrapper: LineWrapper) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", wrapper.lines([.out("one"), .outPart("two ")]))
        let tail = try TailHarness(folder)
        try tail.settle()
        folder.rename("a.log", "a.log.1")
        folder.write("a.log", wrapper.line(.out("end")))
        try tail.settle(afterMillis: 60_000)
        let lines = tail.read(folder("a.log")).split(separator: "\n").sorted()
        #expect(lines == ["end", "one", "two "] && tail.bytesLost == 0 && tail.lines == 3)
    }

    @Test(arguments: LineWrapper.allCases, [(200, false), (200, true), (1_000, false), (1_000, true)])
    func `an over-long line is cut and counted once, also over a restart, and the other output is whole`(
        wrapper: LineWrapper, way: (block: Int, restarts: Bool)
    ) throws {
        let folder = try TemporaryFolder()
        let tail = try TailHarness(folder) {
            $0.lineBytesMax = 300
            $0.blockBytes = way.block
        }
        for number in 0..<30 {
            folder.append("a.log", wrapper.lines([.outPart(String(repeating: "é", count: 20)), .error("e\(number)")]))
            try tail.settle()
            if way.restarts { try tail.restart() }
        }
        folder.append("a.log", wrapper.lines([.out("end"), .out("next")]))
        try tail.settle()
        let lines = tail.read(folder("a.log")).split(separator: "\n").map(String.init)
        #expect(lines.filter { !$0.hasPrefix("e") } == [String(repeating: "é", count: 150), "next"])
        #expect(lines.filter { $0.hasPrefix("e") } == (0..<30).map { "e\($0)" })
        #expect(tail.notes.filter { $0.contains("cut") } == ["1 over-long line cut"])
        // Docker's text holds its newline.
        #expect(tail.bytesLost == 30 * 40 + 3 - 300 + (wrapper == .docker ? 1 : 0))
        #expect(tail.lines == 62)
    }

    @Test(arguments: LineWrapper.allCases)
    func `outputs that cut into each other without end are shown when too much is held`(wrapper: LineWrapper) throws {
        let folder = try TemporaryFolder()
        let tail = try TailHarness(folder) {
            $0.lineBytesMax = 4_000
            $0.heldBytesMax = 8_000
            $0.blockBytes = 1_000
        }
        var pieces: [WrittenPiece] = []
        // No place in the file is outside of both: one begins before the other ends.
        for number in 0..<400 {
            pieces += [
                .outPart("o\(number)a"), .error("e\(number)b"), .errorPart("e\(number + 1)a"), .out("o\(number)b"),
            ]
        }
        folder.write("a.log", wrapper.lines(pieces))
        try tail.settle(afterMillis: 60_000)
        let text = tail.read(folder("a.log"))
        for number in 0..<400 { #expect(text.contains("o\(number)a") && text.contains("o\(number)b")) }
        #expect(tail.lines == 1_600 && tail.bytesLost == 0)
    }

    @Test(arguments: LineWrapper.allCases)
    func `what is not wrapped is passed on as it is, and counted`(wrapper: LineWrapper) throws {
        let folder = try TemporaryFolder()
        let foreign = ["not wrapped\n", "{\"log\":\"torn\n", "\n", "2026-11-22T10:00:00Z std\n", "{}\n"]
        var written = wrapper.line(.out("one"))
        var text = "one\n"
        for line in foreign {
            written += wrapper.line(.outPart("a")) + line + wrapper.line(.out("b"))
            text += "ab\n" + line
        }
        folder.write("a.log", written)
        let tail = try TailHarness(folder)
        try tail.settle()
        #expect(tail.read(folder("a.log")) == text && tail.bytesLost == 0)
        #expect(tail.notes == ["5 lines not wrapped as the others"])
    }

    @Test(arguments: [LineFormat.automatic, .plain, .docker, .cri])
    func `the configured format overrules what the file looks like`(format: LineFormat) throws {
        let folder = try TemporaryFolder()
        let line = LineWrapper.docker.line(.out("one"))
        folder.write("a.log", line)
        folder.write("b.log", "plain\n" + line)
        let tail = try TailHarness(folder) { $0.sources[0].format = format }
        try tail.settle()
        let isUnwrapped = format == .automatic || format == .docker
        #expect(tail.read(folder("a.log")) == (isUnwrapped ? "one\n" : line))
        #expect(tail.read(folder("b.log")) == "plain\n" + (format == .docker ? "one\n" : line))
    }

    @Test(arguments: LineWrapper.allCases)
    func `places are those of the file`(wrapper: LineWrapper) throws {
        let folder = try TemporaryFolder()
        let lines = ContainerLogTests.pieces.enumerated().map { wrapper.line($0.element, second: $0.offset) }
        folder.write("a.log", lines.joined())
        let tail = try TailHarness(folder)
        var extents: [String] = []
        tail.consume = { chunk in
            var start = 0
            while let end = chunk.bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
                if let extent = chunk.places?.extent(of: start..<end) {
                    extents.append(
                        "\(extent.lines.lowerBound)-\(extent.lines.upperBound) \(extent.start)+\(extent.end - extent.start) "
                            + "\(extent.output?.name ?? "-") \(extent.time?.description ?? "-")")
                }
                start = end + 1
            }
            return chunk.bytes.count
        }
        try tail.settle()
        func expected(_ first: Int, _ last: Int, _ output: String) -> String {
            let start = lines[..<first].joined().utf8.count
            let length = lines[first...last].joined().utf8.count - 1
            return "\(first)-\(last) \(start)+\(length) \(output) 2026-11-22T10:00:0\(first).123456Z"
        }
        #expect(
            extents == [
                expected(0, 0, "stdout"), expected(1, 5, "stdout"), expected(2, 2, "stderr"), expected(4, 7, "stderr"),
                expected(8, 8, "stdout"),
            ])
    }

    @Test func `what was rotated and compressed while down is finished from the archive`() throws {
        let folder = try TemporaryFolder()
        let line = { (number: Int) in
            LineWrapper.docker.line(.out("line \(number) " + String(repeating: "x", count: 2_000)))
        }
        folder.write("a.log", (0..<20).map(line).joined())
        let tail = try TailHarness(folder)
        try tail.settle()
        folder.append("a.log", (20..<30).map(line).joined())
        folder.rename("a.log", "a.log.1")
        folder.run("gzip a.log.1")
        try tail.restart()
        try tail.settle(afterMillis: 60_000)
        let starts = tail.text.values.flatMap {
            String(decoding: $0, as: UTF8.self).split(separator: "\n").compactMap {
                $0.split(separator: " ").dropFirst().first
            }
        }
        #expect(starts.compactMap { Int($0) }.sorted() == Array(0..<30))
    }

    @Test(arguments: [false, true])
    func `latin-1 within CRI is decoded, and JSON is UTF-8 whatever is configured`(isDocker: Bool) throws {
        let folder = try TemporaryFolder()
        let wrapper = isDocker ? LineWrapper.docker : .cri
        let line = wrapper.line(.out("é"))
        folder.write("a.log", isDocker ? Array(line.utf8) : line.unicodeScalars.map { UInt8($0.value) })
        let tail = try TailHarness(folder) { $0.sources[0].encoding = .latin1 }
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "é\n")
    }

    @Test(arguments: LineWrapper.allCases)
    func `whatever the bytes are, places rise, and what is not whole comes again`(wrapper: LineWrapper) {
        var random = SeededRandom(seed: 11)
        let layout = TextLayout(form: .utf8, wrapper: wrapper)
        for _ in 0..<2_000 {
            var raw: [UInt8] = []
            for _ in 0..<random.next(below: 12) {
                let piece = WrittenPiece(
                    String(repeating: "a\\é", count: random.next(below: 20)), isError: random.next(below: 2) == 0,
                    isPartial: random.next(below: 2) == 0)
                var line = Array(wrapper.line(piece).utf8)
                if random.next(below: 4) == 0 { line[random.next(below: line.count)] = UInt8(random.next(below: 256)) }
                raw += line
            }
            let passing = OutputSet(rawValue: UInt8(random.next(below: 4)))
            let showsBefore = [0, random.next(below: raw.count + 1), Int.max][random.next(below: 3)]
            let text = DecodedText()
            raw.withUnsafeBytes {
                layout.decode($0, into: text, .init(lineBytesMax: 60, showsBefore: showsBefore, passing: passing))
            }
            let places = text.places.all
            #expect(zip(places, places.dropFirst()).allSatisfy { $0.textStart < $1.textStart && $0.start < $1.start })
            #expect(places.allSatisfy { $0.start <= $0.end && Int($0.end) <= text.rawTaken })
            #expect(text.rawTaken == raw.count || (showsBefore < Int.max && text.openAt != nil))
            // The text of what was taken is made of that alone.
            let again = DecodedText()
            raw[..<text.rawTaken].withUnsafeBytes {
                layout.decode($0, into: again, .init(lineBytesMax: 60, showsBefore: showsBefore, passing: passing))
            }
            #expect(Array(again.bytes) == Array(text.bytes) && again.rawTaken == text.rawTaken)
        }
    }
}
