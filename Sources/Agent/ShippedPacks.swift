import Glibc
package import Patterns

/// The packs that come with the program.
package enum ShippedPacks {
    /// In place of a path: their directory. A directory of that name is `./shipped`.
    package static let word = "shipped"

    /// Where they lie: next to the binary, behind its prefix, in `/usr/share/margay/patterns`, or in `./patterns`.
    package static func directory() -> String? {
        var candidates: [String] = []
        if let binary = binaryDirectory() {
            candidates += [binary + "/patterns", binary + "/../share/margay/patterns"]
        }
        candidates += ["/usr/share/margay/patterns", "patterns"]
        return candidates.first { access($0, R_OK | X_OK) == 0 }
    }

    /// What to say where there is no such directory: without packs nothing is recognised.
    package static var missing: Diagnostic {
        Diagnostic(
            Place(path: word), .error, rule: "no-packs", "the packs that come with margay were not found",
            remedy: "install it again with 'make install', or name a directory of packs: --packs DIR, or packs: [DIR]")
    }

    private static func binaryDirectory() -> String? {
        guard let path = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(path) }
        let text = String(cString: path)
        return text.lastIndex(of: "/").map { String(text[..<$0]) }
    }
}
