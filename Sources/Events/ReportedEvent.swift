/// An event that somebody outside reports: an application, a script, another monitor. It is complete when it comes.
package struct ReportedEvent: Sendable, Equatable {
    /// The host it is about; nil: the one it is reported to.
    package var node: String?
    /// The program it comes from, which chooses packs as the tag of syslog does.
    package var tag: String
    /// What happened: a line, or a line with its stack trace below it.
    package var summary: String
    /// How bad the reporter thinks it is; nil where nobody said.
    package var severity: Severity?
    /// When it happened; nil: when it came.
    package var time: Timestamp?
    /// What else was said of it, by name.
    package var fields: [String: String]

    package init(
        node: String? = nil, tag: String = ReportedEvent.standardTag, summary: String, severity: Severity? = nil,
        time: Timestamp? = nil, fields: [String: String] = [:]
    ) {
        self.node = node
        self.tag = tag
        self.summary = summary
        self.severity = severity
        self.time = time
        self.fields = fields
    }

    /// The tag of an event that has none.
    package static let standardTag = "event"
    /// Bytes of a node's name: as long as a host name may be (RFC 1035, 2.3.4).
    package static let nodeBytesMax = 253
    package static let tagBytesMax = 100
    package static let summaryBytesMax = 64 * 1_024
    package static let fieldsMax = 64
    /// Bytes of a field's name, and of its value.
    package static let fieldNameBytesMax = 64
    package static let fieldValueBytesMax = 8 * 1_024
    /// How far ahead of our clock an event may lie, in seconds.
    package static let aheadSecondsMax: Int64 = 24 * 3_600

    /// Whether `text` can be the name of a host: what host names, addresses and containers are made of.
    package static func isNode(_ text: some StringProtocol) -> Bool {
        (1...nodeBytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0.isAlphanumeric || $0.isOne(of: "-._:") }
    }
}

/// What is known of a record besides its text.
package struct RecordFacts: Sendable, Equatable {
    /// By name; where the pattern has a field of the same name, the pattern's holds.
    package var fields: [String: String]
    /// How bad the reporter thinks it is. Holds where no pattern but those of `core` knows the record.
    package var severity: Severity?

    package init(fields: [String: String] = [:], severity: Severity? = nil) {
        self.fields = fields
        self.severity = severity
    }
}
