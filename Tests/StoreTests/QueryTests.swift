import Events
import GRDB
import Testing
import Triage

@testable import Store

struct QueryCase: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var query: IssueQuery
    /// First characters of the ids, in order.
    var found: String

    init(_ name: String, _ query: IssueQuery, _ found: String) {
        testDescription = name
        self.query = query
        self.found = found
    }
}

private let cases = [
    QueryCase("open ones, latest first", IssueQuery(), "6541"),
    QueryCase("all states", IssueQuery(states: nil), "654321"),
    QueryCase("no state", IssueQuery(states: []), ""),
    QueryCase("two states", IssueQuery(states: [.cleared, .acknowledged]), "32"),
    QueryCase("one word, any case", IssueQuery(words: ["TIMED"], states: nil), "31"),
    QueryCase("two words in any order", IssueQuery(words: ["out", "upstream"], states: nil), "31"),
    QueryCase("a word that is nowhere", IssueQuery(words: ["upstream", "nowhere"], states: nil), ""),
    QueryCase("empty words", IssueQuery(words: ["", ""]), "6541"),
    QueryCase("wild cards are letters", IssueQuery(words: ["%"], states: nil), "4"),
    QueryCase("quotes are letters", IssueQuery(words: ["' OR 1 --"], states: nil), ""),
    QueryCase("since, inclusive", IssueQuery(since: at(400)), "654"),
    QueryCase("since later", IssueQuery(since: at(601)), ""),
    QueryCase("novelty", IssueQuery(novelties: [.new], states: nil), "6541"),
    QueryCase("severity", IssueQuery(severityMin: .major), "65"),
    QueryCase("pack", IssueQuery(states: nil, pack: "nginx"), "31"),
    QueryCase("pack in part", IssueQuery(states: nil, pack: "ngin"), ""),
    QueryCase("by first seen", IssueQuery(states: nil, sort: .firstSeen), "654312"),
    QueryCase("by count", IssueQuery(states: nil, sort: .count), "265431"),
    QueryCase("by severity", IssueQuery(states: nil, sort: .severity), "563421"),
    QueryCase("limit", IssueQuery(states: nil, limit: 2), "65"),
    QueryCase("limit none", IssueQuery(limit: 0), ""),
    QueryCase("limit below none", IssueQuery(limit: -1), ""),
    QueryCase("limit beyond the most", IssueQuery(limit: .max), "6541"),
    QueryCase(
        "everything at once",
        IssueQuery(
            words: ["timed"], since: at(100), novelties: [.known], severityMin: .warning, states: [.cleared],
            pack: "nginx", sort: .count, limit: 9), "3"),
]

struct QueryTests {
    private let store: TemporaryStore
    private let archive: Archive

    init() throws {
        store = try TemporaryStore()
        archive = try store.writer()
        _ = try archive.apply(
            batch(
                1,
                [
                    delta(key(1), at: [100], title: "Upstream timed out", severity: .warning, pack: "nginx"),
                    delta(key(2), at: [-9, 200], title: "Out of memory", severity: .warning),
                    delta(key(3), at: [300], title: "upstream Timed out again", severity: .minor, pack: "nginx"),
                    delta(key(4), at: [400], title: "Disk 97% full", severity: .indeterminate),
                    delta(key(5), at: [500], title: "Panic", severity: .critical),
                    delta(key(6), at: [600], title: "Refused", severity: .major),
                ]))
        try archive.move("20000", to: .acknowledged, at: at(700))
        try archive.move("30000", to: .cleared, at: at(700))
        // Severities 3 and 4 as a table of sorts expects them.
        _ = try archive.apply(
            batch(2, [delta(key(4), at: [400], title: "Disk 97% full", severity: .warning)]))
        try archive.pool.write { try $0.execute(sql: "UPDATE issue SET count = 1 WHERE id = '40000'") }
    }

    @Test(arguments: cases)
    func `each condition finds its issues, in order`(_ example: QueryCase) throws {
        let rows = try archive.issues(example.query)
        #expect(rows.map { String($0.id.prefix(1)) }.joined() == example.found)
        var unlimited = example.query
        unlimited.limit = IssueQuery.limitDefault
        #expect(try archive.issueCount(example.query) == archive.issues(unlimited).count)
    }

    @Test func `too many words are refused`() throws {
        let query = IssueQuery(words: Array(repeating: "x", count: IssueQuery.wordsMax + 1))
        let error = try #require(throws: ArchiveError.self) { try archive.issues(query) }
        #expect(error.code == .badQuery && error.message == "a query takes at most 32 words, this one has 33")
    }

    @Test func `an issue is found by id, by more of its key, or by a beginning of it`() throws {
        let lines = [
            "50000", "5", "5000000", key(5).id(characters: 26), key(5).description, "v1-28", "V1-28000",
            String(key(5).description.dropFirst(3)), "5-0000", "5OoO0",
        ]
        for text in lines {
            guard case .found(let detail) = try archive.issue(matching: text, now: at(600)) else {
                Issue.record("nothing found for \(text)")
                continue
            }
            #expect(detail.row.id == "50000", "\(text)")
        }
    }

    @Test(arguments: [
        "", "9", "500001", "v1-29", "v2-28", "v1-", "v1-g", "v-28", "v999-28", "U0000", "5000!", "50000\0", "é",
        String(repeating: "0", count: 33), String(repeating: "5", count: 1_000_000),
        "v1-" + String(repeating: "2", count: 33),
        "%", "' OR 1 --", "-", "--", "🐆",
    ])
    func `anything else finds nothing`(_ text: String) throws {
        let lookup = try archive.issue(matching: text, now: at(0))
        if text == "v1-" {
            #expect(lookup == .ambiguous(["10000", "20000", "30000", "40000", "50000", "60000"]))
        } else {
            #expect(lookup == .none)
        }
    }

    @Test func `a beginning that several share names them, up to a limit`() throws {
        let many = (0..<20).map { delta(Fingerprint(high: 0x7 << 59 | $0 << 40, low: $0), at: [0]) }
        _ = try archive.apply(batch(3, many))
        guard case .ambiguous(let ids) = try archive.issue(matching: "7", now: at(0)) else {
            Issue.record("not ambiguous")
            return
        }
        #expect(ids.count == IssueLookup.ambiguousMax && ids == ids.sorted() && ids[0] == "70000")
    }

    @Test func `hours and days end with the present one`() throws {
        let hour: Int64 = 3_600
        _ = try archive.apply(
            batch(3, [delta(key(9), at: [0, 1, -hour, -23 * hour, -24 * hour, -335 * hour, -336 * hour, 2 * hour])]))
        guard case .found(let detail) = try archive.issue(matching: "90000", now: at(0)) else {
            Issue.record("not found")
            return
        }
        #expect(detail.lastDay == [1] + Array(repeating: 0, count: 21) + [1, 2])
        #expect(detail.lastFortnight == [1] + Array(repeating: 0, count: 11) + [1, 4])
        #expect(detail.row.count == 8 && detail.samples.map(\.sample.time) == [at(-336 * hour), at(2 * hour)])
        #expect(detail.noveltyReason.hasPrefix("first event 2026-11-08T"))
    }

    @Test func `lists of nodes and files end at their limits`() throws {
        for number in 1...120 as ClosedRange<UInt64> {
            _ = try archive.apply(
                batch(1, node: "n\(number + 1_000)", [delta(key(9), at: [0], file: "/f\(number + 1_000)")]))
        }
        let detail = try archive.detail("90000")
        #expect(detail.row.nodes.count == 100 && detail.row.nodes[0] == "n1001")
        #expect(detail.row.files.count == 100 && detail.nodes.count == 100 && detail.files.count == 100)
        #expect(detail.row.count == 120 && detail.samples.count == 5)
    }
}
