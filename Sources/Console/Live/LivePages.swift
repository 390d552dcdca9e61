import Events
import Hummingbird
import NIOCore
import ServiceLifecycle
import Store
import Synchronization
import Triage

/// Keeps open pages up to date by server-sent events (WHATWG HTML, 9.2): counts change in place, new rows are announced.
///
/// The store is asked once a second whether anything changed, only while a page is open, and a list that several pages
/// show is read once for all of them.
actor LivePages {
    private struct Key: Hashable {
        var query: String
        var sort: String?
        var author: String
    }

    private let pages = LivePlace.Count()
    private var number: (value: Int64, asked: ContinuousClock.Instant)?
    /// Lists of the change number that they were read at.
    private var lists: [Key: (number: Int64, list: LiveList)] = [:]

    private static let pollSeconds = 1
    private static let quietSeconds = 15
    /// What a browser waits before it comes again.
    private static let retryMillis = 3_000

    /// The stream for a page; nil where there are too many.
    func stream(_ page: PageRequest, _ site: ConsoleSite, _ threads: StoreThreads) -> ResponseBody? {
        guard pages.now < ConsoleLimits.livePagesMax else { return nil }
        let events = LiveEvents(pages: self, page: page, site: site, threads: threads, place: LivePlace(pages))
        return ResponseBody(asyncSequence: events.cancelOnGracefulShutdown())
    }

    /// What is to be sent next; waits until there is something. Nil when whoever looks on may not do so any more.
    func next(_ progress: inout LiveEvents.Progress, _ events: LiveEvents) async throws -> ByteBuffer? {
        guard progress.isBegun else {
            progress.isBegun = true
            return ByteBuffer(string: "retry: \(LivePages.retryMillis)\n\n")
        }
        var quiet = 0
        while true {
            // A page that was just made must not hear what was so before it.
            let now = try await changeNumber(events.site, events.threads, isFresh: progress.number == nil)
            if now != progress.number {
                guard try await mayLook(events) else { return nil }
                let list = try await list(of: events.page, at: now, events.site, events.threads)
                let text = list.events(since: progress.list, number: now)
                (progress.list, progress.number) = (list, now)
                if !text.isEmpty { return ByteBuffer(string: text) }
            }
            quiet += 1
            // A visitor who went is noticed by writing to nobody.
            if quiet > LivePages.quietSeconds {
                return try await mayLook(events) ? ByteBuffer(string: ": quiet\n\n") : nil
            }
            try await Task.sleep(for: .seconds(LivePages.pollSeconds))
        }
    }

    /// Sessions end and roles change while a page is open.
    private func mayLook(_ events: LiveEvents) async throws -> Bool {
        let (site, visitor) = (events.site, events.page.visitor)
        return try await events.threads.run {
            try site.gate.person(visitor.credentials, visitor.preferences, now: site.host.clock()).isIn
        }
    }

    private func changeNumber(_ site: ConsoleSite, _ threads: StoreThreads, isFresh: Bool) async throws -> Int64 {
        let now = ContinuousClock.now
        if !isFresh, let number, now - number.asked < .milliseconds(900) { return number.value }
        let value = try await threads.run { try site.archive.changeNumber() }
        number = (value, now)
        return value
    }

    private func list(
        of page: PageRequest, at number: Int64, _ site: ConsoleSite, _ threads: StoreThreads
    ) async throws -> LiveList {
        let asked = IssueListRequest(page.query)
        let key = Key(query: asked.query, sort: asked.sort, author: site.author(page))
        if let kept = lists[key], kept.number == number { return kept.list }
        var page = page
        page.now = site.host.clock()
        let request = page
        let list = try await threads.run { try LiveList(asked, site, request) }
        lists = lists.filter { $0.value.number == number }
        lists[key] = (number, list)
        return list
    }
}

/// The events of one open page, made when the page can take them: a slow visitor gets fewer, and nothing waits in memory.
struct LiveEvents: AsyncSequence, Sendable {
    let pages: LivePages
    let page: PageRequest
    let site: ConsoleSite
    let threads: StoreThreads
    let place: LivePlace

    /// What the page was told so far.
    struct Progress: Sendable {
        var isBegun = false
        var list: LiveList?
        var number: Int64?
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        let events: LiveEvents
        var progress = Progress()

        mutating func next() async throws -> ByteBuffer? {
            var progress = progress
            defer { self.progress = progress }
            return try await events.pages.next(&progress, events)
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(events: self) }
}

/// A place among the live pages, given back when the stream is dropped.
final class LivePlace: Sendable {
    final class Count: Sendable {
        private let value = Atomic(0)

        var now: Int { value.load(ordering: .relaxed) }

        fileprivate func add(_ number: Int) { value.wrappingAdd(number, ordering: .relaxed) }
    }

    private let count: Count

    init(_ count: Count) {
        self.count = count
        count.add(1)
    }

    deinit { count.add(-1) }
}

/// What an open page shows that may change.
struct LiveList: Sendable, Equatable {
    struct Row: Sendable, Equatable {
        var id: String
        var count: String
        var last: String
        var state: String
        var novelty: String
        var owner: String
    }

    var inbox: String
    var total: String
    var rows: [Row]

    /// Reads it from the store. A query with a fault has no rows.
    init(_ list: IssueListRequest, _ site: ConsoleSite, _ page: PageRequest) throws {
        inbox = ConsoleSite.countText(
            try site.archive.issueCount(
                IssueQuery(states: nil, condition: .test(.mark(.inbox))), atMost: ConsoleLimits.countedMax))
        do throws(QueryFault) {
            let filter = try site.filter(list.query, page)
            (total, rows) = ("", [])
            let asked = list.issueQuery(filter, now: page.now, limit: ConsoleLimits.rowsMax)
            let found = Swift.Result { () throws(ArchiveError) in
                (
                    try site.archive.issueCount(asked, atMost: ConsoleLimits.countedMax),
                    try site.archive.page(asked).rows
                )
            }
            if case .success(let (count, issues)) = found {
                total = ConsoleSite.countText(count)
                rows = issues.map { issue in
                    Row(
                        id: issue.id, count: ConsoleSite.grouped(issue.count), last: issue.lastSeen.description,
                        state: issue.state.rawValue, novelty: issue.novelty.rawValue, owner: issue.owner ?? "")
                }
            }
        } catch {
            (total, rows) = ("", [])
        }
    }

    /// The events that bring a page from `last` to this; all of it where there is no last.
    func events(since last: LiveList?, number: Int64) -> String {
        var text = ""
        func event(_ name: String, _ body: (inout JSONText) -> Void) {
            text += "id: \(number)\nevent: \(name)\ndata: \(JSONText.object(body).text)\n\n"
        }
        if last?.inbox != inbox || last?.total != total {
            event("count") { json in
                json.add("inbox", inbox)
                json.add("total", total)
            }
        }
        let earlier = Dictionary((last?.rows ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let changed = rows.filter { earlier[$0.id] != $0 }
        if !changed.isEmpty {
            event("rows") { json in
                json.add("rows", array: changed) { json, row in
                    json.element { json in
                        json.add("id", row.id)
                        json.add("count", row.count)
                        json.add("last", row.last)
                        json.add("state", row.state)
                        json.add("novelty", row.novelty)
                        json.add("owner", row.owner)
                    }
                }
            }
        }
        return text
    }
}
