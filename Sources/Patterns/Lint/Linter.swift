/// Looks at packs for what works and could be better, beside the faults that the loader has found.
package enum Linter {
    /// Everything to be said of the packs of `library`, file by file and in the order of the lines. `further` are
    /// remarks of rules that live elsewhere.
    package static func lint(_ library: PackLibrary, further: [Diagnostic] = []) -> [Diagnostic] {
        let packs = library.names.compactMap { library.packs[$0] }
        let linted = LintedPacks(packs)
        var found = library.diagnostics + further
        for pack in packs {
            for rule in LintCatalogue.rules { found += rule.check(pack, among: linted) }
        }
        found = found.filter { !isAllowed($0, packs) }
        return found.sorted { left, right in
            (left.place.path, left.place.line, left.place.column, left.rule)
                < (right.place.path, right.place.line, right.place.column, right.rule)
        }
    }

    /// Which patterns that the pack `name` wrote itself lose lines of their tests to earlier ones, of it or of another
    /// pack, in the order of the lines.
    package static func shadows(of name: String, in library: PackLibrary) -> [(pattern: String, message: String)] {
        guard let pack = library.packs[name] else { return [] }
        let packs = library.names.compactMap { library.packs[$0] }
        let linted = LintedPacks(packs)
        let found = Shadowed.check(pack, among: linted) + Overlap.check(pack, among: linted)
        return found.filter { !isAllowed($0, packs) }.compactMap { remark in
            pack.ownPatterns.first { $0.place == remark.place }.map { ($0.id, remark.message) }
        }
    }

    /// Whether the pack or the pattern there has switched the rule off. Faults cannot be switched off.
    private static func isAllowed(_ diagnostic: Diagnostic, _ packs: [Pack]) -> Bool {
        guard diagnostic.level != .error, let pack = packs.first(where: { $0.path == diagnostic.place.path }) else {
            return false
        }
        if pack.allowed.contains(diagnostic.rule) { return true }
        // Patterns and discards stand one after the other: a place belongs to the last one that begins before it.
        let parts = pack.ownPatterns.map { ($0.place, $0.allowed) } + pack.ownDiscards.map { ($0.place, $0.allowed) }
        let before = parts.filter { ($0.0.line, $0.0.column) <= (diagnostic.place.line, diagnostic.place.column) }
        let nearest = before.max { ($0.0.line, $0.0.column) < ($1.0.line, $1.0.column) }
        return nearest?.1.contains(diagnostic.rule) == true
    }
}
