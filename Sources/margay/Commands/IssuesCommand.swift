import Agent
import ArgumentParser
import Events
import Store
import Triage

struct IssuesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issues", abstract: "List the issues in the store.",
        discussion: "Words after the options are looked for in the titles. Exit code: 0 some found, 1 none.")

    @OptionGroup var store: StoreOptions

    @Flag(help: "Only those that nobody has judged yet: new, returned or regressed.")
    var new = false

    @Option(help: ArgumentHelp("Only those seen since: 24h, 3d, 2026-11-22, or a time.", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("Only this severity, or with a + this one and worse: major+.", valueName: "severity"))
    var severity: SeverityArgument?

    @Option(
        help: ArgumentHelp("open, acknowledged, cleared, resolved or ignored; open by default.", valueName: "state"))
    var state: IssueState?

    @Flag(help: "Of every state.")
    var all = false

    @Option(help: ArgumentHelp("Only those of this pack.", valueName: "name"))
    var pack: String?

    @Option(help: ArgumentHelp("last_seen, first_seen, count or severity, greatest first.", valueName: "field"))
    var sort = IssueQuery.Sort.lastSeen

    @Option(name: .short, help: ArgumentHelp("At most this many.", valueName: "n"))
    var number = IssueQuery.limitDefault

    @Option(help: "text or json (JSON Lines).")
    var format = OutputFormat.text

    @OptionGroup var common: CommonOptions

    @Argument(help: "Words that the title must hold.")
    var words: [String] = []

    func validate() throws {
        guard number >= 0 else { throw ValidationError("-n \(number): give a number that is not negative") }
    }

    func run() throws {
        let now = SystemClock.now()
        let archive = try store.open(common)
        let query = IssueQuery(
            words: words, since: since?.time(now: now), novelties: new ? [.new, .returned, .regressed] : nil,
            severityMin: severity?.least ?? .clear, states: all ? nil : [state ?? .open], pack: pack, sort: sort,
            limit: number)
        var rows = try store.reporting(common) { () throws(ArchiveError) in try archive.issues(query) }
        if let severity, !severity.isOpenEnded { rows = rows.filter { $0.severity == severity.least } }
        let text =
            format == .json
            ? rows.map { IssueListing.json($0) }.joined() : IssueListing.table(rows, for: common.output, now: now)
        if !rows.isEmpty { common.output.write(text) }
        if rows.isEmpty {
            if format == .text { common.say("no issues") }
            throw ExitStatus.nothingFound
        }
    }
}

extension IssueState: ExpressibleByArgument {}
extension IssueQuery.Sort: ExpressibleByArgument {}

/// `major` or `major+`.
struct SeverityArgument: ExpressibleByArgument {
    let least: Severity
    let isOpenEnded: Bool

    init?(argument: String) {
        isOpenEnded = argument.hasSuffix("+")
        guard let severity = Severity(name: isOpenEnded ? argument.dropLast() : argument[...]) else { return nil }
        least = severity
    }

    static var allValueStrings: [String] { Severity.allCases.reversed().map(\.name) }
}

/// Which store a command works on.
struct StoreOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Store to use instead of the configured one.", valueName: "path"))
    var store: String?

    /// The path of the store: the option's, the configuration's, or the default.
    func path(_ configuration: Configuration) -> String {
        store.map { Surroundings.current().absolute($0) } ?? configuration.storePath
    }

    /// Opens it for reading; leaves with 2 and a message when it cannot be.
    func open(_ common: CommonOptions) throws -> Archive { try open(common, try common.configuration()) }

    /// The same with a configuration that was read already.
    func open(_ common: CommonOptions, _ configuration: Configuration) throws -> Archive {
        return try reporting(common) { () throws(ArchiveError) in
            try Archive(path: path(configuration), mode: .read)
        }
    }

    /// Runs `body`; its failure is printed and becomes exit code 2.
    func reporting<Result>(_ common: CommonOptions, _ body: () throws(ArchiveError) -> Result) throws -> Result {
        do throws(ArchiveError) {
            return try body()
        } catch {
            common.errors.write(error.description.safe + "\n")
            throw ExitStatus.faulty
        }
    }
}
