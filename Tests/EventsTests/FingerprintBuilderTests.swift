import Testing

@testable import Events

@Suite struct FingerprintBuilderTests {
    private func fingerprint(_ fields: [String]) -> Fingerprint {
        var builder = FingerprintBuilder()
        for field in fields { builder.add(field) }
        return builder.finish()
    }

    @Test(arguments: [
        (["ab", "c"], ["a", "bc"]), (["a"], ["a", ""]), ([], [""]), (["a", "b"], ["b", "a"]), (["ab"], ["a", "b"]),
    ])
    func `different fields make different keys`(left: [String], right: [String]) {
        #expect(fingerprint(left) != fingerprint(right))
    }

    @Test func `bytes and text of the same content make the same key`() {
        var builder = FingerprintBuilder()
        Array("nginx.upstream-timeout".utf8).withUnsafeBytes { builder.add($0) }
        #expect(builder.finish() == fingerprint(["nginx.upstream-timeout"]))
    }

    /// Pinned: a change here renames every issue in every store and needs a new `Fingerprint.currentVersion`.
    @Test func `the key of known fields stays`() {
        #expect(fingerprint([]).description == "v1-b24ad5f522068377830b727a36ac5d26")
        #expect(fingerprint(["core", "disk full"]).description == "v1-0d13350c364cbf919ed7f8ac6f280c98")
    }

    @Test func `a builder goes on after finish`() {
        var builder = FingerprintBuilder()
        builder.add("a")
        #expect(builder.finish() == fingerprint(["a"]))
        builder.add("b")
        #expect(builder.finish() == fingerprint(["a", "b"]))
    }
}
