import Events
import Testing

@Suite struct TimeSpanTests {
    @Test(arguments: [
        (-5, "0 s"), (0, "0 s"), (1, "1 s"), (59, "59 s"), (60, "1 min"), (3_599, "59 min"), (3_600, "1 h"),
        (3_659, "1 h"), (3_660, "1 h 1 min"), (86_399, "23 h 59 min"), (86_400, "1 d"), (89_999, "1 d"),
        (244_080, "2 d 19 h"), (.max, "106751991167300 d 15 h"),
    ])
    func `a length of time has two units at most`(seconds: Int, words: String) {
        #expect(TimeSpan.words(seconds: seconds) == words)
    }
}
