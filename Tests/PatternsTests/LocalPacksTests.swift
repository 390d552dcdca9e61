import Events
import Foundation
import Testing

@testable import Patterns

/// Packs of one's own in a real directory.
@Suite final class LocalPacksTests {
    private let folder = NSTemporaryDirectory() + "margay-local-packs-" + UUID().uuidString

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    deinit { unlinkAll() }

    private func unlinkAll() {
        do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record("\(error)") }
    }

    private func issue(
        _ sample: String, in file: String = "/srv/shop/cart.log", name: String? = nil, title: String? = nil
    ) -> PackSuggester.Unclaimed {
        PackSuggester.Unclaimed(
            id: "7K3F9", severity: .major, type: .application, count: 1, files: [file],
            samples: ["2026-11-22 10:00:00 ERROR " + sample], name: name, title: title)
    }

    private func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")), as: UTF8.self)
    }

    @Test func `a pattern goes into the pack that is called as its log, under the name and title that were chosen`()
        throws
    {
        let packs = LocalPacks(directory: folder)
        let drafted = try packs.draft(issue("voucher X has run out"), among: PackLibrary())
        #expect(drafted.before == nil && drafted.path == folder + "/cart.yaml")
        #expect(!FileManager.default.fileExists(atPath: drafted.path))

        let first = try packs.add(
            issue("voucher X has run out", name: "no-voucher", title: "No voucher left"), among: PackLibrary())
        #expect(first.suggestion.id == "cart.no-voucher" && first.suggestion.title == "No voucher left")
        let second = try packs.add(issue("basket of nobody was paid"), among: PackLibrary())
        #expect(second.before == first.after)
        #expect(try text("cart.yaml") == second.after)
        let pack = try #require(PackLoader.load(second.after, path: "cart.yaml").pack)
        #expect(pack.patterns.map(\.id) == ["cart.no-voucher", "cart.basket-of-nobody-was"])
        #expect(PackTester.test(pack).failures.isEmpty)
    }

    @Test(arguments: [
        ("Voucher", nil, "'Voucher' is no name"), ("a.b", nil, "'a.b' is no name"), ("", nil, "'' is no name"),
        ("ok", "{nothing}", "{nothing}"),
    ])
    func `a name or title that cannot be is refused, and nothing is written`(
        name: String?, title: String?, reason: String
    ) throws {
        let packs = LocalPacks(directory: folder)
        let wrong = issue("voucher X has run out", name: name, title: title)
        let refusal = #expect(throws: LocalPacks.Refusal.self) { try packs.add(wrong, among: PackLibrary()) }
        #expect(refusal?.reason.contains(reason) == true, "\(String(describing: refusal))")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test func `a name that the pack has is refused`() throws {
        let packs = LocalPacks(directory: folder)
        _ = try packs.add(issue("voucher X has run out", name: "gone"), among: PackLibrary())
        let refusal = #expect(throws: LocalPacks.Refusal.self) {
            try packs.add(issue("basket of nobody was paid", name: "gone"), among: PackLibrary())
        }
        #expect(refusal?.reason == "the pack has a pattern cart.gone already; choose another name")
    }

    @Test func `the pack is made to look at the log of the issue`() throws {
        let packs = LocalPacks(directory: folder)
        _ = try packs.add(issue("voucher X has run out"), among: PackLibrary())
        let change = try packs.add(issue("basket of nobody was paid", in: "/opt/new/cart.log"), among: PackLibrary())
        let pack = try #require(PackLoader.load(change.after, path: "cart.yaml").pack)
        for path in ["/srv/shop/cart.log", "/opt/new/cart.log"] {
            #expect(pack.detection.paths.contains { $0.matches(path) }, "\(path)")
        }
        #expect(!pack.detection.paths.contains { $0.matches("/opt/old/cart.log") })
    }

    @Test(arguments: ["journal:cart.service", "syslog:cart", "http:cart/api"])
    func `a stream is looked at by its name`(stream: String) throws {
        let change = try LocalPacks(directory: folder).add(
            issue("voucher X has run out", in: stream), among: PackLibrary())
        let pack = try #require(PackLoader.load(change.after, path: change.path).pack)
        #expect(pack.detection.paths.contains { $0.matches(stream) })
    }

    @Test func `a pack that is called as one from elsewhere does not take its place`() throws {
        var library = PackLibrary()
        library.add([
            PackDraft(
                "pack: cart\npatterns:\n  - {id: cart.a, match: xyz, tests: {match: [xyz], ignore: [y]}}\n",
                path: "/usr/share/cart.yaml")
        ])
        let change = try LocalPacks(directory: folder).add(issue("voucher X has run out"), among: library)
        #expect(change.path == folder + "/cart-local.yaml")
        #expect(change.suggestion.id.hasPrefix("cart-local."))
    }

    @Test func `a pack with faults is left as it is, and the first of them named`() throws {
        let path = folder + "/cart.yaml"
        let broken = "pack: cart\npatterns:\n  - {id: cart.a, match: '('}\n"
        try broken.write(toFile: path, atomically: false, encoding: .utf8)
        let refusal = #expect(throws: LocalPacks.Refusal.self) {
            try LocalPacks(directory: self.folder).add(self.issue("voucher X has run out"), among: PackLibrary())
        }
        #expect(refusal?.reason.contains("\(path):3:") == true, "\(String(describing: refusal))")
        #expect(try text("cart.yaml") == broken)
    }

    @Test func `several who add at the same time lose nothing`() async throws {
        let packs = LocalPacks(directory: folder)
        let words = ["voucher", "basket", "parcel", "coupon", "ledger", "refund"]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for word in words {
                let issue = issue("\(word) of nobody was lost on the way")
                group.addTask { _ = try packs.add(issue, among: PackLibrary()) }
            }
            try await group.waitForAll()
        }
        let pack = try #require(PackLoader.load(try text("cart.yaml"), path: "").pack)
        #expect(Set(pack.patterns.map(\.id)) == Set(words.map { "cart.\($0)-of-nobody-was" }))
    }

    @Test func `a directory that is not there is named`() {
        let packs = LocalPacks(directory: folder + "/away")
        let refusal = #expect(throws: LocalPacks.Refusal.self) {
            try packs.add(self.issue("voucher X has run out"), among: PackLibrary())
        }
        #expect(refusal?.reason.contains("No such file or directory; nothing was changed") == true)
    }
}
