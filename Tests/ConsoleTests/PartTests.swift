import Events
import Foundation
import Testing

@testable import Console

/// Parts that need no server.
@Suite struct PartTests {
    @Test(arguments: [
        ("a=1&b=2", [("a", "1"), ("b", "2")]), ("a=%3Cb%3E+c", [("a", "<b> c")]), ("a", [("a", "")]),
        ("=x", [("", "x")]),
        ("a=b=c", [("a", "b=c")]), ("a=%zz%4", [("a", "%zz%4")]), ("a=%FF", [("a", "\u{FFFD}")]), ("&&", []),
    ])
    func `a form is read`(_ text: String, _ expected: [(String, String)]) throws {
        let fields = try #require(FormFields(text.utf8))
        #expect(fields.pairs.map { "\($0.name)→\($0.value)" } == expected.map { "\($0.0)→\($0.1)" })
    }

    @Test func `a small picture says what every hour had`() {
        #expect(PageValues.sparkline([]) == "")
        #expect(PageValues.sparkline([Int](repeating: 0, count: 24)) == "")
        let hours = [Int](repeating: 0, count: 20) + [1, 1_000, 1_000, 0]
        let picture = PageValues.sparkline(hours)
        #expect(picture.contains("<title>2001 in 24 h</title>"))
        #expect(picture.contains("d=\"M80 16V15h4V0h8V16\""))
        #expect(PageValues.sparkline((1...24).map { $0 }).utf8.count < 260)
    }

    @Test func `what is encoded is read back`() throws {
        let text = TestIssues.hostile.joined() + "äöü & = + % ; 🙂"
        #expect(try #require(FormFields("v=\(FormFields.encoded(text))".utf8))["v"] == text)
    }

    @Test(arguments: [
        ("127.0.0.1:7077", "127.0.0.1:7077"), ("localhost:80", "localhost:80"), ("[::1]:7077", "[::1]:7077"),
        ("7078", "127.0.0.1:7078"), ("127.0.0.1:0", "127.0.0.1:0"),
        ("0.0.0.0:7077", "0.0.0.0:7077"), ("[::]:443", "[::]:443"), ("example.com:80", "example.com:80"),
    ])
    func `an address is read`(_ text: String, _ expected: String) throws {
        #expect(try ListenAddress(text).description == expected)
    }

    @Test(arguments: [
        "", ":", ":80", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70777", "[::1]", "a b:80", "http://a:80", "[]:80",
    ])
    func `an address that leads nowhere is refused`(_ text: String) {
        #expect(throws: ListenAddress.Fault.self) { try ListenAddress(text) }
    }

    @Test(arguments: [
        ("127.0.0.1:80", true), ("[::1]:80", true), ("LOCALHOST:80", true), ("80", true), ("0.0.0.0:80", false),
        ("[::]:80", false), ("10.0.0.1:80", false), ("localhost.example:80", false), ("127.0.0.2:80", false),
    ])
    func `an address says whether others can reach it`(_ text: String, _ isLoopback: Bool) throws {
        #expect(try ListenAddress(text).isLoopback == isLoopback)
    }

    @Test func `what HTML obeys is escaped by scalar, not by character`() {
        #expect(PageEscape.escape("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;")
        #expect(PageEscape.escape("\"\u{0301}") == "&quot;\u{0301}")
        #expect(PageEscape.escape("<\u{0338}") == "&lt;\u{0338}")
        #expect(PageEscape.escape("\u{1B}[31m\u{0}\u{202E}") == "\\x1b[31m\\x00\\u{202e}")
        #expect(PageEscape.escape("a\n\tb") == "a\n\tb")
    }

    @Test func `Markdown of a log is code, whatever it holds`() {
        #expect(IssueCopy.code("a") == "`a`")
        #expect(IssueCopy.code("a`b") == "`` a`b ``")
        #expect(IssueCopy.code("```") == "```` ``` ````")
    }

    @Test func `preferences come back from their cookie, and nonsense is nothing`() {
        let preferences = Preferences(theme: .dark, hasKeys: false, name: "dana; & co")
        #expect(Preferences(cookie: Cookies.unpacked(Cookies.packed(preferences.cookie))) == preferences)
        #expect(Preferences(cookie: "theme=pink&name=%00&x") == Preferences())
    }

    @Test func `numbers are grouped`() {
        #expect(
            [0, 999, 1_000, 1_234_567, -1_234].map { ConsoleSite.grouped($0) } == [
                "0", "999", "1,000", "1,234,567", "−1,234",
            ])
    }

    @Test func `a histogram draws its limit and what is above it`() {
        var hours = [Int](repeating: 0, count: 24)
        hours[23] = 50
        hours[22] = 10
        var picture = Histogram(days: hours, now: TestConsole.now)
        picture.limit = 40
        #expect(picture.svg.components(separatedBy: "<rect").count == 3)
        #expect(picture.svg.components(separatedBy: "class=\"over\"").count == 2)
        #expect(picture.svg.contains("class=\"limit\""))
        picture.limit = 4_000
        #expect(!picture.svg.contains("class=\"limit\""))
    }
}
