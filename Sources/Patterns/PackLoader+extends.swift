import PCRE2

/// What a pack takes over from those it builds on.
extension PackLoader {
    /// The packs that `value` names, as far as they are there.
    func bases(named value: YAMLValue, by name: String?) -> [Pack] {
        value.list().compactMap { value in
            guard let base = value.text("the name of a pack") else { return nil }
            if let pack = bases.packs[base] { return pack }
            if bases.cyclic.contains(base) {
                document.report(
                    value, "extends-cycle", "'\(base)' builds on '\(name ?? "this pack")' itself",
                    remedy: "leave out one of the two")
                return nil
            }
            let near = base.nearest(in: bases.names.filter { $0 != name }).map { "did you mean '\($0)'?" }
            document.report(
                value, "unknown-pack", "there is no pack '\(base)' to build on",
                remedy: near ?? "it must lie in the same directory, or in one that is read before")
            return nil
        }
    }

    /// The bases' patterns but those that `without` names, each once. What asks for a level that this pack's header
    /// does not capture is left out.
    func inherited(from extended: [Pack], _ without: YAMLValue?, headerFields: [String]) -> [Pattern] {
        let all = extended.flatMap(\.patterns)
        var left: Set<String> = []
        for value in without?.list() ?? [] {
            guard let id = value.text("the id of a pattern") else { continue }
            if all.contains(where: { $0.id == id }) {
                left.insert(id)
            } else {
                let near = id.nearest(in: all.map(\.id)).map { "did you mean '\($0)'?" }
                document.report(
                    value, "unknown-id", "no pack that this one builds on has a pattern '\(id)'",
                    remedy: near ?? "take it out")
            }
        }
        var seen: Set<String> = left
        return all.filter { pattern in
            guard seen.insert(pattern.id).inserted else { return false }
            guard pattern.severity == .level, pattern.match.compiled.number(of: "level") == nil,
                !headerFields.contains("level")
            else { return true }
            document.report(
                nil, "no-such-field",
                "the severity of '\(pattern.id)' is 'level', but this pack's header captures none",
                remedy: "add (?<level>…) to 'header', or the id to 'without'")
            return false
        }
    }
}
