import Agent
import ArgumentParser
import Events
import Patterns
import Tail

extension PacksCommand {
    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "new", abstract: "Draft a pack from a log: detection, header, patterns for its errors, tests.",
            discussion: "The pack is printed. Exit code: 0 drafted, 1 no line looks like an error, 2 unreadable.")

        @Option(help: ArgumentHelp("Name of the pack; made of the file's name by default.", valueName: "name"))
        var name: String?
        @OptionGroup var common: CommonOptions
        @Argument(help: ArgumentHelp("A log, or - for standard input.", valueName: "file")) var file: String

        /// Bytes of the log that are looked at.
        static let bytesMax = 64 * 1_024 * 1_024

        func validate() throws {
            guard let name else { return }
            let text = "pack: \(name)\npatterns: [{id: \(name).x, match: x}]\n"
            guard PackDraft(text, path: "").load().pack?.name == name else {
                throw ValidationError("--name \(name): use lower-case letters, digits and dashes")
            }
        }

        func run() throws {
            let bytes: [UInt8]
            do throws(LogStreamError) {
                bytes = try LogStream.bytes(of: file, bytesMax: New.bytesMax)
            } catch {
                common.errors.write("\(file.safe): error: [unreadable] \(error.reason); check the path\n")
                throw ExitStatus.faulty
            }
            let path = file == "-" ? "application.log" : Surroundings.current().absolute(file)
            let name = name ?? PackDrafter.name(for: path)
            let draft = bytes.withUnsafeBytes { PackDrafter.draft($0, name: name, path: path) }
            guard let draft else {
                common.errors.write("margay: no line of \(file.safe) looks like an error; nothing to draft\n")
                throw ExitStatus.nothingFound
            }
            common.output.write(draft)
            let count = draft.split(separator: "\n").count { $0.hasPrefix("  - id: ") }
            common.say("\(count) patterns drafted; read them, then: margay packs test \(name).yaml")
        }
    }
}
