package import Events

/// The issues of a finished scan, with siblings made one.
///
/// What the store does one message after the other is done here at once; the families are the same.
package enum SiblingFamilies {
    /// Of messages without a pattern, those that differ in one word, at least `SiblingIndex.wordsMin` of them, become one
    /// issue in the place of the first. The rest stays as it is, in its order.
    package static func joined(_ issues: [IssueDelta]) -> [IssueDelta] {
        var shapes: [SiblingShape: SiblingIndex] = [:]
        let skeletons = issues.map { $0.skeleton.flatMap(Skeleton.init) }
        let ofIssue = zip(issues, skeletons).map { issue, skeleton in
            skeleton.map { SiblingShape(pattern: issue.pattern, severity: issue.severity, skeleton: $0) }
        }
        for index in issues.indices {
            guard let skeleton = skeletons[index], let shape = ofIssue[index] else { continue }
            shapes[shape, default: SiblingIndex()].insert(skeleton, number: Int64(index))
        }
        var joined = DisjointSets(count: issues.count)
        var holed: [(index: Int, text: String)] = []
        for index in issues.indices {
            guard let skeleton = skeletons[index], let shape = ofIssue[index] else { continue }
            for group in shapes[shape]?.groups(of: skeleton) ?? [] {
                for member in group.members { joined.join(index, Int(member)) }
                holed.append((index, skeleton.holed(at: group.place)))
            }
        }
        var names: [Int: String] = [:]
        for (index, text) in holed {
            let root = joined.root(of: index)
            names[root] = min(names[root] ?? text, text)
        }
        var slots: [Int: Int] = [:]
        var result: [IssueDelta] = []
        for index in issues.indices {
            let root = joined.root(of: index)
            if let slot = slots[root] {
                result[slot].add(issues[index])
                continue
            }
            slots[root] = result.count
            var issue = issues[index]
            if let holed = names[root], let shape = ofIssue[index] {
                issue.fingerprint = shape.familyFingerprint(holed)
                issue.title = holed
                issue.skeleton = holed
            }
            result.append(issue)
        }
        return result
    }
}

/// Sets that are joined until each root stands for one of them (Tarjan 1975, with path halving).
struct DisjointSets {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    /// The lowest member of the set.
    mutating func root(of member: Int) -> Int {
        var member = member
        while parents[member] != member {
            parents[member] = parents[parents[member]]
            member = parents[member]
        }
        return member
    }

    mutating func join(_ one: Int, _ other: Int) {
        let (one, other) = (root(of: one), root(of: other))
        parents[max(one, other)] = min(one, other)
    }
}

extension IssueDelta {
    /// Counts another issue's events here.
    mutating func add(_ other: IssueDelta) {
        count += other.count
        first = min(first, other.first)
        last = max(last, other.last)
        var hourCounts = Dictionary(hours.map { ($0.hour, $0.count) }, uniquingKeysWith: +)
        for hour in other.hours { hourCounts[hour.hour, default: 0] += hour.count }
        hours = hourCounts.sorted { $0.key < $1.key }.map { HourCount(hour: $0.key, count: $0.value) }
        for file in other.files {
            if let slot = files.firstIndex(where: { $0.path.utf8.elementsEqual(file.path.utf8) }) {
                files[slot].count += file.count
                files[slot].last = max(files[slot].last, file.last)
            } else {
                files.append(file)
            }
        }
        let byTime = (samples + other.samples).sorted { $0.time < $1.time }
        samples =
            Array(byTime.prefix(IssueDelta.samplesMax - 1)) + byTime.dropFirst(IssueDelta.samplesMax - 1).suffix(1)
    }
}
