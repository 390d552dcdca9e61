import Agent
import ArgumentParser
import Events
import Patterns
import Scan

struct PacksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "packs", abstract: "List, show, check, test, explain and draft packs.",
        subcommands: [
            List.self, Show.self, Lint.self, Test.self, ExplainCommand.self, Coverage.self, New.self,
            Suggest.self, Schema.self,
        ])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the packs.")

        @OptionGroup var packs: PackOptions
        @Option(help: "text or json (JSON Lines).") var format = OutputFormat.text
        @OptionGroup var common: CommonOptions

        func run() throws {
            let library = packs.library(try common.configuration())
            common.report(library.diagnostics)
            var table = Table([
                Table.Column(heading: "PACK"), Table.Column(heading: "PATTERNS", isRightAligned: true),
                Table.Column(heading: "TYPE"), Table.Column(heading: "FILE"),
                Table.Column(heading: "DESCRIPTION", isFlexible: true),
            ])
            for pack in library.sorted {
                if format == .json {
                    let json = JSONText.object { json in
                        json.add("pack", pack.name)
                        json.add("patterns", pack.patterns.count)
                        json.add("type", pack.type.rawValue)
                        json.add("file", pack.path)
                        json.add("description", pack.description)
                    }
                    common.output.write(json.text + "\n")
                }
                table.add([
                    Table.Cell(pack.name, colour: "1"), Table.Cell(String(pack.patterns.count)),
                    Table.Cell(pack.type.rawValue), Table.Cell(pack.path), Table.Cell(pack.description),
                ])
            }
            if format == .text { common.output.write(table.text(for: common.output)) }
            if library.hasErrors { throw ExitStatus.faulty }
            if library.packs.isEmpty { throw ExitStatus.nothingFound }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show the patterns of a pack.")

        @OptionGroup var packs: PackOptions
        @OptionGroup var common: CommonOptions
        @Argument(help: "Name of the pack.") var name: String

        func run() throws {
            let configuration = try common.configuration()
            let library = packs.library(configuration)
            common.report(library.diagnostics)
            guard let pack = library.packs[name] else {
                let near = name.nearest(in: library.names).map { "; did you mean '\($0)'?" } ?? ""
                common.errors.write("margay: no pack '\(name.safe)'\(near)\n")
                throw ExitStatus.nothingFound
            }
            var text = "\(pack.name): \(pack.description)\n\(pack.path)\n\n"
            if let base = base(of: pack) { text += PackDifference(of: pack, from: base).text + "\n" }
            for pattern in pack.patterns {
                text += common.output.coloured(pattern.id, "1")
                text += "  \(pattern.severity.word)  \((pattern.type ?? pack.type).rawValue)\n"
                text += "    \(pattern.match.text.text.safe)\n"
                if let runbook = pattern.runbook { text += "    \(runbook.safe)\n" }
            }
            common.output.write(text)
            if library.hasErrors { throw ExitStatus.faulty }
        }

        /// The shipped pack of that name, where the one in use is another.
        private func base(of pack: Pack) -> Pack? {
            guard let directory = ShippedPacks.directory() else { return nil }
            var library = PackLibrary()
            library.add(directory, only: [pack.name])
            guard let base = library.packs[pack.name], base.path != pack.path else { return nil }
            return base
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema", abstract: "Print the JSON Schema of packs, for editors.")

        @OptionGroup var common: CommonOptions

        func run() { common.output.write(PackSchema.text()) }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test", abstract: "Run the packs' own tests.",
            discussion: "Exit code: 0 all pass, 1 some fail, 2 a pack cannot be read.")

        @OptionGroup var packs: PackOptions
        @OptionGroup var common: CommonOptions
        @Flag(help: "Ask all packs about each line, as for a log that many programs write.")
        var together = false
        @Argument(help: ArgumentHelp("Packs by name or file; all packs in use without.", valueName: "pack"))
        var names: [String] = []

        func run() throws {
            let files = names.filter { $0.contains("/") || $0.hasSuffix(".yaml") }
            let library = packs.library(try common.configuration(), adding: files)
            common.report(library.diagnostics)
            var failures = 0
            var passed = 0
            var hasUnknown = false
            let chosen = names.isEmpty ? library.sorted.map(\.name) : names
            let all = together ? PatternSet(packs: library.sorted) : nil
            for name in chosen {
                guard let pack = library.packs[name] ?? library.packs.values.first(where: { $0.path == name }) else {
                    if !files.contains(name) { common.errors.write("margay: no pack '\(name.safe)'\n") }
                    hasUnknown = true
                    continue
                }
                let report = all.map { PackTester.test(pack, in: $0) } ?? PackTester.test(pack)
                for diagnostic in report.failures + (common.verbose ? report.untested : []) {
                    common.output.write(diagnostic.coloured(for: common.output) + "\n")
                }
                passed += report.passed
                failures += report.failures.count
                let untested = report.untested.isEmpty ? "" : ", \(report.untested.count) without a test"
                common.output.write(
                    "\(pack.name): \(report.passed) passed, \(report.failures.count) failed\(untested)\n")
            }
            common.say("\(passed) passed, \(failures) failed")
            if library.hasErrors || hasUnknown { throw ExitStatus.faulty }
            if failures > 0 { throw ExitStatus.nothingFound }
        }
    }
}

extension PackLibrary {
    /// Packs by name.
    var sorted: [Pack] { packs.values.sorted { $0.name < $1.name } }
}
