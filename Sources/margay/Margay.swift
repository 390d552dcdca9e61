import Agent
import ArgumentParser
import Events
import Glibc
import Triage

@main
struct Margay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "margay",
        abstract: "Follows log files and tells which errors have never been seen before.",
        discussion: """
            margay scan app.log              what is in a finished log
            margay watch '/var/log/**/*.log' follow until stopped; new issues appear as they happen
            margay inbox                     judge new issues one by one
            margay issues 'severity:major+'  list issues by a query
            margay show 7K3F9                one issue: why, samples, files, history
            """,
        version: Version.text,
        subcommands: [
            ScanCommand.self, WatchCommand.self, IssuesCommand.self, InboxCommand.self, ShowCommand.self,
            AckCommand.self, UnackCommand.self, AssignCommand.self, ClearCommand.self, ResolveCommand.self,
            ReopenCommand.self, IgnoreCommand.self, SeverityCommand.self, NoteCommand.self, MergeCommand.self,
            SplitCommand.self, ForgetCommand.self, UndoCommand.self, LearnCommand.self, ViewsCommand.self,
            ReportCommand.self, ConsoleCommand.self, UserCommand.self, TokenCommand.self, SourcesCommand.self,
            StatusCommand.self, CheckCommand.self,
            PacksCommand.self, ExplainCommand.self, StoreCommand.self, CompletionCommand.self, ManualCommand.self,
        ]
    )

    /// Prints what went wrong where ArgumentParser would, but leaves with the exit code of the contract.
    static func main() {
        Signals.ignoreBrokenPipe()
        // The widths of characters; whatever the user's locale, what is written is UTF-8.
        setlocale(LC_CTYPE, "C.UTF-8")
        do {
            var command = try parseAsRoot(QueryArguments.shielded(arguments()))
            try command.run()
        } catch let code as ExitCode {
            exit(withError: code)
        } catch {
            if let word = arguments().first, let fault = unknownCommand(word) {
                Terminal.standardError(.auto).write(fault)
                exit(withError: ExitCode(EX_USAGE))
            }
            exit(withError: error)
        }
    }

    /// What is wrong with a first word that is no command; nil where it is one, or an option.
    private static func unknownCommand(_ word: String) -> String? {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !word.hasPrefix("-"), !names.contains(word) else { return nil }
        let near = NearestWord.of(word, in: names).map { "did you mean '\($0)'?" }
        return "margay: no command '\(word.safe)'; \(near ?? "'margay --help' lists them")\n"
    }

    /// The arguments behind the program's name. What is not valid UTF-8 is the name of a file, byte for byte.
    private static func arguments() -> [String] {
        (1..<max(1, CommandLine.argc)).compactMap { index in
            CommandLine.unsafeArgv[Int(index)].map { argument in
                String(validatingCString: argument)
                    ?? PathText.text(UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
            }
        }
    }
}
