import Events
import Store
import Testing

@testable import Console

@Suite struct DraftTests {
    @Test(arguments: [
        ("a/b", "a\\/b"), ("a\\/b", "a\\/b"), ("\\\\/", "\\\\\\/"), ("//", "\\/\\/"), ("", ""), ("\\", "\\"),
    ])
    func `the slashes of an expression stand behind a backslash in a query`(expression: String, query: String) {
        #expect(ConsoleSite.slashed(expression) == query)
    }

    @Test(arguments: [
        ("the gate north is open", "the gate south is open", true), ("the gate", "a rotor", false), ("", "", false),
        ("Gate: north", "gate north", true),
    ])
    func `titles are alike by the words that they share`(one: String, other: String, areAlike: Bool) {
        let share = SimilarIssues.share(SimilarIssues.words(one), SimilarIssues.words(other))
        #expect((share >= SimilarIssues.shareMin) == areAlike)
    }

    @Test(arguments: [
        ("count.owner", [ListColumn.count, .owner]), ("owner.count.count", [.count, .owner]),
        ("bad.count", [.count]), ("bad", nil), ("", nil),
    ])
    func `columns are read from a cookie, and what is unknown is left out`(text: String, columns: [ListColumn]?) {
        #expect(ListColumn.parse(text) == columns)
    }

    @Test func `what a visitor chose comes back from the cookie`() {
        var chosen = Preferences(theme: .dark, hasKeys: false, name: "Dana & co")
        chosen.columns = [.day, .pack]
        #expect(Preferences(cookie: chosen.cookie) == chosen)
        #expect(Preferences(cookie: Preferences().cookie) == Preferences())
    }
}
