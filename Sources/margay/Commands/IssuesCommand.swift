import Agent
import ArgumentParser
import Events
import Glibc
import Store
import Triage

struct IssuesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issues", abstract: "List the issues in the store.",
        discussion: """
            A query says which: is:new severity:>=major (pack:nginx OR pack:core) node:web-* first:<24h -known "free \
            text" /re/. Without a state in it, open issues are meant. Exit code: 0 some found, 1 none.
            """)

    @OptionGroup var store: StoreOptions

    @Flag(help: "Only those that nobody has judged yet: new, returned, regressed or spiking.")
    var new = false

    @Option(help: ArgumentHelp("Only those seen since: 24h, 3d, 2026-11-22, or a time.", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("Only those first seen before.", valueName: "time"))
    var until: TimeArgument?

    @Option(help: ArgumentHelp("Only this severity, or with a + this one and worse: major+.", valueName: "severity"))
    var severity: SeverityArgument?

    @Option(
        help: ArgumentHelp("open, acknowledged, cleared, resolved or ignored; open by default.", valueName: "state"))
    var state: IssueState?

    @Flag(help: "Of every state.")
    var all = false

    @Option(help: ArgumentHelp("Only those of this pack.", valueName: "name"), completion: LiveWords.packs)
    var pack: String?

    @Option(
        help: ArgumentHelp("Only those seen in this source; * stands for anything.", valueName: "name"),
        completion: LiveWords.sources)
    var source: String?

    @Option(help: ArgumentHelp("Only those seen on this host; * stands for anything.", valueName: "name"))
    var node: String?

    @Option(help: ArgumentHelp("A saved view, beside the query.", valueName: "name"), completion: LiveWords.views)
    var view: String?

    @Option(
        help: ArgumentHelp(
            "last_seen, first_seen, count or severity, greatest first; with + in front least first.",
            valueName: "field"))
    var sort: SortArgument?

    @Option(name: .short, help: ArgumentHelp("At most this many.", valueName: "n"))
    var number: Int?

    @Flag(name: .short, help: "Only how many there are.")
    var count = false

    @Flag(help: "Only the ids, for 'margay ack -' and the like.")
    var ids = false

    @Option(
        help: ArgumentHelp(
            "Columns, by comma: \(IssueColumn.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "names"))
    var columns: ColumnsArgument?

    @Flag(name: [.short, .long], help: "Go on and print what becomes news, until stopped; -n 0 for only that.")
    var follow = false

    @Option(help: "text or json (JSON Lines).")
    var format = OutputFormat.text

    @Flag(help: "The same as --format json.")
    var json = false

    @OptionGroup var pager: PagerOptions

    @OptionGroup var common: CommonOptions

    @Argument(help: "The query.")
    var query: [String] = []

    /// How often a store is asked for news, and how many issues of it at most are remembered as told.
    private static let followMillis: UInt32 = 1_000
    private static let followedMax = 10_000

    func validate() throws {
        if let number, number < 0 {
            throw ValidationError("-n \(number): give a number that is not negative")
        }
        if [count, ids, columns != nil, follow && count].filter({ $0 }).count > 1 {
            throw ValidationError("give one of -c, --ids and --columns")
        }
        if follow, count || ids { throw ValidationError("-f goes with neither -c nor --ids") }
    }

    func run() throws {
        let now = SystemClock.now()
        let archive = try store.open(common)
        let asked = try issueQuery(archive, now: now)
        if count {
            let found = try store.reporting(common) { () throws(ArchiveError) in try archive.issueCount(asked) }
            common.output.write("\(found)\n")
            if found == 0 { throw ExitStatus.nothingFound }
            return
        }
        if ids {
            let found = try store.reporting(common) { () throws(ArchiveError) in try archive.ids(asked) }
            common.output.write(found.map { $0 + "\n" }.joined())
            if found.isEmpty { throw ExitStatus.nothingFound }
            return
        }
        let rows = try store.reporting(common) { () throws(ArchiveError) in try archive.issues(asked) }
        if !rows.isEmpty {
            let text = text(rows, now: now)
            if follow { common.output.write(text) } else { pager.show(text, common) }
        }
        if follow { return try followNews(archive, asked, told: rows) }
        if rows.isEmpty {
            if format == .text, !json {
                common.say("no issues")
                if new { LearningText.remind(archive, common) }
            }
            throw ExitStatus.nothingFound
        }
    }

    private func issueQuery(_ archive: Archive, now: Timestamp) throws -> IssueQuery {
        var filter = try QueryText.parse(query.joined(separator: " "), common, now: now)
        if let view {
            let views = try store.reporting(common) { () throws(ArchiveError) in try archive.views() }
            guard let saved = views.first(where: { $0.name == view }) else {
                common.errors.write("margay: no view '\(view.safe)'; 'margay views list' shows them\n")
                throw ExitStatus.faulty
            }
            let more = try QueryText.parse(saved.query, common, now: now)
            filter.condition = .all([more.condition, filter.condition])
            if filter.sort == nil { (filter.sort, filter.isAscending) = (more.sort, more.isAscending) }
        }
        var nodes = [filter.condition]
        if new { nodes.append(.test(.mark(.inbox))) }
        if let severity {
            nodes.append(.test(.severity(severity.isOpenEnded ? .atLeast : .equal, severity.least)))
        }
        if let until { nodes.append(.test(.time(.first, .less, until.time(now: now)))) }
        if let source { nodes.append(.test(.name(.source, [WildcardText(source)]))) }
        if let node { nodes.append(.test(.name(.node, [WildcardText(node)]))) }
        let states = all || new ? nil : filter.condition.statesMeant
        return IssueQuery(
            since: since?.time(now: now), states: state.map { [$0] } ?? states, pack: pack,
            sort: sort?.sort ?? filter.sort ?? .lastSeen,
            isAscending: sort.map(\.isAscending) ?? filter.isAscending,
            limit: number ?? (follow ? 10 : IssueQuery.limitDefault), condition: .all(nodes), now: now)
    }

    private func text(_ rows: [IssueRow], now: Timestamp) -> String {
        if format == .json || json { return rows.map { $0.json + "\n" }.joined() }
        if let columns { return IssueColumn.table(rows, columns.columns, for: common.output, now: now) }
        return IssueListing.table(rows, for: common.output, now: now)
    }

    /// Asks again and again which issues are news, and prints those that were not told.
    private func followNews(_ archive: Archive, _ asked: IssueQuery, told rows: [IssueRow]) throws {
        var asked = asked
        asked.condition = .all([asked.condition, .test(.mark(.inbox))])
        (asked.sort, asked.isAscending, asked.limit) = (.lastSeen, false, 1_000)
        func news(_ row: IssueRow) -> String { "\(row.id) \(row.novelty.rawValue) \(row.stateVersion)" }
        let first = try store.reporting(common) { () throws(ArchiveError) in try archive.issues(asked) }
        var told = Set((first + rows).map(news))
        while true {
            usleep(IssuesCommand.followMillis * 1_000)
            let now = SystemClock.now()
            asked.now = now
            let found = try store.reporting(common) { () throws(ArchiveError) in try archive.issues(asked) }
            let fresh = found.filter { told.insert(news($0)).inserted }
            if told.count > IssuesCommand.followedMax { told = Set(found.map(news)) }
            guard !fresh.isEmpty else { continue }
            if !common.output.write(text(fresh.reversed(), now: now)) { return }
        }
    }
}

extension IssueState: ExpressibleByArgument {}

/// `count`, `-count`: greatest first; `+count`: least first.
struct SortArgument: ExpressibleByArgument {
    let sort: IssueSort
    let isAscending: Bool

    init?(argument: String) {
        isAscending = argument.hasPrefix("+")
        guard
            let sort = IssueSort(
                name: argument.hasPrefix("+") || argument.hasPrefix("-") ? argument.dropFirst() : argument[...])
        else { return nil }
        self.sort = sort
    }

    static var allValueStrings: [String] { IssueSort.allCases.map(\.rawValue) }
}

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
