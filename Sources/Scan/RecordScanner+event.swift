package import Events
import Patterns

extension RecordScanner {
    /// A recognised record in words, as `scan --events` shows it. Call it while `scan` hands the record out.
    ///
    /// `new` is false; only one who sees all events in order can tell.
    package func event(_ scanned: ScannedRecord, file: String) -> Event {
        let meaning = interpreter.interpret(scanned.record, captures: captures, header: scanned.header)
        let rule = set.rules[scanned.record.rule]
        return Event(
            file: file, firstLine: scanned.firstLine, lastLine: scanned.lastLine, offset: scanned.offset,
            length: scanned.record.bytes.count, time: scanned.time, pack: rule.origin, pattern: rule.name,
            severity: meaning.severity, type: meaning.type, language: meaning.language, exception: meaning.exception,
            message: meaning.message, title: meaning.title, fields: meaning.fields, fingerprint: scanned.fingerprint,
            new: false)
    }
}
