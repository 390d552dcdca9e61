internal import Events

/// Refuses a batch that no scanner of ours would make: it may come over the network.
enum BatchCheck {
    /// Above this a sum of counts could leave 64 bits; no batch comes near.
    static let countMax = 1 << 40
    /// Bytes of a title, path, note or name, beyond which nobody reads on.
    static let textBytesMax = 64 * 1_024
    /// Largest offset, size or count of a file.
    static let numberMax: Int64 = 1 << 60
    /// Fields of a sample.
    static let fieldsMax = 1_000

    /// What is wrong with `batch`, as a sentence; nil when it can be applied.
    static func fault(of batch: Batch) -> String? {
        if batch.node.isEmpty || tooLong(batch.node) { return "the batch names no node, or one of excessive length" }
        for delta in batch.issues {
            if let fault = fault(of: delta) {
                return "issue \(delta.fingerprint) in batch \(batch.sequence) of \(batch.node) \(fault)"
            }
        }
        for file in batch.files {
            let counts = [file.lines, file.events, file.bytesLost, file.messagesLost, file.checkpoint.offset]
            if counts.contains(where: { $0 < 0 || $0 > numberMax }) || tooLong(file.checkpoint.path)
                || tooLong(file.source) || tooLong(file.note) || tooLong(file.checkpoint.cursor ?? "")
            {
                return "a file in batch \(batch.sequence) of \(batch.node) has a negative or excessive number or text"
            }
        }
        for file in batch.unread?.files ?? []
        where file.size < 0 || tooLong(file.path) || tooLong(file.source) || tooLong(file.reason) {
            return "an unread file in batch \(batch.sequence) of \(batch.node) has a negative size or excessive text"
        }
        return nil
    }

    private static func fault(of delta: IssueDelta) -> String? {
        if let node = delta.node, node.isEmpty || tooLong(node) { return "names no node, or one of excessive length" }
        let parts = delta.hours.map(\.count) + delta.files.map(\.count) + [delta.count]
        if parts.contains(where: { $0 < 1 || $0 > countMax }) { return "has a count below 1 or beyond all reason" }
        if delta.first > delta.last { return "ends before it begins" }
        let texts = [delta.pack, delta.pattern, delta.title, delta.runbook ?? ""] + delta.files.map(\.path)
        if texts.contains(where: tooLong) { return "has a text of excessive length" }
        for sample in delta.samples
        where sample.text.utf8.count > Sample.textBytesMax || tooLong(sample.file) || sample.fields.count > fieldsMax {
            return "has a sample of excessive length"
        }
        return nil
    }

    private static func tooLong(_ text: String) -> Bool { text.utf8.count > textBytesMax }
}
