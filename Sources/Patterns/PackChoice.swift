import Events
import PCRE2

/// Which packs apply to a file, and why: what `auto` does.
package struct PackChoice: Sendable, Equatable {
    /// Names in asking order, `core` not among them.
    package var names: [String]
    /// One sentence for each name, or one that says why there is none.
    package var reasons: [String]

    /// Lines looked at, from the head of the file.
    package static let linesMax = 200
    /// How many of them must look like the pack's, in percent of those that are not blank, and at least one.
    package static let sharePercentMin = 10

    /// Chooses among `packs` by the path, then by the first lines.
    package static func choose(path: String, head: UnsafeRawBufferPointer, among packs: [Pack]) -> PackChoice {
        var choice = PackChoice(names: [], reasons: [])
        let lines = ReferenceMatcher.lines(of: head).prefix(linesMax).filter { !$0.isEmpty }
        let scratch = MatchScratch()
        for pack in packs where pack.name != Pack.coreName {
            if let glob = pack.detection.paths.first(where: { $0.matches(path) }) {
                choice.names.append(pack.name)
                choice.reasons.append("\(pack.name): the path matches '\(glob)'")
                continue
            }
            let hits = lines.count { line in
                let bytes = UnsafeRawBufferPointer(rebasing: head[line])
                return pack.detection.lines.contains { scratch.match($0.compiled, in: bytes) == .matched }
            }
            guard hits > 0, hits * 100 >= lines.count * sharePercentMin else { continue }
            choice.names.append(pack.name)
            choice.reasons.append("\(pack.name): \(hits) of the first \(lines.count) lines have its form")
        }
        choice.leaveOutBases(among: packs)
        if choice.names.isEmpty { choice.reasons.append("no pack's paths or lines fit; core alone looks at it") }
        return choice
    }

    /// A pack that a chosen one builds on adds nothing.
    private mutating func leaveOutBases(among packs: [Pack]) {
        let chosen = packs.filter { names.contains($0.name) }
        for (index, name) in names.enumerated().reversed() {
            guard let heir = chosen.first(where: { $0.name != name && $0.bases.contains(name) }) else { continue }
            names.remove(at: index)
            reasons[index] += ", and '\(heir.name)' builds on it and is asked instead"
        }
    }
}
