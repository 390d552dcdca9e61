import Events
import Store
import Triage

extension ConsoleSite {
    /// `GET /sources`: every file that is or should be followed, those with trouble first.
    func sources(_ request: PageRequest) throws -> Answer {
        let filter = request.query.text("q")
        let showsAll = request.query["all"] != nil
        let every = try host.sources(request.now)
        let chosen = every.filter { entry in
            filter.map { entry.path.contains($0) || entry.node.contains($0) || entry.source.contains($0) }
                ?? (showsAll || entry.state != .excluded)
        }
        let sorted = chosen.sorted { left, right in
            let (first, second) = (ConsoleSite.trouble(left), ConsoleSite.trouble(right))
            return first != second ? first > second : (left.node, left.path) < (right.node, right.path)
        }
        let learned = try archive.sources()
        let shares = try archive.unknownShares(now: request.now)
        let hidden = every.count - chosen.count
        return try page(
            "sources", title: "Sources", section: "sources", request,
            [
                "query": filter ?? "", "hasQuery": filter != nil,
                "entries": sorted.prefix(ConsoleSite.sourcesMax).map { values($0, request) },
                "hasEntries": !sorted.isEmpty, "count": ConsoleSite.grouped(sorted.count),
                "isCut": sorted.count > ConsoleSite.sourcesMax, "hidden": hidden,
                "hasHidden": hidden > 0 && filter == nil,
                "isWatched": archive.isBeingWritten,
                "bySource": bySource(learned, shares), "hasSources": !learned.isEmpty || !shares.isEmpty,
            ])
    }

    /// What is known of sources rather than of files, by node and name.
    private func bySource(_ learned: [SourceStatus], _ shares: [UnknownShare]) -> [[String: Any]] {
        let standings = Dictionary(grouping: learned) { [$0.node, $0.name] }
        let counted = Dictionary(grouping: shares) { [$0.node, $0.source] }
        let keys = Set(standings.keys).union(counted.keys).sorted { $0.lexicographicallyPrecedes($1) }
        return keys.prefix(ConsoleSite.sourcesMax).map { key in
            let standing = standings[key]?.first
            let share = counted[key]?.first
            let unknown = "source:\(IssueCopy.quoted(key[1])) pack:core sort:count"
            return [
                "node": key[0], "name": key[1], "isLearning": standing?.learning.isLearning ?? false,
                "isLearned": standing.map { !$0.learning.isLearning } ?? false,
                "isPoor": standing?.grouping.isPoor ?? false, "held": ConsoleSite.grouped(standing?.held ?? 0),
                "events": ConsoleSite.grouped(share?.events ?? 0),
                "unknown": PackSummary.percent(share?.unknown ?? 0, of: share?.events ?? 0),
                "hasUnknown": (share?.unknown ?? 0) > 0,
                "unknownAddress": ConsoleSite.address("/issues", [("q", unknown)]),
            ]
        }
    }

    /// Files, and sources, on one page.
    private static let sourcesMax = 1_000

    /// A rate as the larger of its spans has it: `12/s`, or `30/min` where that is less than one a second.
    static func rate(_ perMinute: Int64, _ words: (Int64) -> String) -> String {
        perMinute >= 60 ? "\(words(perMinute / 60))/s" : "\(words(perMinute))/min"
    }

    /// How much a file wants a look: 2 not read or with losses, 1 something to know, 0 well.
    private static func trouble(_ entry: SourceEntry) -> Int {
        if entry.isLost { return 2 }
        switch entry.state {
        case .unreadable: return 2
        case .missing, .skipped, .unseen: return 1
        case .following, .draining, .finished, .excluded: return entry.catchingUp == nil ? 0 : 1
        }
    }

    private func values(_ entry: SourceEntry, _ request: PageRequest) -> [String: Any] {
        var notes = [entry.note]
        if entry.isLost { notes.append(entry.loss) }
        if let progress = entry.catchingUp {
            notes.append("\(progress.percent) %, \(progress.bytesPerSecond.asBytes)/s, \(progress.secondsLeft) s left")
        }
        let trouble = ConsoleSite.trouble(entry)
        return [
            "path": entry.path, "node": entry.node, "source": entry.source,
            "state": entry.catchingUp == nil ? entry.state.rawValue : "catching up",
            "mark": trouble == 2 ? "✗" : trouble == 1 ? "!" : "✓",
            "tone": trouble == 2 ? "bad" : trouble == 1 ? "odd" : "good",
            "size": entry.size.asBytes, "lag": entry.lagBytes.asBytes, "isBehind": entry.lagBytes > 0,
            "hasRate": entry.linesPerMinute > 0 || entry.bytesPerMinute > 0,
            "lineRate": ConsoleSite.rate(entry.linesPerMinute) { ConsoleSite.grouped($0) },
            "byteRate": ConsoleSite.rate(entry.bytesPerMinute) { $0.asBytes },
            "lastEvent": entry.lastEvent.map { PageValues.time($0, now: request.now) } as Any? ?? false,
            "lagSeconds": entry.lagSeconds, "lines": ConsoleSite.grouped(entry.lines),
            "events": ConsoleSite.grouped(entry.events), "lost": entry.lossText ?? "", "isLost": entry.isLost,
            "lastRead": entry.lastRead.map { PageValues.time($0, now: request.now) } as Any? ?? false,
            "note": notes.filter { !$0.isEmpty }.joined(separator: "; "),
            "issues": ConsoleSite.address("/issues", [("q", "file:\(IssueCopy.quoted(entry.path))")]),
        ]
    }
}
