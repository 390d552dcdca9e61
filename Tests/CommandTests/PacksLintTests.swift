import Foundation
import Testing

/// `margay packs lint` as a user runs it.
@Suite struct PacksLintTests {
    private let folder = TemporaryFolder()

    @Test func `JSON Lines and SARIF say what the text says`() throws {
        let path = try folder.write(
            "packs/a b.yaml", "pack: a\npatterns:\n  - {id: a.x, match: '('}\n  - {id: a.y, match: '(b+)+c'}\n")
        let text = try Program.run("packs", "lint", path)
        #expect(text.status == 2)
        #expect(text.output.contains("a b.yaml:3:24: error: [bad-expression] PCRE2: missing closing parenthesis"))
        #expect(text.output.contains("a b.yaml:4:27: warning: [nested-quantifier]"))
        let json = try Program.run("packs", "lint", "--format", "json", path)
        #expect(json.status == 2)
        #expect(
            json.objects.map { $0["rule"] as? String } == [
                "undetected", "bad-expression", "untested", "nested-quantifier",
            ])
        #expect(json.objects[1]["line"] as? Int == 3)
        #expect(json.objects[1]["column"] as? Int == 24)
        #expect(json.objects[1]["expression"] as? String == "(")
        #expect(json.objects[1]["caret"] as? Int == 1)
        let sarif = try Program.run("packs", "lint", "--format", "sarif", path)
        #expect(sarif.status == 2)
        let log = try #require(try JSONSerialization.jsonObject(with: Data(sarif.output.utf8)) as? [String: Any])
        #expect(log["version"] as? String == "2.1.0")
        let run = try #require((log["runs"] as? [[String: Any]])?.first)
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(results.map { $0["level"] as? String } == ["note", "error", "warning", "warning"])
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        let rules = try #require(driver["rules"] as? [[String: Any]])
        for result in results {
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
        }
        let location = try #require((results[1]["locations"] as? [[String: Any]])?.first)
        let physical = try #require(location["physicalLocation"] as? [String: Any])
        #expect(
            (physical["artifactLocation"] as? [String: Any])?["uri"] as? String
                == "file://" + path.replacingOccurrences(of: " ", with: "%20"))
        #expect(physical["region"] as? [String: Int] == ["startLine": 3, "startColumn": 24])
    }

    @Test func `strict fails on advice`() throws {
        let path = try folder.write("a.yaml", "pack: a\npatterns: [{id: a.x, match: x}]\n")
        #expect(try Program.run("packs", "lint", path).status == 0)
        #expect(try Program.run("packs", "lint", "--strict", path).status == 1)
    }

    @Test func `a single file builds on its neighbours, and on the packs in use`() throws {
        try folder.write("base.yaml", "pack: base\ndefine: {x: 'y'}\npatterns: []\n")
        let path = try folder.write(
            "heir.yaml", "pack: heir\nextends: [base, nginx]\npatterns: [{id: heir.a, match: '(?&x)'}]\n")
        let run = try Program.run("packs", "lint", "--packs", "patterns", path)
        #expect(!run.output.contains(": error: "), "\(run.output)")
        #expect(run.status == 0)
    }
}
