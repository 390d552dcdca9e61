import Testing

@testable import Events

struct GlobTests {
    /// What matches, and what does not.
    @Test(arguments: [
        (
            "/var/log/*.log", ["/var/log/a.log", "/var/log/.log", "//var//log/a.log"],
            ["/var/log/a.log.1", "/var/log/x/a.log"]
        ),
        (
            "/var/log/**/*.log", ["/var/log/a.log", "/var/log/x/a.log", "/var/log/x/y/z/a.log"],
            ["/var/a.log", "/var/log/x/a.txt"]
        ),
        ("/**/app/**/*.log", ["/app/a.log", "/x/app/a.log", "/x/app/y/app/a.log"], ["/x/a.log"]),
        ("/a/**", ["/a", "/a/b", "/a/b/c"], ["/b", "/ab"]),
        (
            "/log/app-?.log", ["/log/app-1.log", "/log/app-ä.log", "/log/app-日.log"],
            ["/log/app-.log", "/log/app-12.log"]
        ),
        ("/log/[a-c]*", ["/log/a", "/log/cx"], ["/log/d", "/log/"]),
        ("/log/[!a-c]", ["/log/d", "/log/]"], ["/log/a", "/log/dd"]),
        ("/log/[]-]x", ["/log/]x", "/log/-x"], ["/log/ax"]),
        ("/log/{app,db/{main,spare}}.log", ["/log/app.log", "/log/db/main.log", "/log/db/spare.log"], ["/log/db.log"]),
        ("/log/{a,}b", ["/log/ab", "/log/b"], ["/log/a"]),
        ("/log/\\*\\{x", ["/log/*{x"], ["/log/a{x"]),
        ("/log/a*b*c", ["/log/abc", "/log/a-b-b-c-c"], ["/log/acb", "/log/abcd"]),
        ("/log/***", ["/log/x"], ["/log/x/y"]),
    ])
    func `it matches what it says`(glob: String, matching: [String], others: [String]) throws {
        let glob = try Glob(glob)
        for path in matching { #expect(glob.matches(path), "\(glob) and \(path)") }
        for path in others { #expect(!glob.matches(path), "\(glob) and \(path)") }
    }

    @Test(arguments: [
        ("/log/[a", "[ is not closed"), ("/log/{a,b", "{ is not closed"), ("/log/[z-a]", "backwards"),
        (String(repeating: "{a,b}", count: 9), "more than 256"),
    ])
    func `what cannot be understood is refused with the reason`(glob: String, reason: String) {
        let error = #expect(throws: GlobError.self) { try Glob(glob) }
        #expect(error?.description.hasPrefix(glob) == true && error?.reason.contains(reason) == true)
    }

    @Test(arguments: [
        ("/var/log/*.log", ["/var/log"]), ("/**/x", ["/"]), ("/{a/b,c}/x/*", ["/a/b/x", "/c/x"]),
        ("/log/app.log", ["/log"]), ("/lo[g]/x", ["/"]),
    ])
    func `a search begins where the names end to be fixed`(glob: String, directories: [String]) throws {
        #expect(try Glob(glob).fixedDirectories == directories)
    }

    @Test func `only directories on the way are entered`() throws {
        let glob = try Glob("/log/*/app/**/x.log")
        for path in ["/", "/log", "/log/a", "/log/a/app", "/log/a/app/b/c"] { #expect(glob.mayMatchBelow(path)) }
        for path in ["/lo", "/log/a/b", "/tmp"] { #expect(!glob.mayMatchBelow(path)) }
    }

    @Test func `a literal path is that path whatever it holds`() {
        let glob = Glob(literal: "/log/{a}[b]*?.log")
        #expect(glob.matches("/log/{a}[b]*?.log") && !glob.matches("/log/ab.log"))
    }

    /// The oracle tries every way of dealing out the names.
    @Test(arguments: 0..<20) func `random globs and names agree with trying everything`(seed: UInt64) throws {
        var generator = SplitMix(state: seed)
        for _ in 0..<200 {
            let parts = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                ["**", "*", "a", "b", "a*", "*b", "?"].randomElement(using: &generator) ?? "*"
            }
            let names = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                ["a", "b", "ab", "bb"].randomElement(using: &generator) ?? "a"
            }
            let glob = try Glob("/" + parts.joined(separator: "/"))
            let path = "/" + names.joined(separator: "/")
            #expect(glob.matches(path) == Self.matches(parts[...], names[...]), "\(glob) and \(path)")
        }
    }

    private static func matches(_ parts: ArraySlice<String>, _ names: ArraySlice<String>) -> Bool {
        guard let part = parts.first else { return names.isEmpty }
        if part == "**" {
            return (0...names.count).contains { matches(parts.dropFirst(), names.dropFirst($0)) }
        }
        guard let name = names.first else { return false }
        return fits(part[...], name[...]) && matches(parts.dropFirst(), names.dropFirst())
    }

    private static func fits(_ part: Substring, _ name: Substring) -> Bool {
        switch part.first {
        case nil: name.isEmpty
        case "*": (0...name.count).contains { fits(part.dropFirst(), name.dropFirst($0)) }
        case "?": !name.isEmpty && fits(part.dropFirst(), name.dropFirst())
        default: name.first == part.first && fits(part.dropFirst(), name.dropFirst())
        }
    }
}
