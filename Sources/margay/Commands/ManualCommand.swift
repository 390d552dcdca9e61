import ArgumentParser
import Events
import Glibc

struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Write the manual pages, made of what the commands and packs are defined by.",
        discussion: """
            Into a directory: margay.1, a page for each command, and margay-pack.5. Without one, the page of the command \
            named, or margay(1), goes to standard output: margay manual issues | man -l -
            """)

    @Option(help: ArgumentHelp("The directory; made if it is missing.", valueName: "dir"))
    var output: String?

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("A command.", valueName: "command"))
    var command: [String] = []

    func run() throws {
        let root = try ManualSource.root()
        if let output { return try write(root, to: output) }
        if command == ["pack"] { return _ = common.output.write(ManualPage.packs()) }
        guard let page = root.page(command) else {
            throw ValidationError("no command '\(command.joined(separator: " "))'; 'margay --help' lists them")
        }
        common.output.write(ManualPage.text(page, root: root))
    }

    private func write(_ root: ManualSource, to directory: String) throws {
        guard mkdir(directory, 0o755) == 0 || errno == EEXIST else {
            common.errors.write(
                "margay: \(directory.safe): \(String(cString: strerror(errno))); name another directory\n")
            throw ExitStatus.faulty
        }
        try save(ManualPage.packs(), directory + "/margay-pack.5")
        try save(ManualPage.text(root, root: root), directory + "/margay.1")
        for page in root.subcommands ?? [] where page.shouldDisplay {
            try save(ManualPage.text(page, root: root), "\(directory)/margay-\(page.commandName).1")
        }
    }

    private func save(_ text: String, _ path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            common.errors.write("margay: \(path.safe): \(String(cString: strerror(errno))); name another directory\n")
            throw ExitStatus.faulty
        }
        defer { close(descriptor) }
        guard Terminal(descriptor: descriptor, colour: .never, variable: { _ in nil }).write(text) else {
            common.errors.write("margay: \(path.safe): cannot be written; make room\n")
            throw ExitStatus.faulty
        }
    }
}
