import Agent
import ArgumentParser
import Events
import Glibc
import Store
import Triage

/// What every command that moves issues takes.
struct MoveOptions: ParsableArguments {
    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?

    @Flag(name: .customLong("dry-run"), help: "Say what would be changed and change nothing.")
    var isTrial = false

    @Flag(help: "Do not ask, however many issues it is.")
    var yes = false

    @OptionGroup var common: CommonOptions

    /// Issues beyond which a person is asked first.
    static let askedAbove = 20

    func validate() throws {
        if let reason, reason.utf8.count > Move.textBytesMax {
            throw ValidationError("--reason is longer than \(Move.textBytesMax) bytes")
        }
    }

    /// Ids as given; `-` stands for those on standard input, the first word of each line.
    func ids(_ arguments: [String]) throws -> [String] {
        var ids: [String] = []
        for argument in arguments {
            guard argument == "-" else {
                ids.append(argument)
                continue
            }
            while let line = readLine() {
                if let id = line.split(whereSeparator: { $0 == "\t" || $0 == " " }).first { ids.append(String(id)) }
            }
        }
        guard ids.count <= Archive.movesMax else {
            throw ValidationError("more than \(Archive.movesMax) issues at once; name fewer")
        }
        return ids
    }

    /// Moves the issues and prints what came of it. Exit code 1 where something was refused or unknown.
    func move(_ arguments: [String], _ move: Move) throws {
        if let fault = move.fault { throw ValidationError(fault) }
        let ids = try ids(arguments)
        guard !ids.isEmpty else { return common.say("no issues") }
        try confirm(move.word, Set(ids).count, always: move == .forget)
        let request = MoveRequest(
            ids: ids, move: move, author: Author.name, reason: reason, now: SystemClock.now(), isTrial: isTrial)
        try report(try open { archive throws(ArchiveError) in try archive.move(request) })
    }

    /// Opens the store for changes, runs `body`, closes it; exit code 2 with a message where that fails.
    func open<Result>(_ body: (Archive) throws(ArchiveError) -> Result) throws -> Result {
        try store.change(common, body)
    }

    func report(_ report: MoveReport) throws {
        for moved in report.moved { common.output.write(line(moved)) }
        for refused in report.refused {
            common.errors.write("margay: \(refused.id): \(refused.refusal.sentence.safe)\n")
        }
        for text in report.unknown {
            common.errors.write("margay: no issue '\(text.safe)', or several begin like that\n")
        }
        if isTrial { common.say("nothing was changed: --dry-run") }
        if !report.refused.allSatisfy(\.isHarmless) || !report.unknown.isEmpty { throw ExitStatus.nothingFound }
    }

    private func line(_ moved: MoveReport.Moved) -> String {
        let (before, after) = (moved.entry.before, moved.entry.after)
        let terminal = common.output
        var change = after.state.rawValue
        if before.state != after.state { change = "\(before.state.rawValue) → \(change)" }
        if before.owner != after.owner { change += ", owner \(after.owner ?? "nobody")" }
        if let ignore = after.ignore, before.ignore != ignore { change += " \(ignore.description)" }
        if before.severity != after.severity { change += ", severity \(after.severity?.name ?? "the pack's")" }
        if before.mergedInto != after.mergedInto {
            change += after.mergedInto.map { ", part of \($0)" } ?? ", on its own"
        }
        guard terminal.isTerminal else {
            let cells = [moved.id, moved.entry.what, before.state.rawValue, after.state.rawValue, moved.title]
            return cells.map(\.safe).joined(separator: "\t") + "\n"
        }
        return "\(terminal.coloured(moved.id, "1"))  \(change.safe)  \(moved.title.safe.elided(to: 60))\n"
    }

    /// Asks on a terminal above `askedAbove` issues. Throws 64 where nobody can be asked, 1 where the answer is no.
    func confirm(_ word: String, _ count: Int, always: Bool = false) throws {
        guard count > MoveOptions.askedAbove || always, !yes, !isTrial else { return }
        let what = "\(word) \(count) \(count == 1 ? "issue" : "issues")"
        guard isatty(STDERR_FILENO) == 1, let terminal = fopen("/dev/tty", "r") else {
            throw ValidationError("\(what): say --yes, or --dry-run to see which")
        }
        defer { fclose(terminal) }
        common.errors.write("\(what)? [y/N] ")
        var answer = [CChar](repeating: 0, count: 16)
        guard fgets(&answer, Int32(answer.count), terminal) != nil, answer[0] == 0x79 || answer[0] == 0x59 else {
            common.errors.write("nothing was changed\n")
            throw ExitStatus.nothingFound
        }
    }
}

extension MoveReport.Refused {
    /// It stands already where the move would have brought it.
    fileprivate var isHarmless: Bool {
        if case .already = refusal { return true }
        return false
    }
}
