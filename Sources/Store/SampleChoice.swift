internal import Events

/// What tells one sample from another and ranks it, without its text.
struct SampleKey: Equatable {
    var time: Timestamp
    var path: String
    var offset: Int64
    var rank: UInt64
    /// The node's number in this store.
    var node: Int64

    init(_ sample: Sample, node: Int64) {
        self.init(time: sample.time, path: sample.file, offset: sample.offset, rank: sample.rank, node: node)
    }

    init(time: Timestamp, path: String, offset: Int64, rank: UInt64, node: Int64) {
        self.time = time
        self.path = path
        self.offset = offset
        self.rank = rank
        self.node = node
    }

    /// Earlier first; the node decides last, because its number depends on the order in which nodes arrived.
    static func isEarlier(_ left: SampleKey, _ right: SampleKey) -> Bool {
        if left.time != right.time { return left.time < right.time }
        if left.path != right.path { return left.path < right.path }
        if left.offset != right.offset { return left.offset < right.offset }
        if left.rank != right.rank { return left.rank < right.rank }
        return left.node < right.node
    }
}

/// Which samples of an issue are kept: the first, the last, and of the others those of the lowest ranks.
///
/// The outcome depends on the set of all samples ever offered, not on how they were cut into batches or in which order
/// these came: no sample that was passed over could have been chosen later, since those that beat it are still there.
enum SampleChoice {
    /// Samples beside the first and the last.
    static let rankedMax = IssueDelta.samplesMax - 2

    /// The places in `keys` of the samples to keep: the first, then by rank, then the last.
    static func keep(of keys: [SampleKey]) -> [Int] {
        var order = keys.indices.sorted { SampleKey.isEarlier(keys[$0], keys[$1]) }
        var place = 1
        while place < order.count {
            if keys[order[place]] == keys[order[place - 1]] { order.remove(at: place) } else { place += 1 }
        }
        guard let first = order.first, let last = order.last, order.count > 1 else { return order }
        let ranked = order.dropFirst().dropLast().sorted { left, right in
            keys[left].rank != keys[right].rank
                ? keys[left].rank < keys[right].rank : SampleKey.isEarlier(keys[left], keys[right])
        }
        return [first] + ranked.prefix(rankedMax) + [last]
    }
}
