import Agent
import ArgumentParser
import Events
import Patterns

/// Which packs look at a file or a line.
struct PackChoiceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Pack to use, by name or by file; without it packs are chosen by themselves.", valueName: "name|path"))
    var pack: [String] = []

    @OptionGroup var packs: PackOptions

    @Flag(name: .customLong("no-core"), help: "Leave out the pack 'core'.")
    var noCore = false

    /// Names of the packs that are asked; nil where they are chosen among all.
    private func wanted(_ files: [String]) -> Set<String>? {
        pack.isEmpty ? nil : Set(pack).subtracting(files).union(noCore ? [] : [Pack.coreName])
    }

    /// The packs, and which of them are asked. Prints what is wrong; throws exit code 2 for a name that no pack has.
    func library(_ common: CommonOptions) throws -> (library: PackLibrary, selection: PackSelection) {
        let files = pack.filter { $0.contains("/") || $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
        let library = packs.library(try common.configuration(), adding: files, only: wanted(files))
        common.report(library.diagnostics)
        guard !pack.isEmpty else { return (library, PackSelection(usesCore: !noCore)) }
        let names = try pack.compactMap { wanted -> String? in
            if files.contains(wanted) { return library.packs.values.first { $0.path == wanted }?.name }
            if library.packs[wanted] != nil { return wanted }
            let near = wanted.nearest(in: library.names).map { "; did you mean '\($0)'?" } ?? ""
            common.errors.write("margay: no pack '\(wanted.safe)'\(near)\n")
            throw ExitStatus.faulty
        }
        if names.isEmpty { throw ExitStatus.faulty }
        return (library, PackSelection(names: names, usesCore: !noCore))
    }
}
