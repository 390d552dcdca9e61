import Events
import Scan
import Synchronization
import Testing

@testable import Agent

struct BatchQueueTests {
    private func progress(_ turn: Int) -> FileProgress {
        FileProgress(
            checkpoint: Checkpoint(
                path: "/var/log/app.log", identity: FileIdentity(device: 1, inode: 2, birthNanoseconds: 3),
                generation: 0, offset: Int64(turn), lines: nil, head: .none, before: .none),
            source: "app", state: .following, size: 0, lines: 1, events: 0, bytesLost: 0, note: "")
    }

    @Test func `reading waits while the store takes nothing, and nothing of it is left out`() throws {
        let queue = BatchQueue()
        queue.begin(sources: ["app"], awaiting: [])
        let turns = 3 * BatchQueue.turnsMax
        let added = Mutex(0)
        let scanner = WorkerThread(name: "test") {
            for turn in 1...turns {
                queue.add(Rollup(), progress(turn))
                added.withLock { $0 += 1 }
            }
            queue.close()
        }
        var lines: Int64 = 0
        var takes = 0
        while let pending = queue.take() {
            #expect(pending.turns <= BatchQueue.turnsMax)
            lines += pending.files.values.reduce(0) { $0 + $1.lines }
            takes += 1
        }
        scanner.join()
        #expect(added.withLock { $0 } == turns && lines == Int64(turns) && takes >= 3)
    }

    @Test func `faults of our own never wait, and are bounded`() throws {
        let queue = BatchQueue()
        queue.begin(sources: [], awaiting: [])
        for number in 0..<(BatchQueue.healthMax + 50) {
            queue.add(HealthEvent(.bytesLost, subject: "app", "\(number) bytes"))
        }
        #expect(queue.take()?.health.count == BatchQueue.healthMax)
    }
}
