import Agent
import ArgumentParser
import Events
import Store

struct SourcesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources",
        abstract: "List the followed files: state, offset, lag, losses, and why one is not read.")

    @OptionGroup var store: StoreOptions

    @Option(help: "text or json (JSON Lines).")
    var format = OutputFormat.text

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("Only files whose path holds this.", valueName: "file"))
    var filter: String?

    func run() throws {
        let archive = try store.open(common)
        var rows = try store.reporting(common) { () throws(ArchiveError) in try archive.files(node: nil) }
        if let filter { rows = rows.filter { $0.checkpoint.path.contains(filter) } }
        guard !rows.isEmpty else {
            if format == .text { common.say("no files; 'margay watch' has not followed any with this store yet") }
            throw ExitStatus.nothingFound
        }
        let now = SystemClock.now()
        common.output.write(format == .json ? rows.map { json($0) }.joined() : table(rows, now: now))
    }

    private func json(_ row: FileRow) -> String {
        JSONText.object { json in
            json.add("file", row.checkpoint.path)
            json.add("node", row.node)
            json.add("source", row.source)
            json.add("state", row.state.rawValue)
            json.add("size", row.size)
            json.add("offset", row.checkpoint.offset)
            json.add("lag_bytes", row.lagBytes)
            json.add("lines", row.linesTotal)
            json.add("events", row.eventsTotal)
            json.add("bytes_lost", row.bytesLost)
            json.add("loss", row.lossNote)
            json.add("note", row.note)
            json.add("last_read", row.lastRead)
            json.add("device", row.checkpoint.identity.device)
            json.add("inode", row.checkpoint.identity.inode)
            json.add("generation", row.checkpoint.generation)
            json.add("cursor", row.checkpoint.cursor)
        }.text + "\n"
    }

    private func table(_ rows: [FileRow], now: Timestamp) -> String {
        var table = Table([
            Table.Column(heading: "FILE"), Table.Column(heading: "STATE"),
            Table.Column(heading: "SIZE", isRightAligned: true), Table.Column(heading: "OFFSET", isRightAligned: true),
            Table.Column(heading: "LAG", isRightAligned: true), Table.Column(heading: "LINES", isRightAligned: true),
            Table.Column(heading: "EVENTS", isRightAligned: true), Table.Column(heading: "LOST", isRightAligned: true),
            Table.Column(heading: "LAST READ"), Table.Column(heading: "NOTE", isFlexible: true),
        ])
        let output = common.output
        for row in rows {
            let isTerminal = output.isTerminal
            func size(_ bytes: Int64) -> String { isTerminal ? bytes.asBytes : String(bytes) }
            let notes = [row.note, row.bytesLost > 0 ? row.lossNote : ""].filter { !$0.isEmpty }
            table.add([
                Table.Cell(row.checkpoint.path),
                Table.Cell(row.state.rawValue, colour: row.state == .unreadable ? "31" : nil),
                Table.Cell(size(row.size)), Table.Cell(size(row.checkpoint.offset)), Table.Cell(size(row.lagBytes)),
                Table.Cell(String(row.linesTotal)), Table.Cell(String(row.eventsTotal)),
                Table.Cell(size(row.bytesLost), colour: row.bytesLost > 0 ? "1;31" : nil),
                Table.Cell(isTerminal ? row.lastRead.short(now: now) : row.lastRead.description),
                Table.Cell(notes.joined(separator: "; ")),
            ])
        }
        return table.text(for: output)
    }
}

extension FileRow {
    /// Bytes written and not yet accounted for, when the file was last looked at.
    var lagBytes: Int64 { max(0, size - checkpoint.offset) }
}
