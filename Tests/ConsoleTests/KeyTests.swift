import Foundation
import Testing

@testable import Console

/// The keys that the help page lists are those that there are.
@Suite struct KeyTests {
    /// Keys that browsers know by themselves: a row's link has the focus.
    private static let native: Set<String> = ["Enter"]

    @Test func `the help page lists exactly the keys that do something`() async throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/Console")
        var keys = KeyTests.native
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path + "/Templates") {
            let text = try String(contentsOf: folder.appendingPathComponent("Templates/" + file), encoding: .utf8)
            for match in text.matches(of: /data-key="([^"]+)"/) { keys.insert(String(match.1)) }
        }
        // The severities of the inbox, and the pages of the navigation.
        #expect(keys.remove("{{number}}") != nil && keys.remove("{{key}}") != nil)
        keys.formUnion(["0", "1", "2", "3", "4", "5"])
        let script = String(decoding: PageAssets.standard.script.body, as: UTF8.self)
        let table = try #require(script.firstMatch(of: /const rowKeys = \{([\s\S]*?)\n  \};/)).1
        for match in table.matches(of: /(?:^|[\s,])(?:'(.)'|([A-Za-z]+)): \(\)/) {
            let name = match.1 ?? match.2 ?? ""
            if !name.hasPrefix("Arrow") { keys.insert(String(name)) }
        }
        for match in script.matches(of: /[kK]ey === '([^']+)'/) where match.1 != "g" { keys.insert(String(match.1)) }
        try await withConsole { _, browser in
            let page = HTMLPage(try await browser.get("/help").text)
            for element in page.elements {
                if let key = element.attributes["data-key"], key.hasPrefix("g ") { keys.insert(key) }
            }
            var listed: Set<String> = []
            var prefix = ""
            for piece in page.texts where piece.path.contains("dl") {
                if piece.path.last == "dd" { prefix = "" }
                if piece.path.last == "dt", piece.text.contains("then") { prefix = "g " }
                guard piece.path.last == "kbd" else { continue }
                listed.insert(prefix + piece.text)
            }
            listed.remove("g")
            #expect(listed.subtracting(keys) == [], "listed, and not there")
            #expect(keys.subtracting(listed) == [], "there, and not listed")
        }
    }
}
