import Events
import Testing

@testable import Access

@Suite struct SignInThrottleTests {
    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: 1_795_348_800 + seconds) }

    private static let ada = SignInThrottle.Key.name("ada")
    private static let home = SignInThrottle.Key.address("10.0.0.1")

    private func failed(_ times: Int, _ keys: [SignInThrottle.Key]) -> SignInThrottle {
        var throttle = SignInThrottle()
        for _ in 0..<times { throttle.failed(keys, now: SignInThrottleTests.at(0)) }
        return throttle
    }

    @Test(
        arguments: [
            (0, 0), (1, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (10, 32), (11, 60), (40, 60), (1_000, 60),
        ] as [(Int, Int64)])
    func `five failures of a name are free, then each doubles the wait up to a minute`(
        _ failures: Int, _ wait: Int64
    ) {
        let throttle = failed(failures, [SignInThrottleTests.ada])
        #expect(throttle.wait([SignInThrottleTests.ada], now: SignInThrottleTests.at(0)) == wait)
    }

    @Test(arguments: [(5, 1), (14, 512), (15, 900), (100, 900)] as [(Int, Int64)])
    func `an address waits up to a quarter of an hour`(_ failures: Int, _ wait: Int64) {
        let throttle = failed(failures, [SignInThrottleTests.home])
        #expect(throttle.wait([SignInThrottleTests.home], now: SignInThrottleTests.at(0)) == wait)
    }

    @Test func `the longer wait of the two holds, and it runs out by the clock`() {
        let throttle = failed(8, [SignInThrottleTests.ada, SignInThrottleTests.home])
        let both = [SignInThrottleTests.ada, SignInThrottleTests.home]
        #expect(throttle.wait(both, now: SignInThrottleTests.at(3)) == 5)
        #expect(throttle.wait(both, now: SignInThrottleTests.at(8)) == 0)
        #expect(throttle.wait([.name("bob"), SignInThrottleTests.home], now: SignInThrottleTests.at(3)) == 5)
        #expect(throttle.wait([.name("bob"), .address("10.0.0.2")], now: SignInThrottleTests.at(3)) == 0)
    }

    @Test func `a right password clears the name and not the address`() {
        var throttle = failed(8, [SignInThrottleTests.ada, SignInThrottleTests.home])
        throttle.succeeded(name: "ada")
        #expect(throttle.wait([SignInThrottleTests.ada], now: SignInThrottleTests.at(0)) == 0)
        #expect(throttle.wait([SignInThrottleTests.home], now: SignInThrottleTests.at(0)) == 8)
    }

    @Test func `after an hour of quiet it begins anew`() {
        var throttle = failed(20, [SignInThrottleTests.ada])
        throttle.failed([SignInThrottleTests.ada], now: SignInThrottleTests.at(3_601))
        #expect(throttle.wait([SignInThrottleTests.ada], now: SignInThrottleTests.at(3_601)) == 0)
    }

    @Test func `a clock that was set back makes nobody wait for longer`() {
        let throttle = failed(8, [SignInThrottleTests.ada])
        #expect(throttle.wait([SignInThrottleTests.ada], now: SignInThrottleTests.at(-86_400)) == 8)
    }

    @Test func `any number of names takes a bounded table, and the latest are remembered`() {
        var throttle = SignInThrottle()
        for number in 0..<50_000 {
            throttle.failed([.name("n\(number)")], now: SignInThrottleTests.at(Int64(number / 50)))
            if number % 5_000 == 0 { #expect(throttle.count <= SignInThrottle.entriesMax) }
        }
        #expect(throttle.count <= SignInThrottle.entriesMax)
        for _ in 0..<5 { throttle.failed([.name("n49999")], now: SignInThrottleTests.at(1_000)) }
        #expect(throttle.wait([.name("n49999")], now: SignInThrottleTests.at(1_000)) == 2)
    }
}

@Suite struct AddressRangeTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false), ("10.0.0.0/8", "10.255.1.2", true),
        ("10.0.0.0/8", "11.0.0.1", false), ("192.168.4.0/22", "192.168.7.255", true),
        ("192.168.4.0/22", "192.168.8.0", false), ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false),
        ("::1", "::1", true), ("::1", "0:0:0:0:0:0:0:1", true), ("fd00::/8", "fd12::1", true),
        ("fd00::/8", "fe80::1", false), ("127.0.0.1", "::ffff:127.0.0.1", true), ("127.0.0.1", "", false),
        ("127.0.0.1", "localhost", false), ("127.0.0.1", "127.0.0.1 ", false),
    ])
    func `an address is in a range or not`(_ range: String, _ address: String, _ isIn: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(address) == isIn)
    }

    @Test(arguments: ["", "localhost", "10.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::/129", "1.2.3.4/8/8"])
    func `what is no address is none`(_ text: String) { #expect(AddressRange(text) == nil) }

    @Test func `whoever has an address of IPv6 has all of its first half`() {
        #expect(AddressRange.group(of: "2001:db8::1") == AddressRange.group(of: "2001:db8::ffff:1"))
        #expect(AddressRange.group(of: "2001:db8::1") != AddressRange.group(of: "2001:db8:0:1::1"))
        #expect(AddressRange.group(of: "10.0.0.1") != AddressRange.group(of: "10.0.0.2"))
        #expect(AddressRange.group(of: "::ffff:10.0.0.1") == AddressRange.group(of: "10.0.0.1"))
    }
}

@Suite struct TokenScopeTests {
    @Test func `scopes are read as they are written`() {
        #expect(TokenScope.list("write, read") == [.read, .write])
        #expect(TokenScope.text([.write, .read]) == "read,write")
        for text in ["", ",", "reed", "read,dance", "Read"] {
            #expect(TokenScope.list(text) == nil, "\(text)")
        }
        #expect(Role.viewer < .responder && Role.responder < .editor && Role.editor < .admin)
    }
}
