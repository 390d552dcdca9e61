import Events
import Testing

@testable import Tail

/// Single lines that container runtimes write, well-formed, hostile and damaged.
struct WrapperTests {
    private func unwrap(_ line: [UInt8], _ wrapper: LineWrapper) -> (text: [UInt8], piece: LineWrapper.Piece)? {
        // Exactly the promised room, in memory of its own.
        var room = [UInt8](repeating: 0xAA, count: line.count + 16)
        let piece = line.withUnsafeBytes { line in
            room.withUnsafeMutableBytes { wrapper.unwrap(line, into: $0) }
        }
        return piece.map { (Array(room[..<$0.textBytes]), $0) }
    }

    @Test(
        arguments: [
            (#"{"log":"a\n","stream":"stdout","time":"2026-11-22T10:00:00Z"}"#, "a\n"),
            (#"{"log":"a","stream":"stderr","time":"2026-11-22T10:00:00Z"}"#, "a"),
            (#"{"log":"\n","stream":"stdout","time":"2026-11-22T10:00:00Z"}"#, "\n"),
            (#"{"log":"","stream":"stdout","time":"2026-11-22T10:00:00Z"}"#, ""),
            (#"{"log":"\"\\\/\b\f\n\r\t","stream":"stdout","time":"2026-11-22T10:00:00Z"}"#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#"{"log":"\u00e9\u0A0a\u0000\u003c\n","stream":"stdout","time":"x"}"#, "é\u{A0A}\0<\n"),
            (
                #"{"log":"\ud83d\ude00 \ud83d \ude00 \ud83d\ud83d\ude00\n","stream":"stdout"}"#,
                "😀 \u{FFFD} \u{FFFD} \u{FFFD}😀\n"
            ),
            (#"{"log":"\ud83d","stream":"stdout"}"#, "\u{FFFD}"),
            (#"{"log":"a\nb\n","stream":"stdout"}"#, "a\nb\n"),
            (
                #"{"log":"0123456789abcdef0123456789abcde\"f\n","stream":"stdout"}"#,
                "0123456789abcdef0123456789abcde\"f\n"
            ),
            (
                #"{"log":"a\n","stream":"stdout","attrs":{"tag":"x}\"","n":[1,{"b":null}]},"time":"2026-11-22T10:00:00Z"}"#,
                "a\n"
            ),
            (#" { "time" : "2026-11-22T10:00:00Z", "stream" : "stderr", "more":-1.5e3, "log" : "a\n" } "#, "a\n"),
            ("{\"log\":\"a\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T10:00:00Z\"}\r", "a\n"),
        ])
    func `docker lines give their text`(line: String, text: String) throws {
        let (made, piece) = try #require(unwrap(Array(line.utf8), .docker))
        #expect(made == Array(text.utf8))
        #expect(piece.isPartial == !text.hasSuffix("\n"))
        #expect((piece.output == .standardError) == line.contains("stderr"))
    }

    @Test(
        arguments: [
            "", "{", "{}", "plain text", #"{"log":"a\n"}"#, #"{"log":"a\n","stream":"stdin"}"#,
            #"{"log":"a\n","stream":"stdout""#, #"{"log":"a\n","stream":"stdout"} x"#,
            #"{"log":"a\q","stream":"stdout"}"#,
            #"{"log":"a\u12","stream":"stdout"}"#, #"{"log":"a\u12x4\n","stream":"stdout"}"#, #"{"log":"a\"#,
            #"{"log":"a\u"#, #"{"log":"a","stream":"stdout","x":[[[["#, #"{"log":"a","stream":"stdout","x":}"#,
            #"{"log":"a","stream":"stdout","x"}"#, #"{"log":"a","stream":"stdout",}"#,
            #"{"log":["a"],"stream":"stdout"}"#,
            #"{"log":null,"stream":"stdout","time":"2026-11-22T10:00:00Z"}"#, #"["log","a"]"#,
        ])
    func `a damaged or foreign docker line is none`(line: String) {
        #expect(unwrap(Array(line.utf8), .docker) == nil)
    }

    @Test(
        arguments: [
            ("2026-11-22T10:00:00.123456789Z stdout F text", "text", false),
            ("2026-11-22T10:00:00Z stderr P part", "part", true),
            ("2026-11-22T10:00:00.5+02:00 stdout F:x:y text", "text", false),
            ("2026-11-22T10:00:00Z stdout F ", "", false), ("2026-11-22T10:00:00Z stdout F", "", false),
            ("2026-11-22T10:00:00Z stdout P: \0 \u{1B}[0m", "\0 \u{1B}[0m", true),
        ])
    func `CRI lines give their text`(line: String, text: String, isPartial: Bool) throws {
        let (made, piece) = try #require(unwrap(Array(line.utf8), .cri))
        #expect(made == Array(text.utf8) && piece.isPartial == isPartial)
        #expect((piece.output == .standardError) == line.contains("stderr"))
    }

    @Test(
        arguments: [
            "", "2026", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z stdin F a", "2026-11-22T10:00:00Z stdout X a",
            "2026-11-22T10:00:00Z stdout Fa", "2026-13-22T10:00:00Z stdout F a", "2026-11-22T10:00:00 stdout F a",
            "2026-11-22 10:00:00Z stdout F a", "2026-11-22T10:00:00+99:00 stdout F a", "2026-11-22T10:00:00Z stdout",
            "2026-11-22T10:00:00Z stdout ",
        ])
    func `a damaged or foreign CRI line is none`(line: String) {
        #expect(unwrap(Array(line.utf8), .cri) == nil)
    }

    @Test(
        arguments: [
            ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"), ("2026-11-22T10:00:00.5Z", "2026-11-22T10:00:00.500Z"),
            ("2026-11-22T10:00:00.123456789Z", "2026-11-22T10:00:00.123456Z"),
            ("2026-11-22T10:00:00+02:30", "2026-11-22T07:30:00Z"),
            ("2026-11-22T10:00:00-01:00", "2026-11-22T11:00:00Z"),
        ])
    func `the time of a wrapper`(written: String, meant: String) throws {
        let read = Array(written.utf8).withUnsafeBytes { WrapperTime.read($0, from: 0) }
        #expect(read.map { Timestamp(microseconds: $0.microseconds).description } == meant)
        #expect(read?.end == written.utf8.count)
    }

    @Test func `invalid UTF-8 is passed on`() throws {
        let line = Array(#"{"log":""#.utf8) + [0xFF, 0xC3, 0x28, 0x80] + Array(#"\n","stream":"stdout"}"#.utf8)
        #expect(try #require(unwrap(line, .docker)).text == [0xFF, 0xC3, 0x28, 0x80, 0x0A])
    }

    @Test(arguments: LineWrapper.allCases)
    func `any prefix, any changed byte and any random line is taken or refused within its room`(wrapper: LineWrapper) {
        let whole = Array(wrapper.line(.out("a \"quoted\" 😀\tpart")).utf8.dropLast())
        for length in 0..<whole.count { #expect(unwrap(Array(whole[..<length]), .docker) == nil) }
        var random = SeededRandom(seed: 7)
        for _ in 0..<3_000 {
            var line = whole
            for _ in 0...random.next(below: 4) {
                line[random.next(below: line.count)] = UInt8(random.next(below: 256))
            }
            if let (text, _) = unwrap(line, wrapper) { #expect(text.count <= line.count) }
        }
    }

    @Test(
        arguments: [
            ("", .undecided), ("{", .undecided), (#"{"lo"#, .undecided), (#"{"log":"a"#, .undecided),
            (#"{"x":1"#, .plain),
            ("{\"log\":\"a\"}\n", .plain), ("x", .plain), ("2", .undecided), ("2026-11-22T10", .undecided),
            ("2026-11-22 10", .plain), ("2026-11-22T10:00:00.1Z std", .undecided),
            ("2026-11-22T10:00:00Z INFO", .plain),
            ("2026-11-22T10:00:00Z stdout F", .wrapped(.cri)), ("2026-11-22T10:00:00Z stdout\n", .plain),
            ("2026-11-22\n", .plain), ("\n", .plain),
            ("{\"log\":\"a\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T10:00:00Z\"}\n", .wrapped(.docker)),
            ("{\"log\":\"a\\n\",\"stream\":\"stdout\"}\n", .plain), ("{\"log\":\"a\0\0", .wrapped(.docker)),
            ("\0\0\0", .plain),
        ] as [(String, LineWrapper.Told)])
    func `the head tells the wrapper`(head: String, told: LineWrapper.Told) {
        #expect(Array(head.utf8).withUnsafeBytes { LineWrapper.told(by: $0) } == told)
    }

    @Test func `a first line too long to be looked at is told by its beginning`() {
        let head = #"{"log":""# + String(repeating: "x", count: LineWrapper.headBytesMax)
        #expect(Array(head.utf8).withUnsafeBytes { LineWrapper.told(by: $0) } == .wrapped(.docker))
    }
}
