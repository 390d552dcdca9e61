import Testing

@testable import Events

@Suite struct EmailScrubberTests {
    @Test(arguments: [
        ("mail to bob@example.com bounced", "mail to <email> bounced"),
        ("from=<bob.smith+x@mail.example.co.uk>, size=1", "from=<<email>>, size=1"),
        ("user=bob@example.com;x", "user=<email>;x"), ("bob@example.com", "<email>"),
        ("{\"to\":[\"a@b.de\",\"c@d.fr\"]}", "{\"to\":[\"<email>\",\"<email>\"]}"),
        ("Write to bob@example.com.", "Write to <email>."), ("'bob@example.com'", "'<email>'"),
        ("mailto:bob@example.com?subject=x", "mailto:<email>?subject=x"), ("a@b.c.de@f.gh", "<email>@f.gh"),
        ("j\u{fc}rgen@b\u{fc}cher.example", "<email>"),
        ("line one\nbob@example.com\nline two", "line one\n<email>\nline two"),
    ])
    func `an address is replaced`(text: String, scrubbed: String) {
        #expect(EmailScrubber.scrub(text) == scrubbed)
        #expect(EmailScrubber.scrub(scrubbed) == scrubbed)
    }

    @Test(arguments: [
        "", "@", "root@localhost", "ssh bob@db-1", "@Override", "a @ b.de", "x@1.2", "npm install @scope/name", "@.com",
        "a@b..de", "f@http://localhost:5000/foo.js:3:9", "sha@256", "git@github", "a@b.c",
    ])
    func `what is none stays`(text: String) { #expect(EmailScrubber.scrub(text) == text) }

    @Test func `any bytes are borne, in linear time`() {
        for piece in ["@", "a@", "a@b.", "=@", ".@.", "a@b.de", "\u{e9}@\u{e9}."] {
            let text = String(repeating: piece, count: 20_000)
            let once = EmailScrubber.scrub(text)
            #expect(once.utf8.count <= text.utf8.count * 7)
        }
    }
}
