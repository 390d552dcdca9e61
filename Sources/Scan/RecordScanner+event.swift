package import Events
import Patterns

extension RecordScanner {
    /// A recognised record in words, as `scan --events` shows it. Call it while `scan` hands the record out.
    ///
    /// `new` is false; only one who sees all events in order can tell.
    package func event(_ scanned: ScannedRecord, file: String) -> Event {
        let meaning = interpreter.interpret(scanned.record, captures: captures, header: scanned.header)
        let rule = set.rules[scanned.record.rule]
        let fields = meaning.fields.merging(scanned.output?.fields ?? [:]) { own, _ in own }
        return Event(
            file: file, firstLine: scanned.firstLine, lastLine: scanned.lastLine, offset: scanned.offset,
            length: scanned.length, time: scanned.time, pack: rule.pack.name, pattern: rule.name,
            severity: meaning.severity, type: meaning.type, language: meaning.language, exception: meaning.exception,
            message: meaning.message, title: meaning.title, fields: fields, fingerprint: scanned.fingerprint,
            new: false)
    }
}

extension ProgramOutput {
    /// What it adds to the fields of a record that has no field of that name.
    var fields: [String: String] { ["stream": name] }
}
