import Agent
import ArgumentParser
import Glibc

@main
struct Margay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "margay",
        abstract: "Follows log files and tells which errors have never been seen before.",
        discussion: """
            margay scan app.log              what is in a finished log
            margay watch '/var/log/**/*.log' follow until stopped; new issues appear as they happen
            margay issues --new              what has never been seen before
            margay show 7K3F9                one issue: why, samples, files, history
            """,
        version: Version.text,
        subcommands: [
            ScanCommand.self, WatchCommand.self, IssuesCommand.self, ShowCommand.self, SourcesCommand.self,
            CheckCommand.self, PacksCommand.self, StatusCommand.self, ExplainCommand.self,
        ]
    )

    /// Prints what went wrong where ArgumentParser would, but leaves with the exit code of the contract.
    static func main() {
        Signals.ignoreBrokenPipe()
        // The widths of characters; whatever the user's locale, what is written is UTF-8.
        setlocale(LC_CTYPE, "C.UTF-8")
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let code as ExitCode {
            exit(withError: code)
        } catch {
            exit(withError: error)
        }
    }
}
