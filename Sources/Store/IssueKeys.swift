internal import Events
internal import GRDB

/// Numbers and fingerprints of all issues of a damaged store that can be read: by the table, past pages that cannot be.
struct IssueKeys {
    private let old: Database

    /// Numbers that are skipped at once behind a place that cannot be read; the next time twice as many.
    private static let skipMax: Int64 = 1 << 40

    init(_ old: Database) { self.old = old }

    func all(_ damaged: inout [String]) throws -> [(number: Int64, key: Fingerprint)] {
        let statement = try BoundStatement(
            old, "SELECT number, fingerprint, fingerprint_version FROM issue WHERE number > ?1 ORDER BY number")
        var found: [(number: Int64, key: Fingerprint)] = []
        var place: Int64 = -1
        var skip: Int64 = 1
        var isWhole = true
        while skip < IssueKeys.skipMax {
            statement.bind(place, at: 1)
            do {
                while try statement.step() {
                    place = statement.integer(0)
                    skip = 1
                    guard let key = fingerprint(statement) else {
                        isWhole = false
                        continue
                    }
                    found.append((place, key))
                }
                break
            } catch let error as DatabaseError where error.isDamage {
                isWhole = false
                place += skip
                skip *= 2
            }
        }
        if !isWhole { damaged.append("issue") }
        return found
    }

    /// Nil where the row holds none.
    private func fingerprint(_ row: BoundStatement) -> Fingerprint? {
        do { return try row.fingerprint(1, version: 2) } catch { return nil }
    }
}
