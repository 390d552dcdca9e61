import Testing

@testable import Events

@Suite struct LogLevelTests {
    private func level(_ word: String) -> LogLevel? { Array(word.utf8).withUnsafeBytes { LogLevel(word: $0) } }

    @Test(arguments: [
        ("TRACE", LogLevel.trace), ("finest", .trace), ("Verbose", .trace), ("DEBUG", .debug), ("dbg", .debug),
        ("FINE", .debug), ("CONFIG", .debug), ("debug3", .debug), ("INFO", .info), ("inf", .info),
        ("Information", .info), ("LOG", .info), ("notice", .notice), ("Note", .notice), ("WARN", .warning),
        ("Warning", .warning), ("WRN", .warning), ("ERROR", .error), ("err", .error), ("SEVERE", .error),
        ("FATAL", .critical), ("crit", .critical), ("CRITICAL", .critical), ("alert", .critical),
        ("EMERG", .critical), ("emergency", .critical), ("panic", .critical), ("<3>", .error), ("<0>", .critical),
        ("<34>", .critical), ("<27>", .error), ("<191>", .debug), ("<12>", .warning), ("<13>", .notice),
        ("<14>", .info),
    ])
    func `a word names a level in any case`(word: String, expected: LogLevel) {
        #expect(level(word) == expected)
        #expect(level(word.uppercased()) == expected)
        #expect(level(word.lowercased()) == expected)
    }

    @Test(arguments: [
        "", "E", "W", "I", "errors", "warned", "informed", "debugx", "fail", "<192>", "<>", "<3", "<3>x", "<0003>",
        "error ",
        "\u{0}error", "ERR0R", "информация",
    ])
    func `any other word names none`(word: String) {
        #expect(level(word) == nil)
    }

    @Test func `levels are ordered from trace to critical`() {
        #expect(LogLevel.allCases == LogLevel.allCases.sorted())
        #expect(LogLevel.trace < .debug && LogLevel.warning < .error && LogLevel.error < .critical)
    }
}
