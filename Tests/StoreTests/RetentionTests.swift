import Events
import Testing
import Triage

@testable import Store

struct RetentionTests {
    private let day: Int64 = 86_400

    private func keepHouse(
        _ archive: Archive, _ policy: RetentionPolicy, now: Timestamp
    ) throws -> (outcome: RetentionRound.Outcome, pruned: Int, resolved: Int, steps: Int) {
        var round = RetentionRound()
        var pruned = 0
        var resolved = 0
        for steps in 1...1_000 {
            let outcome = try archive.keepHouse(&round, policy, now: now)
            pruned += outcome.pruned.issues
            resolved += outcome.resolved
            if outcome.isOver { return (outcome, pruned, resolved, steps) }
        }
        Issue.record("housekeeping does not end")
        return (RetentionRound.Outcome(), pruned, resolved, 0)
    }

    /// `count` issues last seen on day 0, all learned: nobody has to judge them. Each sample is so many bytes longer.
    private func store(_ folder: TemporaryStore, _ count: UInt64, sampleBytes: Int = 0) throws -> Archive {
        let archive = try folder.writer()
        let deltas = (0..<count).map { number in
            var delta = delta(Fingerprint(high: number << 44, low: number), at: [Int64(number % 100)])
            delta.samples[0].text += String(repeating: "x", count: sampleBytes)
            return delta
        }
        _ = try archive.addBaseline(deltas.map(\.fingerprint), name: "all")
        _ = try archive.apply(batch(1, deltas, time: at(200)))
        return archive
    }

    @Test func `what is out of use is dropped in small steps, and is never new again`() throws {
        let folder = try TemporaryStore()
        let archive = try store(folder, 350)
        let policy = RetentionPolicy(ageSeconds: 90 * day, bytesMax: nil)
        #expect(try keepHouse(archive, policy, now: at(89 * day)).pruned == 0)
        let kept = try keepHouse(archive, policy, now: at(91 * day))
        #expect(kept.pruned == 350 && kept.steps >= 4 && !kept.outcome.isTooLarge)
        let rows = Dictionary(try archive.size().rows.map { ($0.table, $0.rows) }) { first, _ in first }
        #expect(rows["issue"] == 350 && rows["sample"] == 0 && rows["issue_hour"] == 0)
        let notices = try archive.apply(
            batch(2, [delta(Fingerprint(high: 5 << 44, low: 5), at: [92 * day])], time: at(92 * day)))
        #expect(notices.isEmpty)
        #expect(try archive.everything().first?.count == 2)
    }

    @Test func `what somebody has to judge stays however old and large it is`() throws {
        let folder = try TemporaryStore()
        let archive = try folder.writer()
        _ = try archive.apply(batch(1, [delta(key(1), at: [0])], time: at(10)))
        let kept = try keepHouse(archive, RetentionPolicy(ageSeconds: day, bytesMax: 1_000), now: at(400 * day))
        #expect(kept.pruned == 0 && kept.outcome.isTooLarge)
        #expect(try archive.everything()[0].sample != nil)
    }

    @Test func `a store that is too large drops the oldest first`() throws {
        let folder = try TemporaryStore()
        let archive = try store(folder, 2_000)
        let used = try archive.size()
        let late = delta(key(30), at: [60 * day])
        _ = try archive.addBaseline([late.fingerprint], name: "late")
        _ = try archive.apply(batch(2, [late], time: at(60 * day)))
        let limit = (used.databaseBytes - used.freeBytes) * 9 / 10
        // Half of the age, 45 days, is enough.
        let kept = try keepHouse(
            archive, RetentionPolicy(ageSeconds: 90 * day, bytesMax: limit), now: at(61 * day))
        #expect(kept.pruned == 2_000 && !kept.outcome.isTooLarge)
        #expect(try archive.everything().first { $0.fingerprint == late.fingerprint }?.sample != nil)
    }

    @Test func `space is given back to the file system`() throws {
        let folder = try TemporaryStore()
        let archive = try store(folder, 500, sampleBytes: 4_000)
        let before = try archive.size().databaseBytes
        for _ in 0..<2 {
            _ = try keepHouse(archive, RetentionPolicy(ageSeconds: day, bytesMax: nil), now: at(10 * day))
        }
        let after = try archive.size()
        #expect(after.databaseBytes < before / 4 && after.freeBytes < before / 20, "\(before) \(after)")
    }

    @Test func `an acknowledged issue that is quiet for two weeks is resolved by the way`() throws {
        let folder = try TemporaryStore()
        let archive = try folder.writer()
        _ = try archive.apply(batch(1, [delta(key(1), at: [0]), delta(key(2), at: [0])], time: at(10)))
        let ids = try archive.everything().map(\.id)
        _ = try archive.move(MoveRequest(ids: [ids[0]], move: .acknowledge, author: "ada", now: at(20)))
        #expect(try keepHouse(archive, .standard, now: at(13 * day)).resolved == 0)
        #expect(try keepHouse(archive, .standard, now: at(15 * day)).resolved == 1)
        #expect(try archive.detail(ids[0]).row.state == .resolved && archive.detail(ids[1]).row.state == .open)
    }
}
