package import Events

/// One line of `margay sources`: a file and what is done with it, or a source without files.
package struct SourceEntry: Sendable, Equatable {
    /// What is done with it; more than `FileState` knows, since this is also said of files that nobody has met.
    package enum State: String, Sendable {
        case following
        case draining
        case finished
        case unreadable
        case skipped
        /// Matches the configuration, and no `watch` with this store has met it yet.
        case unseen
        /// Left out by `exclude`.
        case excluded
        /// A source whose globs match nothing; the path is its first glob.
        case missing
    }

    /// How fast what is behind comes up.
    package struct CatchingUp: Sendable, Equatable {
        /// Of what was unread when it began, 0 to 100.
        package var percent: Int
        package var bytesPerSecond: Int64
        package var secondsLeft: Int64

        package init(percent: Int, bytesPerSecond: Int64, secondsLeft: Int64) {
            self.percent = percent
            self.bytesPerSecond = bytesPerSecond
            self.secondsLeft = secondsLeft
        }
    }

    package var path: String
    package var node: String
    package var source: String
    package var state: State
    package var size: Int64 = 0
    package var offset: Int64 = 0
    package var lagBytes: Int64 = 0
    /// The oldest unread byte was written at most so many seconds ago; 0 where reading stands at the end.
    package var lagSeconds: Int64 = 0
    package var catchingUp: CatchingUp?
    package var lines: Int64 = 0
    package var events: Int64 = 0
    package var bytesLost: Int64 = 0
    /// Messages of an input that is no file.
    package var messagesLost: Int64 = 0
    package var loss = ""
    package var note = ""
    package var lastRead: Timestamp?
    /// Read of late, by the minute.
    package var linesPerMinute: Int64 = 0
    package var bytesPerMinute: Int64 = 0
    /// When the latest batch with an event of it was closed.
    package var lastEvent: Timestamp?
    package var identity: FileIdentity?
    package var generation = 0
    /// Where an input that is no file goes on.
    package var cursor: String?

    /// Whether anything of it was given up.
    package var isLost: Bool { bytesLost > 0 || messagesLost > 0 }

    /// What was given up, in words; nil for nothing.
    package var lossText: String? { LossText.text(bytes: bytesLost, messages: messagesLost) }

    package init(path: String, node: String, source: String, state: State) {
        self.path = path
        self.node = node
        self.source = source
        self.state = state
    }
}

/// What was given up, in words.
enum LossText {
    /// `3 KiB, 12 messages`; nil for nothing.
    static func text(bytes: Int64, messages: Int64) -> String? {
        let parts = [
            bytes > 0 ? bytes.asBytes : nil,
            messages > 0 ? "\(messages) \(messages == 1 ? "message" : "messages")" : nil,
        ]
        let words = parts.compactMap(\.self)
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }
}
