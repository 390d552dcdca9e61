/// The level that a program gave to a record, in the order of how bad it is.
package enum LogLevel: Int, CaseIterable, Comparable, Sendable, Codable {
    case trace, debug, info, notice, warning, error
    /// Fatal, critical, alert, emergency and panic alike.
    case critical

    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }

    /// Bytes of the longest word that is a level, `informational`.
    static let wordBytesMax = 13

    /// The level that `word` names in any case: `WARN`, `Warning`, `ERR`, `emerg`, `SEVERE` (java.util.logging's word
    /// for an error), `debug2` (PostgreSQL), `<3>` and `<27>` (a syslog priority, RFC 5424, 6.2.1). Nil for any other
    /// word, and for single letters: only `RecordHeader` knows the places where those are levels.
    package init?(word: UnsafeRawBufferPointer) {
        guard let line = LineBytes(word) else { return nil }
        if line[0] == UInt8(ascii: "<") {
            guard let (priority, end) = LogLevel.priority(line, at: 0), end == line.count else { return nil }
            self.init(syslogPriority: priority)
            return
        }
        self.init(line, 0..<line.count)
    }

    /// The level of a syslog priority, of which the lowest three bits are the severity.
    package init(syslogPriority priority: Int) {
        switch priority & 7 {
        case 0, 1, 2: self = .critical
        case 3: self = .error
        case 4: self = .warning
        case 5: self = .notice
        case 6: self = .info
        default: self = .debug
        }
    }

    /// The number in `<…>` at `start`, 0 to 191, and the place behind it.
    static func priority(_ line: LineBytes, at start: Int) -> (number: Int, end: Int)? {
        let digits = line.digitRun(at: start &+ 1, limit: 4)
        guard line[start] == UInt8(ascii: "<"), 1...3 ~= digits, line[start &+ 1 &+ digits] == UInt8(ascii: ">") else {
            return nil
        }
        let number = line.number(at: start &+ 1, digits: digits)
        return number <= 191 ? (number, start &+ digits &+ 2) : nil
    }

    /// The level that the bytes of `range` name.
    init?(_ line: LineBytes, _ range: Range<Int>) {
        guard 3...LogLevel.wordBytesMax ~= range.count else { return nil }
        func named(_ word: StaticString) -> Bool {
            word.utf8CodeUnitCount == range.count && line.matches(word, at: range.lowerBound)
        }
        switch line[range.lowerBound].lowercased {
        case UInt8(ascii: "a") where named("alert"): self = .critical
        case UInt8(ascii: "c") where named("critical") || named("crit"): self = .critical
        case UInt8(ascii: "c") where named("config"): self = .debug
        case UInt8(ascii: "d") where named("debug") || named("dbg") || named("debu"): self = .debug
        case UInt8(ascii: "d") where named("dpanic"): self = .critical
        case UInt8(ascii: "d"):
            guard range.count == 6, line.matches("debug", at: range.lowerBound), line[range.upperBound &- 1].isDigit
            else { return nil }
            self = .debug
        case UInt8(ascii: "e") where named("error") || named("err") || named("erro"): self = .error
        case UInt8(ascii: "e") where named("eror"): self = .error
        case UInt8(ascii: "e") where named("emerg") || named("emergency"): self = .critical
        case UInt8(ascii: "f") where named("fatal") || named("ftl") || named("fata"): self = .critical
        case UInt8(ascii: "f") where named("fine"): self = .debug
        case UInt8(ascii: "f") where named("finer") || named("finest"): self = .trace
        case UInt8(ascii: "i") where named("info") || named("inf"): self = .info
        case UInt8(ascii: "i") where named("information") || named("informational"): self = .info
        case UInt8(ascii: "l") where named("log"): self = .info
        case UInt8(ascii: "n") where named("notice") || named("note"): self = .notice
        case UInt8(ascii: "p") where named("panic"): self = .critical
        case UInt8(ascii: "s") where named("severe"): self = .error
        case UInt8(ascii: "s") where named("success"): self = .info
        case UInt8(ascii: "t") where named("trace") || named("trc"): self = .trace
        case UInt8(ascii: "v") where named("verbose") || named("vrb"): self = .trace
        case UInt8(ascii: "w") where named("warn") || named("warning") || named("wrn"): self = .warning
        default: return nil
        }
    }
}
