import Agent
import ArgumentParser
import Events
import Patterns
import Scan

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Configuration file.", valueName: "file"))
    var config: String?

    @Option(help: "When to colour: auto, always or never.")
    var color = ColourChoice.auto

    @Flag(name: [.short, .long], help: "Say nothing but the results and errors.")
    var quiet = false

    @Flag(name: [.short, .long], help: "Say more about what is done and why.")
    var verbose = false

    var output: Terminal { .standardOutput(color) }
    var errors: Terminal { .standardError(color) }

    /// The configuration, its faults printed. Throws exit code 2 when a named one cannot be used.
    func configuration() throws -> Configuration {
        let result = Configuration.load(named: config, environment: .current())
        report(result.diagnostics)
        if result.hasErrors { throw ExitStatus.faulty }
        return result.configuration
    }

    /// Prints diagnostics on standard error.
    func report(_ diagnostics: [Diagnostic]) {
        for diagnostic in diagnostics where !(quiet && diagnostic.level != .error) {
            errors.write(diagnostic.coloured(for: errors) + "\n")
        }
    }

    /// One line on standard error, unless quiet.
    func say(_ message: String) {
        if !quiet { errors.write(message.safe + "\n") }
    }
}

/// What commands take whose output may be longer than a screen.
struct PagerOptions: ParsableArguments {
    @Flag(name: .customLong("no-pager"), help: "Write to the terminal, however long it is.")
    var isOff = false

    /// Shows `text` on the terminal of `common`, through a pager where it is longer than the screen; writes it anywhere
    /// else. Returns whether everything was taken.
    @discardableResult
    func show(_ text: String, _ common: CommonOptions) -> Bool {
        let output = common.output
        guard !isOff, output.isTerminal, let rows = Terminal.rows(output.descriptor),
            Pager.isLong(text, rows: rows, columns: output.width ?? Terminal.widthDefault),
            let command = Pager.command(environmentVariable), Pager.show(text, by: command)
        else { return output.write(text) }
        return true
    }
}

/// Where packs come from.
struct PackOptions: ParsableArguments {
    @Option(
        name: .customLong("packs"),
        help: ArgumentHelp(
            "Directory of packs to use instead of the configured or shipped ones; 'shipped' for the latter.",
            valueName: "dir"))
    var directories: [String] = []

    /// The packs of `--packs`, else of the configuration, else the shipped ones, with `named` files added.
    ///
    /// `wanted` names those that are asked for, nil for all: where each of them lies in a file of its name, nothing else
    /// is read.
    func library(
        _ configuration: Configuration, adding files: [String] = [], only wanted: Set<String>? = nil
    ) -> PackLibrary {
        var paths = directories.isEmpty ? configuration.packPaths : directories
        if paths.isEmpty { paths = [ShippedPacks.word] }
        let shipped = ShippedPacks.directory()
        let isWithout = shipped == nil && paths.contains(ShippedPacks.word)
        paths = paths.compactMap { $0 == ShippedPacks.word ? shipped : $0 } + files
        if let wanted {
            var library = PackLibrary()
            for path in paths { library.add(path, only: wanted) }
            if wanted.allSatisfy({ library.packs[$0] != nil }), !library.hasErrors { return library }
        }
        var library = PackLibrary()
        if isWithout { library.add(ShippedPacks.missing) }
        for path in paths { library.add(path) }
        return library
    }
}

/// `--format`.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

extension Diagnostic {
    /// With the level in its colour, and nothing in it that a terminal obeys.
    func coloured(for terminal: Terminal) -> String {
        let lines = description.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).safe }
        let word = " \(level.rawValue): "
        let colour = level == .error ? "1;31" : level == .warning ? "1;33" : "36"
        guard var head = lines.first, let range = head.firstRange(of: word) else {
            return lines.joined(separator: "\n")
        }
        head.replaceSubrange(range, with: " " + terminal.coloured(level.rawValue + ":", colour) + " ")
        return ([head] + lines.dropFirst()).joined(separator: "\n")
    }
}

extension PrefilterCache {
    /// Of this user; nil where there is no place for it.
    static var standard: PrefilterCache? { Surroundings.current().cacheDirectory.map { PrefilterCache(directory: $0) } }
}
