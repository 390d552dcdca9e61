import Agent
import ArgumentParser
import Events
import Store
import Triage

struct ViewsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "views", abstract: "Save queries under names, for 'margay issues --view NAME'.",
        subcommands: [List.self, Save.self, Remove.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the views: name, issues found, query, author.")

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions

        func run() throws {
            let now = SystemClock.now()
            let archive = try store.open(common)
            let views = try store.reporting(common) { () throws(ArchiveError) in try archive.views() }
            var table = Table([
                Table.Column(heading: "NAME"), Table.Column(heading: "ISSUES", isRightAligned: true),
                Table.Column(heading: "QUERY", isFlexible: true), Table.Column(heading: "BY"),
            ])
            for view in views {
                let filter = try QueryText.parse(view.query, common, now: now)
                let count = try store.reporting(common) { () throws(ArchiveError) in
                    try archive.issueCount(IssueQuery(filter, now: now))
                }
                table.add([
                    Table.Cell(view.name, colour: "1"), Table.Cell(String(count)), Table.Cell(view.query),
                    Table.Cell(view.author),
                ])
            }
            guard !views.isEmpty else {
                common.say("no views")
                throw ExitStatus.nothingFound
            }
            common.output.write(table.text(for: common.output))
        }
    }

    struct Save: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "save", abstract: "Save a query under a name, in place of one of the same name.")

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions
        @Argument var name: String
        @Argument(help: "The query.") var query: [String]

        func validate() throws {
            guard !name.isEmpty, name.utf8.count <= SavedView.nameBytesMax else {
                throw ValidationError("a view's name has 1 to \(SavedView.nameBytesMax) bytes")
            }
        }

        func run() throws {
            let now = SystemClock.now()
            let text = query.joined(separator: " ")
            _ = try QueryText.parse(text, common, now: now)
            let view = SavedView(name: name, query: text, author: Author.name, time: now)
            try store.change(common) { archive throws(ArchiveError) in try archive.save(view) }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "rm", abstract: "Remove a view.")

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions
        @Argument(completion: LiveWords.views) var name: String

        func run() throws {
            let wasThere = try store.change(common) { archive throws(ArchiveError) in try archive.removeView(name) }
            guard wasThere else {
                common.errors.write("margay: no view '\(name.safe)'; 'margay views list' shows them\n")
                throw ExitStatus.nothingFound
            }
        }
    }
}
