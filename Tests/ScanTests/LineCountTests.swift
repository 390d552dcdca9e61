import Testing

@testable import Scan

@Suite struct LineCountTests {
    @Test func `counts at every length and every alignment`() {
        var random = SeededGenerator(seed: 3)
        let bytes = (0..<70_000).map { _ in UInt8.random(in: 8...12, using: &random) }
        bytes.withUnsafeBytes { buffer in
            for length in Array(0..<300) + [4_096, 32_640, 32_641, 65_000] {
                for start in [0, 1, 17, 31] {
                    let part = UnsafeRawBufferPointer(rebasing: buffer[start..<(start + length)])
                    #expect(part.newlineCount == part.count { $0 == UInt8(ascii: "\n") })
                }
            }
        }
        let all = [UInt8](repeating: UInt8(ascii: "\n"), count: 100_000)
        #expect(all.withUnsafeBytes { $0.newlineCount } == 100_000)
        #expect(UnsafeRawBufferPointer(start: nil, count: 0).newlineCount == 0)
    }
}
