/// The lines round a record, as its file has them.
package struct RecordContext: Sendable, Equatable {
    /// The file that has them: the record's own, or a rotated or compressed twin.
    package var path: String
    /// Lines before the record, oldest first; the record's own; lines behind it. Valid UTF-8.
    package var before: [String]
    package var record: [String]
    package var after: [String]

    package init(path: String, before: [String], record: [String], after: [String]) {
        self.path = path
        self.before = before
        self.record = record
        self.after = after
    }

    /// Lines on each side that may be asked for.
    package static let linesMax = 1_000
}
