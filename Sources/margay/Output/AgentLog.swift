import Events
import Logging

/// Margay's own log: lines on standard error, never mixed with results.
enum AgentLog {
    static func logger(errors: Terminal, isQuiet: Bool, isVerbose: Bool) -> Logger {
        var logger = Logger(label: "margay") { _ in LineLogHandler(terminal: errors) }
        logger.logLevel = isQuiet ? .error : isVerbose ? .info : .notice
        return logger
    }
}

/// `margay: level: message`, one line each; control characters in it are shown, not obeyed.
private struct LineLogHandler: LogHandler {
    let terminal: Terminal
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.notice

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        terminal.write(terminal.freshLine + "margay: \(event.level.rawValue): \(event.message.description.safe)\n")
    }
}
