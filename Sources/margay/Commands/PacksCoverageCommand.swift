import Agent
import ArgumentParser
import Events
import Patterns
import Scan

extension PacksCommand {
    struct Coverage: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "coverage",
            abstract: "Say how well the packs fit logs: which patterns hit, what they cost, what nobody claims.",
            discussion: "Exit code: 0 some pattern hit, 1 none did, 2 a file or pack could not be used.")

        @OptionGroup var choice: PackChoiceOptions
        @Option(help: "text or json (JSON Lines).") var format = OutputFormat.text
        @Option(name: .customShort("n"), help: ArgumentHelp("Unclaimed shapes to list.", valueName: "n")) var count = 20
        @OptionGroup var common: CommonOptions
        @Argument(help: ArgumentHelp("Logs, directories of logs, or - for standard input.", valueName: "file"))
        var paths: [String]

        func run() throws {
            let (library, selection) = try choice.library(common)
            let expansion = LogFiles.expand(paths)
            common.report(expansion.faults)
            let outcome = try CoverageScan.run(
                expansion.files, PackCatalogue(library, cache: .standard), selection,
                zone: SystemTimeZone.local(.current()), now: SystemClock.now())
            common.report(outcome.faults)
            if common.verbose { for (path, reason) in outcome.choices { common.say("\(path): \(reason)") } }
            if format == .json { writeJSON(outcome) } else { writeText(outcome) }
            if library.hasErrors || !outcome.faults.isEmpty || !expansion.faults.isEmpty { throw ExitStatus.faulty }
            if !outcome.rows.contains(where: { $0.records > 0 }) { throw ExitStatus.nothingFound }
        }

        private func writeText(_ outcome: CoverageScan.Outcome) {
            let total = outcome.rows.reduce(0) { $0 + $1.cost.nanoseconds }
            var table = Table([
                Table.Column(heading: "PATTERN", isFlexible: true),
                Table.Column(heading: "RECORDS", isRightAligned: true),
                Table.Column(heading: "TRIED", isRightAligned: true),
                Table.Column(heading: "MATCHED", isRightAligned: true),
                Table.Column(heading: "GIVEN UP", isRightAligned: true),
                Table.Column(heading: "TIME", isRightAligned: true),
                Table.Column(heading: "SHARE", isRightAligned: true),
            ])
            let hit = outcome.rows.filter { $0.records > 0 || $0.cost.tries > 0 }
            for row in hit.sorted(by: { ($1.records, $0.rule) < ($0.records, $1.rule) }) {
                let share = total == 0 ? 0 : Int(row.cost.nanoseconds * 100 / total)
                let givenUp = row.cost.givenUp == 0 ? "0" : "\(row.cost.givenUp) (\(row.givenUpPercent) %)"
                table.add([
                    Table.Cell(row.rule, colour: row.records > 0 ? "1" : "2"), Table.Cell(String(row.records)),
                    Table.Cell(String(row.cost.tries)), Table.Cell(String(row.cost.matches)),
                    Table.Cell(givenUp, colour: row.cost.givenUp > 0 ? "1;31" : nil),
                    Table.Cell("\(row.cost.nanoseconds / 1_000) µs"), Table.Cell("\(share) %"),
                ])
            }
            common.output.write(table.text(for: common.output))
            // 'core' lies beside every pack and is for any log: that it holds nothing of most kinds says nothing.
            let never = outcome.rows.filter {
                $0.records == 0 && !$0.isDiscard && !$0.rule.hasPrefix(Pack.coreName + ".")
            }.map(\.rule)
            if !never.isEmpty {
                common.output.write("\nnever hit (\(never.count)): \(never.joined(separator: ", "))\n")
            }
            if !outcome.unclaimed.isEmpty {
                common.output.write("\nno pack of its own claims:\n")
                for shape in outcome.unclaimed.prefix(count) {
                    let by = shape.rule ?? "nobody"
                    common.output.write(
                        "  \(shape.count)\t\(by)\t\(shape.title.safe)\t\(shape.file.safe):\(shape.line)\n")
                }
                if outcome.unclaimed.count > count {
                    common.output.write("  … and \(outcome.unclaimed.count - count) more shapes\n")
                }
            }
            let records = outcome.rows.filter { !$0.isDiscard }.reduce(0) { $0 + $1.records }
            common.say("\(records) records in \(outcome.lines) lines; \(hit.count) rules were asked")
        }

        private func writeJSON(_ outcome: CoverageScan.Outcome) {
            for row in outcome.rows {
                let json = JSONText.object { json in
                    json.add("rule", row.rule)
                    json.add("pack", row.pack)
                    json.add("discard", row.isDiscard)
                    json.add("records", row.records)
                    json.add("tried", row.cost.tries)
                    json.add("matched", row.cost.matches)
                    json.add("given_up", row.cost.givenUp)
                    json.add("nanoseconds", row.cost.nanoseconds)
                }
                common.output.write(json.text + "\n")
            }
            for shape in outcome.unclaimed.prefix(count) {
                let json = JSONText.object { json in
                    json.add("unclaimed", shape.count)
                    json.add("rule", shape.rule)
                    json.add("title", shape.title)
                    json.add("file", shape.file)
                    json.add("line", shape.line)
                }
                common.output.write(json.text + "\n")
            }
        }
    }
}

extension CoverageScan.Row {
    /// Share of the lines it was asked about that were given up, rounded up.
    fileprivate var givenUpPercent: Int { (cost.givenUp * 100 + cost.tries - 1) / max(1, cost.tries) }
}
