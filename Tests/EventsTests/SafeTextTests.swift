import Testing

@testable import Events

struct SafeTextTests {
    @Test(arguments: [
        ("plain, ü, 漢", "plain, ü, 漢"), ("\u{1B}[31m", "\\x1b[31m"), ("a\u{0}b\u{7F}", "a\\x00b\\x7f"),
        ("\u{85}", "\\x85"), ("\u{202E}gnp.exe", "\\u{202e}gnp.exe"), ("\u{2066}\u{2069}", "\\u{2066}\\u{2069}"),
        ("\u{200F}", "\\u{200f}"), ("\u{61C}", "\\u{61c}"), ("\u{2028}", "\\u{2028}"), ("", ""),
    ])
    func `what a terminal or a page would obey is written out`(text: String, safe: String) {
        #expect(text.safe == safe)
    }
}
