package import Patterns
package import Scan
import Synchronization

/// A pattern set with its prefilter, ready for any number of scanners.
package final class CompiledSet: Sendable {
    package let patterns: PatternSet
    package let prefilter: Prefilter

    init(patterns: PatternSet, isPrefilterEnabled: Bool, cache: PrefilterCache?) {
        self.patterns = patterns
        prefilter = Prefilter(patterns, isEnabled: isPrefilterEnabled, cache: cache)
    }
}

/// How the packs of a file are chosen.
package struct PackSelection: Sendable, Hashable {
    /// Names in asking order; nil lets the file decide (`auto`).
    package var names: [String]?
    /// Whether `core` looks at what the others leave.
    package var usesCore: Bool
    /// Whether every record becomes an event (`scan --all`).
    package var takesEveryRecord: Bool
    /// Whether e-mail addresses are hidden in all that is shown and kept.
    package var hidesEmails: Bool

    package init(
        names: [String]? = nil, usesCore: Bool = true, takesEveryRecord: Bool = false, hidesEmails: Bool = false
    ) {
        self.hidesEmails = hidesEmails
        self.names = names
        self.usesCore = usesCore
        self.takesEveryRecord = takesEveryRecord
    }
}

/// The packs in use and the sets compiled of them so far. Each set is compiled once, when a file first needs it.
package final class PackCatalogue: Sendable {
    package let library: PackLibrary
    private let isPrefilterEnabled: Bool
    private let cache: PrefilterCache?
    private let compiled = Mutex<[Key: CompiledSet]>([:])

    private struct Key: Hashable {
        let names: [String]
        let takesEveryRecord: Bool
        let hidesEmails: Bool
    }

    /// `cache` keeps compiled prefilters between two starts; nil compiles anew.
    package init(_ library: PackLibrary, isPrefilterEnabled: Bool = true, cache: PrefilterCache? = nil) {
        self.library = library
        self.cache = cache
        self.isPrefilterEnabled = isPrefilterEnabled
    }

    /// The set for a file and the reason of the choice. `head` are its first bytes. Names that no pack has are left out;
    /// `PackCatalogue.missing` tells them.
    package func set(
        for path: String, head: UnsafeRawBufferPointer, _ selection: PackSelection
    ) -> (set: CompiledSet, reason: String) {
        var names: [String]
        let reason: String
        if let given = selection.names {
            names = given.filter { library.packs[$0] != nil && $0 != Pack.coreName }
            reason = "packs given: \(names.joined(separator: ", "))"
        } else {
            let choice = PackChoice.choose(
                path: path, head: head, among: library.names.compactMap { library.packs[$0] })
            names = choice.names
            reason = choice.reasons.joined(separator: "; ")
        }
        let asksForCore = selection.usesCore || selection.names?.contains(Pack.coreName) == true
        if asksForCore, library.packs[Pack.coreName] != nil { names.append(Pack.coreName) }
        return (compile(names, selection), reason)
    }

    /// Names among `names` that no pack has.
    package func missing(of names: [String]) -> [String] { names.filter { library.packs[$0] == nil } }

    private func compile(_ names: [String], _ selection: PackSelection) -> CompiledSet {
        compiled.withLock { compiled in
            let key = Key(
                names: names, takesEveryRecord: selection.takesEveryRecord, hidesEmails: selection.hidesEmails)
            if let set = compiled[key] { return set }
            let patterns = PatternSet(
                packs: names.compactMap { library.packs[$0] }, everyRecord: selection.takesEveryRecord,
                hidesEmails: selection.hidesEmails)
            let set = CompiledSet(patterns: patterns, isPrefilterEnabled: isPrefilterEnabled, cache: cache)
            compiled[key] = set
            return set
        }
    }
}
