import Events
import Testing
import Triage

private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: 1_795_341_062 + seconds) }

private func standing(_ state: IssueState, novelty: Novelty = .new, owner: String? = nil) -> IssueStanding {
    IssueStanding(
        state: state, stateTime: at(0), version: 3, movedBy: "dana", novelty: novelty, noveltyReason: "because",
        owner: owner,
        ignore: state == .ignored ? IgnoreCondition(until: .spiking, countThen: 0, hourThen: 0, hourCountThen: 0) : nil)
}

struct MoveCase: CustomTestStringConvertible, Sendable {
    var move: Move
    /// By `IssueState.allCases`: the state it leads to; nil where it is refused or changes nothing.
    var leads: [IssueState?]

    init(_ move: Move, _ leads: IssueState?...) {
        self.move = move
        self.leads = leads
    }

    var testDescription: String { move.word + " " + (move.detail ?? "") }
}

/// From open, acknowledged, cleared, resolved, ignored.
private let table = [
    MoveCase(.acknowledge, .acknowledged, nil, nil, nil, .acknowledged),
    MoveCase(.unacknowledge, nil, .open, nil, nil, nil),
    MoveCase(.assign("sam"), .acknowledged, .acknowledged, .cleared, .resolved, .ignored),
    MoveCase(.clear, .cleared, .cleared, nil, .cleared, .cleared),
    MoveCase(.resolve, .resolved, .resolved, .resolved, nil, .resolved),
    MoveCase(.reopen, nil, .open, .open, .open, .open),
    MoveCase(.ignore(.more(3)), .ignored, .ignored, .ignored, .ignored, .ignored),
    MoveCase(.note("LB?", judged: false), .open, .acknowledged, .cleared, .resolved, .ignored),
    MoveCase(.note("LB?", judged: true), .acknowledged, .acknowledged, .cleared, .resolved, .ignored),
    MoveCase(.refer("JIRA-1"), .open, .acknowledged, .cleared, .resolved, .ignored),
    MoveCase(.grade(.minor, judged: false), .open, .acknowledged, .cleared, .resolved, .ignored),
    MoveCase(.grade(.minor, judged: true), .acknowledged, .acknowledged, .cleared, .resolved, .ignored),
    MoveCase(.entitle("Better"), .open, .acknowledged, .cleared, .resolved, .ignored),
    MoveCase(.merge("AAAAA"), .open, .acknowledged, .cleared, .resolved, .ignored),
    MoveCase(.split, nil, nil, nil, nil, nil),
    MoveCase(.forget, .open, .acknowledged, .cleared, .resolved, .ignored),
]

struct LifecycleTests {
    @Test(arguments: table)
    func `each move leads where the table says`(_ example: MoveCase) throws {
        for (state, expected) in zip(IssueState.allCases, example.leads) {
            let before = standing(state)
            let outcome = Lifecycle.apply(example.move, to: before, Lifecycle.Context(author: "ada", now: at(60)))
            let after = outcome.entry?.after
            #expect(after?.state == expected, "\(state)")
            guard let entry = outcome.entry, let after else { continue }
            #expect(after.version == 4 && after.movedBy == "ada" && entry.before == before)
            #expect(after.stateTime == (state == after.state ? at(0) : at(60)), "\(state)")
            #expect((after.ignore != nil) == (after.state == .ignored))
            #expect(!after.isInInbox || before.isInInbox, "no move puts an issue into the inbox")
            // Whatever was done can be taken back, except forgetting.
            let undone = Lifecycle.undo(entry, of: after, by: "ada", now: at(90)).entry?.after
            if example.move == .forget {
                #expect(undone == nil)
            } else {
                #expect(undone?.isSame(as: before) == true && undone?.version == 5)
            }
        }
    }

    @Test func `a move on what somebody moved meanwhile is refused by name`() {
        let outcome = Lifecycle.apply(
            .clear, to: standing(.open), Lifecycle.Context(author: "ada", now: at(60), seenVersion: 2))
        #expect(outcome == .refused(.changed(by: "dana", at: at(0))))
        guard case .refused(let refusal) = outcome else { return }
        #expect(
            refusal.sentence
                == "changed meanwhile by dana (in its state since 2026-11-22T09:51:02Z); look again and repeat it")
    }

    @Test func `who acknowledges owns, unless somebody does, and gives back the news`() throws {
        let context = Lifecycle.Context(author: "ada", now: at(60))
        let taken = try #require(Lifecycle.apply(.acknowledge, to: standing(.open), context).entry?.after)
        #expect(taken.owner == "ada" && taken.novelty == .known && taken.noveltyJudged == .new && !taken.isInInbox)
        let back = try #require(Lifecycle.apply(.unacknowledge, to: taken, context).entry?.after)
        #expect(back.owner == nil && back.novelty == .new && back.isInInbox)
        let owned = standing(.open, owner: "sam")
        #expect(Lifecycle.apply(.acknowledge, to: owned, context).entry?.after.owner == "sam")
        let given = try #require(Lifecycle.apply(.assign(nil), to: owned, context).entry?.after)
        #expect(given.owner == nil && given.state == .open && given.isInInbox)
    }

    static let faults: [(Move, String)] = [
        (.note(" \n", judged: false), "the note is empty"),
        (.note(String(repeating: "x", count: 5_000), judged: false), "the note is longer than 4096 bytes"),
        (.assign(""), "the owner has no name"), (.refer(""), "the reference is empty"),
        (.entitle(""), "the title is empty"),
        (.ignore(.more(0)), "ignored until 0 more: give at least 1"),
        (.ignore(.window(count: 3, hours: 0)), "ignored until 3 within 0 h: give at least 1, and from 1 to 168 h"),
        (.split, "it is not part of another issue"), (.unacknowledge, "it is open, not acknowledged"),
    ]

    @Test(arguments: faults)
    func `what makes no sense is refused with the reason`(_ move: Move, _ reason: String) {
        let outcome = Lifecycle.apply(move, to: standing(.open), Lifecycle.Context(author: "ada", now: at(60)))
        #expect(outcome == .refused(.notAllowed(reason)))
    }

    @Test func `an issue that is part of another is moved there, and can be split off`() throws {
        let context = Lifecycle.Context(author: "ada", now: at(60))
        let merged = try #require(Lifecycle.apply(.merge("AAAAA"), to: standing(.open), context).entry?.after)
        #expect(!merged.isInInbox && merged.mergedInto == "AAAAA")
        for move in [Move.clear, .acknowledge, .assign("sam"), .entitle("x"), .forget] {
            #expect(
                Lifecycle.apply(move, to: merged, context)
                    == .refused(.notAllowed("it is part of AAAAA; move that one, or split it off first")))
        }
        #expect(Lifecycle.apply(.split, to: merged, context).entry?.after.mergedInto == nil)
    }

    @Test func `an undo is for one's own latest move, while nothing has moved since`() throws {
        let context = Lifecycle.Context(author: "ada", now: at(60))
        let entry = try #require(Lifecycle.apply(.clear, to: standing(.open), context).entry)
        #expect(
            Lifecycle.undo(entry, of: entry.after, by: "sam", now: at(70))
                == .refused(.notAllowed("the latest move is ada's; everybody undoes their own")))
        let verdict = NoveltyVerdict(novelty: .returned, reason: "event")
        let returned = try #require(Lifecycle.apply(verdict, to: entry.after, now: at(65)))
        #expect(returned.after.state == .open && returned.after.version == 5 && returned.author == "margay")
        #expect(
            Lifecycle.undo(entry, of: returned.after, by: "ada", now: at(70))
                == .refused(.changed(by: "margay", at: at(65))))
    }

    @Test func `quiet resolves what somebody judged, and never what nobody has`() {
        let day: Int64 = 86_400
        for state in IssueState.allCases {
            let early = Lifecycle.resolveByTime(standing(state), lastSeen: at(0), now: at(14 * day - 1))
            let due = Lifecycle.resolveByTime(standing(state), lastSeen: at(0), now: at(14 * day))
            #expect(early == nil)
            #expect((due != nil) == (state == .acknowledged))
            #expect(due?.after.isAutomatic ?? true)
        }
        #expect(Lifecycle.resolveByTime(standing(.acknowledged), lastSeen: at(day), now: at(14 * day)) == nil)
    }
}

struct IgnoreTests {
    private func condition(_ until: IgnoreUntil, hourCount: Int = 0) -> IgnoreCondition {
        IgnoreCondition(until: until, countThen: 10, hourThen: at(0).hour, hourCountThen: hourCount)
    }

    @Test func `so many more events end it`() {
        for (count, isOver) in [(10, false), (12, false), (13, true), (90, true)] {
            let reason = condition(.more(3)).fulfilment(count: count, latest: at(0), hours: [0], now: at(0))
            #expect((reason != nil) == isOver)
        }
    }

    @Test func `a time ends it by the time of an event, not by an event read late`() {
        let until = condition(.time(at(600)))
        #expect(until.fulfilment(count: 99, latest: at(599), hours: [], now: at(9_999)) == nil)
        #expect(until.fulfilment(count: 11, latest: at(600), hours: [], now: at(9_999)) != nil)
    }

    @Test func `events of a window count from the moment it was set`() {
        let until = condition(.window(count: 5, hours: 2), hourCount: 4)
        #expect(until.fulfilment(count: 14, latest: at(0), hours: [9, 8], now: at(0)) == nil, "4 of the 8 were before")
        #expect(until.fulfilment(count: 14, latest: at(0), hours: [9, 9], now: at(0)) != nil)
        #expect(until.fulfilment(count: 14, latest: at(0), hours: [9, 4, 4], now: at(3_600)) == nil)
        #expect(until.fulfilment(count: 14, latest: at(0), hours: [9, 4, 5], now: at(3_600)) != nil)
        #expect(until.fulfilment(count: 14, latest: at(0), hours: [9, 4, 1, 3], now: at(7_200)) == nil)
        #expect(until.fulfilment(count: 14, latest: at(0), hours: [9, 4, 2, 3], now: at(7_200)) != nil)
        let back = until.fulfilment(count: 14, latest: at(0), hours: [50, 3], now: at(-86_400))
        #expect(back == nil, "a clock that was set back by a day shows that hour alone")
    }
}
