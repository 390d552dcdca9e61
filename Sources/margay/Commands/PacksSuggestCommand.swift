import Agent
import ArgumentParser
import Events
import Glibc
import Patterns
import Store
import Triage

extension PacksCommand {
    struct Suggest: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "suggest",
            abstract: "Draft patterns for the issues that no pack claims, with tests from their samples.",
            discussion: """
                A query says for which; open ones without. Drafts lint clean and pass their tests. They are printed; with \
                --write they are added to a pack. The issues of a new pattern are new issues. Exit code: 0 drafted, \
                1 nothing to draft, 2 the store or the pack could not be used.
                """)

        @OptionGroup var store: StoreOptions
        @OptionGroup var packs: PackOptions

        @Option(
            help: ArgumentHelp("Pack to add them to; made if it is not there. What is in it stays.", valueName: "file"))
        var write: String?

        @Option(help: ArgumentHelp("Name of a new pack; made of the file's name by default.", valueName: "name"))
        var name: String?

        @Option(name: .short, help: ArgumentHelp("Issues looked at, those with most events first.", valueName: "n"))
        var number = 20

        @Option(help: "text (YAML) or json (JSON Lines).") var format = OutputFormat.text
        @OptionGroup var common: CommonOptions
        @Argument(help: "The query.") var query: [String] = []

        func validate() throws {
            guard 1...1_000 ~= number else { throw ValidationError("-n \(number): give a number from 1 to 1000") }
        }

        func run() throws {
            let configuration = try common.configuration()
            let library = packs.library(configuration)
            common.report(library.diagnostics)
            let archive = try store.open(common, configuration)
            let issues = try unclaimed(archive, library.packs[Pack.coreName])
            guard !issues.isEmpty else {
                common.say("no issue without a pattern of its own; nothing to draft")
                throw ExitStatus.nothingFound
            }
            let path = write.map { Surroundings.current().absolute($0) } ?? "suggested.yaml"
            guard let write else {
                let result = try draft(issues, path, library)
                try show(result)
                common.say("\(count(result)) drafted; --write FILE adds to a pack")
                return
            }
            do {
                try PackFile.exclusively(path) { try add(try draft(issues, path, library), to: path, write) }
            } catch let fault as FileFault {
                common.errors.write("\(write.safe): error: [unwritable] \(fault.reason); nothing was changed\n")
                throw ExitStatus.faulty
            }
        }

        private func add(_ result: PackSuggester.Result, to path: String, _ write: String) throws {
            try show(result)
            if let text = result.pack { try PackFile.replace(path, with: text) }
            common.say(
                "\(count(result)) added to \(write.safe); name them for what they mean, then: margay packs test \(write.safe)"
            )
        }

        /// Says what was drafted and what was not; leaves with 1 where nothing was.
        private func show(_ result: PackSuggester.Result) throws {
            for (issue, reason) in result.leftOut { common.say("\(issue): left out, \(reason)") }
            guard result.pack != nil, !result.suggestions.isEmpty else {
                common.say("nothing to draft")
                throw ExitStatus.nothingFound
            }
            if format == .json {
                common.output.write(result.suggestions.map { SuggestionText.json($0) }.joined())
            } else if write == nil {
                common.output.write(result.suggestions.map { SuggestionText.yaml($0) }.joined(separator: "\n"))
            }
        }

        private func count(_ result: PackSuggester.Result) -> String {
            "\(result.suggestions.count) \(result.suggestions.count == 1 ? "pattern" : "patterns")"
        }

        private func draft(
            _ issues: [PackSuggester.Unclaimed], _ path: String, _ library: PackLibrary
        ) throws -> PackSuggester.Result {
            var text: String?
            if write != nil, access(path, F_OK) == 0 {
                do throws(FileFault) {
                    text = try contents(of: path, bytesMax: PackFile.bytesMax)
                } catch {
                    common.errors.write("\(error.path.safe): error: [unreadable] \(error.reason); check the path\n")
                    throw ExitStatus.faulty
                }
            }
            let name = name ?? PackDrafter.name(for: path)
            do throws(PackSuggester.Refusal) {
                return try PackSuggester.suggest(issues, path: path, text: text, name: name, among: library)
            } catch {
                switch error {
                case .faulty(let diagnostics): common.report(diagnostics)
                case .noList(let path):
                    common.errors.write(
                        "\(path.safe): error: [no-list] its patterns are no list of one item a line; write 'patterns:' "
                            + "and below it '  - id: …'\n")
                }
                throw ExitStatus.faulty
            }
        }

        /// Issues of those patterns of `core` that say no more than that something failed.
        private func unclaimed(_ archive: Archive, _ core: Pack?) throws -> [PackSuggester.Unclaimed] {
            let now = SystemClock.now()
            let filter = try QueryText.parse(query.joined(separator: " "), common, now: now)
            return try store.reporting(common) { () throws(ArchiveError) in
                try PackSuggester.Unclaimed.of(archive, core, filter.condition, limit: number, now: now)
            }
        }
    }
}
