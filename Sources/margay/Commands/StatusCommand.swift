import Agent
import ArgumentParser
import Events
import Store
import Triage

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say in a few lines how things stand: issues, events, files, losses.",
        discussion: "Exit code: 0 all files are read and nothing was lost, 1 something wants a look.")

    @OptionGroup var store: StoreOptions

    @Option(help: "text or json.")
    var format = OutputFormat.text

    @OptionGroup var common: CommonOptions

    func run() throws {
        let configuration = try common.configuration()
        let archive = try store.open(common, configuration)
        let (sources, aside) = try store.reporting(common) { () throws(ArchiveError) in
            (try archive.sources(), try archive.keptAside())
        }
        let learning = sources.filter(\.learning.isLearning)
        let counts = try store.reporting(common) { () throws(ArchiveError) in try archive.counts() }
        let files = try store.reporting(common) { () throws(ArchiveError) in try archive.files(node: nil) }
        let health = StoreHealth(counts, files: files, keptAside: aside, now: SystemClock.now())
        let open = counts.open.values.reduce(0, +)
        if format == .json {
            common.output.write(health.json(counts, files: files.count, learning: learning.map(\.name)) + "\n")
        } else {
            let behind = health.filesBehind > 0 ? " in \(health.filesBehind) files, \(health.lagSeconds) s" : ""
            common.output.write(
                """
                \(health.isWell ? "healthy" : "wants a look")
                issues   \(open) open, \(counts.unjudged) to judge
                events   \(counts.events)
                files    \(files.count), \(health.unreadable) unreadable
                lag      \(health.lagBytes.asBytes)\(behind)
                lost     \(health.lossText)

                """)
            for source in learning {
                common.output.write(
                    "learning \(source.name.safe) \(LearningText.sentence(source, configuration.novelty))\n")
            }
            if !learning.isEmpty { common.output.write("         \(LearningText.advice)\n") }
            if let aside {
                common.output.write(
                    "store    was damaged, kept aside as \(aside.safe); 'margay store restore' brings it back\n")
            }
        }
        if !health.isWell { throw ExitStatus.nothingFound }
    }
}
