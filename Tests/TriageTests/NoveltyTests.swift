import Events
import Testing
import Triage

/// 2026-11-22T09:51:02Z.
private let origin = Timestamp(seconds: 1_795_341_062)

private func at(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: origin.microseconds + seconds * 1_000_000) }

private func delta(first: Timestamp, last: Timestamp) -> IssueDelta {
    IssueDelta(
        fingerprint: Fingerprint(high: 1, low: 2), pack: "nginx", pattern: "nginx.upstream-timeout", type: .application,
        severity: .major, title: "Upstream timed out", count: 2, first: first, last: last, hours: [], files: [],
        samples: [])
}

struct NoveltyCase: CustomTestStringConvertible {
    var name: String
    var state: IssueState?
    /// Seconds after `origin`; `moved` is when the state was entered.
    var moved: Int64 = 0
    var first: Int64 = 0
    var last: Int64
    var now: Int64 = 100_000
    var novelty: Novelty
    var reason: String

    var testDescription: String { name }
}

private let cases = [
    NoveltyCase(
        name: "never held: new", state: nil, last: 60, novelty: .new,
        reason: "first event 2026-11-22T09:51:02Z, no alias"),
    NoveltyCase(
        name: "open: known", state: .open, last: 60, novelty: .known, reason: "seen since 2026-11-21T09:51:02Z"),
    NoveltyCase(
        name: "open, older events arrive late: known since then", state: .open, first: -2 * 86_400, last: 0,
        novelty: .known, reason: "seen since 2026-11-20T09:51:02Z"),
    NoveltyCase(
        name: "acknowledged: known", state: .acknowledged, last: 60, novelty: .known,
        reason: "seen since 2026-11-21T09:51:02Z"),
    NoveltyCase(
        name: "ignored: known", state: .ignored, last: 60, novelty: .known, reason: "seen since 2026-11-21T09:51:02Z"),
    NoveltyCase(
        name: "cleared, event later: returned", state: .cleared, last: 1, novelty: .returned,
        reason: "event 2026-11-22T09:51:03Z, cleared at 2026-11-22T09:51:02Z"),
    NoveltyCase(
        name: "cleared, event of the same moment: known", state: .cleared, first: -9, last: 0, novelty: .known,
        reason: "event 2026-11-22T09:51:02Z is not later than the clear at 2026-11-22T09:51:02Z"),
    NoveltyCase(
        name: "cleared, replayed: known", state: .cleared, first: -9, last: -3, novelty: .known,
        reason: "event 2026-11-22T09:50:59Z is not later than the clear at 2026-11-22T09:51:02Z"),
    NoveltyCase(
        name: "resolved, past the grace: regressed", state: .resolved, last: 301, novelty: .regressed,
        reason: "event 2026-11-22T09:56:03Z, resolved at 2026-11-22T09:51:02Z"),
    NoveltyCase(
        name: "resolved, at the end of the grace: known", state: .resolved, last: 300, novelty: .known,
        reason: "event 2026-11-22T09:56:02Z is within 5 minutes of the resolve at 2026-11-22T09:51:02Z, or older"),
    NoveltyCase(
        name: "resolved, replayed: known", state: .resolved, first: -900, last: -800, novelty: .known,
        reason: "event 2026-11-22T09:37:42Z is within 5 minutes of the resolve at 2026-11-22T09:51:02Z, or older"),
    NoveltyCase(
        name: "resolved, late and fresh events in one batch: regressed", state: .resolved, first: -900, last: 900,
        novelty: .regressed, reason: "event 2026-11-22T10:06:02Z, resolved at 2026-11-22T09:51:02Z"),
    NoveltyCase(
        name: "resolved, an echo stamped in the far future: known", state: .resolved, last: 1 << 31, now: 60,
        novelty: .known,
        reason: "event 2026-11-22T09:52:02Z is within 5 minutes of the resolve at 2026-11-22T09:51:02Z, or older"),
]

struct NoveltyTests {
    @Test(arguments: cases)
    func `each history has its verdict and its reason`(_ example: NoveltyCase) {
        let history = example.state.map {
            IssueHistory(state: $0, stateTime: at(example.moved), firstSeen: at(-86_400))
        }
        let verdict = Novelty.judge(
            history: history, delta: delta(first: at(example.first), last: at(example.last)), now: at(example.now))
        #expect(verdict == NoveltyVerdict(novelty: example.novelty, reason: example.reason))
    }

    @Test(arguments: [Int64.min + 1_000_000, Int64.max], [IssueState.cleared, .resolved])
    func `times at the ends of the range do not overflow`(_ moment: Int64, _ state: IssueState) {
        let history = IssueHistory(
            state: state, stateTime: Timestamp(microseconds: .max), firstSeen: Timestamp(microseconds: .min + 1_000_000)
        )
        let extreme = Timestamp(microseconds: moment)
        let verdict = Novelty.judge(history: history, delta: delta(first: extreme, last: extreme), now: extreme)
        #expect(verdict.novelty == .known)
    }

    @Test func `only what came back reopens an issue`() {
        #expect(Novelty.allCases.filter(\.reopens) == [.regressed, .returned, .spiking])
        #expect(Novelty.allCases.filter(\.wantsJudgement) == [.new, .regressed, .returned, .spiking])
    }

    @Test func `a source says since when it is learned`() {
        let event = delta(first: at(0), last: at(0))
        let learning = Novelty.judge(
            history: nil, delta: event, now: at(1), source: .learning(source: "web", since: at(-60)))
        #expect(learning.novelty == .known)
        #expect(
            learning.reason == "first event 2026-11-22T09:51:02Z, learned of source web since 2026-11-22T09:50:02Z")
        let learned = Novelty.judge(
            history: nil, delta: event, now: at(1), source: .learned(source: "web", on: at(-60)))
        #expect(learned.reason == "first event 2026-11-22T09:51:02Z, no alias; source web learned on 2026-11-22")
    }

    @Test func `spikes, conditions, rarity and quiet each have their say`() {
        func judge(_ history: IssueHistory, source: SourceStanding = .none) -> NoveltyVerdict {
            Novelty.judge(
                history: history, delta: delta(first: at(900), last: at(900)), now: at(20 * 86_400), source: source)
        }
        func history(
            _ state: IssueState, isAutomatic: Bool = false, fulfilment: String? = nil, spike: String? = nil,
            month: Int = 100
        ) -> IssueHistory {
            IssueHistory(
                state: state, stateTime: at(0), firstSeen: at(-86_400), isAutomatic: isAutomatic,
                fulfilment: fulfilment, spike: spike, monthCount: month)
        }
        let learned = SourceStanding.learned(source: "web", on: at(0))
        #expect(judge(history(.open, spike: "many")) == NoveltyVerdict(novelty: .spiking, reason: "many"))
        #expect(judge(history(.acknowledged, spike: "many")).novelty == .spiking)
        #expect(judge(history(.ignored, spike: "many")).novelty == .spiking)
        #expect(judge(history(.ignored)).novelty == .known)
        #expect(
            judge(history(.ignored, fulfilment: "50 more")) == NoveltyVerdict(novelty: .returned, reason: "50 more"))
        #expect(judge(history(.cleared, spike: "many")).novelty == .returned)
        #expect(judge(history(.resolved, isAutomatic: true)).novelty == .returned)
        #expect(
            judge(history(.open, month: 2), source: learned)
                == NoveltyVerdict(novelty: .rare, reason: "2 events in 30 days; source web learned on 2026-11-22"))
        #expect(judge(history(.open, month: 3), source: learned).novelty == .known)
        #expect(judge(history(.open, month: 1)).novelty == .known, "nothing is rare where nothing was learned")
        let fresh = SourceStanding.learned(source: "web", on: at(14 * 86_400))
        #expect(judge(history(.open, month: 1), source: fresh).novelty == .known)
    }
}
