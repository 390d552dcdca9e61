import Agent
import Events
import Store

/// What `margay sources` prints.
enum SourceListing {
    static func table(_ entries: [SourceEntry], now: Timestamp, _ output: Terminal) -> String {
        var table = Table([
            Table.Column(heading: "FILE"), Table.Column(heading: "STATE"),
            Table.Column(heading: "SIZE", isRightAligned: true), Table.Column(heading: "OFFSET", isRightAligned: true),
            Table.Column(heading: "LAG", isRightAligned: true), Table.Column(heading: "SECONDS", isRightAligned: true),
            Table.Column(heading: "LINES", isRightAligned: true), Table.Column(heading: "EVENTS", isRightAligned: true),
            Table.Column(heading: "LOST", isRightAligned: true), Table.Column(heading: "LAST READ"),
            Table.Column(heading: "NOTE", isFlexible: true),
        ])
        let isTerminal = output.isTerminal
        func size(_ bytes: Int64) -> String { isTerminal ? bytes.asBytes : String(bytes) }
        for entry in entries {
            let state = entry.catchingUp == nil ? entry.state.rawValue : "catching up"
            let isBad = entry.state == .unreadable || entry.state == .missing
            let read = entry.lastRead.map { isTerminal ? $0.short(now: now) : $0.description } ?? ""
            table.add([
                Table.Cell(entry.path), Table.Cell(state, colour: isBad ? "31" : nil), Table.Cell(size(entry.size)),
                Table.Cell(size(entry.offset)), Table.Cell(size(entry.lagBytes)), Table.Cell(String(entry.lagSeconds)),
                Table.Cell(String(entry.lines)), Table.Cell(String(entry.events)),
                Table.Cell(
                    isTerminal || entry.messagesLost > 0 ? entry.lossText ?? size(0) : size(entry.bytesLost),
                    colour: entry.isLost ? "1;31" : nil), Table.Cell(read),
                Table.Cell(notes(entry)),
            ])
        }
        return table.text(for: output)
    }

    private static func notes(_ entry: SourceEntry) -> String {
        var notes = [entry.note, entry.isLost ? entry.loss : ""]
        if let progress = entry.catchingUp {
            notes.append(
                "\(progress.percent) %, \(progress.bytesPerSecond.asBytes)/s, \(progress.secondsLeft) s left")
        }
        return notes.filter { !$0.isEmpty }.joined(separator: "; ")
    }
}
