import Agent
import ArgumentParser
import Events
import Store

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one issue: why it is new, its samples, hosts and files.",
        discussion: "An id may be shortened as long as it is unambiguous.")

    @OptionGroup var store: StoreOptions

    @Option(help: "text or json.")
    var format = OutputFormat.text

    @OptionGroup var common: CommonOptions

    @Argument(help: "Id, or a beginning of it.")
    var id: String

    func run() throws {
        let now = SystemClock.now()
        let archive = try store.open(common)
        let lookup = try store.reporting(common) { () throws(ArchiveError) in
            try archive.issue(matching: id, now: now)
        }
        switch lookup {
        case .none:
            common.errors.write("margay: no issue '\(id.safe)'; 'margay issues --all' lists them\n")
            throw ExitStatus.nothingFound
        case .ambiguous(let ids):
            common.errors.write("margay: several issues begin with '\(id.safe)': \(ids.joined(separator: ", "))\n")
            throw ExitStatus.nothingFound
        case .found(let issue):
            common.output.write(format == .json ? IssuePage.json(issue) : IssuePage.text(issue, for: common.output))
        }
    }
}
