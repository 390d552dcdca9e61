import Events
import Testing

@testable import Patterns

@Suite struct ProgramNamesTests {
    private static func allows(_ names: [String], _ line: String) -> Bool {
        var line = line
        return line.withUTF8 { ProgramNames(names).allow(UnsafeRawBufferPointer($0)) }
    }

    @Test(arguments: [
        ("Nov 22 10:00:00 web sshd[12]: up", true), ("Nov 22 10:00:00 web SSHD[12]: up", true),
        ("Nov 22 10:00:00 web sshd-session[12]: up", false), ("Nov 22 10:00:00 web cron[12]: sshd[3]: up", false),
        ("Nov 22 10:00:00 mail postfix/smtpd[12]: up", true), ("Nov 22 10:00:00 mail postfi[12]: up", false),
        ("<38>1 2026-11-22T10:00:00Z web sshd 12 - - up", true),
        ("<38>1 2026-11-22T10:00:00Z web cron 12 - - up", false),
        ("2026-11-22 10:00:00 ERROR up", true), ("up", true), ("", true), ("Nov 22 10:00:00 web", true),
    ])
    func `a line is for a pack that names its program, and for all where it names none`(line: String, isFor: Bool) {
        #expect(Self.allows(["sshd", "postfix/*"], line) == isFor)
    }

    private static func pack(_ text: String) throws -> Pack {
        let result = PackLoader.load(text, path: "p.yaml")
        #expect(result.diagnostics.filter { $0.level == .error } == [])
        return try #require(result.pack)
    }

    private static func winner(_ line: String, _ packs: [Pack]) -> String? {
        let set = PatternSet(packs: packs)
        var line = line
        return line.withUTF8 { ReferenceMatcher(set).match(UnsafeRawBufferPointer($0)) }.map { set.rules[$0.rule].name }
    }

    @Test func `the lines of other programs are left to other packs, whoever is asked first`() throws {
        let disk = try Self.pack(
            "{pack: disk, programs: [diskd], patterns: [{id: disk.full, match: 'disk full'}], discard: [{match: 'spare'}]}"
        )
        let shop = try Self.pack(
            "{pack: shop, patterns: [{id: shop.full, match: 'full'}, {id: shop.spare, match: 'spare'}]}")
        let syslog = "Nov 22 10:00:00 web "
        #expect(Self.winner(syslog + "diskd[1]: disk full", [disk, shop]) == "disk.full")
        #expect(Self.winner(syslog + "till[1]: disk full", [disk, shop]) == "shop.full")
        #expect(Self.winner(syslog + "diskd[1]: spare", [disk, shop]) == "disk: discard")
        #expect(Self.winner(syslog + "till[1]: spare", [disk, shop]) == "shop.spare")
        #expect(Self.winner("disk full", [disk, shop]) == "disk.full")
    }

    @Test func `packs build on the programs of their bases, and name their own`() throws {
        var library = PackLibrary()
        library.add([
            PackDraft("{pack: a, programs: [a], patterns: [{id: a.x, match: x}]}", path: "a.yaml"),
            PackDraft("{pack: b, extends: a}", path: "b.yaml"),
            PackDraft("{pack: c, extends: a, programs: [c, c-worker]}", path: "c.yaml"),
        ])
        #expect(library.packs["b"]?.programs?.names == ["a"])
        #expect(library.packs["c"]?.programs?.names == ["c", "c-worker"])
    }

    @Test(arguments: ["'*'", "'a b'", "'a*b'", "''"])
    func `what can be no name of a program is refused`(name: String) {
        let result = PackLoader.load("{pack: a, programs: [\(name)], patterns: [{id: a.x, match: x}]}", path: "a.yaml")
        #expect(result.diagnostics.map(\.rule) == ["bad-program"])
    }

    @Test func `packs for what products are made with come behind those for products`() throws {
        let java = try Self.pack("{pack: java, runtime: true, patterns: [{id: java.memory, match: OutOfMemory}]}")
        let queue = try Self.pack("{pack: queue, patterns: [{id: queue.memory, match: 'OutOfMemory'}]}")
        #expect(Self.winner("OutOfMemory", [java, queue]) == "queue.memory")
        #expect(PatternSet(packs: [java, queue]).packNames == ["java", "queue"])
    }
}
