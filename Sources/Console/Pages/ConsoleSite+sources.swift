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
        let hidden = every.count - chosen.count
        return try page(
            "sources", title: "Sources", section: "sources", request,
            [
                "query": filter ?? "", "hasQuery": filter != nil,
                "entries": sorted.prefix(1_000).map { values($0, request) },
                "hasEntries": !sorted.isEmpty, "count": ConsoleSite.grouped(sorted.count),
                "isCut": sorted.count > 1_000, "hidden": hidden, "hasHidden": hidden > 0 && filter == nil,
                "isWatched": archive.isBeingWritten,
                "learning": learned.map { source in
                    [
                        "node": source.node, "name": source.name, "isLearning": source.learning.isLearning,
                        "isPoor": source.grouping.isPoor, "held": ConsoleSite.grouped(source.held),
                    ] as [String: Any]
                },
                "hasLearning": !learned.isEmpty,
            ])
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
            "lagSeconds": entry.lagSeconds, "lines": ConsoleSite.grouped(entry.lines),
            "events": ConsoleSite.grouped(entry.events), "lost": entry.lossText ?? "", "isLost": entry.isLost,
            "lastRead": entry.lastRead.map { PageValues.time($0, now: request.now) } as Any? ?? false,
            "note": notes.filter { !$0.isEmpty }.joined(separator: "; "),
            "issues": ConsoleSite.address("/issues", [("q", "file:\(IssueCopy.quoted(entry.path))")]),
        ]
    }
}
