import Events
import PCRE2
import Store
import Triage

/// Pages of many queries in every order, and details: the first pages, and pages far behind.
struct Paging {
    /// What a screen or a page of the console shows.
    static let rows = 100
    static let pagesEach = 25

    /// What people ask for: the default list, the inbox, names, free text, thresholds; common and seldom, and nothing.
    static let queries = [
        "", "is:inbox", "is:new", "severity:>=major", "severity:critical -pack:core", "pack:core", "pack:none",
        "(pack:core OR pack:nginx) type:application", "node:web-1", "node:db-*", "source:app", "file:*worker-7.log",
        "owner:me", "-has:owner", "has:note", "state:acknowledged", "state:cleared", "state:ignored",
        "(state:open OR state:resolved)", "count:>5", "count:>100000", "count:<1", "rate:>10/h", "rate:>1000000/h",
        "first:<24h", "last:<1h", "last:>30d", "first:>30d", "refused", "\"backend 77777\"", "nowhere-to-be-found",
        "77777 refused", "/backend 7{5}/", "/backend x/", "is:new severity:critical -pack:core", "is:spiking",
        "is:rare", "is:regressed", "-is:known -is:new", "pattern:core.error", "pattern:*.none", "has:reference",
        "reference:INC-1", "id:7*", "type:security", "is:merged",
    ]

    let path: String

    func run() throws {
        let began = Stopwatch.wall()
        let archive = try Archive(path: path, mode: .read)
        StoreBench.tell("open\t\(milliseconds(Stopwatch.wall() - began))")
        let now = try archive.lastBatchTime(node: Workload.node) ?? Workload.began
        var all = Durations()
        var ids: [String] = []
        for text in Paging.queries {
            let filter = try QueryParser.parse(
                text, QuerySetting(now: now, me: "ada") { source, _ in Paging.compile(source) })
            for sort in IssueSort.allCases {
                for isAscending in [false, true] {
                    let pages = try page(archive, filter, sort, isAscending, now: now, &ids)
                    for seconds in pages.all { all.add(seconds) }
                    if pages.percentile(1) > 0.05 {
                        StoreBench.tell(pages.line("slow_page \(text) by \(isAscending ? "+" : "")\(sort.rawValue)"))
                    }
                }
            }
        }
        StoreBench.tell(all.line("page"))
        var details = Durations()
        for id in ids {
            let began = Stopwatch.wall()
            guard case .found = try archive.issue(matching: id, now: now) else { StoreBench.fail("no issue \(id)") }
            details.add(Stopwatch.wall() - began)
        }
        StoreBench.tell(details.line("show"))
        try archive.close()
    }

    /// By PCRE2, as the commands do.
    private static func compile(_ source: String) -> CompiledQueryExpression {
        do throws(ExpressionError) {
            let expression = try CompiledExpression(source)
            let scratch = OwnScratch()
            return .matcher { scratch.scratch.match(expression, in: $0) == .matched }
        } catch {
            return .fault(error.message, offset: error.offset)
        }
    }

    /// Sendable: this program reads with one thread at a time.
    private final class OwnScratch: @unchecked Sendable {
        let scratch = MatchScratch()
    }

    private func page(
        _ archive: Archive, _ filter: IssueFilter, _ sort: IssueSort, _ isAscending: Bool, now: Timestamp,
        _ ids: inout [String]
    ) throws -> Durations {
        // Without a state in it, open issues are meant, as in `margay issues`.
        var query = IssueQuery(
            states: filter.condition.mentionsState ? nil : [.open], sort: sort, isAscending: isAscending,
            limit: Paging.rows,
            condition: filter.condition, now: now)
        var pages = Durations()
        for _ in 0..<Paging.pagesEach {
            let began = Stopwatch.wall()
            let page = try archive.page(query)
            pages.add(Stopwatch.wall() - began)
            if ids.count < 2_000 { ids += page.rows.prefix(10).map(\.id) }
            guard let next = page.next else { break }
            query.after = next
        }
        return pages
    }
}
