import Agent
import ArgumentParser
import Events
import Store
import Tail
import Triage

struct SourcesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources",
        abstract: "List the followed files: state, offset, lag, losses, and why one is not read.",
        discussion: """
            Shows what the store knows and, where the configuration names sources, what lies on disk: it works whether \
            or not 'margay watch' runs. A source without files is shown by its first glob.
            """)

    @OptionGroup var store: StoreOptions

    @Option(help: "text or json (JSON Lines).")
    var format = OutputFormat.text

    @Flag(help: "Also files that 'exclude' leaves out; a text to look for shows them too.")
    var all = false

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("Only files whose path holds this.", valueName: "file"))
    var filter: String?

    func run() throws {
        let configuration = try common.configuration()
        let archive = try store.open(common, configuration)
        let known = try store.reporting(common) { () throws(ArchiveError) in
            try SourceReport.Known.of(archive)
        }
        let damaged = try store.reporting(common) { () throws(ArchiveError) in
            try archive.damagedCheckpoints(node: nil)
        }
        for row in damaged {
            common.say(
                "\(row.path): its checkpoint is damaged (\(row.reason)); it is read from its first byte at the next start"
            )
        }
        let leftOut = try store.reporting(common) { () throws(ArchiveError) in try archive.unreadFilesLeftOut() }
        if leftOut > 0 { common.say("\(leftOut) more files are not read, and not listed") }
        let learning = try store.reporting(common) { () throws(ArchiveError) in try archive.sources() }
        for source in learning where source.learning.isLearning {
            common.say("\(source.name.safe) \(LearningText.sentence(source, configuration.novelty))")
        }
        if learning.contains(where: \.learning.isLearning) { common.say(LearningText.advice) }
        let now = SystemClock.now()
        var entries = SourceReport.entries(
            known, survey: .take(configuration.sources.map(\.files)), node: configuration.node, now: now)
        if let filter {
            entries = entries.filter { $0.path.contains(filter) }
        } else if !all {
            entries = entries.filter { $0.state != .excluded }
        }
        guard !entries.isEmpty else {
            if format == .text { common.say("no files; 'margay watch' has not followed any with this store yet") }
            throw ExitStatus.nothingFound
        }
        common.output.write(
            format == .json
                ? entries.map { $0.json + "\n" }.joined()
                : SourceListing.table(entries, now: now, common.output))
    }
}
