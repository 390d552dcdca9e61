internal import GRDB

/// Copies rows of one table from one store to another: the columns that both have, whatever they hold.
///
/// A page that cannot be read costs the rows on it: what comes before it is kept, and what comes behind is read from the
/// other end.
struct TableCopy {
    /// What becomes of one column on the way.
    enum Change {
        case keep
        case integer(Int64?)
        case text(String)
        /// The row stays behind.
        case leave
    }

    private let columns: [String]
    private let select: BoundStatement
    private let insert: BoundStatement

    /// - Parameters:
    ///   - condition: of the rows of the old store, with `?1` for what `run` is given.
    ///   - conflict: what SQL says behind the values, such as an ON CONFLICT clause.
    init(
        _ table: String, from old: Database, to new: Database, where condition: String, without left: Set<String> = [],
        order: String = "", verb: String = "INSERT", conflict: String = ""
    ) throws {
        func names(_ database: Database) throws -> [String] {
            try BoundStatement(database, "SELECT name FROM pragma_table_info('\(table)')").all { $0.text(0) }
        }
        let known = Set(try names(old))
        columns = try names(new).filter { known.contains($0) && !left.contains($0) }
        let list = columns.joined(separator: ", ")
        let places = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
        select = try BoundStatement(old, "SELECT \(list) FROM \(table) WHERE \(condition) \(order)")
        insert = try BoundStatement(new, "\(verb) INTO \(table) (\(list)) VALUES (\(places)) \(conflict)")
    }

    /// Copies the rows that meet the condition. Returns how many, and whether some could not be read.
    @discardableResult
    func run(
        _ key: Int64? = nil, _ change: (_ column: String, _ row: BoundStatement, _ place: Int32) throws -> Change
    ) throws -> (rows: Int, isWhole: Bool) {
        if let key { select.bind(key, at: 1) }
        var rows = 0
        defer { select.rewind() }
        while true {
            do {
                guard try select.step() else { return (rows, true) }
            } catch let error as DatabaseError where error.isDamage {
                return (rows, false)
            }
            if try put(change) { rows += 1 }
        }
    }

    private func put(
        _ change: (_ column: String, _ row: BoundStatement, _ place: Int32) throws -> Change
    ) throws -> Bool {
        for (place, column) in columns.enumerated() {
            let index = Int32(place)
            switch try change(column, select, index) {
            case .keep: insert.bind(column: index, of: select, at: index + 1)
            case .integer(let value): insert.bind(value, at: index + 1)
            case .text(let text): insert.bind(text, at: index + 1)
            case .leave: return false
            }
        }
        try insert.run()
        return true
    }
}

extension DatabaseError {
    /// Whether it says that pages cannot be read.
    var isDamage: Bool {
        resultCode == .SQLITE_CORRUPT || resultCode == .SQLITE_NOTADB || resultCode == .SQLITE_IOERR
    }
}
