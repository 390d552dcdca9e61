import Agent
import ArgumentParser
import Patterns
import Scan

extension PacksCommand {
    struct Lint: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "lint", abstract: "Check packs; all faults and advice at once, each with its place.",
            discussion: "Exit code: 0 no errors, 1 with --strict: something was said, 2 errors.")

        /// `--format`.
        enum Format: String, ExpressibleByArgument, CaseIterable {
            case text, json, sarif
        }

        @OptionGroup var packs: PackOptions
        @Option(help: "text, json (JSON Lines) or sarif (SARIF 2.1.0, for code review).") var format = Format.text
        @Flag(help: "Fail on warnings and advice too.") var strict = false
        @OptionGroup var common: CommonOptions
        @Argument(help: ArgumentHelp("Packs' files or directories; all packs in use without.", valueName: "path"))
        var paths: [String] = []

        func run() throws {
            var library = packs.library(try common.configuration())
            if !paths.isEmpty {
                library = PackLibrary(buildingOn: library)
                for path in paths { library.add(path) }
            }
            let slow = library.sorted.flatMap { PrefilterAdvice.diagnostics(for: $0) }
            let diagnostics = Linter.lint(library, further: slow)
            switch format {
            case .text:
                for diagnostic in diagnostics { common.output.write(diagnostic.coloured(for: common.output) + "\n") }
            case .json: common.output.write(diagnostics.map { LintReport.json($0) }.joined())
            case .sarif: common.output.write(LintReport.sarif(diagnostics))
            }
            let errors = diagnostics.count { $0.level == .error }
            common.say("\(library.packs.count) packs, \(errors) errors, \(diagnostics.count - errors) remarks")
            if errors > 0 { throw ExitStatus.faulty }
            if strict && !diagnostics.isEmpty { throw ExitStatus.nothingFound }
        }
    }
}
