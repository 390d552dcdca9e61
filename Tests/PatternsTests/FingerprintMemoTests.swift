import Events
import Testing

@testable import Patterns

@Suite struct FingerprintMemoTests {
    static func fingerprint(_ message: [UInt8], _ key: FingerprintMemo.Key) -> Fingerprint {
        var builder = FingerprintBuilder()
        builder.add(Int(key.rule))
        builder.add(key.severity.name)
        message.withUnsafeBytes { builder.add($0) }
        return builder.finish()
    }

    /// Asks for the fingerprint of `message`; returns whether it had to be made.
    static func asks(_ memo: FingerprintMemo, _ message: [UInt8], _ key: FingerprintMemo.Key) -> Bool {
        var isMade = false
        let answer = message.withUnsafeBytes { bytes in
            memo.fingerprint(of: bytes, key) {
                isMade = true
                return fingerprint(message, key)
            }
        }
        #expect(answer == fingerprint(message, key))
        return isMade
    }

    static let key = FingerprintMemo.Key(rule: 1, severity: .major)

    @Test func `a message is known from its second coming on`() throws {
        let memo = try #require(FingerprintMemo())
        let message = Array("upstream timed out".utf8)
        #expect((0..<4).map { _ in Self.asks(memo, message, Self.key) } == [true, false, false, false])
    }

    @Test func `another rule, severity or byte is another message`() throws {
        let memo = try #require(FingerprintMemo())
        let message = Array("upstream timed out".utf8)
        for _ in 0..<2 { _ = Self.asks(memo, message, Self.key) }
        #expect(Self.asks(memo, message, FingerprintMemo.Key(rule: 2, severity: .major)))
        #expect(Self.asks(memo, message, FingerprintMemo.Key(rule: 1, severity: .minor)))
        #expect(Self.asks(memo, message + [0], Self.key))
        #expect(!Self.asks(memo, message, Self.key))
    }

    @Test(arguments: [0, 1, 7, 8, 9, FingerprintMemo.messageBytesMax, FingerprintMemo.messageBytesMax + 1])
    func `messages of any length`(count: Int) throws {
        let memo = try #require(FingerprintMemo())
        let message = [UInt8](repeating: 0xFF, count: count)
        for _ in 0..<2 { _ = Self.asks(memo, message, Self.key) }
        #expect(Self.asks(memo, message, Self.key) == (count > FingerprintMemo.messageBytesMax))
    }

    /// More messages than there is room for: what was written over is made again, and no answer is another's.
    @Test func `a flood of messages changes no answer`() throws {
        let memo = try #require(FingerprintMemo())
        var made = 0
        for round in 0..<3 {
            for number in 0..<30_000 {
                let text = "\(number) " + String(repeating: "x", count: number % 200)
                if Self.asks(memo, Array(text.utf8), Self.key) { made += round == 2 ? 1 : 0 }
            }
        }
        #expect(made > 0)
        #expect(made < 30_000)
    }
}
