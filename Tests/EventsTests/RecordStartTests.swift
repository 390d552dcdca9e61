import Testing

@testable import Events

@Suite struct RecordStartTests {
    private func starts(_ line: String) -> Bool { Array(line.utf8).withUnsafeBytes { RecordHeader.startsRecord($0) } }

    @Test(arguments: [
        "2026-11-22 10:00:00 up", "[2026-11-22 10:00:00,123] INFO up", "Nov 22 10:00:00 web app: up",
        "[Sun Nov 22 10:00:00 2026] [error] up", "Sun Nov 22 10:00:00 2026 up", "<3>up", "[error] up", "[INFO:x] up",
        "ERROR up", "ERROR: up", "WARN  | x", "ERROR:root:up", "E1122 10:00:00.123456 1 a.go:1] up",
        "[   12.345678] up",
        "12:M 22 Nov 2026 10:00:00.123 * up", "[1:C] 22 Nov 2026 10:00:00 * up", "10:00:00,123 up",
        "10.0.0.1 - - [22/Nov/2026:10:00:00 +0000] \"GET /\"", "::1 - - [22/Nov/2026:10:00:00 +0000] \"GET /\"",
        "web.example - - [22/Nov/2026:10:00:00 +0000] \"GET /\"", "{\"level\":\"info\"}", "{\"ts\":1795341600.5}",
        "web_1  | 2026-11-22 10:00:00 up", "\u{1B}[31mERROR\u{1B}[0m up", "091110 030201 148 INFO up",
        "- 1600000000 2020.09.13 d1 up", "LABEL 1600000000 2020.09.13 R30 up", "(node:811) up", "(a.b-c:1) up", "E: up",
        "W: up", "F: /up",
        "\"2026-11-22 10:00:00\" up",
    ])
    func `a time, a priority or a level at the head begins a record`(line: String) {
        #expect(starts(line))
    }

    @Test(arguments: [
        "", " ", "    at com.example.App.run(App.java:1)", "\tat x", "Caused by: java.lang.Error: 10:00:00",
        "java.lang.IllegalStateException: up", "Traceback (most recent call last):", "  File \"a.py\", line 1", "}",
        "{",
        "{\"name\":\"x\"}", "Error: up", "error: up", "Fatal: up", "12 more", "... 12 more", "1: 0x55 - main",
        "#0 0x7f in main",
        "[client 10.0.0.1] up", "[drm] up", "INFORMATION", "ERRORS: 3", "goroutine 1 [running]:", "panic: up",
        "Backup of 2026-11-22 10:00:00", "web_1  |     at com.example.App", "Marcus 12 10:00:00", "May be",
        "(node:811)", "(node:) up", "(no de:1) up", "(12:34) up", "(a:12345678) up", "E: 12", "E:up", "A: up", "E : up",
        "Monday", "Mon, xx", "<div>", "<3000>", "-", "- item", "[", "[[[", "\"", "<",
    ])
    func `any other line does not`(line: String) {
        #expect(!starts(line))
    }
}
