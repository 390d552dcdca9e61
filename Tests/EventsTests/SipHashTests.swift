import Testing

@testable import Events

@Suite struct SipHashTests {
    private static let reference = SipHash.Key(low: 0x0706_0504_0302_0100, high: 0x0f0e_0d0c_0b0a_0908)

    private func hex(_ words: (first: UInt64, second: UInt64)) -> String {
        Fingerprint(high: words.first.byteSwapped, low: words.second.byteSwapped).description.dropFirst(3).description
    }

    /// From the authors' reference implementation, key 00 01 … 0f, input 00 01 … of each length.
    @Test(arguments: [
        (0, "a3817f04ba25a8e66df67214c7550293"), (1, "da87c1d86b99af44347659119b22fc45"),
        (2, "8177228da4a45dc7fca38bdef60affe4"),
    ])
    func `the 128-bit hash is that of the reference`(length: Int, expected: String) {
        let input = (0..<length).map { UInt8($0) }
        var hash = SipHash(key: SipHashTests.reference)
        input.withUnsafeBytes { hash.add($0) }
        #expect(hex(hash.finish()) == expected)
    }

    /// The example of the paper, appendix A: fifteen bytes.
    @Test func `the 64-bit hash is that of the paper`() {
        let input = (0..<15).map { UInt8($0) }
        #expect(input.withUnsafeBytes { SipHash.hash64($0, key: SipHashTests.reference) } == 0xa129_ca61_49be_45e5)
    }

    @Test func `how the bytes are split over calls makes no difference`() {
        let input = (0..<67).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        var whole = SipHash()
        input.withUnsafeBytes { whole.add($0) }
        let expected = hex(whole.finish())
        for first in 0...input.count {
            for second in stride(from: first, through: input.count, by: 7) {
                var hash = SipHash()
                input.withUnsafeBytes { bytes in
                    hash.add(UnsafeRawBufferPointer(rebasing: bytes[0..<first]))
                    hash.add(UnsafeRawBufferPointer(rebasing: bytes[first..<second]))
                    hash.add(UnsafeRawBufferPointer(rebasing: bytes[second...]))
                }
                #expect(hex(hash.finish()) == expected)
            }
        }
    }

    @Test func `every bit of the input changes the hash`() {
        var seen: Set<UInt64> = []
        var input = [UInt8](repeating: 0, count: 24)
        for bit in 0..<input.count * 8 {
            input[bit / 8] ^= 1 << UInt8(bit % 8)
            seen.insert(input.withUnsafeBytes { SipHash.hash64($0) })
            input[bit / 8] ^= 1 << UInt8(bit % 8)
        }
        #expect(seen.count == input.count * 8)
    }
}
