import Events
import Tail
import Testing

@testable import Agent

/// Which entries are one record, and how far everything is accounted for.
struct JournalWindowTests {
    private let start = Timestamp(microseconds: 1_795_341_600_000_000)

    /// `at` in milliseconds; a name is a stream, a program and its process in one.
    private func entry(_ name: String, _ message: String, at millis: Int64, priority: Int = 6) -> JournalEntry {
        var entry = JournalEntry(
            cursor: "\(millis)", time: Timestamp(microseconds: start.microseconds + millis * 1_000))
        entry.stream = name
        entry.identifier = name
        entry.process = "1"
        entry.host = "web 1"
        entry.priority = priority
        entry.message = Array(message.utf8)
        return entry
    }

    private func texts(_ taken: JournalWindow.Taken?) -> [String] {
        (taken?.records ?? []).map { String(decoding: $0.text, as: UTF8.self) }
    }

    /// Nanoseconds.
    private func nanos(_ millis: Int64) -> Int64 { millis * 1_000_000 }

    @Test func `a record has a header that syslog would write`() {
        var window = JournalWindow()
        window.add(
            entry("a(b) c", "hello\nworld\n2026-11-22 10:00:00 ERROR not a record", at: 7, priority: 3), arrival: 0)
        #expect(
            texts(window.take(now: nanos(250))) == [
                "<27>2026-11-22T10:00:00.007000Z web_1 a_b__c[1]: hello\n\tworld\n"
                    + "\t2026-11-22 10:00:00 ERROR not a record\n"
            ])
        #expect(window.isEmpty)
    }

    @Test func `the last record of a process waits until it is quiet`() {
        var window = JournalWindow()
        window.add(entry("a", "one", at: 0), arrival: nanos(1_000))
        #expect(window.take(now: nanos(1_249)) == nil)
        #expect(window.nextMoment == nanos(1_250))
        let taken = window.take(now: nanos(1_250))
        #expect(taken?.cursor == "0")
        #expect(taken?.records.count == 1)
        #expect(window.nextMoment == nil)
    }

    @Test func `a trace line by line is one record, whoever writes in between`() {
        var window = JournalWindow()
        window.add(entry("a", "ERROR boom", at: 0), arrival: 0)
        window.add(entry("b", "one", at: 1), arrival: 0)
        window.add(entry("a", "\tat x.Y.z(Y.java:1)", at: 2), arrival: 0)
        window.add(entry("b", "two", at: 3), arrival: 0)
        window.add(entry("a", "Caused by: java.io.IOException: gone", at: 4), arrival: 0)
        window.add(entry("a", "next", at: 5), arrival: 0)
        // The last of b may go on, and the trace reaches beyond its beginning.
        #expect(window.take(now: 0) == nil)
        let taken = window.take(now: nanos(250))
        #expect(taken?.cursor == "5")
        #expect(
            texts(taken) == [
                "<30>2026-11-22T10:00:00.000000Z web_1 a[1]: ERROR boom\n\tat x.Y.z(Y.java:1)\n"
                    + "Caused by: java.io.IOException: gone\n",
                "<30>2026-11-22T10:00:00.001000Z web_1 b[1]: one\n",
                "<30>2026-11-22T10:00:00.003000Z web_1 b[1]: two\n",
                "<30>2026-11-22T10:00:00.005000Z web_1 a[1]: next\n",
            ])
    }

    @Test func `nothing is taken from behind the beginning of an open record`() {
        var window = JournalWindow()
        window.add(entry("a", "ERROR boom", at: 0), arrival: 0)
        for index in 1...5 { window.add(entry("b", "quiet \(index)", at: Int64(index)), arrival: 0) }
        #expect(window.take(now: 0) == nil)
        // Then the record is over by the entries' own time, whenever they come.
        window.add(entry("b", "late", at: 251), arrival: 0)
        let taken = window.take(now: 0)
        #expect(taken?.cursor == "5")
        #expect(taken?.records.count == 6)
    }

    @Test func `a record that reaches beyond the end takes the end back to its beginning`() {
        var window = JournalWindow()
        window.add(entry("a", "first", at: 0), arrival: 0)
        window.add(entry("b", "ERROR boom", at: 1), arrival: 0)
        window.add(entry("a", "second", at: 2), arrival: 0)
        window.add(entry("b", "\tat x.Y.z(Y.java:1)", at: 3), arrival: 0)
        window.add(entry("b", "over", at: 4), arrival: nanos(250))
        // Open are a's second, from 2 on, and b's last, from 4 on; b's trace lies around 2.
        #expect(window.take(now: nanos(249))?.cursor == "0")
    }

    @Test(arguments: [
        ("another process", "b", "\tat x.Y.z(Y.java:1)", 6), ("another priority", "a", "\tat x.Y.z(Y.java:1)", 3),
        ("a plain line", "a", "plain", 6), ("a line with a time", "a", "2026-11-22 10:00:01 INFO x", 6),
    ])
    func `an entry begins a record of its own`(why: String, name: String, message: String, priority: Int) {
        var window = JournalWindow()
        window.add(entry("a", "ERROR boom", at: 0), arrival: 0)
        window.add(entry(name, message, at: 1, priority: priority), arrival: 0)
        #expect(window.take(now: nanos(250))?.records.count == 2)
    }

    @Test func `a trace that comes too late is no part of the record`() {
        var window = JournalWindow()
        window.add(entry("a", "ERROR boom", at: 0), arrival: 0)
        window.add(entry("a", "\tat x.Y.z(Y.java:1)", at: 251), arrival: 0)
        #expect(window.take(now: nanos(250))?.records.count == 2)
    }

    @Test func `what is held back is bounded`() {
        var window = JournalWindow()
        window.add(entry("a", "ERROR boom", at: 0), arrival: 0)
        var taken = 0
        for index in 0..<(JournalWindow.entriesMax * 3) {
            window.add(entry("b", "quiet \(index)", at: 1), arrival: 0)
            taken += window.take(now: 0)?.records.count ?? 0
        }
        #expect(taken >= JournalWindow.entriesMax * 2)
        let long = String(repeating: "x", count: 1_000_000)
        taken = 0
        for _ in 0..<20 {
            window.add(entry("a", "\t" + long, at: 2), arrival: 0)
            taken += window.take(now: 0)?.records.count ?? 0
        }
        #expect(taken > 0)
    }

    /// Every entry is accounted for exactly once and in order, wherever the takes come.
    @Test(arguments: 0..<20 as Range<UInt64>) func `random entries, random takes`(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let messages = ["ERROR boom", "\tat x.Y.z(Y.java:1)", "plain", "", "a\nb", "Caused by: x.IOException: y"]
        var window = JournalWindow()
        var time: Int64 = 0
        var lines = 0
        var taken: [JournalRecord] = []
        var cursors: [Int64] = []
        for _ in 0..<2_000 {
            time += Int64(random(40))
            let message = messages[random(messages.count)]
            lines += message.split(separator: "\n", omittingEmptySubsequences: false).count
            window.add(entry("u\(random(4))", message, at: time), arrival: nanos(time))
            if random(3) == 0, let some = window.take(now: nanos(time + Int64(random(300)))) {
                taken += some.records
                cursors.append(Int64(some.cursor) ?? -1)
            }
        }
        if let rest = window.take(now: nanos(time + 250)) {
            taken += rest.records
            cursors.append(Int64(rest.cursor) ?? -1)
        }
        #expect(window.isEmpty)
        #expect(cursors.last == time)
        #expect(cursors == cursors.sorted())
        #expect(taken.reduce(0) { $0 + $1.lines } == lines)
        for record in taken {
            let text = String(decoding: record.text, as: UTF8.self)
            #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == record.lines + 1)
            #expect(text.hasPrefix("<30>"))
        }
    }
}
