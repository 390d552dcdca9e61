/// Whether the errors of a source that no pack of its own knows fall into groups at all: after Elastic's check of its
/// own categories (CTokenListDataCategorizerBase.cc). Where they do not, single new issues are noise.
package struct GroupingQuality: Sendable, Codable, Equatable {
    /// Events that no specific pattern claims, their issues, and those of these with one event only.
    package private(set) var events = 0
    package private(set) var issues = 0
    package private(set) var singles = 0
    /// The verdict, with hysteresis.
    package private(set) var isPoor = false

    /// Events before anything is said.
    package static let eventsMin = 100
    /// Beyond this all three are halved, so that the verdict follows the present.
    package static let eventsMax = 2_000
    /// Issues on a hundred events that are too many; below half of it all is well again.
    package static let issuesPercentMax = 50
    /// Issues of one event on a hundred issues that are too many; asked where there are enough issues to say.
    package static let singlesPercentMax = 90
    package static let issuesMin = 20

    package init() {}

    /// Counts events of one issue that had `before` events until then. Returns whether the verdict changed.
    package mutating func add(count: Int, before: Int) -> Bool {
        events += count
        if before == 0 { issues += 1 }
        if before == 0, count == 1 { singles += 1 }
        if before == 1 { singles = max(0, singles - 1) }
        if events > GroupingQuality.eventsMax {
            events /= 2
            issues /= 2
            singles /= 2
        }
        let was = isPoor
        if isPoor {
            isPoor = isScattered(GroupingQuality.issuesPercentMax / 2, GroupingQuality.singlesPercentMax * 3 / 4)
        } else {
            isPoor =
                events >= GroupingQuality.eventsMin
                && isScattered(GroupingQuality.issuesPercentMax, GroupingQuality.singlesPercentMax)
        }
        return was != isPoor
    }

    private func isScattered(_ issuesPercent: Int, _ singlesPercent: Int) -> Bool {
        if issues * 100 > events * issuesPercent { return true }
        return issues >= GroupingQuality.issuesMin && singles * 100 > issues * singlesPercent
    }
}
