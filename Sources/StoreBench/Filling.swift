import Events
import Store
import Triage

/// Makes the store that the rest is measured on.
struct Filling {
    let path: String

    func run(_ issues: Int) throws {
        let archive = try Archive(path: path, mode: .write)
        var sequence = try archive.lastSequence(node: Workload.node)
        let began = (wall: Stopwatch.wall(), processor: Stopwatch.thread())
        // The first 98 % are learned, the others come when the source is past that.
        let learned = issues * 98 / 100
        // Goes on where a run before this one was stopped.
        var done = try archive.issueCount(IssueQuery(states: nil))
        while done < issues {
            if done == learned {
                _ = try archive.acceptLearned(nil, by: "bench", now: Workload.time(30))
            }
            let end = min(done + StoreBench.batchMax, done < learned ? learned : issues)
            sequence += 1
            let second = Int64(done < learned ? 1 : 60)
            let batch = Batch(
                node: Workload.node, sequence: sequence,
                issues: (done..<end).map { Workload.delta($0, second: second, count: 1) },
                files: Workload.progress(second: second), sources: [Workload.source], time: Workload.time(second))
            _ = try archive.apply(batch, policy: .standard)
            done = end
        }
        try judge(archive, issues)
        let seconds = Stopwatch.wall() - began.wall
        let size = try archive.size()
        // What Margay says of itself is no issue of the load: the errors of this one do not fall into groups.
        let own = QueryNode.test(.name(.pack, [WildcardText(HealthEvent.pack)]))
        let count = try archive.issueCount(IssueQuery(states: nil, condition: .not(own)))
        if count != issues { StoreBench.fail("\(count) issues are stored of \(issues)") }
        StoreBench.tell("fill_seconds\t\(Int(seconds))\t\(Int(Stopwatch.thread() - began.processor))")
        StoreBench.tell("bytes_per_issue\t\((size.databaseBytes - size.freeBytes) / Int64(issues))")
        try archive.close()
    }

    /// A hundredth of the issues have been moved by people, in equal parts.
    private func judge(_ archive: Archive, _ issues: Int) throws {
        let moves: [Move] = [.acknowledge, .clear, .resolve, .ignore(.spiking), .assign("ada")]
        for (place, move) in moves.enumerated() {
            let numbers = stride(from: place, to: issues, by: 500)
            let ids = numbers.map { Workload.fingerprint($0).description }
            _ = try archive.move(
                MoveRequest(ids: ids, move: move, author: place % 2 == 0 ? "ada" : "bob", now: Workload.time(90)))
        }
    }
}
