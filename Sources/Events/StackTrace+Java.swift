/// Java, Kotlin, Scala, Groovy: `at package.Class.method(File.java:12)` below `Class: message`, `Caused by:`.
///
/// Format: `Throwable.printStackTrace` (JDK API); Logback's root-cause-first form says `Wrapped by:`.
extension TraceFamily {
    static let java = TraceFamily(
        begins: { text, line in JavaTrace.frame(text[line]) != nil || JavaTrace.isLone(text, line) },
        parse: { JavaTrace.parse($0, $1) })
}

private enum JavaTrace {
    /// A frame, even behind a log header that is repeated on each line.
    static func frame(_ line: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        var from = 0
        while let at = line.find("at ", from: from), at < 200 {
            if at == 0 || line[at - 1].isGap, let frame = frame(line, callAt: at + 3) { return frame }
            from = at + 3
        }
        return nil
    }

    /// `java.base@17/java.lang.Thread.run(Thread.java:748) ~[?:?]`
    private static func frame(_ line: UnsafeRawBufferPointer, callAt start: Int) -> StackTrace.Frame? {
        guard let open = line.find(UInt8(ascii: "("), from: start), let close = line.find(UInt8(ascii: ")"), from: open)
        else { return nil }
        let place = line.cut(from: open + 1, to: close)
        guard isPlace(place) else { return nil }
        var call = line.cut(from: start, to: open)
        // Class loader and module before the class (JEP 261): `app//java.base@17/`; a lambda's address after it stays.
        while let slash = call.find(UInt8(ascii: "/")), call.find("Lambda", from: 0).map({ slash < $0 }) ?? true,
            slash + 1 < call.count
        {
            call = call.cut(from: slash + 1)
        }
        guard let dot = call.findLast(UInt8(ascii: ".")), dot > 0, !call.contains(0x20) else { return nil }
        let (file, number) = place.fileAndLine
        return StackTrace.Frame(
            module: call.cut(to: dot).name, function: call.cut(from: dot + 1).name,
            file: file.contains(UInt8(ascii: ".")) ? file.name : "", line: number)
    }

    /// `Foo.java:12`, `Foo.kt`, `Native Method`, `Unknown Source`, `<generated>`.
    private static func isPlace(_ place: UnsafeRawBufferPointer) -> Bool {
        if place.equals("Native Method") || place.has("Unknown Source") || place.equals("<generated>")
            || place.equals("SourceFile") || place.has("SourceFile:") || place.has("<Unknown>")
        {
            return true
        }
        let file = place.fileAndLine.file
        return file.ends(with: ".java") || file.ends(with: ".kt") || file.ends(with: ".scala")
            || file.ends(with: ".groovy") || file.ends(with: ".clj")
    }

    private static func isClass(_ name: UnsafeRawBufferPointer) -> Bool {
        if ExceptionHeader.isThrowable(name) { return true }
        guard let dot = name.findLast(UInt8(ascii: ".")), dot + 1 < name.count, dot > 0 else { return false }
        return name[dot + 1].isUppercase && !name.has("::", at: 0)
    }

    private static func isQualifiedThrowable(_ name: UnsafeRawBufferPointer) -> Bool {
        ExceptionHeader.isThrowable(name) && name.contains(UInt8(ascii: ".")) && !name.contains(UInt8(ascii: ":"))
    }

    /// A record that is an exception without a stack: it begins with the qualified name of its class.
    static func isLone(_ text: TraceText, _ line: Int) -> Bool {
        guard line == 0, text.count == 1 else { return false }
        return ExceptionHeader.read(afterThread(text[line]), isClass: isQualifiedThrowable) != nil
    }

    /// What follows `Exception in thread "main" `.
    private static func afterThread(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let (_, thread) = line.split(at: "Exception in thread \""), let (_, rest) = thread.split(at: "\" ") else {
            return line
        }
        return rest
    }

    /// The exception above the first frame: nearest line that begins with a class, else one inside a line, else none.
    private static func header(_ text: TraceText, above line: Int) -> StackTrace.Thrown? {
        let lowest = max(0, line - headerLinesMax)
        for index in stride(from: line - 1, through: lowest, by: -1) {
            guard let thrown = ExceptionHeader.read(afterThread(text[index]), isClass: isClass) else { continue }
            // JavaMail and RMI print a cause inside the message of its wrapper.
            if index > lowest, text[index - 1].trimmed.ends(with: "nested exception is:") { continue }
            return thrown
        }
        for index in stride(from: line - 1, through: lowest, by: -1) {
            if let thrown = ExceptionHeader.readInside(text[index], isClass: ExceptionHeader.isThrowable) {
                return thrown
            }
        }
        return nil
    }

    /// A message with more lines than this before the first frame hides its class.
    private static let headerLinesMax = 32

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        if isLone(text, first) {
            let thrown = ExceptionHeader.read(afterThread(text[first]), isClass: isQualifiedThrowable)
            return thrown.map { StackTrace(language: "java", exceptions: [$0], frames: []) }
        }
        guard let outermost = header(text, above: first) else { return nil }
        var exceptions = [outermost]
        var frames: [StackTrace.Frame] = []
        // Deeper indentation than this belongs to a suppressed exception and is not followed.
        var suppressedIndent: Int?
        var rootFirst = false
        for index in first..<text.count {
            let line = text[index]
            if let indent = suppressedIndent {
                if line.indent > indent || line.indent == indent && line.trimmed.has("Caused by: ") && indent > 0 {
                    continue
                }
                suppressedIndent = nil
            }
            if line.trimmed.has("Suppressed: ") {
                suppressedIndent = line.indent
            } else if let (_, cause) = line.split(at: "Caused by: ") {
                if let thrown = ExceptionHeader.read(cause, isClass: { _ in true }) {
                    exceptions.append(thrown)
                    frames = []
                }
            } else if let (_, wrapper) = line.split(at: "Wrapped by: ") {
                if let thrown = ExceptionHeader.read(wrapper, isClass: { _ in true }) {
                    exceptions.insert(thrown, at: 0)
                }
                rootFirst = true
            } else if !rootFirst, frames.count < StackTrace.framesMax, let frame = frame(line) {
                frames.append(frame)
            }
        }
        return StackTrace(language: "java", exceptions: exceptions, frames: frames)
    }
}
