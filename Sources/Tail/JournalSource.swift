package import Events

/// What is followed of systemd's journal: a question to journalctl(1).
package struct JournalSource: Sendable, Hashable {
    /// Units, as `--unit` takes them; with several, an entry belongs to one of them. None: all.
    package var units: [String] = []
    /// Matches, as `FIELD=value` or `+`, journalctl(1).
    package var matches: [String] = []
    /// A level or a range of levels, as `--priority` takes it.
    package var priority: String?
    /// A directory of journal files other than this host's.
    package var directory: String?
    /// The program, looked for in PATH where it is no path.
    package var command = "journalctl"

    package init() {}

    /// The fields of an entry that are asked for, besides those that are always there.
    static let fields = [
        "MESSAGE", "PRIORITY", "SYSLOG_FACILITY", "SYSLOG_IDENTIFIER", "SYSLOG_PID", "_COMM", "_PID", "_HOSTNAME",
        "_SYSTEMD_UNIT", "_SYSTEMD_USER_UNIT",
    ]

    /// The command line that yields, one JSON object a line, what lies at and behind `position`, and goes on with what
    /// is written from now on.
    package func arguments(from position: JournalPosition) -> [String] {
        var arguments = [
            command, "--output=json", "--follow", "--no-pager", "--no-tail", "--all",
            "--output-fields=" + JournalSource.fields.joined(separator: ","),
        ]
        if let directory { arguments.append("--directory=" + directory) }
        arguments += units.map { "--unit=" + $0 }
        if let priority { arguments.append("--priority=" + priority) }
        switch position {
        case .oldest: break
        case .since(let moment):
            let micros = String(1_000_000 + moment.microseconds % 1_000_000).dropFirst()
            arguments.append("--since=@\(moment.microseconds / 1_000_000).\(micros)")
        // The entry itself comes first then: were it gone, journalctl would go on somewhere near without a word.
        case .cursor(let cursor): arguments.append("--cursor=" + cursor)
        }
        return arguments + matches
    }
}

/// How far the journal has been read.
package enum JournalPosition: Hashable, Sendable {
    /// Nothing yet; the oldest entry comes next.
    case oldest
    /// Nothing yet; the first entry at or after the moment comes next.
    case since(Timestamp)
    /// Up to this entry: journald's own name for it.
    case cursor(String)

    /// As `Checkpoint.cursor` keeps it.
    package var text: String {
        switch self {
        case .oldest: ""
        case .since(let moment): "@\(moment.microseconds)"
        case .cursor(let cursor): cursor
        }
    }

    package init(text: String) {
        if text.isEmpty {
            self = .oldest
        } else if text.hasPrefix("@"), let micros = Int64(text.dropFirst()) {
            self = .since(Timestamp(microseconds: micros))
        } else {
            self = .cursor(text)
        }
    }

    /// How many entries of the whole journal lie between two cursors, those included that no match asks for; nil where
    /// that cannot be told. A cursor holds a sequence number and the name of the sequence, `s=…;i=…;…`, in hexadecimal
    /// (sd_journal_get_cursor(3) calls it opaque: this is told, never relied upon).
    package static func entriesBetween(_ first: String, _ second: String) -> Int64? {
        func part(_ cursor: String, _ key: String) -> Substring? {
            cursor.split(separator: ";").first { $0.hasPrefix(key) }?.dropFirst(key.count)
        }
        guard let sequence = part(first, "s="), sequence == part(second, "s="),
            let from = part(first, "i=").flatMap({ Int64($0, radix: 16) }),
            let to = part(second, "i=").flatMap({ Int64($0, radix: 16) }), to > from
        else { return nil }
        return to - from - 1
    }
}
