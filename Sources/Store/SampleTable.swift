internal import Events
internal import GRDB

/// Writes the samples of issues: at most `IssueDelta.samplesMax` rows each, chosen by `SampleChoice`.
struct SampleTable {
    /// Numbers set aside for the samples of one issue; more than `IssueDelta.samplesMax`, and never changed.
    static let slots: Int64 = 8

    private let find: BoundStatement
    private let insert: BoundStatement
    private let replace: BoundStatement
    private let delete: BoundStatement

    init(_ database: Database) throws {
        find = try BoundStatement(
            database, "SELECT number, time, path, offset, rank, node FROM sample WHERE number BETWEEN ?1 AND ?2")
        replace = try BoundStatement(
            database,
            """
            UPDATE sample SET node = ?2, path = ?3, line = ?4, offset = ?5, time = ?6, rank = ?7, fields = ?8, text = ?9
            WHERE number = ?1
            """)
        insert = try BoundStatement(
            database,
            """
            INSERT INTO sample (number, node, path, line, offset, time, rank, fields, text)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """)
        delete = try BoundStatement(database, "DELETE FROM sample WHERE number = ?1")
    }

    /// The numbers of the samples that an issue has or may have.
    static func numbers(of issue: Int64) -> ClosedRange<Int64> { issue * slots...issue * slots + slots - 1 }

    /// Offers samples of one batch of `node`. `fresh` says that the issue has no samples yet.
    func merge(_ samples: [Sample], issue: Int64, node: Int64, fresh: Bool) throws {
        guard !samples.isEmpty else { return }
        let range = SampleTable.numbers(of: issue)
        var numbers: [Int64] = []
        var keys: [SampleKey] = []
        if !fresh {
            find.bind(range.lowerBound, at: 1)
            find.bind(range.upperBound, at: 2)
            while try find.step() {
                numbers.append(find.integer(0))
                keys.append(
                    SampleKey(
                        time: find.time(1), path: find.text(2), offset: find.integer(3), rank: find.bits(4),
                        node: find.integer(5)))
            }
        }
        for sample in samples { keys.append(SampleKey(sample, node: node)) }
        let kept = SampleChoice.keep(of: keys)
        var dropped = numbers.indices.filter { !kept.contains($0) }.map { numbers[$0] }[...]
        var free = range.filter { !numbers.contains($0) }[...]
        for place in kept where place >= numbers.count {
            let sample = samples[place - numbers.count]
            if let number = dropped.popFirst() {
                try put(sample, node: node, number: number, by: replace)
            } else if let number = free.popFirst() {
                try put(sample, node: node, number: number, by: insert)
            }
        }
        for number in dropped {
            delete.bind(number, at: 1)
            try delete.run()
        }
    }

    private func put(_ sample: Sample, node: Int64, number: Int64, by write: BoundStatement) throws {
        write.bind(number, at: 1)
        write.bind(node, at: 2)
        write.bind(sample.file, at: 3)
        write.bind(sample.line, at: 4)
        write.bind(sample.offset, at: 5)
        write.bind(sample.time, at: 6)
        write.bind(sample.rank, at: 7)
        write.bind(FieldsText.encode(sample.fields), at: 8)
        write.bind(sample.text, at: 9)
        try write.run()
    }
}
