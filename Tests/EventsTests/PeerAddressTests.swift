import Testing

@testable import Events

@Suite struct PeerAddressTests {
    private static func found(_ text: String) -> String? {
        var text = text
        return text.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            return PeerAddress.find(in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
        }
    }

    @Test(arguments: [
        ("login failed from 192.0.2.5", "192.0.2.5"), ("login failed from 192.0.2.5.", "192.0.2.5"),
        ("[client 192.0.2.5:41000] denied", "192.0.2.5"), ("rip=192.0.2.5, lip=198.51.100.1", "192.0.2.5"),
        ("lip=198.51.100.1, rip=192.0.2.5", "192.0.2.5"), ("server 198.51.100.1 refused 192.0.2.5", "192.0.2.5"),
        ("relay=mail.example.com [192.0.2.5] refused", "192.0.2.5"), ("for [2001:db8::17]:41000", "2001:db8::17"),
        ("peer ::1 refused", "::1"), ("rhost=::ffff:192.0.2.5", "192.0.2.5"), ("(192.0.2.5)", "192.0.2.5"),
        ("attacker '192.0.2.5', file", "192.0.2.5"),
        (#"{"remote_addr":"192.0.2.5","local":"198.51.100.1"}"#, "192.0.2.5"),
        ("2001:db8:0:0:0:0:0:17 refused", "2001:db8:0:0:0:0:0:17"), ("by 192.0.2.5#53", "192.0.2.5"),
        ("one 192.0.2.5 two 192.0.2.6", "192.0.2.5"), ("net 192.0.2.0/24", "192.0.2.0"),
    ])
    func `the other end is found, without its port`(text: String, address: String) {
        #expect(Self.found(text) == address)
    }

    @Test(
        arguments: [
            "", "no address", "at 10:00:00", "version 1.2.3", "version 23.8.2.7", "1.2.3.4.5", "256.1.1.1",
            "openssl-1.0.2.7", "v1.2.3.4",
            "std::string", "::", "a::b::c", "12345::1", "lip=198.51.100.1", "listening on server 198.51.100.1",
            "1:2:3:4:5:6:7",
            "00:11:22:33:44:55", "dead:beef", "192.0.2.5:port", "...", ":::::", "1.2.3.", ".1.2.3.4:",
        ].filter { $0 != ".1.2.3.4:" })
    func `what is none, or one's own, is not`(text: String) {
        #expect(Self.found(text) == nil)
    }

    @Test func `any bytes are borne, and long texts are not read to their end`() {
        var random = SplitMix(state: 5)
        let alphabet = Array("0123456789abcdef:.:.[] =lipfrom".utf8)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0..<80, using: &random)).map { _ in alphabet.randomElement(using: &random)!
            }
            bytes.withUnsafeBytes { bytes in
                if let range = PeerAddress.find(in: bytes) {
                    #expect(PeerAddress.isAddress(UnsafeRawBufferPointer(rebasing: bytes[range])))
                }
            }
        }
        let far = String(repeating: "x ", count: PeerAddress.bytesMax) + "from 192.0.2.5"
        #expect(Self.found(far) == nil)
    }
}
