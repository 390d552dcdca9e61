import Events
import Foundation
import Glibc
import Testing

@testable import Console

/// The page of the API, and the commands that it shows.
@Suite struct APIPageTests {
    @Test func `the page leads to every operation, and each has a sound page`() async throws {
        try await withConsole { _, browser in
            let page = HTMLPage(try await browser.get("/api").text)
            #expect(page.faults == [])
            let ids = APIDocument.standard.operations.map { "/api/\($0.id)" }
            #expect(Set(page.links).isSuperset(of: ids))
            for path in ids {
                let reply = try await browser.get(path)
                #expect(reply.status == 200)
                #expect(HTMLPage(reply.text).faults == [], "\(path)")
                #expect(HTMLPage(reply.text).forms.allSatisfy { $0.action == path || $0.action == "/issues" })
            }
            #expect(try await browser.get("/api/dance").status == 404)
            #expect(HTMLPage(try await browser.get("/api/dance").text).faults == [])
        }
    }

    @Test func `what is filled in is in the call`() async throws {
        try await withConsole { console, browser in
            let page = HTMLPage(
                try await browser.get("/api/listIssues?try=yes&q=pack%3Acore%20%22a%26b%22&sort=%2Bcount&limit=5").text)
            let address = "/api/v1/issues?q=pack:core%20%22a%26b%22&sort=%2Bcount&limit=5"
            #expect(page.links.contains(address))
            #expect(try await browser.get(address).status == 200)
            let text = try await browser.get("/api/moveIssue?try=yes&If-Match=%22a%27b&body=%7B%0D%0A%7D").text
            #expect(text.contains("Still to be given: id."))
            #expect(text.contains("curl -s &#39;http://127.0.0.1:\(console.port)/api/v1/issues/{id}/moves&#39; \\"))
            #expect(text.contains("-H &#39;If-Match: &quot;a&#39;\\&#39;&#39;b&#39; \\"))
            #expect(text.contains("--data-raw &#39;{\n}&#39;</pre>"))
            #expect(!text.contains("Bearer"))
        }
    }

    @Test func `the token is taken from the environment of the shell`() async throws {
        try await withConsole(people: true) { console, _ in
            let browser = try await console.browser(of: "viewer")
            let text = try await browser.get("/api/me").text
            #expect(text.contains("-H &quot;Authorization: Bearer $MARGAY_TOKEN&quot;"))
        }
    }

    private static let texts = [
        "", "plain", "it's", "''", "$HOME `id` $(id) \\ \"", "a\nb", "-n", "@file", "tab\there", "ünï", "!history",
        "\u{1B}[31mred", "a\u{7}7", "\u{202E}evil", "it's \u{1} and \\1", "*?[a]{b,c}~", "\r\n", "a\u{0}b",
    ]

    @Test func `a shell reads quoted texts as they were, but for NUL`() throws {
        let path = NSTemporaryDirectory() + "margay-shell-" + UUID().uuidString
        defer { unlink(path) }
        let words = APIPageTests.texts.map(ShellText.quoted).joined(separator: " ")
        try "printf '%s\\0' \(words)\n".write(toFile: path, atomically: false, encoding: .utf8)
        let pipe = try #require(popen("bash '\(path)'", "r"))
        var read: [UInt8] = []
        while case let byte = getc(pipe), byte != EOF { read.append(UInt8(truncatingIfNeeded: byte)) }
        #expect(pclose(pipe) == 0)
        let found = read.split(separator: 0, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        #expect(found.dropLast() == APIPageTests.texts.map { $0.filter { $0 != "\0" } }[...])
    }

    @Test func `what a page shows of a quoted text is what is copied`() {
        for text in APIPageTests.texts {
            let quoted = ShellText.quoted(text).filter { $0 != "\n" && $0 != "\t" }
            #expect(quoted.safe == quoted)
        }
    }

    @Test func `a call is a command that curl makes it of`() {
        let operation = APIDocument.Operation(
            id: "x", method: "DELETE", path: "/api/v1/views/{name}", tag: "", summary: "", description: "",
            parameters: [
                APIDocument.Parameter(
                    name: "name", place: .path, isRequired: true, description: "", choices: [], example: "")
            ], example: nil)
        var fields = FormFields()
        fields.add("name", "a/b ?#[1]")
        let call = APICall(operation, fields)
        #expect(call.target == "/api/v1/views/a%2Fb%20%3F%23%5B1%5D")
        #expect(
            call.curl("http://[::1]:7077", needsToken: false)
                == "curl -sg 'http://[::1]:7077/api/v1/views/a%2Fb%20%3F%23%5B1%5D' \\\n    -X DELETE")
        #expect(call.missing == [])
        #expect(APICall(operation, FormFields()).missing == ["name"])
    }
}
