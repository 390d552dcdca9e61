/// First in, first out, both ends in constant time on average.
struct Queue<Element> {
    private var incoming: [Element] = []
    private var outgoing: [Element] = []

    var isEmpty: Bool { incoming.isEmpty && outgoing.isEmpty }

    mutating func append(_ element: Element) { incoming.append(element) }

    mutating func popFirst() -> Element? {
        if outgoing.isEmpty {
            outgoing = incoming.reversed()
            incoming.removeAll(keepingCapacity: true)
        }
        return outgoing.popLast()
    }
}

/// Elements by moment, the earliest first: a binary heap.
struct TimerHeap<Element> {
    private var entries: [(moment: Int64, element: Element)] = []

    /// The earliest moment.
    var first: Int64? { entries.first?.moment }

    mutating func insert(_ element: Element, at moment: Int64) {
        entries.append((moment, element))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].moment < entries[parent].moment else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func popFirst() -> Element? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return first.element }
        entries[0] = last
        var parent = 0
        while true {
            var earliest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && entries[child].moment < entries[earliest].moment {
                earliest = child
            }
            guard earliest != parent else { return first.element }
            entries.swapAt(parent, earliest)
            parent = earliest
        }
    }
}
