import Agent
import ArgumentParser
import Events
import Store

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
        let unreadable = counts.files[.unreadable] ?? 0
        let lost = counts.bytesLost
        let open = counts.open.values.reduce(0, +)
        let lag = files.reduce(0) { $0 + $1.lagBytes }
        let now = SystemClock.now()
        let since = files.filter { $0.lagBytes > 0 }.compactMap { $0.backlog?.since }.min()
        let lagSeconds = since.map { max(0, (now.microseconds - $0.microseconds) / 1_000_000) } ?? 0
        let behind = files.count { $0.backlog != nil }
        let isWell = unreadable == 0 && lost == 0 && aside == nil
        if format == .json {
            let json = JSONText.object { json in
                json.add("healthy", isWell)
                json.add("issues_open", open)
                json.add("issues_unjudged", counts.unjudged)
                json.add(
                    "open_by_severity",
                    object: { json in
                        for severity in Severity.allCases.reversed() {
                            json.add(severity.name, counts.open[severity] ?? 0)
                        }
                    })
                json.add("events", counts.events)
                json.add("nodes", counts.nodes.map(\.name))
                json.add("database_bytes", counts.databaseBytes)
                json.add("files", files.count)
                json.add("files_unreadable", unreadable)
                json.add("lag_bytes", lag)
                json.add("bytes_lost", lost)
                json.add("lag_seconds", lagSeconds)
                json.add("files_behind", behind)
                json.add("sources_learning", learning.map(\.name))
                json.add("store_kept_aside", aside)
            }
            common.output.write(json.text + "\n")
        } else {
            common.output.write(
                """
                \(isWell ? "healthy" : "wants a look")
                issues   \(open) open, \(counts.unjudged) to judge
                events   \(counts.events)
                files    \(files.count), \(unreadable) unreadable
                lag      \(lag.asBytes)\(behind > 0 ? " in \(behind) files, \(lagSeconds) s" : "")
                lost     \(lost.asBytes)

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
        if !isWell { throw ExitStatus.nothingFound }
    }
}

extension FileRow {
    /// Bytes written and not yet accounted for, when the file was last looked at.
    fileprivate var lagBytes: Int64 { max(0, size - checkpoint.offset) }
}
