import Events
import Store
import Triage

extension ConsoleSite {
    /// `GET /api/v1/sources`: files by node and path, `cursor` for the next page; with the first one, how much of each
    /// source only `core` knew.
    func apiSources(_ request: PageRequest) throws -> Answer {
        let query = try CallQuery(request.query, ["q", "limit", "cursor"])
        let limit = try query.limit()
        let after = try query.text("cursor").map(FileKey.init)
        let all = try host.sources(request.now)
            .filter { entry in
                query.text("q").map {
                    $0.isEmpty || entry.path.contains($0) || entry.node.contains($0) || entry.source.contains($0)
                } ?? true
            }
            .map { (key: FileKey($0), entry: $0) }
            .filter { file in after.map { $0 < file.key } ?? true }
            .sorted { $0.key < $1.key }
        let page = all.prefix(limit)
        let shares = after == nil ? try archive.unknownShares(now: request.now) : []
        return .json(
            JSONText.object { json in
                json.add("sources", array: page.map(\.entry)) { json, entry in json.element { entry.add(to: &$0) } }
                json.add("next", page.count < all.count ? page.last?.key.text : nil)
                json.add("shares", array: shares) { json, share in
                    json.element { json in
                        json.add("source", share.source)
                        json.add("node", share.node)
                        json.add("events_30d", share.events)
                        json.add("unknown_30d", share.unknown)
                    }
                }
            }.text + "\n")
    }

    /// `GET /api/v1/learning`: which sources are still learned.
    func apiLearning(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let (sources, baselines) = (try archive.sources(), try archive.baselines())
        return .json(
            JSONText.object { json in
                json.add("sources", array: sources) { json, source in
                    json.element { json in
                        json.add("name", source.name)
                        json.add("node", source.node)
                        json.add("learning", source.learning.isLearning)
                        json.add("began", source.learning.began)
                        json.add("ended", source.learning.ended)
                        json.add("ended_because", source.learning.endedBecause)
                        json.add("issues", source.learning.issues)
                        json.add("events", source.learning.events)
                        json.add("held", source.held)
                        json.add("groups_poorly", source.grouping.isPoor)
                    }
                }
                json.add("baselines", array: baselines) { json, baseline in
                    json.element { json in
                        json.add("name", baseline.name)
                        json.add("fingerprints", baseline.count)
                    }
                }
            }.text + "\n")
    }

    /// `POST /api/v1/learning/accept`: what was learned of a source, or of all, is what is usual.
    func apiAccept(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let body = try CallBody(request.body, ["source"], example: "{\"source\": \"web\"}")
        let ended = try archive.acceptLearned(try body.text("source"), by: author(request), now: request.now)
        return .json(JSONText.object { $0.add("ended", ended) }.text + "\n")
    }

    /// `GET /api/v1/packs`: each pattern of each pack with what it has caught.
    func apiPacks(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let caught = Dictionary(grouping: try archive.patternHits(now: request.now), by: \.pack)
        let shares = try archive.unknownShares(now: request.now)
        let costs = try archive.patternCosts()
        return .json(
            JSONText.object { json in
                json.add("packs", array: host.packs()) { json, pack in
                    json.element {
                        PackJSON(facts: pack, hits: caught[pack.name] ?? [], shares: shares, costs: costs)
                            .add(to: &$0, isWhole: false)
                    }
                }
            }.text + "\n")
    }

    /// `GET /api/v1/packs/NAME`: the same of one, with its expressions.
    func apiPack(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        guard let pack = host.packs().first(where: { $0.name == request.name }) else {
            throw PageFault.notFound("There is no pack \(request.name).")
        }
        let made = PackJSON(
            facts: pack, hits: try archive.patternHits(pack: pack.name, now: request.now),
            shares: try archive.unknownShares(now: request.now), costs: try archive.patternCosts())
        return .json(JSONText.object { made.add(to: &$0, isWhole: true) }.text + "\n")
    }
}

/// A file's place in the order of files.
private struct FileKey: Comparable {
    var node: String
    var path: String

    init(_ entry: SourceEntry) { (node, path) = (entry.node, entry.path) }

    /// Reads `text`; a node's name holds no slash.
    init(_ text: String) throws {
        guard let slash = text.firstIndex(of: "/") else {
            throw PageFault.malformed("'\(text)' is no cursor of this list; send 'next' of the page before.")
        }
        node = String(text[..<slash])
        path = String(text[text.index(after: slash)...])
    }

    var text: String { "\(node)/\(path)" }

    static func < (left: FileKey, right: FileKey) -> Bool { (left.node, left.path) < (right.node, right.path) }
}

/// A pack in use with what its patterns have caught.
private struct PackJSON {
    var facts: PackFacts
    var hits: [PatternHits]
    var shares: [UnknownShare]
    var costs: [String: PatternCostRow]

    /// - Parameter isWhole: with expressions and runbooks.
    func add(to json: inout JSONText, isWhole: Bool) {
        let caught = Dictionary(hits.map { ($0.pattern, $0) }, uniquingKeysWith: { first, _ in first })
        json.add("pack", facts.name)
        json.add("description", facts.description)
        json.add("type", facts.type.rawValue)
        json.add("file", facts.path)
        json.add("version", facts.version)
        let unknown = PackSummary(name: facts.name, facts: facts, hits: hits, shares).unknown
        json.add("source_events_30d", unknown?.events)
        json.add("source_unknown_30d", unknown?.ofThem)
        json.add("patterns", array: facts.patterns) { json, pattern in
            let hit = caught[pattern.id]
            json.element { json in
                json.add("id", pattern.id)
                json.add("severity", pattern.severity)
                json.add("issues", hit?.issues ?? 0)
                json.add("events", hit?.events ?? 0)
                json.add("events_24h", hit?.eventsOfDay ?? 0)
                json.add("events_30d", hit?.eventsOfMonth ?? 0)
                json.add("last_seen", hit?.lastSeen)
                json.add("asked", costs[pattern.id]?.cost.asked ?? 0)
                json.add("nanoseconds_each", costs[pattern.id]?.nanosecondsEach)
                json.add("given_up", costs[pattern.id]?.cost.givenUp ?? 0)
                if isWhole {
                    json.add("match", pattern.expression)
                    json.add("runbook", pattern.runbook)
                    json.add("tests", pattern.tests)
                }
            }
        }
    }
}
