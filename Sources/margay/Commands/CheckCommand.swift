import Agent
import ArgumentParser
import Events
import Glibc
import Patterns
import Scan
import Store
import Tail

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check the configuration, the packs and the store; all faults at once.",
        discussion: "Exit code: 0 all is well, 2 something must be mended.")

    @OptionGroup var packs: PackOptions

    @OptionGroup var common: CommonOptions

    func run() throws {
        let result = Configuration.load(named: common.config, environment: .current())
        let configuration = result.configuration
        let library = packs.library(configuration)
        var diagnostics = result.diagnostics + library.diagnostics
        diagnostics += unknownPacks(configuration, library)
        if library.packs.isEmpty {
            diagnostics.append(
                Diagnostic(
                    Place(path: configuration.path ?? "margay.yaml"), .error, rule: "no-packs", "there are no packs",
                    remedy: "name a directory with 'packs:' or --packs"))
        }
        diagnostics += storeFaults(configuration)
        common.report(diagnostics)
        let errors = diagnostics.count { $0.level == .error }
        let patterns = library.packs.values.reduce(0) { $0 + $1.patterns.count }
        common.say(
            "\(configuration.path ?? "no configuration file, defaults used"): \(configuration.sources.count) sources, "
                + "\(library.packs.count) packs with \(patterns) patterns, store \(configuration.storePath); "
                + (errors == 0 ? "all is well" : "\(errors) faults"))
        if errors > 0 { throw ExitStatus.faulty }
    }

    private func unknownPacks(_ configuration: Configuration, _ library: PackLibrary) -> [Diagnostic] {
        let sources = configuration.sources + [configuration.syslog?.source].compactMap(\.self)
        return sources.flatMap(\.packPlaces).filter { library.packs[$0.name] == nil }.map { name, place in
            let remedy =
                name.nearest(in: library.names).map { "did you mean '\($0)'?" }
                ?? "there are: \(library.names.sorted().joined(separator: ", "))"
            return Diagnostic(place, .error, rule: "unknown-pack", "there is no pack '\(name)'", remedy: remedy)
        }
    }

    /// Only a store that exists is opened: a check changes nothing.
    private func storeFaults(_ configuration: Configuration) -> [Diagnostic] {
        guard access(configuration.storePath, F_OK) == 0 else { return [] }
        do throws(ArchiveError) {
            try Archive(path: configuration.storePath, mode: .read).close()
            return []
        } catch {
            return [Diagnostic(Place(path: error.path), .error, rule: error.code.rawValue, error.message)]
        }
    }
}
