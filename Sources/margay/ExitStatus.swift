import ArgumentParser

/// The exit codes of the contract: `grep`'s meaning, and what shells expect of signals.
enum ExitStatus {
    /// Ran, and found nothing or failed its check.
    static let nothingFound = ExitCode(1)
    /// A configuration, pack or file could not be used; the rest was done.
    static let faulty = ExitCode(2)
    /// Stopped by Ctrl-C: 128 + SIGINT.
    static let interrupted = ExitCode(130)
}
