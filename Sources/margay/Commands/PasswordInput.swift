import Access
import ArgumentParser
import Events
import Glibc

/// Takes a password from whoever runs a command: typed twice without an echo, or the first line of standard input.
enum PasswordInput {
    /// Why there is no password; a sentence for a person.
    struct Fault: Error {
        let message: String
    }

    /// - Parameter isPiped: `--password-stdin`.
    static func read(for name: String, isPiped: Bool, _ common: CommonOptions) throws -> String {
        let password: String
        do throws(Fault) {
            password = isPiped ? try firstLine() : try typed(for: name, common)
        } catch {
            common.errors.write("margay: \(error.message)\n")
            throw ExitStatus.faulty
        }
        if let fault = PasswordHash.fault(of: password, for: name) {
            common.errors.write("margay: \(fault)\n")
            throw ExitStatus.faulty
        }
        return password
    }

    private static func firstLine() throws(Fault) -> String {
        guard let line = readLine(), !line.isEmpty else {
            throw Fault(message: "standard input holds no password; pipe one line into --password-stdin")
        }
        return line
    }

    private static func typed(for name: String, _ common: CommonOptions) throws(Fault) -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            throw Fault(message: "there is no terminal to ask for the password on; pipe it in with --password-stdin")
        }
        let first = try ask("New password of \(name.safe): ", common)
        guard try ask("Once more: ", common) == first else {
            throw Fault(message: "the two are not the same; nothing was changed")
        }
        return first
    }

    private static func ask(_ question: String, _ common: CommonOptions) throws(Fault) -> String {
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else {
            throw Fault(message: "the terminal cannot be told not to show what is typed; use --password-stdin")
        }
        let earlier = settings
        settings.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) == 0 else {
            throw Fault(message: "the terminal cannot be told not to show what is typed; use --password-stdin")
        }
        common.errors.write(question)
        let line = readLine()
        var restored = earlier
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &restored)
        common.errors.write("\n")
        guard let line, !line.isEmpty else { throw Fault(message: "no password was given; nothing was changed") }
        return line
    }
}
