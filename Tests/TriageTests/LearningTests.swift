import Events
import Testing
import Triage

private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: 1_795_341_062 + seconds) }
private let hour: Int64 = 3_600

struct LearningTests {
    /// Events each hour, a new issue in those of `news`, until learning ends; the hour in which it does.
    private func hourOfEnd(news: Set<Int64>, each count: Int = 10, policy: LearningPolicy = .standard) -> Int64? {
        var learning = SourceLearning(began: at(0))
        for step in 0..<400 as Range<Int64> {
            let now = at(step * hour)
            learning.add(first: now, last: now, count: count, isNew: news.contains(step), now: now)
            learning.settle(policy, now: now)
            if !learning.isLearning { return step }
        }
        return nil
    }

    @Test func `it lasts a day, six quiet hours or 500 quiet events, and a week at most`() {
        #expect(hourOfEnd(news: [0]) == 24)
        #expect(hourOfEnd(news: [0, 20]) == 26)
        #expect(hourOfEnd(news: [0, 23]) == 29)
        #expect(hourOfEnd(news: [0, 23], each: 200) == 26, "500 quiet events are enough")
        #expect(hourOfEnd(news: Set(0..<400), each: 1) == 168)
        #expect(hourOfEnd(news: [0], policy: LearningPolicy(secondsMin: 2 * 86_400)) == 48)
        #expect(hourOfEnd(news: [0], policy: .off) == 0)
    }

    @Test func `a source that is silent learns until the week is over`() {
        var learning = SourceLearning(began: at(0))
        learning.settle(.standard, now: at(7 * 86_400 - 1))
        #expect(learning.isLearning)
        learning.settle(.standard, now: at(7 * 86_400))
        #expect(learning.endedBecause == "7 days are over" && learning.ended == at(7 * 86_400))
    }

    @Test func `stamps of 1970 and 2099 and a clock that jumps do not end it at once`() {
        var learning = SourceLearning(began: at(0))
        learning.add(
            first: Timestamp(seconds: 0), last: Timestamp(seconds: 4_100_000_000), count: 1, isNew: true, now: at(10))
        #expect(learning.last == at(10) && learning.first == at(-7 * 86_400))
        var jumped = SourceLearning(began: at(0))
        jumped.add(first: at(0), last: at(0), count: 1, isNew: true, now: at(0))
        jumped.settle(.standard, now: at(86_400))
        jumped.settle(.standard, now: at(-86_400))
        #expect(jumped.isLearning, "only the log's own time counts for the day")
    }

    @Test func `what was there before the source is known for ever`() {
        var learning = SourceLearning(began: at(0))
        #expect(learning.takesAsKnown(at(100)))
        learning.end("accepted by dana", now: at(50))
        #expect(learning.takesAsKnown(at(-1)) && !learning.takesAsKnown(at(0)))
    }
}

struct BudgetTests {
    @Test func `five of a source in ten minutes, twenty of all in an hour`() {
        var budget = AlertBudget()
        for step in 0..<5 as Range<Int64> { #expect(budget.spend(source: "web", now: at(step)) == nil) }
        #expect(
            budget.spend(source: "web", now: at(5)) == "5 new issues of web in 10 minutes were told already")
        #expect(budget.spend(source: "db", now: at(5)) == nil)
        #expect(budget.spend(source: "web", now: at(600)) == nil, "the first is ten minutes old")
        #expect(budget.spend(source: "web", now: at(600)) != nil)
        for number in 0..<13 { #expect(budget.spend(source: "s\(number)", now: at(700)) == nil) }
        #expect(budget.spend(source: "x", now: at(700)) == "20 new issues an hour were told already")
        #expect(budget.spend(source: "x", now: at(3_600)) == nil)
    }

    @Test func `a clock set back by a day does not open the budget`() {
        var budget = AlertBudget()
        for _ in 0..<5 { #expect(budget.spend(source: "web", now: at(0)) == nil) }
        #expect(budget.spend(source: "web", now: at(-86_400)) != nil)
    }
}

struct GroupingQualityTests {
    @Test func `a source whose errors are all different is said to group poorly, once, and to recover`() {
        var quality = GroupingQuality()
        var changes = 0
        for _ in 0..<200 where quality.add(count: 1, before: 0) { changes += 1 }
        #expect(changes == 1 && quality.isPoor)
        for _ in 0..<2_000 where quality.add(count: 5, before: 7) { changes += 1 }
        #expect(changes == 2 && !quality.isPoor)
    }

    @Test func `few lines and few issues say nothing`() {
        var quality = GroupingQuality()
        for _ in 0..<99 { #expect(quality.add(count: 1, before: 0) == false) }
        var usual = GroupingQuality()
        for number in 0..<50 { #expect(usual.add(count: 10, before: number < 19 ? 0 : 10) == false) }
        #expect(!usual.isPoor)
    }

    @Test func `issues of one event each are poor though repeated ones make the lines`() {
        var quality = GroupingQuality()
        _ = quality.add(count: 1_000, before: 0)
        for _ in 0..<30 { _ = quality.add(count: 1, before: 0) }
        #expect(quality.isPoor)
        for _ in 0..<20 { _ = quality.add(count: 1, before: 1) }
        #expect(!quality.isPoor)
    }
}
