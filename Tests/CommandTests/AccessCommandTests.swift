import Foundation
import Testing

/// `margay user` and `margay token`, as an operator runs them.
@Suite struct AccessCommandTests {
    private static let password = Data("correct horse battery\n".utf8)

    private func user(
        _ folder: TemporaryFolder, _ arguments: String..., input: Data? = nil
    ) throws -> Program.Result {
        try Program.run(["user"] + arguments + ["--store", folder("team.db")], input: input)
    }

    private func token(_ folder: TemporaryFolder, _ arguments: String...) throws -> Program.Result {
        try Program.run(["token"] + arguments + ["--store", folder("team.db")])
    }

    @Test func `users are added, changed, listed and removed, and the last admin stays`() throws {
        let folder = TemporaryFolder()
        for (name, role) in [("ada", "admin"), ("bob", "viewer")] {
            let added = try user(
                folder, "add", name, "--role", role, "--password-stdin", input: AccessCommandTests.password)
            #expect(added.status == 0, "\(added.errors)")
            #expect(added.errors == "\(name) may sign in as \(role)\n")
        }
        #expect(
            try user(folder, "add", "ADA", "--role", "viewer", "--password-stdin", input: AccessCommandTests.password)
                .status == 1)
        #expect(try user(folder, "role", "bob", "responder").status == 0)
        #expect(try user(folder, "disable", "bob").status == 0)
        #expect(try user(folder, "enable", "bob").status == 0)
        #expect(
            try user(folder, "password", "bob", "--password-stdin", input: Data("another horse battery\n".utf8)).status
                == 0)
        let list = try user(folder, "list", "--json")
        #expect(list.objects.map { $0["name"] as? String } == ["ada", "bob"])
        #expect(list.objects.map { $0["role"] as? String } == ["admin", "responder"])
        #expect(!list.output.contains("scrypt"))
        #expect(try user(folder).output.split(separator: "\n").count == 2)
        for change in [["rm", "ada"], ["disable", "ada"], ["role", "ada", "editor"]] {
            let refused = try Program.run(["user"] + change + ["--store", folder("team.db")])
            #expect(refused.status == 1)
            #expect(refused.errors.contains("the last admin; make another one first"))
        }
        #expect(try user(folder, "rm", "nobody").status == 1)
        #expect(try user(folder, "rm", "bob").status == 0)
        #expect(try user(folder, "rm", "ada").status == 0)
        #expect(try user(folder, "list").status == 1)
    }

    @Test(
        arguments: [
            ("short\n", 2, "A password has 12 characters or more."), ("", 2, "standard input holds no password"),
            ("\nlong enough to be one\n", 2, "standard input holds no password"),
        ] as [(String, Int32, String)])
    func `a password that is none adds nobody`(_ input: String, _ status: Int32, _ message: String) throws {
        let folder = TemporaryFolder()
        let result = try user(
            folder, "add", "ada", "--role", "admin", "--password-stdin", input: Data(input.utf8))
        #expect(result.status == status)
        #expect(result.errors.contains(message))
        #expect(!FileManager.default.fileExists(atPath: folder("team.db")))
    }

    @Test func `without a terminal the password has to be piped`() throws {
        let result = try user(TemporaryFolder(), "add", "ada", "--role", "admin")
        #expect(result.status == 2)
        #expect(result.errors.contains("--password-stdin"))
    }

    @Test(arguments: [
        ["user", "add", "a b", "--role", "admin"], ["user", "add", "me", "--role", "admin"],
        ["user", "add", "ada", "--role", "king"], ["user", "add", "ada"], ["token", "add", "x", "--scope", "fly"],
        ["token", "add", "x"], ["token", "add", "x", "--scope", "read", "--expires", "never"],
        ["token", "add", "x", "--scope", "read", "--expires", "367d"],
    ])
    func `what makes no sense is refused before anything is opened`(_ arguments: [String]) throws {
        let folder = TemporaryFolder()
        let result = try Program.run(arguments + ["--store", folder("team.db")])
        #expect(result.status == 64)
        #expect(!FileManager.default.fileExists(atPath: folder("team.db")))
    }

    @Test func `a token is printed once, listed without itself, and removed`() throws {
        let folder = TemporaryFolder()
        let added = try token(folder, "add", "ci", "--scope", "write,read", "--expires", "30d")
        #expect(added.status == 0)
        #expect(added.output.wholeMatch(of: /mgy_[A-Za-z0-9_-]{43}\n/) != nil)
        #expect(try token(folder, "add", "CI", "--scope", "read").status == 1)
        let list = try token(folder, "list", "--json")
        #expect(list.objects.count == 1)
        #expect(list.objects.first?["scopes"] as? [String] == ["read", "write"])
        #expect(!list.output.contains("mgy_"))
        let store = try Data(contentsOf: URL(fileURLWithPath: folder("team.db")))
        #expect(store.range(of: Data(added.output.dropLast().utf8)) == nil)
        #expect(try token(folder, "rm", "ci").status == 0)
        #expect(try token(folder, "rm", "ci").status == 1)
    }

    @Test func `a set-up link is made while there are no users`() throws {
        let folder = TemporaryFolder()
        let link = try user(folder, "setup")
        #expect(link.status == 0)
        #expect(link.output.wholeMatch(of: /http:\/\/127\.0\.0\.1:7077\/setup\/[A-Za-z0-9_-]{43}\n/) != nil)
        #expect(
            try user(folder, "add", "ada", "--role", "admin", "--password-stdin", input: AccessCommandTests.password)
                .status == 0)
        let late = try user(folder, "setup")
        #expect(late.status == 1)
        #expect(late.output == "")
    }

    @Test(arguments: [
        ("console: { names: ['http://x'] }", "2:", "bad-name"),
        ("console: { proxy: { addresses: [here] } }", "2:", "bad-address"),
        ("console: { proxy: {} }", "2:", "missing-key"),
        ("console: { proxy: { addresses: [127.0.0.1], user_header: Cookie } }", "2:", "bad-header"),
        ("console: { proxy: { addresses: [127.0.0.1], role: king } }", "2:", "bad-role"),
        ("console: { tls: { certificate: /nowhere/a, key: /nowhere/b } }", "2:", "bad-tls"),
        ("console: { tls: { certificate: /nowhere/a } }", "2:", "missing-key"),
        ("console: { local_packs: /nowhere }", "2:", "bad-local-packs"),
        ("packs: [/some/where]\nconsole: { local_packs: /some }", "3:", "bad-local-packs"),
        ("console: { tsl: {} }", "2:", "unknown-key"), ("console: { listen: 'a b:80' }", "2:", "bad-listen"),
    ])
    func `a fault of the console's keys is named with its place`(
        _ line: String, _ place: String, _ rule: String
    ) throws {
        let folder = TemporaryFolder()
        let path = try folder.write("margay.yaml", "store: \(folder("team.db"))\n\(line)\n")
        let result = try Program.run("check", "--config", path)
        #expect(result.status == 2, "\(result.errors)")
        let all = result.errors + result.output
        #expect(all.contains("\(path):\(place)"))
        #expect(all.contains("[\(rule)]"), "\(all)")
    }

    @Test
    func `a console that others can reach prints the link for its first admin, and a later start does not void it`()
        throws
    {
        let folder = TemporaryFolder()
        try folder.write("app.log", "2026-11-22 10:00:00 ERROR it broke\n")
        #expect(try Program.run("scan", "--store", folder("team.db"), "--no-core", folder("app.log")).status <= 1)
        func start() throws -> String {
            let process = Program.process(
                ["console", "--store", folder("team.db"), "--listen", "0.0.0.0:0", "--packs", folder.path])
            let errors = Pipe()
            process.standardError = errors
            try process.run()
            var text = ""
            while !text.contains("console of ") {
                let more = errors.fileHandleForReading.availableData
                if more.isEmpty { break }
                text += String(decoding: more, as: UTF8.self)
            }
            process.terminate()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            return text
        }
        let first = try start()
        #expect(first.contains("passwords can be read on the way"))
        #expect(first.firstMatch(of: /http:\/\/localhost:\d+\/setup\/[A-Za-z0-9_-]{43}\n/) != nil, "\(first)")
        #expect(try !start().contains("/setup/"))
    }
}
