import Events
import Foundation
import GRDB
import Testing
import Triage

@testable import Store

/// A folder of its own for one test, removed with all in it afterwards.
final class TemporaryStore {
    let folder: String
    /// Where the database goes; not there yet.
    var path: String { folder + "/margay.db" }

    init() throws {
        folder = NSTemporaryDirectory() + "margay-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            Issue.record("the folder of a test is not to be removed: \(error)")
        }
    }

    func writer() throws -> Archive { try Archive(path: path, mode: .write) }

    func reader() throws -> Archive { try Archive(path: path, mode: .read) }
}

/// 2026-11-22T09:51:02Z, plus seconds.
func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: 1_795_341_062 + seconds) }

/// The `number`-th of the fingerprints used in tests; their ids differ in the first character.
func key(_ number: UInt64) -> Fingerprint { Fingerprint(high: number << 59, low: number) }

func sample(_ seconds: Int64, file: String = "/var/log/app.log", offset: Int64 = 0, rank: UInt64 = 7) -> Sample {
    Sample(
        file: file, line: offset + 1, offset: offset, time: at(seconds), text: "error at \(seconds)",
        fields: ["reason": "because \(seconds)"], rank: rank)
}

/// Events of one issue at these seconds, in one file, with what a scanner would say of them.
func delta(
    _ fingerprint: Fingerprint, at seconds: [Int64], file: String = "/var/log/app.log", title: String = "It broke",
    severity: Severity = .major, pack: String = "core"
) -> IssueDelta {
    let times = seconds.sorted()
    let hours = Dictionary(grouping: times) { at($0).hour }
    return IssueDelta(
        fingerprint: fingerprint, pack: pack, pattern: pack + ".error", type: .application, severity: severity,
        title: title, count: times.count, first: at(times.first ?? 0), last: at(times.last ?? 0),
        hours: hours.keys.sorted().map { HourCount(hour: $0, count: hours[$0]?.count ?? 0) },
        files: [FileCount(path: file, count: times.count, last: at(times.last ?? 0))],
        samples: Array(times.prefix(1) + times.dropFirst().suffix(1)).map { sample($0, file: file) })
}

func batch(
    _ sequence: UInt64, node: String = "web-1", _ issues: [IssueDelta] = [], files: [FileProgress] = [],
    time: Timestamp = at(1_000_000)
) -> Batch {
    Batch(node: node, sequence: sequence, issues: issues, files: files, time: time)
}

func progress(
    inode: UInt64 = 7, path: String = "/var/log/app.log", offset: Int64, lines: Int64 = 10, events: Int64 = 1,
    generation: Int = 0, state: FileState = .following, bytesLost: Int64 = 0, note: String = ""
) -> FileProgress {
    FileProgress(
        checkpoint: Checkpoint(
            path: path,
            identity: FileIdentity(device: .max, inode: inode, birthNanoseconds: 1_795_341_062_000_000_001),
            generation: generation, offset: offset, lines: lines, head: ContentProof(length: 1_024, hash: .max - 1),
            before: ContentProof(length: 256, hash: 42)),
        source: "web", state: state, size: offset + 5, lines: lines, events: events, bytesLost: bytesLost, note: note)
}

extension Archive {
    /// What a person's move does, until there is a call for it.
    func move(_ id: String, to state: IssueState, at time: Timestamp) throws {
        try pool.write { database in
            try database.execute(
                sql: """
                    UPDATE issue SET state = ?, state_time = ?, state_version = state_version + 1, novelty = 'known'
                    WHERE id = ?
                    """, arguments: [state.rawValue, time.microseconds, id])
        }
    }

    /// All issues in all states.
    func everything() throws -> [IssueRow] { try issues(IssueQuery(states: nil)) }

    func detail(_ id: String) throws -> IssueDetail {
        guard case .found(let detail) = try issue(matching: id, now: at(0)) else {
            throw ArchiveError(.failed, "no issue \(id)", path: path)
        }
        return detail
    }

    /// Every row of every table, to compare two moments.
    func dump() throws -> [String] {
        try pool.read { database in
            let tables = try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            return try tables.flatMap { table in
                try Row.fetchAll(database, sql: "SELECT * FROM \(table)").map { "\(table): \($0)" }.sorted()
            }
        }
    }
}
