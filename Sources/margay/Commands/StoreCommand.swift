import Agent
import ArgumentParser
import Events
import Store
import Triage

struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Look after the database.",
        subcommands: [Stats.self, Backup.self, Restore.self, Export.self, Import.self, Prune.self])

    struct Stats: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "stats", abstract: "Size, rows by table, and whether the pages agree with each other.",
            discussion: "Exit code: 0 sound, 1 SQLite finds a fault in it.")

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions

        func run() throws {
            let archive = try store.open(common)
            let size = try store.reporting(common) { () throws(ArchiveError) in try archive.size() }
            let faults = try store.reporting(common) { () throws(ArchiveError) in try archive.integrityFaults() }
            var lines = [("file", archive.path), ("schema", Archive.schemaVersion), ("bytes", "\(size.databaseBytes)")]
            lines.append(("free", "\(size.freeBytes)"))
            lines += size.rows.map { ($0.table, "\($0.rows)") }
            if let issues = size.rows.first?.rows, issues > 0 {
                lines.append(("bytes_per_issue", "\((size.databaseBytes - size.freeBytes) / Int64(issues))"))
            }
            common.output.write(lines.map { "\($0.0)\t\($0.1.safe)\n" }.joined())
            for fault in faults { common.errors.write("margay: \(fault.safe)\n") }
            if !faults.isEmpty { throw ExitStatus.nothingFound }
        }
    }

    struct Backup: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "backup", abstract: "Write a copy of one moment to a new file, also while 'watch' runs.",
            discussion: "To go back to it: stop Margay, move the store away with its -wal and -shm, put the copy there."
        )

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions
        @Argument(help: "The new file.") var copy: String

        func run() throws {
            let path = store.path(try common.configuration())
            try store.reporting(common) { () throws(ArchiveError) in
                let archive = try Archive(path: path, mode: .change)
                try archive.backup(to: Surroundings.current().absolute(copy))
                try archive.noteBackup(now: SystemClock.now())
                try archive.close()
            }
        }
    }

    struct Prune: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "prune",
            abstract:
                "Drop samples and counts of issues that are out of use; fingerprints stay, so nothing is new again.",
            discussion: """
                Of issues that nobody has to judge and that were not seen for so long. Also resolves what was \
                acknowledged and has been quiet for 14 days.
                """)

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions
        @Option(name: .customLong("older-than"), help: ArgumentHelp("90d, 1w or a date.", valueName: "time"))
        var olderThan: TimeArgument

        func run() throws {
            let now = SystemClock.now()
            let (report, resolved) = try store.change(common) { archive throws(ArchiveError) in
                (try archive.prune(before: olderThan.time(now: now)), try archive.resolveQuiet(now: now))
            }
            common.output.write(
                """
                issues\t\(report.issues)
                samples\t\(report.samples)
                counts\t\(report.hours)
                audit\t\(report.audit)
                resolved\t\(resolved)

                """)
        }
    }
}
