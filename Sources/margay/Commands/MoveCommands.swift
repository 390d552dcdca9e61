import Agent
import ArgumentParser
import Events
import Store
import Triage

private let idsHelp = ArgumentHelp("Ids, or beginnings of them; - reads them from standard input.", valueName: "id")

struct AckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack", abstract: "Acknowledge issues: I have it; quiet until it gets worse.",
        discussion: "Takes an issue that nobody owns. Out of the inbox, on the list of open work.")

    @OptionGroup var options: MoveOptions
    @Option(help: ArgumentHelp("A note to add.", valueName: "text"))
    var note: String?
    @Argument(help: idsHelp, completion: LiveWords.ids) var ids: [String]

    func run() throws {
        try options.move(ids, .acknowledge)
        if let note, !options.isTrial { try options.move(ids.filter { $0 != "-" }, .note(note, judged: false)) }
    }

    func validate() throws {
        if note != nil, ids.contains("-") { throw ValidationError("--note takes no ids from standard input") }
    }
}

struct UnackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unack", abstract: "Take an acknowledgement back; what was news is news again.")

    @OptionGroup var options: MoveOptions
    @Argument(help: idsHelp, completion: LiveWords.ids) var ids: [String]

    func run() throws { try options.move(ids, .unacknowledge) }
}

struct AssignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign", abstract: "Give issues to somebody.",
        discussion: "'me' is you, a lone '-' behind the ids nobody. An open issue is acknowledged with it.")

    @OptionGroup var options: MoveOptions
    @Argument(
        help: ArgumentHelp("Ids, and behind them the user, 'me', or - for nobody.", valueName: "id"),
        completion: LiveWords.ids)
    var words: [String]

    func run() throws {
        let user = words.last ?? ""
        try options.move(words.dropLast(), .assign(user == "-" ? nil : user == "me" ? Author.name : user))
    }

    func validate() throws {
        guard words.count >= 2 else { throw ValidationError("name issues and, behind them, who gets them") }
    }
}

struct ClearCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clear", abstract: "No action needed; a later event brings an issue back as returned.")

    @OptionGroup var options: MoveOptions
    @Argument(help: idsHelp, completion: LiveWords.ids) var ids: [String]

    func run() throws { try options.move(ids, .clear) }
}

struct ResolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "The cause is removed; a later event brings an issue back as regressed.")

    @OptionGroup var options: MoveOptions
    @Argument(help: idsHelp, completion: LiveWords.ids) var ids: [String]

    func run() throws { try options.move(ids, .resolve) }
}

struct ReopenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reopen", abstract: "Back to open, from any other state.")

    @OptionGroup var options: MoveOptions
    @Argument(help: idsHelp, completion: LiveWords.ids) var ids: [String]

    func run() throws { try options.move(ids, .reopen) }
}

struct IgnoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ignore", abstract: "Count issues and stay quiet about them until a condition holds.")

    @OptionGroup var options: MoveOptions
    @Option(
        help: ArgumentHelp(
            "spiking (default), a duration from now (4h) or a time, +N more events, or N/1h: so many within so long.",
            valueName: "condition"))
    var until: String?
    @Argument(help: idsHelp, completion: LiveWords.ids) var ids: [String]

    func run() throws {
        try options.move(ids, .ignore(try IgnoreArgument.parse(until ?? "spiking", now: SystemClock.now())))
    }
}

/// A condition on the command line.
enum IgnoreArgument {
    static func parse(_ text: String, now: Timestamp) throws -> IgnoreUntil {
        do throws(IgnoreUntil.Fault) {
            return try IgnoreUntil(text, now: now)
        } catch {
            throw ValidationError("--until \(error.description)")
        }
    }
}

struct SeverityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "severity", abstract: "Judge how bad issues are; 'pack' goes back to the pack's severity.",
        discussion: "Your severity stays, whatever the pack says later.")

    @OptionGroup var options: MoveOptions
    @Flag(help: "And acknowledge those that are open: with that they are judged.")
    var judged = false
    @Argument(help: ArgumentHelp("Ids, and behind them the severity.", valueName: "id"), completion: LiveWords.ids)
    var words: [String]

    func run() throws {
        let name = words.last ?? ""
        let severity = Severity(name: name)
        guard severity != nil || name == "pack" else {
            let names = Severity.allCases.reversed().map(\.name) + ["pack"]
            let near = NearestWord.of(name, in: names).map { "did you mean '\($0)'?" }
            throw ValidationError("'\(name)' is no severity; \(near ?? "there are: \(names.joined(separator: ", "))")")
        }
        try options.move(words.dropLast(), .grade(severity, judged: judged))
    }

    func validate() throws {
        guard words.count >= 2 else { throw ValidationError("name issues and, behind them, a severity") }
    }
}

struct NoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Add a note to issues, or what they are called elsewhere.")

    @OptionGroup var options: MoveOptions
    @Flag(help: "The text is a title for the issues instead of a note.")
    var title = false
    @Flag(help: "The text is what another system calls them, such as a ticket, instead of a note.")
    var reference = false
    @Argument(
        help: ArgumentHelp("Ids, and behind them the text, as one word for the shell.", valueName: "id"),
        completion: LiveWords.ids)
    var words: [String]

    func run() throws {
        let text = words.last ?? ""
        let move: Move = title ? .entitle(text) : reference ? .refer(text) : .note(text, judged: false)
        try options.move(words.dropLast(), move)
    }

    func validate() throws {
        guard words.count >= 2 else { throw ValidationError("name issues and, behind them, the text") }
        guard !(title && reference) else { throw ValidationError("give --title or --reference, not both") }
    }
}

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Make the issues behind the first one part of that one.",
        discussion: "They are counted there from now on; 'split' takes them out again.")

    @OptionGroup var options: MoveOptions
    @Argument(
        help: ArgumentHelp("The issue that stays, then those that become part of it.", valueName: "id"),
        completion: LiveWords.ids)
    var ids: [String]

    func run() throws { try options.move(Array(ids.dropFirst()), .merge(ids[0])) }

    func validate() throws {
        guard ids.count >= 2, ids[0] != "-" else { throw ValidationError("name the issue that stays, then the others") }
    }
}

struct SplitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split", abstract: "Make merged issues issues of their own again, with their counts.")

    @OptionGroup var options: MoveOptions
    @Argument(help: idsHelp, completion: LiveWords.ids) var ids: [String]

    func run() throws { try options.move(ids, .split) }
}

struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Drop samples, counts, notes and title; the fingerprint stays known.",
        discussion: "Cannot be undone, so it always asks. An issue that is forgotten is never new again.")

    @OptionGroup var options: MoveOptions
    @Argument(help: idsHelp, completion: LiveWords.ids) var ids: [String]

    func run() throws { try options.move(ids, .forget) }
}

struct UndoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take your latest change back, or the latest of the issues named.",
        discussion: "Refused where somebody else or an event has changed an issue since.")

    @OptionGroup var options: MoveOptions
    @Argument(help: idsHelp, completion: LiveWords.ids) var ids: [String] = []

    func run() throws {
        let ids = try options.ids(ids)
        try options.confirm("undo", Set(ids).count)
        let report = try options.open { archive throws(ArchiveError) in
            try archive.undo(
                ids: ids, by: Author.name, reason: options.reason, now: SystemClock.now(), isTrial: options.isTrial)
        }
        if report == MoveReport() {
            options.common.say("there is nothing of yours to undo")
            throw ExitStatus.nothingFound
        }
        try options.report(report)
    }
}
