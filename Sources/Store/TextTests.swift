internal import GRDB
internal import GRDBSQLite

/// The SQL function `margay_test(place, text)`: whether a text passes one of the tests of a query. NULL passes none.
///
/// By SQLite's own calls, because GRDB reads texts up to their first NUL.
final class TextTests {
    private let tests: [@Sendable (UnsafeRawBufferPointer) -> Bool]

    private init(_ tests: [@Sendable (UnsafeRawBufferPointer) -> Bool]) { self.tests = tests }

    /// Gives the connection these tests, in place of those of the query before. SQLite keeps them until then.
    static func install(_ tests: [@Sendable (UnsafeRawBufferPointer) -> Bool], on database: Database) throws {
        guard !tests.isEmpty else { return }
        let context = Unmanaged.passRetained(TextTests(tests)).toOpaque()
        // Not deterministic: the same place stands for another test in the next query.
        let code = sqlite3_create_function_v2(
            database.sqliteConnection, "margay_test", 2, SQLITE_UTF8, context,
            { context, _, values in
                guard let values, let user = sqlite3_user_data(context) else { return }
                let tests = Unmanaged<TextTests>.fromOpaque(user).takeUnretainedValue().tests
                let place = Int(sqlite3_value_int64(values[0]))
                guard tests.indices.contains(place), sqlite3_value_type(values[1]) != SQLITE_NULL else {
                    sqlite3_result_int(context, 0)
                    return
                }
                let text = sqlite3_value_text(values[1])
                let bytes = UnsafeRawBufferPointer(start: text, count: Int(sqlite3_value_bytes(values[1])))
                sqlite3_result_int(context, tests[place](bytes) ? 1 : 0)
            }, nil, nil, { context in if let context { Unmanaged<TextTests>.fromOpaque(context).release() } })
        guard code == SQLITE_OK else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: "the tests of a query are refused")
        }
    }
}
