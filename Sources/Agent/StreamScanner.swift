import Events
import Logging
import Patterns
import Scan
import Tail

/// Records of many streams → counts: what the journal, syslog and reported events have in common. For each stream, a unit
/// or a program, packs are chosen by what it writes.
///
/// Belongs to one thread at a time.
final class StreamScanner {
    private let source: Configuration.Source
    private let catalogue: PackCatalogue
    private let log: Logger
    /// By unit or program: chosen packs and what was learnt of its records.
    private var streams: [String: FollowedFile] = [:]
    private var scanners: ThreadScanners

    /// Streams remembered at a time; with more, all are met anew.
    static let streamsMax = 1_000
    /// Characters of a stream's name that are shown.
    static let nameCharactersMax = 200

    init(_ source: Configuration.Source, catalogue: PackCatalogue, costs: CostBook, log: Logger) {
        self.source = source
        scanners = ThreadScanners(costs: costs)
        self.catalogue = catalogue
        self.log = log
    }

    /// Counts by the host that they are about.
    struct Counts {
        /// Of records that name no node.
        var own = Rollup()
        var others: [String: Rollup] = [:]

        var eventCount: Int { others.values.reduce(own.eventCount) { $0 + $1.eventCount } }
    }

    private struct Group: Hashable, Comparable {
        var node: String
        var stream: String

        static func < (left: Group, right: Group) -> Bool {
            (left.node, left.stream) < (right.node, right.stream)
        }
    }

    /// Counts the events of complete records, stream by stream. `offset` is that of the first byte of the first record,
    /// were they written one behind the other.
    func scan(_ records: [JournalRecord], at offset: Int64, now: Timestamp) -> Counts {
        var counts = Counts()
        var offset = offset
        let groups = Dictionary(grouping: records) { Group(node: $0.node ?? "", stream: $0.stream) }
        for (group, records) in groups.sorted(by: { $0.key < $1.key }) {
            var text: [UInt8] = []
            var starts: [Int] = []
            for record in records {
                starts.append(text.count)
                text += record.text
            }
            let file = file(of: group.stream, records, now)
            let scanner = scanners.scanner(for: file.patterns)
            file.state.times.reference = now
            let path = "\(source.files.name):\(group.stream.prefix(StreamScanner.nameCharactersMax))"
            var rollup = group.node.isEmpty ? counts.own : counts.others[group.node] ?? Rollup()
            text.withUnsafeBytes { bytes in
                let chunk = Chunk(bytes: bytes, offset: offset, line: nil, ending: .quiet)
                var next = 0
                _ = scanner.scan(chunk, &file.state) { scanned in
                    let place = Int(scanned.offset - offset)
                    while next + 1 < starts.count, starts[next + 1] <= place { next += 1 }
                    rollup.add(
                        scanned, of: scanner.set, file: path, fallback: now, hasLines: false,
                        facts: records[next].facts)
                }
            }
            if group.node.isEmpty { counts.own = rollup } else { counts.others[group.node] = rollup }
            offset += Int64(text.count)
        }
        scanners.tellCosts()
        return counts
    }

    /// To be called when nothing is scanned any more: what the patterns cost until then is handed over.
    func tellLastCosts() { scanners.tellLastCosts() }

    /// What is known of a stream. Its packs are chosen by what it writes, with and without the header put before it:
    /// most know the bare lines of a program's own log, that of the system's log knows the header.
    private func file(of stream: String, _ records: [JournalRecord], _ now: Timestamp) -> FollowedFile {
        var head: [UInt8] = []
        for record in records.prefix(StreamScanner.headRecordsMax) {
            for start in [record.headerStart, record.messageStart] {
                head += record.text[start...].prefix(StreamScanner.headBytesMax)
                if head.last != UInt8(ascii: "\n") { head.append(UInt8(ascii: "\n")) }
            }
        }
        let path = "\(source.files.name):\(stream)"
        return head.withUnsafeBytes { head in
            if let file = streams[stream] {
                file.reconsider(path, chunk: head, source: source, catalogue: catalogue)
                return file
            }
            if streams.count >= StreamScanner.streamsMax { streams = [:] }
            let file = FollowedFile(path, head: head, source: source, catalogue: catalogue, now: now)
            streams[stream] = file
            log.info("\(path): \(file.reason)")
            return file
        }
    }

    /// Records, and bytes of each, by which packs are chosen.
    private static let headRecordsMax = 100
    private static let headBytesMax = 1_024
}
