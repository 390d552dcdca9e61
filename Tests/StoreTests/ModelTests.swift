import Events
import Testing
import Triage

@testable import Store

/// What a store holds, the slow and plain way: every event, and sums over them.
private struct Model {
    struct Occurrence {
        var node: String
        var sample: Sample
    }

    var occurrences: [Fingerprint: [Occurrence]] = [:]
    var sequences: [String: UInt64] = [:]
    var offsets: [String: Int64] = [:]

    /// Events of a batch, and the number of issues that are new by it.
    mutating func apply(_ batch: Batch, _ events: [(Fingerprint, Sample)]) -> Int {
        guard batch.sequence > sequences[batch.node, default: 0] else { return 0 }
        sequences[batch.node] = batch.sequence
        offsets[batch.node] = batch.files.last?.checkpoint.offset ?? offsets[batch.node]
        let known = occurrences.count
        for (fingerprint, sample) in events {
            occurrences[fingerprint, default: []].append(Occurrence(node: batch.node, sample: sample))
        }
        return occurrences.count - known
    }

    func check(_ archive: Archive, seed: UInt64) throws {
        #expect(try archive.everything().count == occurrences.count, "seed \(seed)")
        for (fingerprint, events) in occurrences {
            guard case .found(let detail) = try archive.issue(matching: fingerprint.description, now: at(7_200)) else {
                Issue.record("\(fingerprint) is missing, seed \(seed)")
                continue
            }
            let times = events.map(\.sample.time)
            #expect(detail.row.count == events.count, "seed \(seed)")
            #expect(detail.row.firstSeen == times.min() && detail.row.lastSeen == times.max(), "seed \(seed)")
            #expect(detail.row.nodes == Set(events.map(\.node)).sorted(), "seed \(seed)")
            #expect(detail.row.files == Set(events.map(\.sample.file)).sorted(), "seed \(seed)")
            #expect(detail.lastFortnight.reduce(0, +) == events.count, "seed \(seed)")
            for file in detail.files {
                let own = events.filter { $0.node == file.node && $0.sample.file == file.path }
                #expect(file.count == own.count && file.lastSeen == own.map(\.sample.time).max(), "seed \(seed)")
            }
            for node in detail.nodes {
                let own = events.filter { $0.node == node.node }.map(\.sample.time)
                #expect(node.count == own.count && node.firstSeen == own.min() && node.lastSeen == own.max())
            }
            let keys = events.map { SampleKey($0.sample, node: 0) }
            let kept = SampleChoice.keep(of: keys).map { keys[$0] }.sorted(by: SampleKey.isEarlier)
            #expect(detail.samples.map { SampleKey($0.sample, node: 0) } == kept, "seed \(seed)")
        }
        for (node, sequence) in sequences {
            #expect(try archive.lastSequence(node: node) == sequence, "seed \(seed)")
            #expect(try archive.checkpoints(node: node).map(\.offset) == offsets[node].map { [$0] } ?? [])
        }
    }
}

struct ModelTests {
    /// Rolls events up as a scanner does, several deltas to a fingerprint now and then.
    private func rollUp(_ events: [(Fingerprint, Sample)]) -> [IssueDelta] {
        let groups = Dictionary(grouping: events) { $0.0 }
        return groups.sorted { $0.key.high < $1.key.high }.map { fingerprint, group in
            let samples = group.map(\.1)
            var made = delta(fingerprint, at: samples.map { ($0.time.microseconds - at(0).microseconds) / 1_000_000 })
            made.files = Dictionary(grouping: samples, by: \.file).map { path, of in
                FileCount(path: path, count: of.count, last: of.map(\.time).max() ?? at(0))
            }
            let keys = samples.map { SampleKey($0, node: 0) }
            made.samples = SampleChoice.keep(of: keys).map { samples[$0] }
            return made
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `random batches, replays and restarts count as the model counts`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let store = try TemporaryStore()
        var archive = try store.writer()
        var model = Model()
        var sent: [(Batch, [(Fingerprint, Sample)])] = []
        var offset: Int64 = 0
        for _ in 0..<25 {
            let node = ["a", "b", "c"].randomElement(using: &random) ?? "a"
            if Int.random(in: 0..<5, using: &random) == 0 {
                try archive.close()
                archive = try store.writer()
            }
            if Int.random(in: 0..<4, using: &random) == 0, let old = sent.randomElement(using: &random) {
                #expect(
                    try archive.apply(old.0).filter { !$0.isNewOnNode }.count == model.apply(old.0, old.1),
                    "seed \(seed)")
                continue
            }
            let events = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                offset += 1
                let event = sample(
                    .random(in: -9_000...7_200, using: &random),
                    file: Bool.random(using: &random) ? "/x" : "/y", offset: offset,
                    rank: random.next() % 64)
                return (key(.random(in: 1...9, using: &random)), event)
            }
            let made = batch(
                model.sequences[node, default: 0] + .random(in: 1...3, using: &random), node: node, rollUp(events),
                files: [progress(offset: offset)])
            sent.append((made, events))
            #expect(
                try archive.apply(made).filter { !$0.isNewOnNode }.count == model.apply(made, events), "seed \(seed)")
        }
        try model.check(archive, seed: seed)
    }
}
