import Store

/// What one pack has caught: its facts and its hits, added up.
struct PackSummary {
    var name: String
    /// Nil where the pack is not in use any more.
    var facts: PackFacts?
    /// Of those patterns that have any.
    var hits: [PatternHits]
    /// Events of the last 30 days in sources where the pack had some, and those of them that only `core` knew; nil where
    /// that says nothing: of `core` itself, of Margay's own faults, and without such sources.
    var unknown: (events: Int, ofThem: Int)?

    /// Of all packs, in use or not, the one with most events first.
    static func all(_ facts: [PackFacts], _ hits: [PatternHits], _ shares: [UnknownShare]) -> [PackSummary] {
        let facts = Dictionary(facts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let hits = Dictionary(grouping: hits, by: \.pack)
        return Set(facts.keys).union(hits.keys)
            .map { PackSummary(name: $0, facts: facts[$0], hits: hits[$0] ?? [], shares) }
            .sorted { ($1.events, $0.name) < ($0.events, $1.name) }
    }

    init(name: String, facts: PackFacts?, hits: [PatternHits], _ shares: [UnknownShare]) {
        self.name = name
        self.facts = facts
        self.hits = hits
        let own = shares.filter { $0.packs.contains(name) }
        if name != "core", name != "margay", !own.isEmpty {
            unknown = (own.reduce(0) { $0 + $1.events }, own.reduce(0) { $0 + $1.unknown })
        }
    }

    var events: Int { hits.reduce(0) { $0 + $1.events } }
    var eventsOfDay: Int { hits.reduce(0) { $0 + $1.eventsOfDay } }
    var eventsOfMonth: Int { hits.reduce(0) { $0 + $1.eventsOfMonth } }
    var tests: Int { facts?.patterns.reduce(0) { $0 + $1.tests } ?? 0 }
    /// With a plus sign where there may be more.
    var issues: String {
        ConsoleSite.grouped(hits.reduce(0) { $0 + $1.issues }) + (hits.contains(where: \.isCut) ? "+" : "")
    }

    /// How many of its patterns have hit in 24 hours, in 30 days, ever.
    var patternsHit: (ofDay: Int, ofMonth: Int, ever: Int) {
        let known = Set(facts?.patterns.map(\.id) ?? hits.map(\.pattern))
        let own = hits.filter { known.contains($0.pattern) && $0.events > 0 }
        return (own.count { $0.eventsOfDay > 0 }, own.count { $0.eventsOfMonth > 0 }, own.count)
    }

    /// How many of its patterns have not.
    var neverHit: Int { (facts?.patterns.count ?? 0) - (facts == nil ? 0 : patternsHit.ever) }

    /// A part of a whole in percent, with one digit behind the point below ten.
    static func percent(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "–" }
        let tenths = (part * 1_000 + whole / 2) / whole
        if part > 0, tenths == 0 { return "< 0.1 %" }
        return tenths < 100 && tenths % 10 != 0 ? "\(tenths / 10).\(tenths % 10) %" : "\((tenths + 5) / 10) %"
    }
}
