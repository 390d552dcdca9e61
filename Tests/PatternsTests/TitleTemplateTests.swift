import Testing

@testable import Patterns

@Suite struct TitleTemplateTests {
    @Test(arguments: [
        ("plain", [String: String](), "plain"), ("a {x} b", ["x": "1"], "a 1 b"),
        ("{x}{y}", ["x": "1", "y": "2"], "12"),
        ("{{x}}", [:], "{x}"), ("out: {x}", [:], "out"), ("{x}", [:], "(no title)"), ("é {x}", ["x": "ü"], "é ü"),
        ("lost: {x}{y}", ["y": "2"], "lost: 2"), ("lost {x}{y}", [:], "lost"), ("{x} crashed", [:], "crashed"),
        ("lost {x} on {y}", ["y": "2"], "lost on 2"), ("{x}: {y}", ["y": "2"], "2"),
    ])
    func `is filled`(source: String, values: [String: String], expected: String) throws {
        #expect(try TitleTemplate(source).filled { values[$0] } == expected)
    }

    @Test(arguments: [("{x", 0), ("a}", 1), ("ab{}", 2), ("{a}{b", 3)])
    func `a brace out of place is told`(source: String, offset: Int) {
        #expect { try TitleTemplate(source) } throws: { ($0 as? TitleTemplate.Fault)?.offset == offset }
    }
}
