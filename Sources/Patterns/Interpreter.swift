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
    private var masker = MessageMasker()
    /// For the header's expression, so that the captures of the match survive.
    private let headerScratch = MatchScratch()

    /// Fingerprints of messages that came before; nil where there is no memory for them.
    private let memo = FingerprintMemo()

    /// The message of a JSON line, its escapes resolved; good until the next one.
    private let jsonMessage = UnsafeMutableRawBufferPointer.allocate(
        byteCount: Interpreter.messageBytesMax, alignment: 1)

    package init(_ set: PatternSet) { self.set = set }

    deinit { jsonMessage.deallocate() }

    /// The key of the record's issue and its severity. Makes no String.
    package func fingerprint(
        of record: RecognisedRecord, captures: MatchScratch, header: RecordHeader
    ) -> (fingerprint: Fingerprint, severity: Severity) {
        let rule = set.rules[record.rule]
        let severity = rule.fixedSeverity ?? levelSeverity(of: record, rule, captures: captures)
        if let constant = rule.constantFingerprint { return (constant, severity) }
        guard rule.isGroupedByMessage, let memo else {
            return (makeFingerprint(of: record, rule, severity, captures: captures, header: header), severity)
        }
        let message = message(of: record, rule, header: header)
        let key = FingerprintMemo.Key(rule: Int32(truncatingIfNeeded: record.rule), severity: severity)
        let fingerprint = memo.fingerprint(of: message, key) {
            makeFingerprint(of: record, rule, severity, captures: captures, header: header)
        }
        return (fingerprint, severity)
    }

    private func makeFingerprint(
        of record: RecognisedRecord, _ rule: PatternSet.Rule, _ severity: Severity, captures: MatchScratch,
        header: RecordHeader
    ) -> Fingerprint {
        var builder = rule.keyed
        if rule.fixedSeverity == nil { builder.add(severity.name) }
        var trace: StackTrace??
        for part in rule.parts {
            switch part {
            case .field(.capture(let number), isMasked: false):
                let range = captures.capture(number) ?? 0..<0
                builder.add(UnsafeRawBufferPointer(rebasing: record.matchedLine[range]))
            case .field(let source, let isMasked):
                let value = value(of: source, record, rule, captures: captures, header: header)
                guard isMasked else {
                    builder.add(value)
                    break
                }
                normalise(value, rule)
                normaliser.addFingerprint(to: &builder)
            case .message:
                normalise(message(of: record, rule, header: header), rule)
                normaliser.addFingerprint(to: &builder)
            case .exception, .frames:
                let parsed = trace ?? StackTrace.parse(record.bytes)
                trace = .some(parsed)
                if let parsed {
                    add(parsed, part, rule, to: &builder)
                } else {
                    normalise(message(of: record, rule, header: header), rule)
                    normaliser.addFingerprint(to: &builder)
                }
            }
        }
        return builder.finish()
    }

    /// Everything a person is shown. Allocates; called for events that are printed or kept as samples.
    package func interpret(
        _ record: RecognisedRecord, captures: MatchScratch, header: RecordHeader
    ) -> Interpretation {
        let rule = set.rules[record.rule]
        guard let pattern = rule.pattern else { preconditionFailure("a discard has no interpretation") }
        let severity = rule.fixedSeverity ?? levelSeverity(of: record, rule, captures: captures)
        let fields = allFields(of: record, captures: captures, header: header)
        let message = message(of: record, rule, header: header)
        normalise(message, rule)
        let masked = normaliser.display().withoutLeadingSigns
        let trace = StackTrace.parse(record.bytes)
        let exception = trace?.outermost.className ?? jsonClass(of: record.firstLine, header: header)
        let title = pattern.title.filled { name in
            if let value = fields[name] { return value.printable }
            switch name {
            case "message": return trace?.title() ?? masked
            case "exception": return exception
            case "frame": return trace?.place
            case "pattern": return pattern.id
            default: return nil
            }
        }
        let said =
            trace?.outermost.message ?? String(decoding: message.prefix(Interpreter.messageBytesMax), as: UTF8.self)
        return Interpretation(
            severity: severity, type: pattern.type ?? rule.pack.type, title: title.shortened,
            message: set.scrubbed(said), language: trace?.language, exception: exception,
            fields: withPeer(kept(fields, rule), of: record, rule, header))
    }

    /// Names under which patterns tell who the other end is; `address` is what people look for. An expression may use a
    /// name once, so that one with several ways to say it has several names.
    private static let peerNames = [
        "client_ip", "remote_ip", "rhost", "ip", "from", "relay", "throttled", "client", "peer",
    ]

    /// `fields`, with the address of the other end as `address` where the event is one of security: what the pattern found
    /// under another name, else what the matched line has.
    private func withPeer(
        _ fields: [String: String], of record: RecognisedRecord, _ rule: PatternSet.Rule, _ header: RecordHeader
    ) -> [String: String] {
        guard rule.pattern?.type ?? rule.pack.type == .security, rule.pattern?.fields == nil, rule.pack.fields == nil,
            (fields["address"] ?? "").isEmpty
        else { return fields }
        var fields = fields
        for name in Interpreter.peerNames {
            guard let found = fields[name], !found.isEmpty else { continue }
            guard Array(found.utf8).withUnsafeBytes(PeerAddress.isAddress) else { return fields }
            fields[name] = nil
            fields["address"] = found
            return fields
        }
        let line = record.matchedLine
        let start = record.line.lowerBound == 0 ? min(header.messageStart, line.count) : 0
        if let place = PeerAddress.find(in: UnsafeRawBufferPointer(rebasing: line[start...])) {
            let range = (start + place.lowerBound)..<(start + place.upperBound)
            fields["address"] = String(decoding: line[range], as: UTF8.self)
        } else if let place = PeerAddress.find(in: UnsafeRawBufferPointer(rebasing: line[..<start])) {
            // In front of the message it may be the sender's own, which syslog writes there.
            let found = String(decoding: line[place], as: UTF8.self)
            if found != fields["node"], found != fields["host"] { fields["address"] = found }
        }
        return fields
    }

    /// The skeleton of a text, with the pack's own masks before the common ones.
    private func normalise(_ text: UnsafeRawBufferPointer, _ rule: PatternSet.Rule) {
        guard !rule.pack.masks.isEmpty else { return normaliser.normalise(text) }
        masker.mask(text, with: rule.pack.masks, headerScratch)
        masker.withText { normaliser.normalise($0) }
    }

    /// Adds the classes of the trace's exceptions, or its own frames; the innermost message where it has no frames.
    private func add(
        _ trace: StackTrace, _ part: PatternSet.ResolvedPart, _ rule: PatternSet.Rule,
        to builder: inout FingerprintBuilder
    ) {
        guard part == .frames else {
            for thrown in trace.exceptions { builder.add(thrown.className) }
            return
        }
        guard trace.keyFrames.isEmpty else {
            for frame in trace.keyFrames { builder.add(frame) }
            return
        }
        var message = trace.innermost.message
        message.withUTF8 { normalise(UnsafeRawBufferPointer($0), rule) }
        normaliser.addFingerprint(to: &builder)
    }

    /// What a field holds; no bytes where it is not there. Good as long as the record is.
    private func value(
        of source: PatternSet.FieldSource, _ record: RecognisedRecord, _ rule: PatternSet.Rule,
        captures: MatchScratch, header: RecordHeader
    ) -> UnsafeRawBufferPointer {
        let line = record.firstLine
        let range: Range<Int>?
        switch source {
        case .capture(let number):
            return UnsafeRawBufferPointer(rebasing: record.matchedLine[captures.capture(number) ?? 0..<0])
        case .headerCapture(let number):
            let isThere = rule.pack.header.map { headerScratch.match($0.compiled, in: line) == .matched } ?? false
            range = isThere ? headerScratch.capture(number) : nil
        case .program: range = header.program
        case .logger: range = header.logger
        case .level: range = header.levelRange
        }
        return UnsafeRawBufferPointer(rebasing: line[range ?? 0..<0])
    }

    /// A message on its way to a skeleton, for explanations.
    package struct MessageForms: Sendable, Equatable {
        /// As it was written, at most `messageBytesMax` bytes.
        package var written: String
        /// With placeholders, as people see it.
        package var masked: String
        /// As it is hashed.
        package var skeleton: String
    }

    package func messageForms(of record: RecognisedRecord, header: RecordHeader) -> MessageForms {
        let rule = set.rules[record.rule]
        let message = message(of: record, rule, header: header)
        normalise(message, rule)
        return MessageForms(
            written: String(decoding: message.prefix(Interpreter.messageBytesMax), as: UTF8.self),
            masked: normaliser.display(), skeleton: normaliser.skeleton)
    }

    /// The skeleton that the record's issue is known by, where that is all it is known by: no pack claims it, and it holds
    /// no stack trace. Nil else.
    package func skeleton(of record: RecognisedRecord, header: RecordHeader) -> String? {
        let rule = set.rules[record.rule]
        guard rule.origin == Pack.coreName, !rule.parts.isEmpty else { return nil }
        for part in rule.parts {
            switch part {
            case .message: continue
            case .exception, .frames: if StackTrace.parse(record.bytes) != nil { return nil }
            case .field: return nil
            }
        }
        normalise(message(of: record, rule, header: header), rule)
        return normaliser.skeleton
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
        if let message = jsonMessage(of: line, from: start) { return message }
        let message = UnsafeRawBufferPointer(rebasing: line[min(start, line.count)...])
        if message.contains(where: { $0 > UInt8(ascii: " ") }) { return message }
        let rest = UnsafeRawBufferPointer(rebasing: record.bytes[min(line.count + 1, record.bytes.count)...])
        if rest.isEmpty { return line }
        return UnsafeRawBufferPointer(rebasing: rest[..<rest.firstLineEnd])
    }

    /// What the JSON object that begins at `start` says; nil where there is none, or none with a message.
    private func jsonMessage(of line: UnsafeRawBufferPointer, from start: Int) -> UnsafeRawBufferPointer? {
        guard start < line.count, line[start] == UInt8(ascii: "{"), let object = JSONLine(line, from: start),
            let range = object.message
        else { return nil }
        let count = JSONLine.unescape(line, range, into: jsonMessage)
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(jsonMessage)[..<count])
    }

    /// The exception that a JSON line names without a trace of it.
    private func jsonClass(of line: UnsafeRawBufferPointer, header: RecordHeader) -> String? {
        let brace = UInt8(ascii: "{")
        let start = line.first == brace ? 0 : header.messageStart
        guard start < line.count, line[start] == brace, let name = JSONLine(line, from: start)?.className else {
            return nil
        }
        let count = JSONLine.unescape(line, name, into: jsonMessage)
        return String(decoding: jsonMessage[..<count], as: UTF8.self)
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
        kept(allFields(of: record, captures: captures, header: header), set.rules[record.rule])
    }

    /// The fields that the pattern, or else its pack, keeps.
    private func kept(_ fields: [String: String], _ rule: PatternSet.Rule) -> [String: String] {
        guard let names = rule.pattern?.fields ?? rule.pack.fields else { return fields }
        return fields.filter { names.contains($0.key) }
    }

    /// All that is known by name, kept or not: a title may name any of it.
    private func allFields(
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
        return fields.mapValues { set.scrubbed($0) }
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

    /// Without the signs that parted a header from its message: `::`, `|`, `- `.
    var withoutLeadingSigns: String {
        var text = drop { " :|,;".contains($0) }
        while text.hasPrefix("- ") { text = text.dropFirst(2) }
        return text.isEmpty ? self : String(text)
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
