import Agent
import ArgumentParser
import Events
import Store
import Triage

extension StoreCommand {
    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring back what can be read of a damaged store that was kept aside, or of another store.",
            discussion: """
                Adds its issues with their counts, samples, notes and history to the store, once; also while 'watch' \
                runs, which waits meanwhile. Without a file, the store that 'watch' kept aside last.
                """)

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions
        @Argument(help: "The store to read.") var file: String?

        func run() throws {
            let source: String
            if let file {
                source = Surroundings.current().absolute(file)
            } else {
                let archive = try store.open(common)
                let aside = try store.reporting(common) { () throws(ArchiveError) in try archive.keptAside() }
                guard let aside else {
                    common.say("no store was kept aside, or it was restored already; name a file")
                    throw ExitStatus.nothingFound
                }
                source = aside
            }
            let report = try store.change(common) { archive throws(ArchiveError) in
                try archive.restore(from: source, now: SystemClock.now())
            }
            common.output.write(
                """
                from\t\(source.safe)
                added\t\(report.added)
                merged\t\(report.merged)
                rows\t\(report.rows)
                damaged_issues\t\(report.damagedIssues)

                """)
            if !report.damagedTables.isEmpty {
                let tables = Set(report.damagedTables).sorted().joined(separator: ", ")
                common.say("could not be read whole: \(tables); `sqlite3 FILE .recover` may find more")
            }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write every issue with what people decided, one JSON object a line, to standard output.",
            discussion: "In pages of one moment each. 'margay store import' reads it.")

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions

        func run() throws {
            let archive = try store.open(common)
            var query = IssueQuery(states: nil, sort: .firstSeen, isAscending: true)
            repeat {
                let page = try store.reporting(common) { () throws(ArchiveError) in try archive.page(query) }
                if !common.output.write(page.rows.map { $0.json + "\n" }.joined()) { return }
                query.after = page.next
            } while query.after != nil
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the issues of an exported file as known, with the state and owner they have there.",
            discussion: """
                An issue that the store has takes state and owner where nobody has judged it here; one that it does not \
                have is no news when it comes. Counts and samples are not taken: 'margay store restore FILE' does that \
                with a whole store.
                """)

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions
        @Argument(help: "The file; - is standard input.") var file: String

        func run() throws {
            let exported = try ExportedIssues.read(file, common)
            let name = file.split(separator: "/").last.map(String.init) ?? file
            let now = SystemClock.now()
            let counts = try store.change(common) { archive throws(ArchiveError) in
                let known = try archive.addBaseline(exported.map(\.fingerprint), name: String(name.prefix(200)))
                var moved = 0
                for (move, ids) in ExportedIssues.moves(exported) {
                    let untouched = try archive.untouched(ids)
                    for start in stride(from: 0, to: untouched.count, by: Archive.movesMax) {
                        let request = MoveRequest(
                            ids: Array(untouched[start..<min(start + Archive.movesMax, untouched.count)]), move: move,
                            author: Author.name, reason: "imported from \(name)", now: now)
                        moved += try archive.move(request).moved.count
                    }
                }
                return (known, moved)
            }
            common.output.write("read\t\(exported.count)\nknown\t\(counts.0)\nmoved\t\(counts.1)\n")
        }
    }
}
