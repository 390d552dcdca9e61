import Events
import Testing
import Triage

@testable import Store

/// The neighbours of an issue in a list, against the list itself.
@Suite struct PlaceTests {
    private let store: TemporaryStore
    private let archive: Archive

    init() throws {
        store = try TemporaryStore()
        archive = try store.writer()
        _ = try archive.apply(
            batch(
                1,
                (1...24).map { number in
                    delta(
                        key(number), at: Array(repeating: Int64(number * 7 % 24), count: Int(number % 5) + 1),
                        severity: number % 3 == 0 ? .critical : .minor, pack: number % 2 == 0 ? "nginx" : "core")
                }))
    }

    static let queries: [IssueQuery] = IssueSort.allCases.flatMap { sort in
        [true, false].flatMap { isAscending in
            [
                IssueQuery(sort: sort, isAscending: isAscending),
                IssueQuery(states: nil, sort: sort, isAscending: isAscending, condition: .test(.mark(.inbox))),
                IssueQuery(
                    sort: sort, isAscending: isAscending, condition: .test(.name(.pack, [WildcardText("nginx")]))),
                IssueQuery(severityMin: .major, sort: sort, isAscending: isAscending),
            ]
        }
    }

    @Test(arguments: queries)
    func `each issue has the one before, the one behind, and its number`(_ query: IssueQuery) throws {
        let ids = try archive.ids(query)
        #expect(!ids.isEmpty)
        for (place, id) in ids.enumerated() {
            let expected = IssuePlace(
                previous: place > 0 ? ids[place - 1] : nil, next: place + 1 < ids.count ? ids[place + 1] : nil,
                position: place + 1)
            #expect(try archive.place(of: id, in: query) == expected)
        }
    }

    @Test func `an issue that was moved out of the list keeps its neighbours, and has no number`() throws {
        let query = IssueQuery(sort: .firstSeen)
        let ids = try archive.ids(query)
        _ = try archive.move(MoveRequest(ids: [ids[5]], move: .resolve, author: "ada", now: at(100)))
        #expect(
            try archive.place(of: ids[5], in: query) == IssuePlace(previous: ids[4], next: ids[6], position: nil))
        #expect(try archive.place(of: ids[6], in: query)?.position == 6)
        #expect(try archive.place(of: "ZZZZZ", in: query) == nil)
    }
}
