/// The part of a record that the logging library wrote in front of the message: when, how bad, where from.
///
/// It is cut by structure, not by product: a time, then fields that look like a level, a process, a thread, a logger,
/// up to the first word that looks like a sentence. All ranges are bytes of the line that was parsed and lie inside it.
package struct RecordHeader: Sendable, Equatable {
    /// The time of the record. Where no header was found this may be a time inside of the message.
    package var time: TimestampMatch?
    package var level: LogLevel?
    /// The word, letter or priority that gave the level; without brackets.
    package var levelRange: Range<Int>?
    /// First byte of the message; 0 when there is no header, the length of the line when there is nothing else.
    /// Behind the header of a wrapper (syslog, a container's, the kernel's) one blank is passed and the rest of an
    /// indentation is kept: it may tell a line of a stack trace.
    package var messageStart = 0
    /// Host that wrote the record, in syslog shapes.
    package var host: Range<Int>?
    /// Syslog's tag without process, or the application of RFC 5424.
    package var program: Range<Int>?
    /// Process number or numbers, as in `95160#0` or `35708:tid 432`.
    package var process: Range<Int>?
    package var thread: Range<Int>?
    /// Logger, category, class, or source file and line.
    package var logger: Range<Int>?
    /// Whether the level and the message stand on the next line, as java.util.logging's plain form writes them:
    /// `Nov 22, 2026 10:00:00 AM com.example.App run`, then `SEVERE: …`.
    package var continuesOnNextLine = false

    package init() {}

    /// Bytes of a line that may belong to a header; what begins later is message.
    package static let bytesMax = 512

    /// The header of `line`. `scanner` reads its times. Nothing is allocated and any bytes are borne.
    package static func parse(
        _ line: UnsafeRawBufferPointer, _ scanner: inout TimestampScanner
    ) -> RecordHeader {
        guard let bytes = LineBytes(line) else { return RecordHeader() }
        var walker = HeaderWalker(bytes)
        walker.walk(&scanner)
        return walker.header
    }

    /// The header of `line` for one who does not ask when it was written: times without a zone, a date or a year are
    /// wrong in it.
    package static func parse(_ line: UnsafeRawBufferPointer) -> RecordHeader {
        var scanner = TimestampScanner(zone: .utc, reference: Timestamp(seconds: 0))
        return parse(line, &scanner)
    }

    /// Whether `line` is the first of two that make up a header (`continuesOnNextLine`).
    package static func isFirstOfTwo(_ line: UnsafeRawBufferPointer) -> Bool {
        parse(line).continuesOnNextLine
    }

    /// Whether `line` certainly begins a new record: it begins with a time, a syslog priority, a level in capitals or
    /// in brackets, or it is a JSON object with a time or a level. False says nothing.
    ///
    /// Decided by the first byte for most continuation lines. `Error: …` in small letters is no certain beginning: stack
    /// traces hold such lines. Two cases in which the answer is to be ignored: behind a line whose header
    /// `continuesOnNextLine`; and where syslog, a container or the kernel gave each line of a trace a header of its own,
    /// so that the bytes from `messageStart` tell what the line is.
    package static func startsRecord(_ line: UnsafeRawBufferPointer) -> Bool {
        guard let bytes = LineBytes(line) else { return false }
        return RecordStart.isCertain(bytes)
    }
}
