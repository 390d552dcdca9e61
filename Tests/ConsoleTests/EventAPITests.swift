import Events
import Foundation
import Store
import Synchronization
import Testing

@testable import Console

/// `POST /api/v1/events`: what is asked, what is handed on, what is answered.
@Suite struct EventAPITests {
    private static let json = "Content-Type: application/json"

    private func post(
        _ browser: TestBrowser, _ body: String, _ headers: [String] = [EventAPITests.json]
    ) async throws -> TestReply {
        try await browser.request("POST", "/api/v1/events", headers: headers, body: Array(body.utf8))
    }

    private func object(_ reply: TestReply) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(reply.body)) as? [String: Any])
    }

    @Test func `without a watch nothing is taken, and it says what to do`() async throws {
        try await withConsole { _, browser in
            let reply = try await post(browser, "{\"summary\": \"x\"}")
            #expect(reply.status == 503)
            #expect((try object(reply)["detail"] as? String)?.contains("margay watch") == true)
        }
    }

    @Test func `events are handed on, and answered when they are stored`() async throws {
        let door = TestDoor()
        try await withConsole(door: door) { _, browser in
            let reply = try await post(
                browser,
                "[{\"summary\": \"one\"}, {\"summary\": 2}, {\"summary\": \"three\", \"severity\": \"minor\"}]",
                [Self.json, "Idempotency-Key: \"k1\""])
            #expect(reply.status == 202)
            let answer = try object(reply)
            #expect(answer["taken"] as? Int == 2 && answer["repeated"] as? Bool == false)
            let faults = try #require(answer["faults"] as? [[String: Any]])
            #expect(faults.count == 1 && faults[0]["index"] as? Int == 1 && faults[0]["field"] as? String == "summary")
            let asked = try #require(door.asked.first)
            #expect(asked.events.map(\.summary) == ["one", "three"])
            #expect(asked.request?.key == "k1" && asked.request?.events == 2)
            let lines = try await post(
                browser, "{\"summary\": \"a\"}\n{\"summary\": \"b\"}\n",
                ["Content-Type: application/x-ndjson; charset=utf-8"])
            #expect(lines.status == 202)
            #expect(door.asked.last?.events.count == 2 && door.asked.last?.request == nil)
        }
    }

    @Test(
        arguments: [
            (IntakeVerdict.full, 503, "1"), (.inProgress, 409, "1"), (.otherContent, 422, nil),
            (.refused("the disk is full"), 503, "5"), (.stopped, 503, "5"),
            (.stored(events: 7, isRepeated: true), 202, nil),
        ] as [(IntakeVerdict, Int, String?)])
    func `each verdict has its answer`(_ verdict: IntakeVerdict, _ status: Int, _ retry: String?) async throws {
        let door = TestDoor(verdict)
        try await withConsole(door: door) { _, browser in
            let reply = try await post(browser, "{\"summary\": \"x\"}")
            #expect(reply.status == status)
            #expect(reply.header("retry-after") == retry)
            #expect(status == 202 || reply.header("content-type") == "application/problem+json")
        }
    }

    @Test func `what cannot be taken is refused at the door`() async throws {
        let door = TestDoor()
        try await withConsole(door: door) { _, browser in
            #expect(try await post(browser, "x", ["Content-Type: text/plain"]).status == 415)
            #expect(try await post(browser, "[").status == 400)
            let faulty = try await post(browser, "[{\"severity\": \"bad\"}, 7]")
            #expect(faulty.status == 400)
            #expect((try object(faulty)["faults"] as? [[String: Any]])?.count == 3)
            #expect(try await post(browser, "{\"summary\": \"x\"}", [Self.json, "Idempotency-Key: "]).status == 400)
            let large = "{\"summary\": \"x\", \"a\": \"\(String(repeating: "x", count: 1_048_576))\"}"
            #expect(try await post(browser, large).status == 413)
            #expect(
                try await post(browser, "{\"summary\": \"x\"}", [Self.json, "Origin: http://evil.example"]).status
                    == 403)
            #expect(try await browser.get("/api/v1/events").status == 405)
            #expect(door.asked.isEmpty)
        }
    }

    @Test func `more requests than threads wait at a time, and pages are still made`() async throws {
        let door = TestDoor(nil)
        try await withConsole(door: door) { console, _ in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await self.post(console.browser(), "{\"summary\": \"x\"}").status }
                }
                while door.asked.count < 20 { try await Task.sleep(for: .milliseconds(5)) }
                #expect(try await console.browser().get("/issues").status == 200)
                door.answer(.stored(events: 1, isRepeated: false))
                for try await status in group { #expect(status == 202) }
            }
        }
    }
}

/// Stands where the agent does.
final class TestDoor: Sendable {
    struct Asked: Sendable {
        var events: [ReportedEvent]
        var request: ReportedRequest?
        var answer: @Sendable (IntakeVerdict) -> Void
    }

    private let list = Mutex<[Asked]>([])
    private let verdict: IntakeVerdict?
    private let isStandard: Bool

    var asked: [Asked] { list.withLock { $0 } }

    /// Answers as if all were stored.
    init() { (verdict, isStandard) = (nil, true) }

    /// Answers with `verdict`; nil: when `answer` is called.
    init(_ verdict: IntakeVerdict?) { (self.verdict, isStandard) = (verdict, false) }

    func take(
        _ events: [ReportedEvent], _ request: ReportedRequest?, _ bytes: Int,
        _ answer: @escaping @Sendable (IntakeVerdict) -> Void
    ) {
        list.withLock { $0.append(Asked(events: events, request: request, answer: answer)) }
        if isStandard { answer(.stored(events: events.count, isRepeated: false)) }
        if let verdict { answer(verdict) }
    }

    func answer(_ verdict: IntakeVerdict) {
        for asked in asked { asked.answer(verdict) }
    }
}
