import Foundation
import PCRE2
import Patterns
import Testing

@testable import Scan

@Suite struct PrefilterCacheTests {
    private let directory = FileManager.default.temporaryDirectory.appendingPathComponent("margay-cache-\(UUID())").path

    private var file: String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        #expect(names.count <= 1, "nothing temporary is left")
        return names.first.map { directory + "/" + $0 }
    }

    private func candidates(_ prefilter: Prefilter, _ text: String) -> [Int] {
        let scratch = PrefilterScratch(prefilter)
        return Array(text.utf8).withUnsafeBytes { scratch.candidates(in: $0).map { Int($0.rule) } }
    }

    @Test func `a second start finds what the first compiled`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let set = PatternSet(packs: SameAnswerTests.packs)
        let cache = PrefilterCache(directory: directory)
        let compiled = Prefilter(set, cache: cache)
        let stored = try #require(file)
        let written = try FileManager.default.attributesOfItem(atPath: stored)[.modificationDate] as? Date
        let loaded = Prefilter(set, cache: cache)
        #expect(loaded.perLine.map(\.rule) == compiled.perLine.map(\.rule))
        #expect(loaded.perLine.map(\.reason) == compiled.perLine.map(\.reason))
        let text = "ERR 12\nno error\nfatal\nquiet\n"
        #expect(candidates(loaded, text) == candidates(compiled, text))
        #expect(!candidates(loaded, text).isEmpty)
        #expect(try FileManager.default.attributesOfItem(atPath: stored)[.modificationDate] as? Date == written)
    }

    @Test(arguments: [0, 5, 12, 40, 200, -1])
    func `a damaged file is made anew`(position: Int) throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let set = PatternSet(packs: SameAnswerTests.packs)
        let cache = PrefilterCache(directory: directory)
        let compiled = Prefilter(set, cache: cache)
        let stored = try #require(file)
        let whole = try Data(contentsOf: URL(fileURLWithPath: stored))
        var damaged = whole
        if position < 0 {
            damaged.removeLast(damaged.count / 2)
        } else {
            damaged[position] ^= 0x55
        }
        try damaged.write(to: URL(fileURLWithPath: stored))
        #expect(cache.load(PrefilterCache.key(of: set.rules.map(\.expression.source))) == nil)
        let again = Prefilter(set, cache: cache)
        #expect(candidates(again, "fatal\n") == candidates(compiled, "fatal\n"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: stored)) == whole)
    }

    @Test func `other expressions have another key`() {
        let key = PrefilterCache.key(of: ["a", "b"])
        #expect(key == PrefilterCache.key(of: ["a", "b"]))
        #expect(key != PrefilterCache.key(of: ["b", "a"]))
        #expect(key != PrefilterCache.key(of: ["ab"]))
    }

    @Test func `a file that others may write is not trusted`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let set = PatternSet(packs: SameAnswerTests.packs)
        let cache = PrefilterCache(directory: directory)
        _ = Prefilter(set, cache: cache)
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: try #require(file))
        #expect(cache.load(PrefilterCache.key(of: set.rules.map(\.expression.source))) == nil)
    }
}
