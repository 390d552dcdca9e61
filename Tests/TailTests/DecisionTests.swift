import Testing

@testable import Tail

struct DecisionTests {
    struct RestCase: CustomTestStringConvertible, Sendable {
        var name: String
        var recordIsOpen = false
        var isLeaving = false
        var quiet: Int64
        var expected: FollowState.Rest

        var testDescription: String { name }
    }

    @Test(arguments: [
        RestCase(name: "nothing open: nothing to wait for", quiet: 0, expected: .wait(until: nil)),
        RestCase(name: "an open record waits", recordIsOpen: true, quiet: 9, expected: .wait(until: 1_010)),
        RestCase(name: "an open record is closed", recordIsOpen: true, quiet: 10, expected: .closeRecord),
        RestCase(name: "a leaving file waits", isLeaving: true, quiet: 99, expected: .wait(until: 1_100)),
        RestCase(name: "a leaving file is let go", isLeaving: true, quiet: 100, expected: .finish),
        RestCase(
            name: "the record is closed before its file is let go", recordIsOpen: true, isLeaving: true, quiet: 100,
            expected: .closeRecord),
        RestCase(
            name: "a leaving file with an open record", recordIsOpen: true, isLeaving: true, quiet: 9,
            expected: .wait(until: 1_010)),
    ])
    func `at the end of a file`(_ rest: RestCase) {
        var state = FollowState()
        state.recordIsOpen = rest.recordIsOpen
        state.isLeaving = rest.isLeaving
        state.lastGrowth = 1_000
        #expect(state.rest(now: 1_000 + rest.quiet, recordQuiet: 10, leavingQuiet: 100) == rest.expected)
    }

    @Test func `a file shorter than what was read of it is another log`() {
        let state = FollowState(position: 10)
        #expect(state.look(size: 9) == .restart(.shrunk(from: 10, to: 9)))
        #expect(state.look(size: 10) == .read && state.look(size: 11) == .read)
    }

    @Test(arguments: [
        ("/v/app.log.1", ["/v/app.log", "/v/app"]),
        ("/v/app.log-20261122.gz", ["/v/app.log-20261122", "/v/app.log", "/v/app.log.gz", "/v/app", "/v/app.gz"]),
        ("/v/app-2026.log", ["/v/app-2026", "/v/app", "/v/app.log"]),
        ("/v/plain", []), ("/v/.hidden", []),
    ])
    func `the names a rotated file may come from`(path: String, bases: [String]) {
        #expect(RotatedName.bases(of: path) == bases)
    }

    @Test(arguments: [
        ("/v/app.log.1", true), ("/v/app.log-20261122", true), ("/v/app.log.2026-11-22T10.gz", true),
        ("/v/app.log.old", true), ("/v/app-2026-11-22.log", true), ("/v/app.1.log", true),
        ("/v/app.log", false), ("/v/app.log.err", false), ("/v/app.logs", false), ("/v/application.log", false),
        ("/w/app.log.1", false), ("/v/app.log.", true),
    ])
    func `what is named as a rotation of app.log`(path: String, expected: Bool) {
        #expect(RotatedName.isRotation(path, of: "/v/app.log") == expected)
    }

    @Test func `the queue is first come, first served, and the heap gives the earliest first`() {
        var queue = Queue<Int>()
        var heap = TimerHeap<Int>()
        var random = SeededRandom(seed: 7)
        var expected: [Int] = []
        for number in 0..<500 {
            queue.append(number)
            if number % 3 == 0 { expected.append(queue.popFirst() ?? -1) }
            heap.insert(number, at: Int64(random.next(below: 100)))
        }
        while let number = queue.popFirst() { expected.append(number) }
        #expect(expected == Array(0..<500) && queue.isEmpty)
        var moments: [Int64] = []
        while let moment = heap.first {
            moments.append(moment)
            _ = heap.popFirst()
        }
        #expect(moments == moments.sorted() && moments.count == 500)
    }

    @Test(arguments: LogFormat.allCases)
    func `a format is told by its first bytes alone`(format: LogFormat) {
        let magics: [LogFormat: [UInt8]] = [
            .gzip: [0x1F, 0x8B, 8], .zstandard: [0x28, 0xB5, 0x2F, 0xFD], .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0],
            .bzip2: Array("BZh91AY&SY".utf8), .plain: Array("BZh91AY&S?".utf8),
        ]
        let magic = magics[format] ?? []
        #expect(LogFormat.of(magic) == format)
        for length in 0..<magic.count { #expect(LogFormat.of(magic[..<length]) == nil) }
    }
}
