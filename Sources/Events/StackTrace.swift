/// The exceptions and the stack of one record, in whatever language it was written.
///
/// A heuristic: it goes by how runtimes print traces, not by where the text comes from. A trace cut short gives what is
/// left of it. Pure; the record is read during the call and not kept.
package struct StackTrace: Sendable, Equatable {
    /// One exception of a chain.
    package struct Thrown: Sendable, Equatable {
        /// As printed: `java.io.EOFException`, `ValueError`, `panic`, `SIGSEGV`.
        package var className: String
        /// Empty where it has none; the first line, at most `messageBytesMax` bytes.
        package var message: String

        package init(className: String, message: String) {
            self.className = className
            self.message = message
        }
    }

    /// One call.
    package struct Frame: Sendable, Equatable {
        /// Package and class, module or library; empty where the trace does not tell.
        package var module: String
        /// Without arguments. Empty for code outside a function.
        package var function: String
        /// Path or name of the source file, or of the library where only that is known; empty where the trace does not
        /// tell.
        package var file: String
        /// From 1; nil where the trace does not tell.
        package var line: Int?
        /// Whether it is code of the application, not of the language, its runtime or a well-known library.
        package var inApp: Bool

        package init(module: String, function: String, file: String = "", line: Int? = nil, inApp: Bool = true) {
            self.module = module
            self.function = function
            self.file = file
            self.line = line
            self.inApp = inApp
        }
    }

    /// `java` (and Kotlin, Scala), `python`, `javascript`, `go`, `dotnet`, `ruby`, `php`, `rust`, `swift`, `c`, `dart`,
    /// `elixir`, `erlang`, `perl`, `lua`, `haskell`, `r`, `powershell`, `kernel`.
    package var language: String
    /// From the outermost to the innermost: what was thrown last comes first, its root cause last. Never empty.
    package var exceptions: [Thrown]
    /// The stack of the innermost exception, the place of the fault first; at most `framesMax`.
    package var frames: [Frame]

    /// Lines of a record that are looked at.
    package static let linesMax = 1_000
    /// Bytes of a record that are looked at.
    package static let bytesMax = 256 * 1_024
    package static let framesMax = 64
    package static let exceptionsMax = 32
    package static let messageBytesMax = 1_024
    /// Frames that make up the key of an issue.
    package static let keyFramesMax = 5

    /// The exception that was reported.
    package var outermost: Thrown { exceptions.first ?? Thrown(className: "", message: "") }
    /// The root cause.
    package var innermost: Thrown { exceptions.last ?? Thrown(className: "", message: "") }

    /// Reads the trace in a whole record: its header and all its lines, perhaps each behind the prefix of a container
    /// runtime or syslog, or as text inside of a JSON object. Nil where there is none that it understands.
    package static func parse(_ record: UnsafeRawBufferPointer) -> StackTrace? {
        embedded(in: record) ?? parsePlain(record)
    }

    /// The same for text that is no JSON.
    static func parsePlain(_ record: UnsafeRawBufferPointer) -> StackTrace? {
        TraceText.read(record) { text in
            for line in 0..<text.count {
                for family in TraceFamily.all where family.begins(text, line) {
                    if let trace = family.parse(text, line) { return trace.bounded() }
                }
            }
            return nil
        }
    }

    private func bounded() -> StackTrace? {
        guard !exceptions.isEmpty else { return nil }
        var trace = self
        if trace.frames.count > StackTrace.framesMax {
            trace.frames.removeLast(trace.frames.count - StackTrace.framesMax)
        }
        if trace.exceptions.count > StackTrace.exceptionsMax {
            let excess = trace.exceptions.count - StackTrace.exceptionsMax
            trace.exceptions.removeSubrange(1..<1 + excess)
        }
        for index in trace.frames.indices {
            trace.frames[index].inApp = FrameOrigin.isInApp(trace.frames[index], language: language)
        }
        return trace
    }

    /// Adds what makes two traces one issue: the classes of the chain and up to five frames of the innermost exception,
    /// those of the application if there are any, else all but the entry points of runtimes. No line numbers, no
    /// arguments, no markers of generated code; a frame that calls itself counts once. Without a frame, the skeleton of
    /// the message.
    package func addFingerprint(to builder: inout FingerprintBuilder) {
        builder.add(language)
        builder.add(exceptions.count)
        for thrown in exceptions { builder.add(FrameName.stable(thrown.className)) }
        let names = keyFrames
        builder.add(names.count)
        for name in names { builder.add(name) }
        if names.isEmpty {
            var normaliser = Normaliser()
            var message = innermost.message
            message.withUTF8 { normaliser.normalise(UnsafeRawBufferPointer($0)) }
            normaliser.addFingerprint(to: &builder)
        }
    }

    /// The frames that `addFingerprint` hashes, as it hashes them.
    package var keyFrames: [String] {
        var chosen = frames.filter(\.inApp)
        if chosen.isEmpty { chosen = frames.filter { !FrameOrigin.isBorder($0) } }
        if chosen.isEmpty { chosen = frames }
        var names: [String] = []
        for frame in chosen {
            let name = FrameName.key(of: frame)
            if names.last != name { names.append(name) }
            if names.count == StackTrace.keyFramesMax { break }
        }
        return names
    }

    /// `java.io.EOFException in DataXceiver.run — Premature EOF`: the root cause, where, and its message with typed
    /// placeholders. At most `Normaliser.displayBytesMax` bytes; control characters escaped, secrets replaced.
    package func title() -> String {
        let thrown = innermost
        var title = thrown.className
        let place = frames.first(where: \.inApp) ?? frames.first { !FrameOrigin.isBorder($0) }
        if let place {
            let name = FrameName.short(of: place)
            if !name.isEmpty { title += " in " + name }
        }
        if !thrown.message.isEmpty {
            var normaliser = Normaliser()
            var message = thrown.message
            message.withUTF8 { normaliser.normalise(UnsafeRawBufferPointer($0)) }
            let shown = normaliser.display()
            if !shown.isEmpty { title += " — " + shown }
        }
        return DisplayText.escaped(title.utf8, bytesMax: Normaliser.displayBytesMax)
    }
}
