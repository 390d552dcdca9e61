import Foundation
import Testing

/// The shipped samples give exactly the events that were reviewed and written down beside them.
@Suite struct SampleTests {
    static let samples: [String] = {
        let folder = Program.root.appendingPathComponent("samples")
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".log") || $0.hasSuffix(".log.gz") }.sorted()
    }()

    /// Copies with a fixed time of change: it decides the year of times that are written without one.
    private func copy(_ sample: String, to folder: TemporaryFolder) throws -> String {
        let data = try Data(contentsOf: Program.root.appendingPathComponent("samples/\(sample)"))
        let path = try folder.write(sample, data)
        let changed = Date(timeIntervalSince1970: 1_796_000_000)  // 2026-11-29
        try FileManager.default.setAttributes([.modificationDate: changed], ofItemAtPath: path)
        return path
    }

    @Test(arguments: samples)
    func `gives the events beside it`(sample: String) throws {
        let folder = TemporaryFolder()
        let path = try copy(sample, to: folder)
        let run = try Program.run("scan", "--events", "--format", "json", "--packs", "patterns", path)
        #expect(run.status == 0, "\(run.errors)")
        let got = run.output.replacingOccurrences(of: folder.path + "/", with: "samples/")
        let golden = Program.root.appendingPathComponent(
            "samples/\(sample.replacingOccurrences(of: ".log", with: "")).events")
        let expected = (try? String(contentsOf: golden, encoding: .utf8)) ?? ""
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try got.write(to: golden, atomically: true, encoding: .utf8)
            #expect(got == expected, "renewed: look at the difference")
        } else {
            #expect(got == expected, "if that is meant: make golden")
        }
    }

    @Test func `all seven types of events are found in them`() throws {
        let run = try Program.run(
            ["scan", "--format", "json", "--packs", "patterns"] + Self.samples.map { "samples/" + $0 })
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            Set(run.objects.compactMap { $0["type"] as? String }) == [
                "business", "operating-system", "operational", "security", "application", "hardware", "network",
            ])
    }

    @Test(arguments: [["--no-prefilter"], ["--threads", "1"], ["--threads", "7"]])
    func `the events are the same`(option: [String]) throws {
        let arguments = ["scan", "--events", "--format", "json", "--packs", "patterns"]
        let paths = Self.samples.map { "samples/" + $0 }
        let plain = try Program.run(arguments + paths)
        let other = try Program.run(arguments + option + paths)
        #expect(plain.output == other.output)
        #expect(plain.output.count > 100_000)
    }
}
