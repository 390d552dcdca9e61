import Events
import Store

extension ConsoleSite {
    /// `GET /packs`: what each pack has caught, and which of its patterns never has.
    func packs(_ request: PageRequest) throws -> Answer {
        let packs = PackSummary.all(
            host.packs(), try archive.patternHits(now: request.now), try archive.unknownShares(now: request.now))
        let costs = try archive.patternCosts()
        let ofDay = packs.reduce(0) { $0 + $1.eventsOfDay }
        let unknown = packs.first { $0.name == "core" }?.eventsOfDay ?? 0
        let active = packs.filter { $0.events > 0 }
        let quiet = packs.filter { $0.events == 0 }
        return try page(
            "packs", title: "Packs", section: "packs", request,
            [
                "troubled": ConsoleSite.troubled(costs, request), "active": active.map { values($0, request) },
                "hasActive": !active.isEmpty,
                "quiet": quiet.map { values($0, request) }, "hasQuiet": !quiet.isEmpty, "quietCount": quiet.count,
                "unknown": PackSummary.percent(unknown, of: ofDay), "ofDay": ConsoleSite.grouped(ofDay),
                "unknownAddress": ConsoleSite.address("/issues", [("q", "pack:core last:<24h sort:count")]),
            ])
    }

    /// Patterns that were given up at a match limit, the worst first.
    private static func troubled(_ costs: [String: PatternCostRow], _ request: PageRequest) -> [[String: Any]] {
        let given = costs.values.filter { $0.cost.givenUp > 0 }
            .sorted { ($1.cost.givenUp, $0.cost.pattern) < ($0.cost.givenUp, $1.cost.pattern) }
        return given.prefix(troubledMax).map { row in
            let pack = row.cost.pattern.prefix { $0 != "." }
            return [
                "id": row.cost.pattern, "times": grouped(row.cost.givenUp),
                "address": "/packs/\(FormFields.encoded(String(pack)))",
                "last": row.givenUpLast.map { PageValues.time($0, now: request.now) } as Any? ?? false,
            ]
        }
    }

    /// Such patterns that the list of packs names.
    private static let troubledMax = 20

    private func values(_ pack: PackSummary, _ request: PageRequest) -> [String: Any] {
        let address = "/packs/\(FormFields.encoded(pack.name))"
        let hit = pack.patternsHit
        return [
            "name": pack.name, "address": address, "description": ConsoleSite.description(pack),
            "isInUse": pack.facts != nil, "patterns": pack.facts?.patterns.count ?? 0,
            "hitOfDay": hit.ofDay, "hitOfMonth": hit.ofMonth, "hit": hit.ever, "idle": pack.neverHit,
            "hasIdle": pack.neverHit > 0, "idleAddress": ConsoleSite.address(address, [("hits", "never")]),
            "tests": ConsoleSite.grouped(pack.tests), "issues": pack.issues,
            "events": ConsoleSite.grouped(pack.events), "eventsOfDay": ConsoleSite.grouped(pack.eventsOfDay),
            "eventsOfMonth": ConsoleSite.grouped(pack.eventsOfMonth),
            "unknown": pack.unknown.map { PackSummary.percent($0.ofThem, of: $0.events) } ?? "–",
            "version": pack.facts.map { String($0.version.prefix(ConsoleSite.versionDigits)) } ?? "",
            "last": pack.hits.map(\.lastSeen).max().map { PageValues.time($0, now: request.now) } as Any? ?? false,
            "query": ConsoleSite.address("/issues", [("q", "pack:\(IssueCopy.quoted(pack.name))")]),
        ]
    }

    /// Digits of a version in a list.
    private static let versionDigits = 7

    private static func description(_ pack: PackSummary) -> String {
        if let facts = pack.facts { return facts.description }
        return pack.name == HealthEvent.pack ? "Faults of Margay's own work" : "not in use any more"
    }

    /// Which patterns of a pack are shown.
    private enum Choice: String, CaseIterable {
        case all, day, month, ever, never

        var words: String {
            switch self {
            case .all: "all"
            case .day: "hit in 24 hours"
            case .month: "hit in 30 days"
            case .ever: "hit ever"
            case .never: "never hit"
            }
        }

        func takes(_ hit: PatternHits?) -> Bool {
            switch self {
            case .all: true
            case .day: (hit?.eventsOfDay ?? 0) > 0
            case .month: (hit?.eventsOfMonth ?? 0) > 0
            case .ever: (hit?.events ?? 0) > 0
            case .never: (hit?.events ?? 0) == 0
            }
        }
    }

    /// `GET /packs/NAME`.
    func pack(_ request: PageRequest) throws -> Answer {
        let name = request.name
        let choice = request.query.text("hits").map { Choice(rawValue: $0) } ?? .all
        guard let choice else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw PageFault.malformed("'hits' is one of \(known).")
        }
        let hits = try archive.patternHits(pack: name, now: request.now)
        let facts = host.packs().first { $0.name == name }
        guard facts != nil || !hits.isEmpty else {
            throw PageFault.notFound("There is no pack \(name), and no issue of one of that name.")
        }
        let pack = PackSummary(name: name, facts: facts, hits: hits, try archive.unknownShares(now: request.now))
        let known = Dictionary((facts?.patterns ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let caught = Dictionary(hits.map { ($0.pattern, $0) }, uniquingKeysWith: { first, _ in first })
        let costs = try archive.patternCosts()
        let shadows = facts == nil ? [:] : host.shadows(name)
        let patterns = Set(known.keys).union(caught.keys)
            .sorted { (caught[$1]?.events ?? 0, $0) < (caught[$0]?.events ?? 0, $1) }
        let shown = patterns.filter { choice.takes(caught[$0]) }
        return try page(
            "pack", title: "Pack \(name)", section: "packs", request,
            [
                "name": name, "description": ConsoleSite.description(pack), "path": facts?.path ?? "",
                "hasPath": facts != nil, "type": facts?.type.rawValue ?? "", "version": facts?.version ?? "",
                "tests": ConsoleSite.grouped(pack.tests), "issues": pack.issues,
                "query": ConsoleSite.address("/issues", [("q", "pack:\(IssueCopy.quoted(name))")]),
                "unknown": pack.unknown.map { PackSummary.percent($0.ofThem, of: $0.events) } as Any? ?? false,
                "patterns": shown.map {
                    values($0, known[$0], caught[$0], shadows[$0] ?? [], request).merging(cost(costs[$0])) { $1 }
                },
                "hasPatterns": !shown.isEmpty, "choice": choice.words,
                "choices": Choice.allCases.map { other in
                    [
                        "words": other.words, "count": patterns.count { other.takes(caught[$0]) },
                        "isChosen": other == choice,
                        "address": ConsoleSite.address(
                            "/packs/\(FormFields.encoded(name))", other == .all ? [] : [("hits", other.rawValue)]),
                    ] as [String: Any]
                },
            ])
    }

    private func cost(_ row: PatternCostRow?) -> [String: Any] {
        [
            "nanoseconds": (row?.nanosecondsEach).map { "\(ConsoleSite.grouped($0)) ns" } ?? "–",
            "asked": ConsoleSite.grouped(row?.cost.asked ?? 0),
            "givenUp": row.flatMap { $0.cost.givenUp > 0 ? ConsoleSite.grouped($0.cost.givenUp) : nil } as Any?
                ?? false,
        ]
    }

    private func values(
        _ id: String, _ pattern: PackFacts.Pattern?, _ hit: PatternHits?, _ shadows: [String], _ request: PageRequest
    ) -> [String: Any] {
        [
            "id": id, "severity": pattern?.severity ?? "gone",
            "expression": pattern.map { PageEscape.line($0.expression) } as Any? ?? false,
            "tests": pattern?.tests ?? 0,
            "issues": ConsoleSite.grouped(hit?.issues ?? 0) + (hit?.isCut == true ? "+" : ""),
            "events": ConsoleSite.grouped(hit?.events ?? 0),
            "eventsOfDay": ConsoleSite.grouped(hit?.eventsOfDay ?? 0),
            "eventsOfMonth": ConsoleSite.grouped(hit?.eventsOfMonth ?? 0), "isHit": hit != nil,
            "shadows": shadows.map { PageEscape.line($0) },
            "last": (hit?.lastSeen).map { PageValues.time($0, now: request.now) } as Any? ?? false,
            "query": ConsoleSite.address("/issues", [("q", "pattern:\(IssueCopy.quoted(id))")]),
        ]
    }
}
