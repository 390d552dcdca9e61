import Foundation
import Testing

/// `scan` of logs that do not lie on disk as they are read: containers' logs, UTF-16, Latin-1.
@Suite struct DecodedScanTests {
    private static let quiet = (0..<9_000).map { "2026-11-22 10:00:00 INFO line number \($0) of many that say nothing" }

    /// Long enough for several blocks, with a trace and lines without a time of their own here and there.
    private static let lines: [String] = quiet.enumerated().flatMap { number, line in
        number % 1_000 != 500
            ? [line]
            : [
                line, "2026-11-22 10:00:01 ERROR [main] Order - cannot price \"\(number)\"",
                "java.lang.IllegalStateException: no price é", "\tat com.example.Price.of(Price.java:12)",
                "ERROR without a time \(number)",
            ]
    }

    private func events(_ arguments: String..., input: Data? = nil, in directory: String? = nil) throws -> [[String:
        Any]]
    {
        try Program.run(
            ["scan", "--events", "--format", "json", "--packs", Program.root.appendingPathComponent("patterns").path]
                + arguments, input: input, in: directory
        ).objects
    }

    /// The lines as JSON strings, which is how Docker writes them.
    private func docker(_ lines: [String]) -> String {
        lines.map { line in
            let text = line.replacingOccurrences(of: "\"", with: "\\\"").replacingOccurrences(of: "\t", with: "\\t")
            return #"{"log":"\#(text)\n","stream":"stderr","time":"2026-11-22T11:12:13.5Z"}"# + "\n"
        }.joined()
    }

    private func cri(_ lines: [String]) -> String {
        lines.map { "2026-11-22T11:12:13.5Z stderr F \($0)\n" }.joined()
    }

    private func matches(_ events: [[String: Any]], _ plain: [[String: Any]], _ bytes: Data, unitBytes: Int = 1) {
        #expect(events.count == 18 && plain.count == 18)
        let keys = ["first_line", "last_line", "message", "title", "fingerprint", "exception", "new"]
        for (event, expected) in zip(events, plain) {
            for key in keys { #expect("\(event[key] ?? "")" == "\(expected[key] ?? "")", "\(key)") }
        }
        // Places of the file: where its lines begin and end.
        var starts = [0]
        var ends: [Int] = []
        for index in stride(from: 0, to: bytes.count, by: unitBytes) where bytes[index] == UInt8(ascii: "\n") {
            guard unitBytes == 1 || bytes[index + 1] == 0 else { continue }
            ends.append(index)
            starts.append(index + unitBytes)
        }
        for event in events {
            let offset = event["offset"] as? Int ?? -1
            let first = event["first_line"] as? Int ?? 0
            let mark = first == 1 ? unitBytes : 0
            #expect(offset == starts[first - 1] + (unitBytes == 2 ? mark : 0))
            #expect(offset + (event["length"] as? Int ?? -1) == ends[(event["last_line"] as? Int ?? 1) - 1])
        }
    }

    @Test func `a log reads the same plain, wrapped, in UTF-16 and compressed, with places in the file`() throws {
        let folder = TemporaryFolder()
        let text = Self.lines.joined(separator: "\n") + "\n"
        let plain = try events(try folder.write("plain.log", text))
        for (name, written) in [("docker.log", docker(Self.lines)), ("cri.log", cri(Self.lines))] {
            let path = try folder.write(name, written)
            let found = try events(path)
            matches(found, plain, Data(written.utf8))
            for event in found {
                #expect((event["fields"] as? [String: String])?["stream"] == "stderr")
                let isTimeless = (event["message"] as? String)?.contains("without a time") == true
                let expected = isTimeless ? "2026-11-22T11:12:13.500Z" : "2026-11-22T10:00:01Z"
                #expect(event["time"] as? String == expected)
            }
            let one = try events("--threads", "1", path)
            #expect(NSArray(array: one) == NSArray(array: found))
        }
        let wide = try #require(("\u{FEFF}" + text).data(using: .utf16LittleEndian))
        matches(try events(try folder.write("wide.log", wide)), plain, wide, unitBytes: 2)
        matches(try events("-", input: wide), plain, wide, unitBytes: 2)
    }

    @Test func `parts of long lines are joined for each output, and the places are those of all parts`() throws {
        let folder = TemporaryFolder()
        let part = String(repeating: "x", count: 16_384)
        let lines = [
            "2026-11-22T10:00:00Z stdout F all is well", "2026-11-22T10:00:01Z stdout P ERROR disk \(part)",
            "2026-11-22T10:00:01Z stderr F ERROR fan", "2026-11-22T10:00:01Z stdout P \(part)",
            "2026-11-22T10:00:01Z stdout F is full", "not wrapped", "2026-11-22T10:00:02Z stderr P ERROR cut off",
        ]
        let path = try folder.write("a.log", lines.map { $0 + "\n" }.joined())
        let run = try Program.run("scan", "--events", "--format", "json", "--packs", "patterns", path)
        let found = run.objects.map { "\($0["first_line"]!)-\($0["last_line"]!) \($0["length"]!)" }
        #expect(
            found == [
                "2-5 \(lines[1...4].joined(separator: "\n").utf8.count)", "3-3 \(lines[2].utf8.count)",
                "7-7 \(lines[6].utf8.count)",
            ])
        let text = try Program.run("scan", "--packs", "patterns", path)
        #expect(text.errors.contains("1 lines not wrapped as the others"))
    }

    @Test func `the encoding comes from the option or from the source that follows the file`() throws {
        let folder = TemporaryFolder()
        let latin1 = Data("2026-11-22 10:00:00 ERROR caf".utf8) + Data([0xE9, 0x0A])
        let path = try folder.write("logs/a.log.1", latin1)
        try folder.write("margay.yaml", "sources:\n  - paths: ['\(folder("logs/*.log"))']\n    encoding: latin1\n")
        func title(_ arguments: [String]) throws -> String {
            try Program.run(
                ["scan", "--format", "json", "--packs", Program.root.appendingPathComponent("patterns").path]
                    + arguments + [path]
            ).objects.first?["title"] as? String ?? "none"
        }
        #expect(try title(["--encoding", "latin1"]).hasSuffix("café"))
        #expect(try title(["--config", folder("margay.yaml")]).hasSuffix("café"))
        #expect(try title(["--config", folder("margay.yaml"), "--encoding", "utf-8"]).hasSuffix("caf\u{FFFD}"))
        #expect(try Program.run("scan", "--encoding", "ebcdic", path).status == 64)
    }

    @Test func `a format that is configured is not asked of the file`() throws {
        let folder = TemporaryFolder()
        let path = try folder.write("a.log", docker(["ERROR disk"]))
        let config = "sources:\n  - paths: ['\(path)']\n    format: plain\n"
        let run = try Program.run(
            "scan", "--events", "--format", "json", "--config", try folder.write("m.yaml", config), "--packs",
            "patterns",
            path)
        let auto = try Program.run("scan", "--events", "--format", "json", "--packs", "patterns", path)
        #expect(auto.objects.map { $0["message"] as? String } == ["disk"])
        #expect(run.objects.map { $0["message"] as? String } != ["disk"])
    }

    @Test func `an archive that is refused is not blamed on its path`() throws {
        let folder = TemporaryFolder()
        // A frame that asks for a window of 1 GiB (RFC 8878, section 3.1.1.1.2), and an empty last block.
        let path = try folder.write("a.zst", Data([0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xA0, 0x01, 0x00, 0x00]))
        let run = try Program.run("scan", "--packs", "patterns", path)
        #expect(run.status == 2)
        #expect(run.errors.contains("then scan what comes out as '-'") && !run.errors.contains("check the path"))
    }
}
