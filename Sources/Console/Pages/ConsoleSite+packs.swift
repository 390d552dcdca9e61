import Events
import Store

extension ConsoleSite {
    /// `GET /packs`: what each pack has caught, and which of its patterns never has.
    func packs(_ request: PageRequest) throws -> Answer {
        let hits = Dictionary(grouping: try archive.patternHits(now: request.now), by: \.pack)
        let facts = Dictionary(host.packs().map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let ofDay = hits.values.joined().reduce(0) { $0 + $1.eventsOfDay }
        let unknown = hits["core"]?.reduce(0) { $0 + $1.eventsOfDay } ?? 0
        let packs = Set(facts.keys).union(hits.keys).map { name -> (name: String, events: Int, values: [String: Any]) in
            let caught = hits[name] ?? []
            let events = caught.reduce(0) { $0 + $1.events }
            let patterns = facts[name]?.patterns ?? []
            let hit = Set(caught.map(\.pattern))
            let idle = patterns.filter { !hit.contains($0.id) }.count
            return (
                name, events,
                [
                    "name": name, "address": "/packs/\(FormFields.encoded(name))",
                    "description": facts[name]?.description ?? "not in use any more", "isInUse": facts[name] != nil,
                    "patterns": patterns.count, "hit": patterns.count - idle, "idle": idle,
                    "issues": ConsoleSite.grouped(caught.reduce(0) { $0 + $1.issues }),
                    "events": ConsoleSite.grouped(events),
                    "eventsOfDay": ConsoleSite.grouped(caught.reduce(0) { $0 + $1.eventsOfDay }),
                    "last": caught.map(\.lastSeen).max().map { PageValues.time($0, now: request.now) } as Any? ?? false,
                    "query": ConsoleSite.address("/issues", [("q", "pack:\(name)")]),
                ]
            )
        }
        let sorted = packs.sorted { ($1.events, $0.name) < ($0.events, $1.name) }
        let active = sorted.filter { $0.events > 0 }
        let quiet = sorted.filter { $0.events == 0 }
        return try page(
            "packs", title: "Packs", section: "packs", request,
            [
                "active": active.map(\.values), "hasActive": !active.isEmpty, "quiet": quiet.map(\.values),
                "hasQuiet": !quiet.isEmpty, "quietCount": quiet.count,
                "unknown": ofDay > 0 ? "\(unknown * 100 / ofDay) %" : "–", "ofDay": ConsoleSite.grouped(ofDay),
                "unknownAddress": ConsoleSite.address("/issues", [("q", "pack:core last:<24h sort:count")]),
            ])
    }

    /// `GET /packs/NAME`.
    func pack(_ request: PageRequest) throws -> Answer {
        let hits = try archive.patternHits(now: request.now).filter { $0.pack == request.name }
        let facts = host.packs().first { $0.name == request.name }
        guard facts != nil || !hits.isEmpty else {
            throw PageFault.notFound("There is no pack \(request.name), and no issue of one of that name.")
        }
        let known = Dictionary((facts?.patterns ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let caught = Dictionary(hits.map { ($0.pattern, $0) }, uniquingKeysWith: { first, _ in first })
        let patterns = Set(known.keys).union(caught.keys).map { id -> (events: Int, values: [String: Any]) in
            let hit = caught[id]
            let pattern = known[id]
            return (
                hit?.events ?? 0,
                [
                    "id": id, "severity": pattern?.severity ?? "gone",
                    "expression": pattern.map { PageEscape.line($0.expression) } as Any? ?? false,
                    "tests": pattern?.tests ?? 0, "issues": ConsoleSite.grouped(hit?.issues ?? 0),
                    "events": ConsoleSite.grouped(hit?.events ?? 0),
                    "eventsOfDay": ConsoleSite.grouped(hit?.eventsOfDay ?? 0), "isHit": hit != nil,
                    "last": (hit?.lastSeen).map { PageValues.time($0, now: request.now) } as Any? ?? false,
                    "query": ConsoleSite.address("/issues", [("q", "pattern:\(IssueCopy.quoted(id))")]),
                ]
            )
        }
        let sorted = patterns.sorted { left, right in
            left.events != right.events
                ? left.events > right.events
                : (left.values["id"] as? String ?? "") < (right.values["id"] as? String ?? "")
        }
        return try page(
            "pack", title: "Pack \(request.name)", section: "packs", request,
            [
                "name": request.name, "description": facts?.description ?? "This pack is not in use any more.",
                "path": facts?.path ?? "", "hasPath": facts != nil, "type": facts?.type.rawValue ?? "",
                "patterns": sorted.map(\.values), "count": sorted.count,
            ])
    }
}
