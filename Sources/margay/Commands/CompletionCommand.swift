import ArgumentParser
import Glibc

struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print the completions for a shell: bash, zsh or fish.",
        discussion: """
            bash: margay completion bash >~/.local/share/bash-completion/completions/margay
            zsh: margay completion zsh >DIRECTORY/_margay, a directory of $fpath
            fish: margay completion fish >~/.config/fish/completions/margay.fish
            Ids of issues, names of packs, sources and views are looked up when they are completed.
            """)

    @Argument(help: "The shell; without it that of $SHELL.")
    var shell: Shell?

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish
    }

    func run() throws {
        let login = environmentVariable("SHELL").flatMap {
            Shell(rawValue: $0.split(separator: "/").last.map(String.init) ?? "")
        }
        guard let shell = shell ?? login else {
            throw ValidationError("name the shell: bash, zsh or fish")
        }
        let script = Margay.completionScript(for: CompletionShell(rawValue: shell.rawValue) ?? .bash)
        Terminal.standardOutput(.never).write(script.hasSuffix("\n") ? script : script + "\n")
    }
}
