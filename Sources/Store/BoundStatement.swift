internal import Events
internal import GRDB
internal import GRDBSQLite

/// A statement bound and read by hand over SQLite's own calls, on a connection that GRDB opened, keeps and serialises.
///
/// Two reasons. GRDB binds and reads strings up to their first NUL, and log text holds NULs. And a batch runs some six
/// statements an issue: by hand that is about a third faster than GRDB's argument arrays.
/// Used on the connection's queue only, and not kept beyond the closure that lent the connection.
struct BoundStatement {
    /// Keeps the compiled statement alive.
    private let statement: Statement
    private let handle: OpaquePointer

    /// Compiled once a connection: GRDB caches by the text of `sql`.
    init(_ database: Database, _ sql: String) throws {
        statement = try database.cachedStatement(sql: sql)
        handle = statement.sqliteStatement
        sqlite3_reset(handle)
    }

    // MARK: Arguments, numbered from 1; each stays bound until bound again.

    func bind(_ value: Int64, at index: Int32) { check(sqlite3_bind_int64(handle, index, value)) }

    func bind(_ value: Int, at index: Int32) { bind(Int64(value), at: index) }

    /// Keeps the bits.
    func bind(_ value: UInt64, at index: Int32) { bind(Int64(bitPattern: value), at: index) }

    func bind(_ value: Timestamp, at index: Int32) { bind(value.microseconds, at: index) }

    func bind(_ value: Int64?, at index: Int32) {
        if let value { bind(value, at: index) } else { check(sqlite3_bind_null(handle, index)) }
    }

    func bind(_ value: String, at index: Int32) {
        var value = value
        let code = value.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                // A null pointer would bind NULL, and an empty string may have one.
                characters.isEmpty
                    ? sqlite3_bind_text(handle, index, "", 0, copied)
                    : sqlite3_bind_text(
                        handle, index, characters.baseAddress, Int32(clamping: characters.count), copied)
            }
        }
        check(code)
    }

    func bind(_ value: String?, at index: Int32) {
        if let value { bind(value, at: index) } else { check(sqlite3_bind_null(handle, index)) }
    }

    /// Binds what a column of another statement's current row holds, whatever its kind; also of another connection.
    func bind(column: Int32, of row: BoundStatement, at index: Int32) {
        check(sqlite3_bind_value(handle, index, sqlite3_column_value(row.handle, column)))
    }

    /// The 128 bits as 16 bytes, the highest first, so that the order of blobs is the order of ids.
    func bind(high: UInt64, low: UInt64, at index: Int32) {
        let code = withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes in
            sqlite3_bind_blob(handle, index, bytes.baseAddress, Int32(bytes.count), copied)
        }
        check(code)
    }

    // MARK: Running

    /// Moves to the next row; false at the end, when the statement is ready to be bound and run again.
    func step() throws -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE {
            sqlite3_reset(handle)
            return false
        }
        let message = String(cString: sqlite3_errmsg(sqlite3_db_handle(handle)))
        sqlite3_reset(handle)
        throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }

    /// Runs a statement that returns nothing of interest.
    func run() throws {
        while try step() {}
    }

    /// Ends a run before its last row.
    func rewind() { sqlite3_reset(handle) }

    /// Rows that the last INSERT, UPDATE or DELETE of the connection changed.
    var changes: Int { Int(sqlite3_changes(sqlite3_db_handle(handle))) }

    /// The value made of the first row; nil without a row. Ready to be run again afterwards.
    func first<Value>(_ read: (BoundStatement) throws -> Value) throws -> Value? {
        defer { sqlite3_reset(handle) }
        return try step() ? try read(self) : nil
    }

    /// The values made of all rows, in order. Ready to be run again afterwards.
    func all<Value>(_ read: (BoundStatement) throws -> Value) throws -> [Value] {
        defer { sqlite3_reset(handle) }
        var values: [Value] = []
        while try step() { values.append(try read(self)) }
        return values
    }

    // MARK: Columns of the current row, numbered from 0

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func int(_ column: Int32) -> Int { Int(integer(column)) }

    func bits(_ column: Int32) -> UInt64 { UInt64(bitPattern: integer(column)) }

    func time(_ column: Int32) -> Timestamp { Timestamp(microseconds: integer(column)) }

    func text(_ column: Int32) -> String {
        guard let bytes = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// Throws a `.damaged` text where the blob is not 16 bytes.
    func fingerprint(_ column: Int32, version versionColumn: Int32) throws -> Fingerprint {
        guard let bytes = sqlite3_column_blob(handle, column), sqlite3_column_bytes(handle, column) == 16,
            let version = UInt8(exactly: integer(versionColumn))
        else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a fingerprint is not 16 bytes") }
        return Fingerprint(
            high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)), version: version)
    }

    /// Throws where the column holds a word that this program does not know.
    func word<Word: RawRepresentable>(_ column: Int32) throws -> Word where Word.RawValue == String {
        let raw = text(column)
        guard let word = Word(rawValue: raw) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unknown \(Word.self) in a row")
        }
        return word
    }

    func severity(_ column: Int32) throws -> Severity {
        guard let severity = Severity(rawValue: int(column)) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unknown severity in a row")
        }
        return severity
    }

    /// Binding fails for a wrong index or a statement in mid-run (our mistakes), or for want of memory.
    private func check(_ code: Int32) {
        precondition(code == SQLITE_OK, "SQLite refused an argument with code \(code)")
    }
}

/// SQLITE_TRANSIENT, which is a cast that Swift does not import: SQLite copies the bytes before the call returns.
private let copied = unsafeBitCast(-1 as Int, to: sqlite3_destructor_type.self)
