import Agent
import ArgumentParser
import Events
import Glibc
import Patterns
import Scan
import Store
import Tail
import Triage

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what is made of a line, of the records of a file, or of an issue, and why.",
        discussion: """
            Of an issue, by its id: why it is news, why somebody was told or not, and what the packs make of its latest \
            sample today. Exit code: 0 a pattern has a record, 1 none has, 2 a file or pack could not be used.
            """)

    @OptionGroup var choice: PackChoiceOptions
    @Option(help: "text or json (JSON Lines).") var format = OutputFormat.text
    @Option(name: .customShort("n"), help: ArgumentHelp("Records to explain at most.", valueName: "n")) var count = 20
    @Flag(help: "Leave out records that no pattern has.") var recognised = false
    @OptionGroup var store: StoreOptions
    @OptionGroup var pager: PagerOptions
    @OptionGroup var common: CommonOptions
    @Argument(
        help: ArgumentHelp(
            "A line of a log, the id of an issue, a file, or - for standard input.",
            valueName: "line|id|file"), completion: LiveWords.ids)
    var subject: String

    /// Bytes of a file that are looked at.
    static let bytesMax = 64 * 1_024 * 1_024

    func run() throws {
        let isFile = subject == "-" || access(subject, F_OK) == 0
        if !isFile, let id = try IssueExplanation.id(subject, store, common) { return try explain(id) }
        let (library, selection) = try choice.library(common)
        let bytes = isFile ? try contents() : Array(subject.utf8)
        let catalogue = PackCatalogue(library, cache: .standard)
        let path = isFile && subject != "-" ? Surroundings.current().absolute(subject) : "-"
        let zone = SystemTimeZone.local(.current())
        let found = bytes.withUnsafeBytes { bytes -> [Explanation] in
            let head = UnsafeRawBufferPointer(rebasing: bytes[..<min(bytes.count, 64 * 1_024)])
            let (set, reason) = catalogue.set(for: path, head: head, selection)
            if format == .text { common.say("packs: \(set.patterns.packNames.joined(separator: ", ")) (\(reason))") }
            var wanted = count
            let explainer = Explainer(set.patterns, prefilter: set.prefilter)
            let all = explainer.explain(bytes, zone: zone) { $0 < (recognised ? Int.max : count) }
            return all.filter { explanation in
                guard !recognised || explanation.rule != nil, wanted > 0 else { return false }
                wanted -= 1
                return true
            }
        }
        let pages = found.map { explanation in
            format == .json ? ExplanationPage.json(explanation) : ExplanationPage.text(explanation, for: common.output)
        }
        if format == .json { common.output.write(pages.joined()) } else { pager.show(pages.joined(), common) }
        if library.hasErrors { throw ExitStatus.faulty }
        if !found.contains(where: { $0.rule != nil }) { throw ExitStatus.nothingFound }
    }

    private func explain(_ id: String) throws {
        let archive = try store.open(common)
        let (issue, story) = try store.find(id, in: archive, common)
        let told = try store.reporting(common) { () throws(ArchiveError) in try archive.told(id: issue.row.id) }
        var explanation = IssueExplanation(issue: issue, story: story, told: told)
        let today = try explanation.today(choice, common)
        if let key = today?.event?.fingerprint, key != issue.row.fingerprint {
            let part = try store.reporting(common) { () throws(ArchiveError) in
                guard case .found(let other) = try archive.issue(matching: key.description, now: SystemClock.now())
                else {
                    return nil as String?
                }
                return try archive.story(id: other.row.id)?.standing.mergedInto
            }
            explanation.isPart = part == issue.row.id
        }
        if format == .json { return _ = common.output.write(explanation.json(today)) }
        pager.show(explanation.text(today, for: common.output), common)
    }

    private func contents() throws -> [UInt8] {
        do throws(LogStreamError) {
            return try LogStream.bytes(of: subject, bytesMax: ExplainCommand.bytesMax)
        } catch {
            common.errors.write("\(subject.safe): error: [unreadable] \(error.reason); check the path\n")
            throw ExitStatus.faulty
        }
    }
}

extension LogStream {
    /// The text of a log from its head on, unpacked if it is an archive.
    static func bytes(of path: String, bytesMax: Int) throws(LogStreamError) -> [UInt8] {
        let stream = try LogStream(path: path)
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 256 * 1_024)
        while bytes.count < bytesMax {
            var count = 0
            var failure: LogStreamError?
            block.withUnsafeMutableBytes { buffer in
                do throws(LogStreamError) { count = try stream.read(into: buffer) } catch { failure = error }
            }
            if let failure { throw failure }
            if count == 0 { break }
            bytes += block[..<count]
        }
        return bytes
    }
}
