import Events
import Store
import Triage

/// The packs that have open issues or had events, for the dashboard.
enum PackGroups {
    /// Packs that are shown.
    static let shownMax = 12

    /// The worst first: by the severity of their worst open issues, by how many these are, by events.
    static func sorted(_ standings: [PackStanding], _ flow: EventFlow) -> [PackStanding] {
        let open = Set(standings.map(\.pack))
        let quiet = flow.packs.keys.filter { !open.contains($0) }.map { PackStanding(pack: $0, open: [:]) }
        func events(_ pack: String) -> Int { flow.packs[pack]?.reduce(0, +) ?? 0 }
        return (standings + quiet).sorted { left, right in
            for severity in Severity.allCases.reversed() {
                let (first, second) = (left.open[severity] ?? 0, right.open[severity] ?? 0)
                if first != second { return first > second }
            }
            let (first, second) = (events(left.pack), events(right.pack))
            return first != second ? first > second : left.pack < right.pack
        }
    }

    static func values(_ standings: [PackStanding], _ flow: EventFlow) -> [String: Any] {
        let all = sorted(standings, flow)
        return [
            "groups": all.prefix(shownMax).map { group in
                let hours = flow.packs[group.pack] ?? []
                let query = "pack:\(IssueCopy.quoted(group.pack))"
                return [
                    "name": group.pack == "core" ? "No pack" : group.pack,
                    "address": ConsoleSite.address("/issues", [("q", query)]),
                    "counts": Severity.allCases.reversed().compactMap { severity in
                        group.open[severity].map { count in
                            [
                                "name": severity.name, "count": ConsoleSite.countText(count),
                                "address": ConsoleSite.address(
                                    "/issues", [("q", "\(query) severity:\(severity.name)")]),
                            ]
                        }
                    },
                    "isQuiet": group.open.isEmpty, "spark": PageValues.sparkline(hours),
                    "events": ConsoleSite.grouped(hours.reduce(0, +)),
                    "eventsAddress": ConsoleSite.address(
                        "/issues", [("q", "\(query) last:<24h \(ConsoleSite.anyState)")]),
                ] as [String: Any]
            },
            "hasGroups": !all.isEmpty, "moreGroups": all.count - shownMax, "hasMoreGroups": all.count > shownMax,
        ]
    }
}
