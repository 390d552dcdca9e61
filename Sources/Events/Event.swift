/// One recognised record, as `scan --events` prints it.
package struct Event: Sendable, Equatable {
    package var file: String
    /// Physical lines, from 1.
    package var firstLine: Int64
    package var lastLine: Int64
    /// First byte of the record in the decompressed text.
    package var offset: Int64
    /// Bytes, without the final newline.
    package var length: Int
    /// Time in the record; nil where it holds none that was understood.
    package var time: Timestamp?
    package var pack: String
    package var pattern: String
    package var severity: Severity
    package var type: EventType
    /// Language of a stack trace; nil where there is none.
    package var language: String?
    /// Class of the outermost exception; nil where there is none.
    package var exception: String?
    package var message: String
    package var title: String
    package var fields: [String: String]
    package var fingerprint: Fingerprint
    /// First event of its issue in this scan and in the store, if one is used.
    package var new: Bool

    package init(
        file: String, firstLine: Int64, lastLine: Int64, offset: Int64, length: Int, time: Timestamp?, pack: String,
        pattern: String, severity: Severity, type: EventType, language: String?, exception: String?, message: String,
        title: String, fields: [String: String], fingerprint: Fingerprint, new: Bool
    ) {
        self.file = file
        self.firstLine = firstLine
        self.lastLine = lastLine
        self.offset = offset
        self.length = length
        self.time = time
        self.pack = pack
        self.pattern = pattern
        self.severity = severity
        self.type = type
        self.language = language
        self.exception = exception
        self.message = message
        self.title = title
        self.fields = fields
        self.fingerprint = fingerprint
        self.new = new
    }
}
