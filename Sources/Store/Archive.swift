package import Events
internal import GRDB
package import Triage

/// The store: one SQLite database that holds issues, counts, samples, checkpoints and the audit trail.
///
/// One writer a store, held by a lock beside the database; any number of readers, in this process and in others, each
/// of which sees whole batches only. Safe to use from any thread; every call blocks on the disk, so never call it from
/// the cooperative pool.
package final class Archive: Sendable {
    package enum Mode: Sendable {
        /// The one writer; makes the directory (0750) and the database (0640) where they are missing and brings an
        /// older one up to date.
        case write
        /// Looks only; the store must be there and current.
        case read
        /// Moves issues and settings while another process may be the writer; the store must be there and current.
        case change
    }

    /// How long a call waits for another process before it gives up with `.busy`.
    package static let busySecondsMax = 5.0
    /// Connections that read at the same time; further readers wait.
    package static let readersMax = 4
    /// Pages of the write-ahead log after which it is written back into the database: a busy store changes the same
    /// pages in every batch, and each is written back once.
    static let logPagesMax = 8_192
    /// What the write-ahead log is cut back to after a burst.
    static let logBytesMax = 64 * 1_024 * 1_024
    /// Page cache of a connection, KiB: the writer touches rows all over a large store.
    static let writerCacheKiB = 128 * 1_024
    static let readerCacheKiB = 32 * 1_024

    package let mode: Mode
    /// The database file, absolute, links followed.
    package let path: String

    let pool: DatabasePool
    private let lock: WriterLock?

    /// Throws, each with what to do about it: `.badPath`, `.missing`, `.denied`, `.held`, `.notDatabase`, `.foreign`,
    /// `.damaged`, `.newer`, `.older` (when reading), `.busy`, `.full`, `.inputOutput`.
    package init(path: String, mode: Mode) throws(ArchiveError) {
        let resolved: String
        switch mode {
        case .write:
            resolved = try StoreFile.prepareForWriting(path)
            lock = try WriterLock(database: resolved)
        case .read:
            resolved = try StoreFile.prepareForReading(path)
            lock = nil
        case .change:
            resolved = try StoreFile.prepareForChanging(path)
            lock = nil
        }
        self.path = resolved
        self.mode = mode
        do {
            pool = try DatabasePool(path: resolved, configuration: Archive.configuration(path: resolved, mode: mode))
            try pool.writeWithoutTransaction { database in
                let standing = try Schema.standing(database)
                if mode == .write { try Schema.migrate(database, standing: standing) }
            }
        } catch {
            throw ArchiveError(error, path: resolved)
        }
    }

    /// Writes the log back into the database and lets the store go. Every later call throws; a second close does not.
    /// An archive that is merely dropped is closed too, without a word about what failed.
    package func close() throws(ArchiveError) {
        defer { lock?.release() }
        if mode == .write { emptyLog() }
        do { try pool.close() } catch { throw ArchiveError(error, path: path) }
    }

    /// Brings the write-ahead log into the database and cuts it to nothing.
    ///
    /// Without it a copy of the database file alone, made while nobody has it open, lacks the last batches. Somebody who
    /// is reading, or a full disk, prevents it: then the log stays, and the next who opens the store uses it.
    private func emptyLog() {
        do {
            try pool.writeWithoutTransaction { database in
                // Closed already: SQLite does not bear being asked then.
                guard database.sqliteConnection != nil else { return }
                _ = try database.checkpoint(.truncate)
            }
        } catch {
            // Nothing is lost: the log is part of the store.
        }
    }

    /// Counts a batch: all of it or, when this throws, nothing, so that the same batch can be offered again.
    ///
    /// A batch whose sequence number was applied before for its node is left alone and yields no notice.
    /// Returns what to tell, in the order of `batch.issues`; the notices of a batch exist once, here.
    /// Throws `.full`, `.busy`, `.inputOutput`, `.damaged`, `.badBatch`; `.denied` when opened for reading.
    ///
    /// - Parameter policy: what is learned before it is told, and how much is told.
    package func apply(
        _ batch: Batch, policy: NoveltyPolicy = .everything
    ) throws(ArchiveError) -> [Notice] {
        try record(batch, policy: policy).notices
    }

    /// As `apply`, and says which sources it was the last batch to be learned from.
    ///
    /// - Parameter isDurable: it lies on the disk when this returns, so that a power cut does not take it back. What is
    ///   read from files need not: it is read again. Costs a flush of the write-ahead log.
    package func record(
        _ batch: Batch, policy: NoveltyPolicy, isDurable: Bool = false
    ) throws(ArchiveError) -> RecordedBatch {
        guard mode == .write else {
            throw ArchiveError(.denied, "was opened for reading, so nothing can be counted", path: path)
        }
        if let fault = BatchCheck.fault(of: batch) { throw ArchiveError(.badBatch, fault, path: path) }
        do {
            guard isDurable else { return try pool.write { try Archive.ingest(batch, policy, $0) } }
            return try pool.writeWithoutTransaction { database in
                // Cannot be changed within a transaction (sqlite.org/pragma.html#pragma_synchronous).
                try database.execute(sql: "PRAGMA synchronous = FULL")
                let outcome = Result { try database.recorded(batch, policy) }
                try database.execute(sql: "PRAGMA synchronous = NORMAL")
                return try outcome.get()
            }
        } catch {
            throw ArchiveError(error, path: path)
        }
    }

    fileprivate static func ingest(_ batch: Batch, _ policy: NoveltyPolicy, _ database: Database) throws
        -> RecordedBatch
    {
        var ingest = try Ingest(database, policy: policy)
        let recorded = try ingest.apply(batch)
        // Statements run by hand pass GRDB's observers by.
        if !batch.issues.isEmpty || !batch.files.isEmpty { try database.notifyChanges(in: .fullDatabase) }
        return recorded
    }

    /// Runs `body` on one snapshot: what it reads is of one moment, whatever is written meanwhile.
    func read<Value>(_ body: (Database) throws -> Value) throws(ArchiveError) -> Value {
        do { return try pool.read(body) } catch { throw ArchiveError(error, path: path) }
    }

    private static func configuration(path: String, mode: Mode) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = mode == .read
        configuration.busyMode = .timeout(busySecondsMax)
        configuration.maximumReaderCount = readersMax
        configuration.foreignKeysEnabled = false
        configuration.label = "margay.store"
        configuration.prepareDatabase { database in
            // Before GRDB turns on the write-ahead log: a database that is not ours stays as it is.
            try check(Schema.standing(database), path: path, mode: mode)
            // NORMAL in WAL mode: a power cut loses the last batches and their checkpoints together, so they are read
            // again. Incremental vacuum has to be chosen before the first table. FAST: what is dropped is wiped where
            // that costs no further write.
            try database.execute(
                sql: database.configuration.readonly
                    ? "PRAGMA cache_size = \(-readerCacheKiB)"
                    : """
                    PRAGMA auto_vacuum = INCREMENTAL;
                    PRAGMA synchronous = NORMAL;
                    PRAGMA journal_size_limit = \(logBytesMax);
                    PRAGMA cache_size = \(-writerCacheKiB);
                    PRAGMA wal_autocheckpoint = \(logPagesMax);
                    PRAGMA secure_delete = FAST;
                    """)
        }
        return configuration
    }

    private static func check(_ standing: Schema.Standing, path: String, mode: Mode) throws(ArchiveError) {
        switch (standing, mode) {
        case (.current, _), (.empty, .write), (.behind, .write): return
        case (.empty, .read), (.empty, .change):
            throw ArchiveError(.missing, "the store is empty; `margay watch` fills it", path: path)
        case (.behind, .read), (.behind, .change):
            throw ArchiveError(
                .older, "the store was written by an older Margay; start `margay watch` of this version once",
                path: path)
        case (.newer(let names), _):
            throw ArchiveError(
                .newer,
                "the store was written by a newer Margay (\(names.joined(separator: ", "))); use that version, "
                    + "or name another store", path: path)
        case (.foreign, _):
            throw ArchiveError(
                .foreign, "is a database of another program; name another file as the store", path: path)
        }
    }
}

extension Database {
    /// Counts a batch in a transaction of its own.
    fileprivate func recorded(_ batch: Batch, _ policy: NoveltyPolicy) throws -> RecordedBatch {
        var recorded = RecordedBatch()
        try inTransaction(.immediate) {
            recorded = try Archive.ingest(batch, policy, self)
            return .commit
        }
        return recorded
    }
}
