import Testing

@testable import Events

struct PathTextTests {
    @Test(arguments: [
        ("/var/log/app.log", "/var/log/app.log"), ("/log/größe-日本.log", "/log/größe-日本.log"),
    ])
    func `a plain path is its own text`(path: String, text: String) {
        #expect(PathText.text(path.utf8) == text && PathText.bytes(text) == Array(path.utf8))
    }

    @Test func `names that only look the same are not equal`() {
        let composed = Array("caf\u{E9}".utf8)
        let combining = Array("cafe\u{301}".utf8)
        #expect(PathText.text(composed) != PathText.text(combining))
        #expect(PathText.text(Array("\u{212B}".utf8)) != PathText.text(Array("\u{C5}".utf8)))
        #expect(PathText.text(Array("\u{1112}\u{1161}".utf8)) != PathText.text(Array("\u{D558}".utf8)))
    }

    @Test func `a Latin-1 name, and a name that holds a stand-in itself, come back byte for byte`() {
        for bytes in [[0x63, 0xE9, 0x2E], Array("\u{F7E9}".utf8), [0xFF, 0xFE], [0xE2, 0x82], [0xED, 0xA0, 0x80]]
            as [[UInt8]]
        {
            #expect(PathText.bytes(PathText.text(bytes)) == bytes)
        }
    }

    @Test(arguments: 0..<10) func `any bytes come back, and different bytes are different text`(seed: UInt64) {
        var generator = SplitMix(state: seed)
        var seen: [String: [UInt8]] = [:]
        let pieces: [[UInt8]] = [
            [0x61], [0x65], [0xCC, 0x81], [0xC3, 0xA9], [0xE9], [0xEF, 0x9E, 0xA9], [0xEF], [0x9E],
            [0xF0, 0x9F, 0x98, 0x80],
        ]
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...6, using: &generator)).flatMap { _ in
                pieces.randomElement(using: &generator) ?? []
            }
            let text = PathText.text(bytes)
            #expect(PathText.bytes(text) == bytes)
            #expect(seen.updateValue(bytes, forKey: text).map { $0 == bytes } ?? true)
        }
    }
}
