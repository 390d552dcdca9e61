import Events
import Testing

@testable import Triage

@Suite struct SiblingTests {
    private func issue(_ text: String, severity: Severity = .major) -> IssueDelta {
        var builder = FingerprintBuilder()
        builder.add(text)
        builder.add(severity.name)
        let time = Timestamp(seconds: 1_795_341_062 + Int64(text.utf8.count))
        return IssueDelta(
            fingerprint: builder.finish(), pack: "core", pattern: "core.error", type: .application, severity: severity,
            title: text, count: 2, first: time, last: time.adding(Timestamp(seconds: 9)),
            hours: [HourCount(hour: time.hour, count: 2)],
            files: [FileCount(path: "/var/log/app.log", count: 2, last: time)], samples: [], skeleton: text)
    }

    private func titles(_ texts: [String]) -> [String] {
        SiblingFamilies.joined(texts.map { issue($0) }).map(\.title).sorted()
    }

    private let plugins = ["mail", "chat", "maps", "news", "shop"].map { "cannot load plugin \($0) of this site" }

    @Test func `four words at a place are four messages, five are one`() {
        #expect(titles(Array(plugins.prefix(4))) == plugins.prefix(4).sorted())
        #expect(titles(plugins) == ["cannot load plugin <*> of this site"])
        #expect(titles(plugins + ["cannot load theme dark of this site"]).count == 2)
    }

    @Test func `counts are added, the first and the last event are the extremes`() throws {
        let joined = SiblingFamilies.joined(plugins.map { issue($0) })
        let family = try #require(joined.first)
        #expect(joined.count == 1 && family.count == 10 && family.files.map(\.count) == [10])
        #expect(family.hours.map(\.count) == [10] && family.first < family.last)
        // The key is that of what they have in common, whichever came first.
        #expect(SiblingFamilies.joined(plugins.reversed().map { issue($0) }).map(\.fingerprint) == [family.fingerprint])
    }

    @Test(arguments: [
        ["up", "down", "red", "blue", "green"], ["refused", "failed", "red", "blue", "green"],
        ["ERROR", "WARN", "INFO", "DEBUG", "FATAL"],
    ])
    func `words that make the message another one do not count`(words: [String]) {
        let texts = words.map { "the port of lane \($0) is there now" }
        #expect(titles(texts).count == words.count)
    }

    @Test func `the first word is no value, and severities stay apart`() {
        let heads = ["mail", "chat", "maps", "news", "shop", "docs"].map { "\($0) has no more room left" }
        #expect(titles(heads).count == 6)
        let mixed = plugins.enumerated().map { issue($1, severity: $0 < 2 ? .major : .warning) }
        #expect(SiblingFamilies.joined(mixed).count == 5)
    }

    @Test func `two places that vary are one family, in whatever order the messages come`() {
        let words = ["red", "blue", "green", "amber", "white"]
        let grid = words.flatMap { one in words.map { "route of ward \(one) through gate \($0) is shut" } }
        let alone = ["route of ward red through gate seven was shut"]
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20 {
            let shuffled = (grid + alone).shuffled(using: &generator)
            let joined = SiblingFamilies.joined(shuffled.map { issue($0) })
            #expect(joined.map(\.count).sorted() == [2, 50], "\(shuffled)")
        }
    }

    @Test func `an index has room for so many and says so`() throws {
        var index = SiblingIndex()
        for number in 0..<Int64(SiblingIndex.skeletonsMax) + 10 {
            // Letters only: the number itself would be masked.
            let word = String(
                String(number).map { Character(UnicodeScalar(UInt8(ascii: "a") + UInt8($0.wholeNumberValue ?? 0))) })
            index.insert(try #require(Skeleton("cannot load plugin x\(word) of this site")), number: number)
        }
        #expect(index.isFull && index.count == SiblingIndex.skeletonsMax)
        let groups = index.groups(of: try #require(Skeleton("cannot load plugin other of this site")))
        #expect(groups.map(\.members.count) == [SiblingIndex.skeletonsMax])
    }
}
