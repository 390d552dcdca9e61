package import Events
import Glibc
package import PCRE2

/// A record that a pattern recognised, lent by the scanner: the pointers are good for the length of a call.
package struct RecognisedRecord {
    /// Index of the rule in its `PatternSet`.
    package let rule: Int
    /// The whole record, without its last newline.
    package let bytes: UnsafeRawBufferPointer
    /// The line that matched, in bytes of `bytes`; the captures count from its start.
    package let line: Range<Int>

    /// The first line of the record.
    let firstLine: UnsafeRawBufferPointer

    package init(rule: Int, bytes: UnsafeRawBufferPointer, line: Range<Int>) {
        self.rule = rule
        self.bytes = bytes
        self.line = line
        firstLine = UnsafeRawBufferPointer(rebasing: bytes[..<bytes.firstLineEnd]).withoutCarriageReturn
    }

    var matchedLine: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[line]) }
}

/// What a pattern says about a record, in words.
package struct Interpretation: Sendable, Equatable {
    package var severity: Severity
    package var type: EventType
    package var title: String
    package var message: String
    package var language: String?
    package var exception: String?
    package var fields: [String: String]
}

/// Turns matches into fingerprints, cheaply, and into words, when somebody wants to read them.
///
/// One for each scanning thread and pattern set. The captures of the match are still in the `MatchScratch` it is given.
package final class Interpreter {
    private let set: PatternSet
    private var normaliser = Normaliser()
    /// For the header's expression, so that the captures of the match survive.
    private let headerScratch = MatchScratch()

    package init(_ set: PatternSet) { self.set = set }

    /// The key of the record's issue and its severity. Makes no String.
    package func fingerprint(
        of record: RecognisedRecord, captures: MatchScratch, header: RecordHeader
    ) -> (fingerprint: Fingerprint, severity: Severity) {
        let rule = set.rules[record.rule]
        let severity = rule.fixedSeverity ?? levelSeverity(of: record, rule, captures: captures)
        if let constant = rule.constantFingerprint { return (constant, severity) }
        var builder = rule.keyed
        if rule.fixedSeverity == nil { builder.add(severity.name) }
        var trace: StackTrace??
        for part in rule.parts {
            switch part {
            case .capture(let number):
                let range = captures.capture(number) ?? 0..<0
                builder.add(UnsafeRawBufferPointer(rebasing: record.matchedLine[range]))
            case .message:
                normaliser.normalise(message(of: record, rule, header: header))
                normaliser.addFingerprint(to: &builder)
            case .exception, .frames:
                let parsed = trace ?? StackTrace.parse(record.bytes)
                trace = .some(parsed)
                if let parsed {
                    parsed.add(part, to: &builder, normaliser: &normaliser)
                } else {
                    normaliser.normalise(message(of: record, rule, header: header))
                    normaliser.addFingerprint(to: &builder)
                }
            }
        }
        return (builder.finish(), severity)
    }

    /// Everything a person is shown. Allocates; called for events that are printed or kept as samples.
    package func interpret(
        _ record: RecognisedRecord, captures: MatchScratch, header: RecordHeader
    ) -> Interpretation {
        let rule = set.rules[record.rule]
        guard let pattern = rule.pattern else { preconditionFailure("a discard has no interpretation") }
        let severity = rule.fixedSeverity ?? levelSeverity(of: record, rule, captures: captures)
        let fields = fields(of: record, captures: captures, header: header)
        let message = message(of: record, rule, header: header)
        normaliser.normalise(message)
        let masked = normaliser.display()
        let trace = StackTrace.parse(record.bytes)
        let title = pattern.title.filled { name in
            if let value = fields[name] { return value.printable }
            switch name {
            case "message": return trace?.title() ?? masked
            case "exception": return trace?.outermost.className
            case "frame": return trace?.place
            case "pattern": return pattern.id
            default: return nil
            }
        }
        let said =
            trace?.outermost.message ?? String(decoding: message.prefix(Interpreter.messageBytesMax), as: UTF8.self)
        return Interpretation(
            severity: severity, type: pattern.type ?? rule.pack.type, title: title.shortened,
            message: SecretScrubber.scrub(said), language: trace?.language, exception: trace?.outermost.className,
            fields: fields)
    }

    /// Longest message that is kept, in bytes.
    package static let messageBytesMax = 4 * 1_024

    /// The record's first line after its header; the next line when nothing is left of the first.
    private func message(
        of record: RecognisedRecord, _ rule: PatternSet.Rule, header: RecordHeader
    ) -> UnsafeRawBufferPointer {
        let line = record.firstLine
        var start = header.messageStart
        if let expression = rule.pack.header, headerScratch.match(expression.compiled, in: line) == .matched,
            let whole = headerScratch.capture(0), whole.lowerBound == 0
        {
            start = whole.upperBound
        }
        let message = UnsafeRawBufferPointer(rebasing: line[min(start, line.count)...])
        if message.contains(where: { $0 > UInt8(ascii: " ") }) { return message }
        let rest = UnsafeRawBufferPointer(rebasing: record.bytes[min(line.count + 1, record.bytes.count)...])
        if rest.isEmpty { return line }
        return UnsafeRawBufferPointer(rebasing: rest[..<rest.firstLineEnd])
    }

    /// The severity of the level that the match, or the pack's header, captured.
    private func levelSeverity(
        of record: RecognisedRecord, _ rule: PatternSet.Rule, captures: MatchScratch
    ) -> Severity {
        var word: UnsafeRawBufferPointer?
        if let number = rule.levelCapture, let range = captures.capture(number) {
            word = UnsafeRawBufferPointer(rebasing: record.matchedLine[range])
        } else if let number = rule.headerLevelCapture, let header = rule.pack.header {
            let line = record.firstLine
            if headerScratch.match(header.compiled, in: line) == .matched, let range = headerScratch.capture(number) {
                word = UnsafeRawBufferPointer(rebasing: line[range])
            }
        }
        guard let word else { return .indeterminate }
        return rule.pack.severity(ofLevel: word)
    }

    /// What the header and the match name, without secrets. Allocates.
    package func fields(
        of record: RecognisedRecord, captures: MatchScratch, header: RecordHeader
    ) -> [String: String] {
        let rule = set.rules[record.rule]
        var fields: [String: String] = [:]
        let line = record.firstLine
        for (name, range) in header.namedRanges { fields[name] = String(decoding: line[range], as: UTF8.self) }
        if let header = rule.pack.header, headerScratch.match(header.compiled, in: line) == .matched {
            for (name, number) in header.compiled.names {
                guard let range = headerScratch.capture(number) else { continue }
                fields[name] = String(decoding: line[range], as: UTF8.self)
            }
        }
        for (name, number) in rule.expression.names {
            guard let range = captures.capture(number) else { continue }
            fields[name] = String(decoding: record.matchedLine[range], as: UTF8.self)
        }
        fields["time"] = nil
        return fields.mapValues { SecretScrubber.scrub($0) }
    }
}

extension StackTrace {
    /// Adds the classes of its exceptions, or its own frames; the innermost message where it has no frames.
    fileprivate func add(
        _ part: PatternSet.ResolvedPart, to builder: inout FingerprintBuilder, normaliser: inout Normaliser
    ) {
        guard part == .frames else {
            for thrown in exceptions { builder.add(thrown.className) }
            return
        }
        guard keyFrames.isEmpty else {
            for frame in keyFrames { builder.add(frame) }
            return
        }
        var message = innermost.message
        message.withUTF8 { normaliser.normalise(UnsafeRawBufferPointer($0)) }
        normaliser.addFingerprint(to: &builder)
    }
}

extension RecordHeader {
    /// What the header names, by the names that fields have.
    fileprivate var namedRanges: [(name: String, range: Range<Int>)] {
        let all = [
            ("level", levelRange), ("host", host), ("program", program), ("process", process), ("thread", thread),
            ("logger", logger),
        ]
        return all.compactMap { name, range in range.map { (name, $0) } }
    }
}

extension Pack {
    /// What a level word means in this pack: by its `levels`, else by the common meaning of the word.
    func severity(ofLevel word: UnsafeRawBufferPointer) -> Severity {
        let text = String(decoding: word, as: UTF8.self).lowercased()
        if let severity = levels[text] { return severity }
        return switch LogLevel(word: word) {
        case .critical: .critical
        case .error: .indeterminate
        case .warning: .warning
        case .notice, .info, .debug, .trace: .clear
        case nil: .indeterminate
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Where the first newline is, or the end.
    fileprivate var firstLineEnd: Int {
        guard let base = baseAddress, count > 0,
            let newline = memchr(base, Int32(UInt8(ascii: "\n")), count)
        else { return count }
        return base.distance(to: UnsafeRawPointer(newline))
    }

    /// Without the `\r` of a line that ended in CRLF.
    var withoutCarriageReturn: UnsafeRawBufferPointer {
        last == UInt8(ascii: "\r") ? UnsafeRawBufferPointer(rebasing: self[..<(count - 1)]) : self
    }
}

extension String {
    /// Longest title, in characters; a longer one ends in an ellipsis.
    static let titleCharactersMax = 200

    var shortened: String {
        count <= String.titleCharactersMax ? self : prefix(String.titleCharactersMax - 1) + "…"
    }

    /// Control characters written out, so that a title is one line and obeys no terminal.
    var printable: String {
        guard unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) else {
            return self
        }
        return unicodeScalars.map { scalar in
            guard scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) else { return String(scalar) }
            let digits = String(scalar.value, radix: 16)
            return "\\x" + (digits.count == 1 ? "0" + digits : digits)
        }.joined()
    }
}
