package import Events
internal import GRDB
internal import Glibc

extension Archive {
    /// A store up to so many bytes is checked whole at the first start after a crash: a second at most.
    package static let checkedBytesMax: Int64 = 256 * 1_024 * 1_024
    /// Fingerprints that a new store takes along from one that was kept aside.
    static let carriedMax = 200_000
    /// The baseline of these.
    static let carriedName = "kept aside"

    /// Opens a store for its one writer; a damaged one is kept aside and a new one begun in its place.
    ///
    /// Damaged is what SQLite says it is when it is opened, what a check finds after the last writer did not close it,
    /// and what somebody met while counting (`markDamaged`). The new store goes on at the same checkpoints, where these
    /// can be read. Throws as `init` does.
    ///
    /// - Returns: the store, and where the damaged one lies now; nil where all was well.
    package static func openForWatching(
        path: String, now: Timestamp
    ) throws(ArchiveError) -> (archive: Archive, keptAside: String?) {
        let hasCrashed = DamagedStore.hasLog(path)
        var isDamaged = DamagedStore.isMarked(path)
        if !isDamaged {
            do throws(ArchiveError) {
                let archive = try Archive(path: path, mode: .write)
                guard hasCrashed, try archive.databaseBytes() <= checkedBytesMax else { return (archive, nil) }
                if try archive.integrityFaults().isEmpty { return (archive, nil) }
                try archive.close()
                isDamaged = true
            } catch  where error.code == .damaged {
                isDamaged = true
            }
        }
        let aside = try DamagedStore.keepAside(path, now: now)
        let archive = try Archive(path: path, mode: .write)
        do {
            try archive.carry(from: aside, now: now)
        } catch {
            // What cannot be read at all is what `margay store restore` will say of it; the new store goes on without.
            try archive.note(keptAside: aside, now: now)
        }
        return (archive, aside)
    }

    /// Says that a page of the store could not be read: the next `openForWatching` keeps it aside.
    package func markDamaged() { DamagedStore.mark(path) }

    /// The damaged store that was kept aside last and not restored since; nil where there is none.
    package func keptAside() throws(ArchiveError) -> String? {
        try read { database in
            try BoundStatement(database, "SELECT value FROM setting WHERE name = 'kept-aside'").first { $0.text(0) }
        }
    }

    /// Brings back all that can be read of another store of ours, damaged or not: once, and in one transaction. Another
    /// process may go on counting into this one; it waits meanwhile.
    ///
    /// Throws `.missing`, `.foreign`, `.notDatabase`, `.damaged` where nothing of it can be read, `.badPath` where that
    /// was done already.
    package func restore(from source: String, now: Timestamp) throws(ArchiveError) -> RestoreReport {
        let name = "restored/" + (source.split(separator: "/").last.map(String.init) ?? source)
        return try merging(source) { database, merge in
            let find = try BoundStatement(database, "SELECT value FROM setting WHERE name = ?1")
            find.bind(name, at: 1)
            if let time = try find.first({ $0.text(0) }) {
                throw ArchiveError(.badPath, "was restored already, at \(time)", path: source)
            }
            try merge.run()
            try database.execute(
                sql: """
                    DELETE FROM baseline WHERE name = ? AND EXISTS (SELECT 1 FROM issue
                        WHERE issue.fingerprint = baseline.fingerprint
                        AND issue.fingerprint_version = baseline.fingerprint_version)
                    """, arguments: [Archive.carriedName])
            try database.execute(
                sql: "DELETE FROM setting WHERE name = 'kept-aside' AND value = ?", arguments: [source])
            try database.execute(
                sql: "INSERT INTO setting (name, value) VALUES (?, ?)", arguments: [name, now.description])
            return merge.report
        }
    }

    private func carry(from aside: String, now: Timestamp) throws(ArchiveError) {
        try merging(aside) { database, merge in
            try merge.carry(keysMax: Archive.carriedMax, baseline: Archive.carriedName)
        }
        try note(keptAside: aside, now: now)
    }

    private func note(keptAside aside: String, now: Timestamp) throws(ArchiveError) {
        try change(keeps: true) { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO setting (name, value) VALUES ('kept-aside', ?)", arguments: [aside])
            try database.execute(
                sql: "INSERT INTO audit (time, who, what, detail, reason) VALUES (?, 'margay', 'kept-aside', ?, ?)",
                arguments: [now.microseconds, aside, "the store was damaged; a new one was begun"])
        }
    }

    private func merging<Value>(
        _ source: String, _ body: (Database, inout StoreMerge) throws -> Value
    ) throws(ArchiveError) -> Value {
        let resolved = try StoreFile.prepareForReading(source)
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(Archive.busySecondsMax)
            let old = try DatabaseQueue(path: resolved, configuration: configuration)
            // Without a transaction of GRDB's: its end fails where a page could not be read.
            return try old.unsafeRead { old in
                if case .foreign = try Schema.standing(old) {
                    throw ArchiveError(.foreign, "is a database of another program", path: resolved)
                }
                return try change(keeps: true) { database in
                    var merge = StoreMerge(from: old, into: database)
                    return try body(database, &merge)
                }
            }
        } catch {
            throw ArchiveError(error, path: resolved)
        }
    }

    private func databaseBytes() throws(ArchiveError) -> Int64 {
        try read { database in
            try BoundStatement(database, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
                .first { $0.integer(0) } ?? 0
        }
    }
}

extension Archive {
    /// Of these ids or fingerprints, the issues that nobody has moved yet, in the same order; others are left out.
    package func untouched(_ texts: [String]) throws(ArchiveError) -> [String] {
        try read { database in
            let lookup = try IssueNumbers(database)
            let version = try BoundStatement(
                database, "SELECT 1 FROM issue WHERE number = ?1 AND state_version = 0 AND merged_into IS NULL")
            return try texts.compactMap { text in
                guard let found = try lookup.find(text) else { return nil }
                version.bind(found.number, at: 1)
                return try version.first { _ in found.id }
            }
        }
    }
}
