import Events
import Testing

@testable import Agent

struct CatchUpTests {
    private let start = Timestamp(seconds: 1_795_000_000)
    private let mega: Int64 = 1_024 * 1_024

    @Test func `a long past is announced once and its end is told once`() {
        var catchUp = CatchUp()
        var news: [CatchUp.News] = []
        var left: [Int64] = [40 * mega, 60 * mega]
        var second: Int64 = 0
        while left.contains(where: { $0 > 0 }) {
            for file in left.indices {
                let read = min(left[file], 4 * mega)
                left[file] -= read
                second += 1
                let said = catchUp.update(file: file, left: left[file], read: read, now: start.moved(bySeconds: second))
                if let said { news.append(said) }
            }
        }
        #expect(news.count == 2 && catchUp.standing == nil)
        #expect(news.first == .begun(files: 2, bytes: 92 * mega))
        guard case .ended(let bytes, let seconds) = news.last else {
            Issue.record("no end")
            return
        }
        #expect(bytes == 92 * mega && seconds > 0)
    }

    @Test func `a busy log that is followed closely is nothing to speak of`() {
        var catchUp = CatchUp()
        for second in 0..<1_000 as Range<Int64> {
            let said = catchUp.update(
                file: 1, left: second % 2 == 0 ? 8 * mega : 0, read: 8 * mega, now: start.moved(bySeconds: second))
            #expect(said == nil)
        }
    }

    @Test func `a file that is given up does not keep it going for ever`() {
        var catchUp = CatchUp()
        #expect(catchUp.update(file: 1, left: 100 * mega, read: 1, now: start) != nil)
        #expect(catchUp.update(file: 2, left: 10 * mega, read: 1, now: start) == nil)
        #expect(catchUp.standing?.bytesLeft == 110 * mega && catchUp.standing?.files == 2)
        #expect(catchUp.update(file: 1, left: 0, read: 0, now: start) == nil)
        #expect(catchUp.update(file: 2, left: 0, read: 10 * mega, now: start) != nil)
        #expect(catchUp.standing == nil)
    }

    @Test func `how far it is, in a line`() {
        let standing = CatchUp.Standing(begun: start, files: 3, bytesLeft: 300_000_000, bytesRead: 100_000_000)
        #expect(
            standing.description(now: start.moved(bySeconds: 10))
                == "25 %, 300 MB left in 3 files, 10.0 MB/s, 30 s left")
        #expect(standing.description(now: start) == "25 %, 300 MB left in 3 files")
    }
}
