import Events
import Store
import Synchronization
import Triage

/// 200,000 events over 10,000 live issues, again and again: what a second of a flood costs the one writer.
struct Ingesting {
    let path: String

    func run(_ rounds: Int) throws {
        let archive = try Archive(path: path, mode: .write)
        let issues = try archive.issueCount(IssueQuery(states: nil))
        let live = min(StoreBench.liveMax, issues)
        var writer = Writer(archive: archive, issues: issues, live: live)
        try writer.start()
        // A second in one commit, then in four: what the recorder comes to under load lies between.
        let whole = try writer.rounds(rounds, parts: 1)
        StoreBench.tell(whole.line("ingest_second_in_1_commit"))
        let parts = try writer.rounds(rounds, parts: 4)
        StoreBench.tell(parts.line("ingest_second_in_4_commits"))
        let reader = Reader(path: path)
        try reader.start()
        let besides = try writer.rounds(rounds, parts: 1)
        let pages = try reader.stop()
        StoreBench.tell(besides.line("ingest_beside_reader"))
        StoreBench.tell(pages.line("page_beside_writer"))
        let hour = try writer.hour()
        StoreBench.tell("ingest_next_hour\t\(milliseconds(hour))")
        try writer.check()
        try archive.close()
    }

    private struct Writer {
        let archive: Archive
        let issues: Int
        let live: Int
        var sequence: UInt64 = 0
        var second: Int64 = 0
        var events = 0
        var eventsBefore = 0

        init(archive: Archive, issues: Int, live: Int) {
            self.archive = archive
            self.issues = issues
            self.live = live
        }

        mutating func start() throws {
            sequence = try archive.lastSequence(node: Workload.node)
            eventsBefore = try archive.counts().events
            // A second that nobody measures: the hour's first look at each issue, and the pages into memory. Each run
            // begins behind the one before, in the hour that follows.
            second = max(100, (Int64(sequence) + 1) * 3_600)
            _ = try commit(each: StoreBench.eventsEach)
        }

        /// Processor seconds of the writer for each second of events.
        mutating func rounds(_ count: Int, parts: Int) throws -> Durations {
            var durations = Durations()
            for _ in 0..<count {
                var seconds = 0.0
                for _ in 0..<parts { seconds += try commit(each: StoreBench.eventsEach / parts) }
                durations.add(seconds)
            }
            return durations
        }

        /// The same in the next hour, when each issue is looked at anew.
        mutating func hour() throws -> Double {
            second += 3_600
            return try commit(each: StoreBench.eventsEach)
        }

        private mutating func commit(each: Int) throws -> Double {
            sequence += 1
            second += 1
            let step = issues / live
            let batch = Batch(
                node: Workload.node, sequence: sequence,
                issues: (0..<live).map { Workload.delta($0 * step, second: second, count: each) },
                files: Workload.progress(second: second), sources: [Workload.source], time: Workload.time(second))
            events += live * each
            let began = Stopwatch.thread()
            _ = try archive.apply(batch, policy: .standard)
            return Stopwatch.thread() - began
        }

        func check() throws {
            let counted = try archive.counts().events - eventsBefore
            if counted != events { StoreBench.fail("\(counted) events are counted of \(events)") }
        }
    }
}

/// Pages through the open issues, the latest first, on a thread and a connection of its own.
final class Reader: Sendable {
    private let path: String
    private let durations = Mutex(Durations())
    private let isStopped = Atomic(false)
    private let fault = Mutex<ArchiveError?>(nil)
    private let thread = Mutex<JoinedThread?>(nil)

    init(path: String) { self.path = path }

    func start() throws {
        let archive = try Archive(path: path, mode: .read)
        thread.withLock { thread in
            thread = JoinedThread { [self] in
                do throws(ArchiveError) {
                    try read(archive)
                    try archive.close()
                } catch {
                    fault.withLock { $0 = error }
                }
            }
        }
    }

    func stop() throws -> Durations {
        isStopped.store(true, ordering: .relaxed)
        thread.withLock { $0?.join() }
        if let fault = fault.withLock({ $0 }) { throw fault }
        return durations.withLock { $0 }
    }

    private func read(_ archive: Archive) throws(ArchiveError) {
        var query = IssueQuery(limit: Paging.rows)
        while !isStopped.load(ordering: .relaxed) {
            let began = Stopwatch.wall()
            let page = try archive.page(query)
            let seconds = Stopwatch.wall() - began
            durations.withLock { $0.add(seconds) }
            query.after = page.next
        }
    }
}
