import Agent
import ArgumentParser
import Events
import Store
import Triage

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one issue: why it is new, its samples, hosts, files and history.",
        discussion: "An id may be shortened as long as it is unambiguous.")

    @OptionGroup var store: StoreOptions

    @Option(
        name: [.customShort("C"), .long],
        help: ArgumentHelp(
            "Lines before and behind the latest sample, read from its file or its rotated or compressed twin.",
            valueName: "n"))
    var context: Int?

    @Option(help: "text or json.")
    var format = OutputFormat.text

    @Flag(help: "The same as --format json.")
    var json = false

    @OptionGroup var pager: PagerOptions

    @OptionGroup var common: CommonOptions

    @Argument(help: "Id, or a beginning of it.", completion: LiveWords.ids)
    var id: String

    func validate() throws {
        if let context, !(0...1_000).contains(context) {
            throw ValidationError("-C \(context): give a number from 0 to 1000")
        }
    }

    func run() throws {
        let archive = try store.open(common)
        let (issue, story) = try store.find(id, in: archive, common)
        if format == .json || json { return _ = common.output.write(issue.json(story) + "\n") }
        var text = IssuePage.text(issue, story, for: common.output)
        if let context, let sample = issue.samples.last?.sample {
            text += "\n" + IssuePage.context(sample, lines: context, for: common.output)
        }
        pager.show(text, common)
    }
}

extension StoreOptions {
    /// The issue and its story; exit code 1 with a message where there is none, or several begin like that.
    func find(_ id: String, in archive: Archive, _ common: CommonOptions) throws -> (IssueDetail, IssueStory) {
        let lookup = try reporting(common) { () throws(ArchiveError) in
            try archive.issue(matching: id, now: SystemClock.now())
        }
        switch lookup {
        case .none:
            common.errors.write("margay: no issue '\(id.safe)'; 'margay issues --all' lists them\n")
            throw ExitStatus.nothingFound
        case .ambiguous(let ids):
            common.errors.write("margay: several issues begin with '\(id.safe)': \(ids.joined(separator: ", "))\n")
            throw ExitStatus.nothingFound
        case .found(let issue):
            let story = try reporting(common) { () throws(ArchiveError) in try archive.story(id: issue.row.id) }
            guard let story else {
                common.errors.write("margay: no issue '\(id.safe)' any more\n")
                throw ExitStatus.nothingFound
            }
            return (issue, story)
        }
    }
}
