import Testing

@testable import Scan

@Suite struct RecordHabitTests {
    private func note(_ habit: inout RecordHabit, _ record: String) {
        Array((record + "\n").utf8).withUnsafeBytes { habit.noteLast($0, from: 0, to: $0.count - 1) }
    }

    @Test func `a file of single lines is waited for a few milliseconds only, once it is known as one`() {
        var habit = RecordHabit()
        for _ in 1..<RecordHabit.singleLinesEnough {
            note(&habit, "2026-11-22 10:00:00 ERROR disk 7 is gone")
            #expect(habit.quietMillis == nil)
        }
        note(&habit, "2026-11-22 10:00:00 ERROR disk 7 is gone")
        #expect(habit.quietMillis == RecordHabit.quietMillisMin)
    }

    @Test(arguments: [
        "java.io.IOException: closed", "2026-11-22 10:00:00 ERROR failed:", "Traceback (most recent call last):",
    ])
    func `what announces more is waited for`(line: String) {
        var habit = RecordHabit()
        for _ in 0..<100 { note(&habit, "2026-11-22 10:00:00 INFO quiet") }
        note(&habit, line)
        #expect(habit.quietMillis == nil)
        note(&habit, "2026-11-22 10:00:00 INFO quiet")
        #expect(habit.quietMillis == RecordHabit.quietMillisMin)
    }

    @Test func `a record of many lines ends the trust`() {
        var habit = RecordHabit()
        for _ in 0..<100 { note(&habit, "2026-11-22 10:00:00 INFO quiet") }
        note(&habit, "2026-11-22 10:00:00 ERROR x\n\tat com.example.A.b(A.java:1)")
        note(&habit, "2026-11-22 10:00:00 INFO quiet")
        #expect(habit.quietMillis == nil)
    }
}
