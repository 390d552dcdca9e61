import Events

/// What a record's header says about the lines below it.
struct HeaderSays {
    /// Nothing is wrong and nothing is announced, so that a trace below it is another matter: a program's own output
    /// between its log lines.
    let isQuiet: Bool
    /// It says when it was written: then it is a log's header, and what stands up to the next one may belong to it.
    let hasTime: Bool

    init(isQuiet: Bool, hasTime: Bool) {
        self.isQuiet = isQuiet
        self.hasTime = hasTime
    }

    /// Reads a header. Without a level its words decide (`FaultWord`); one with nothing behind it announces its message.
    init(_ line: LineView) {
        let header = RecordHeader.parse(line.body)
        hasTime = header.time.map { $0.range.upperBound <= header.messageStart } ?? false || line.body.byte(0) == 0x7b
        isQuiet = HeaderSays.isQuiet(line, header)
    }

    private static func isQuiet(_ line: LineView, _ header: RecordHeader) -> Bool {
        if line.endsInColon || line.body.find("raceback") != nil { return false }
        // An exception, not many of them.
        if let place = line.body.find("xception"), !line.body.byte(place + 8).isLetter { return false }
        // A priority of syslog does not count: that of a program's output says nothing.
        if let level = header.level { return level < .warning }
        if header.continuesOnNextLine { return false }
        let message = line.body.from(header.messageStart)
        return message.behindBlanks() < message.count && !FaultWord.isIn(message)
    }
}
