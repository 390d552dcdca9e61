import Events
import Testing
import Triage

@testable import Console

@Suite struct MoveWordsTests {
    @Test func `a move is asked about in words, with its exact number`() {
        #expect(MoveWords.order(.acknowledge, MoveWords.issues(120)) == "Acknowledge 120 issues")
        #expect(MoveWords.order(.assign("dana"), MoveWords.issues(1)) == "Assign 1 issue to dana")
        #expect(MoveWords.order(.assign(nil), MoveWords.issues(1_204)) == "Assign 1,204 issues to nobody")
        #expect(MoveWords.order(.ignore(.more(50)), "it") == "Ignore it until 50 more events")
        #expect(MoveWords.order(.grade(.critical, judged: false), "it") == "Grade it critical")
        #expect(MoveWords.done("ack") == "acknowledged")
    }
}
