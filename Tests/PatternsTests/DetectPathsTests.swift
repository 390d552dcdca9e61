import Testing

@testable import Patterns

@Suite struct DetectPathsTests {
    @Test(arguments: [
        // In brackets.
        ("detect:\n  paths: ['**/a.log']\npatterns:\n", "detect:\n  paths: ['**/a.log', 'b']\npatterns:\n"),
        ("detect:\n  paths: []  # none\n  lines: ['^x']\n", "detect:\n  paths: ['b']  # none\n  lines: ['^x']\n"),
        ("detect:\n    lines: [x]\n    paths: [ a ] \n", "detect:\n    lines: [x]\n    paths: [ a , 'b'] \n"),
        ("detect: {lines: ['^]'], paths: ['[a]', \"]\"]}\n", "detect: {lines: ['^]'], paths: ['[a]', \"]\", 'b']}\n"),
        // An item a line.
        (
            "detect: # how\n  paths:\n    # mine\n    - a\n\n    - c # see\n  lines: [x]\n",
            "detect: # how\n  paths:\n    # mine\n    - a\n\n    - c # see\n    - 'b'\n  lines: [x]\n"
        ),
        (
            "detect:\n  paths:\n  - a\npatterns:\n  - id: x\n",
            "detect:\n  paths:\n  - a\n  - 'b'\npatterns:\n  - id: x\n"
        ),
        // None yet.
        ("detect:\n   lines: [x]\n", "detect:\n   paths: ['b']\n   lines: [x]\n"),
    ])
    func `globs go behind those that are there, and nothing else is touched`(text: String, wanted: String) {
        #expect(DetectPaths(text)?.adding(["'b'"]) == wanted)
        #expect(DetectPaths(text)?.adding([]) == text)
    }

    @Test(arguments: [
        "", "patterns:\n  - id: x\n", "detect: {lines: [x]}\n", "detect:\n  paths: [a,\n    b]\n", "detect:\n",
        "detect: &anchor\n  paths: [a]\n", "detect:\n  paths: *other\n", "  detect:\n    paths: [a]\n",
        "detect:\n  paths: ['a]\n",
    ])
    func `a form that is not understood is left alone`(text: String) {
        #expect(DetectPaths(text) == nil)
    }
}
