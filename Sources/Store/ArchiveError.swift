internal import GRDB

/// Why the store could not do what was asked: one sentence for a person, with the remedy.
package struct ArchiveError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// Opened for reading where nothing is.
        case missing
        /// The path cannot name a database: a directory, or no path at all.
        case badPath = "bad-path"
        /// The user may not read or write the file or its directory, or the file system is read-only.
        case denied
        /// Some other kind of file.
        case notDatabase = "not-a-database"
        /// A database of another program.
        case foreign
        /// Pages of the database contradict each other.
        case damaged
        /// Written by a later Margay than this one.
        case newer
        /// Written by an earlier Margay and not yet brought up to date by a writer.
        case older
        /// Another process is the writer of this store.
        case held
        /// Another process kept the database busy for longer than `Archive.busySecondsMax`.
        case busy
        /// No space left; nothing of the transaction was kept.
        case full
        /// The disk or the file system failed.
        case inputOutput = "input-output"
        /// The batch contradicts itself; nothing of it was kept.
        case badBatch = "bad-batch"
        /// The query is beyond a limit.
        case badQuery = "bad-query"
        /// Anything else that SQLite reports.
        case failed
    }

    package var code: Code
    /// What is wrong and what to do about it.
    package var message: String
    /// The database file, as it was found.
    package var path: String

    package init(_ code: Code, _ message: String, path: String) {
        self.code = code
        self.message = message
        self.path = path
    }

    package var description: String { "\(path): error: [\(code.rawValue)] \(message)" }
}

extension ArchiveError {
    /// Puts what GRDB or SQLite threw into our words; an error of ours stays as it is.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as ArchiveError: self = error
        case let error as DatabaseError: self.init(error, path: path)
        default: self.init(.failed, "\(error)", path: path)
        }
    }

    private init(_ error: DatabaseError, path: String) {
        let said = "SQLite says: \(error.message ?? "nothing"), code \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB: self = .notDatabase(path)
        case .SQLITE_CORRUPT: self = .damaged(path, said)
        case .SQLITE_FULL:
            self.init(
                .full, "no space left for the store; free some, or move the store; nothing was half written", path: path
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .busy, "another process keeps the store busy; it is tried again, or stop that process (\(said))",
                path: path)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN:
            self.init(
                .denied,
                "cannot be opened or written here; the user needs read and write permission on the file, "
                    + "its directory and the -wal and -shm files beside it (\(said))", path: path)
        case .SQLITE_IOERR:
            self.init(.inputOutput, "the disk or the file system failed; look at the kernel log (\(said))", path: path)
        default: self.init(.failed, said, path: path)
        }
    }

    static func notDatabase(_ path: String) -> ArchiveError {
        ArchiveError(
            .notDatabase,
            "is not an SQLite database; name another file as the store, or move this one away and start again",
            path: path)
    }

    static func damaged(_ path: String, _ detail: String) -> ArchiveError {
        ArchiveError(
            .damaged,
            "the database is damaged; `margay watch` keeps it aside at its next start and begins a new one, and "
                + "`margay store restore` brings back what can be read; or move a backup into its place (\(detail))",
            path: path)
    }
}
