import Events

/// Which lines belong together: reads lines one after the other and says whether each goes on the record before it.
///
/// A value without effects. What it decides depends on the lines of the record alone, so that a record is the same
/// however the file was cut into chunks. `RecordFinder` relies on this: a line goes on the record before it only when
/// `LineShape.mayGoOn` holds for it or for the line before.
package struct RecordGrammar {
    /// What a line does to the record before it.
    package enum Step {
        /// It belongs to the record.
        case goesOn
        /// It belongs to the record if a later line does: a blank line inside a trace.
        case perhaps
        /// It is the first line of another record.
        case begins
    }

    /// What the record has shown so far.
    private enum State {
        /// One line with a header in front; a trace may follow.
        case headed
        /// One line without a header.
        case plain
        /// A line that names an exception.
        case thrown
        /// Inside the frames of a trace.
        case frames
        /// Inside the frames of a Python traceback, which ends in an unindented line.
        case pythonFrames
        /// Behind that line.
        case pythonEnd
        /// Goroutines and their frames, which are not indented.
        case goroutines
    }

    private var state: State

    /// Begins a record with its first line.
    package init(first line: UnsafeRawBufferPointer) {
        if RecordHeader.startsRecord(line) {
            state = .headed
        } else if line.begins(with: "Traceback (most recent call last)") {
            state = .pythonFrames
        } else if LineShape.isGoCrash(line) {
            state = .goroutines
        } else {
            state = LineShape.isThrown(line) ? .thrown : .plain
        }
    }

    /// Takes the next line, without its newline.
    package mutating func step(_ line: UnsafeRawBufferPointer) -> Step {
        guard let first = line.first(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) else {
            return state == .plain ? .begins : .perhaps
        }
        if RecordHeader.startsRecord(line) { return .begins }
        if line[0] == UInt8(ascii: " ") || line[0] == UInt8(ascii: "\t") {
            if state != .pythonFrames && state != .goroutines { state = .frames }
            return .goesOn
        }
        if let entered = entered(by: line) {
            state = entered
            return .goesOn
        }
        switch state {
        case .pythonFrames:
            // The exception itself, on the first line that is not indented.
            state = .pythonEnd
            return .goesOn
        case .goroutines: return LineShape.isGoFrame(line) ? .goesOn : .begins
        case .frames, .thrown:
            // The end of an object that was printed over several lines.
            let closes = first == UInt8(ascii: "}") || first == UInt8(ascii: "]") || first == UInt8(ascii: ")")
            return closes ? .goesOn : .begins
        case .headed, .plain, .pythonEnd: return .begins
        }
    }

    /// The state after a line that carries a record on wherever it stands; nil for any other line.
    private func entered(by line: UnsafeRawBufferPointer) -> State? {
        if line.begins(with: "Traceback (most recent call last)") {
            return state == .plain || state == .frames ? nil : .pythonFrames
        }
        if line.begins(with: "Caused by: ") || line.begins(with: "Suppressed: ") { return .thrown }
        if line.begins(with: "During handling of the above exception")
            || line.begins(with: "The above exception was the direct cause")
        {
            return .pythonEnd
        }
        if line.begins(with: "goroutine ") && state != .plain { return .goroutines }
        if line.begins(with: "note: run with `RUST_BACKTRACE") || line.begins(with: "stack backtrace:") {
            return .frames
        }
        if LineShape.isNumberedFrame(line) && state != .plain { return .frames }
        if state == .headed && LineShape.isThrown(line) { return .thrown }
        return nil
    }
}

/// What a line looks like by itself.
enum LineShape {
    /// `java.io.IOException: message`, `TypeError: message`, `Foo::Bar (message)`: begins with the name of an exception.
    ///
    /// Heuristic: a dotted or coloned name whose last part ends in Exception, Error, Throwable, Failure, Fault or
    /// Interrupt, then a colon or the end. Fails for exceptions of other names, which then stand as records of their own.
    static func isThrown(_ line: UnsafeRawBufferPointer) -> Bool {
        var end = 0
        while end < line.count, end < 200, isNameByte(line[end]) { end += 1 }
        guard end > 4, end == line.count || line[end] == UInt8(ascii: ":") || line[end] == UInt8(ascii: " ") else {
            return false
        }
        // A colon that ends the name was taken for a part of it.
        while end > 0, line[end - 1] == UInt8(ascii: ":") || line[end - 1] == UInt8(ascii: ".") { end -= 1 }
        let name = UnsafeRawBufferPointer(rebasing: line[..<end])
        return name.ends(with: "Exception") || name.ends(with: "Error") || name.ends(with: "Throwable")
            || name.ends(with: "Failure") || name.ends(with: "Fault") || name.ends(with: "Interrupt")
    }

    /// The first line of a crash of the Go runtime.
    static func isGoCrash(_ line: UnsafeRawBufferPointer) -> Bool {
        line.begins(with: "panic: ") || line.begins(with: "fatal error: ") || line.begins(with: "goroutine ")
            || line.begins(with: "runtime: ") || line.begins(with: "SIGSEGV: ") || line.begins(with: "[signal ")
    }

    /// `main.main()`, `created by main.f`, `exit status 2`: lines of a Go crash that are not indented.
    static func isGoFrame(_ line: UnsafeRawBufferPointer) -> Bool {
        line.last == UInt8(ascii: ")") || isGoCrash(line) || line.begins(with: "created by ")
            || line.begins(with: "exit status ") || line.begins(with: "...additional frames elided...")
    }

    /// `#0 …`, as PHP, gdb and the sanitizers number their frames.
    static func isNumberedFrame(_ line: UnsafeRawBufferPointer) -> Bool {
        line.count > 3 && line[0] == UInt8(ascii: "#") && line[1] >= UInt8(ascii: "0") && line[1] <= UInt8(ascii: "9")
    }

    /// Whether the line, by itself, is sure to begin a record.
    static func beginsRecord(_ line: UnsafeRawBufferPointer) -> Bool {
        RecordHeader.startsRecord(line) || !mayGoOn(line)
    }

    /// Whether the line, by itself, could carry on a record: a place where no record is sure to begin.
    static func mayGoOn(_ line: UnsafeRawBufferPointer) -> Bool {
        guard let first = line.first else { return true }
        switch first {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ")"),
            UInt8(ascii: "#"):
            return true
        default:
            return isThrown(line) || isGoFrame(line) || line.begins(with: "Traceback (most recent call last)")
                || line.begins(with: "Caused by: ") || line.begins(with: "Suppressed: ")
                || line.begins(with: "During handling of ") || line.begins(with: "The above exception was ")
                || line.begins(with: "note: run with `RUST_BACKTRACE") || line.begins(with: "stack backtrace:")
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "$"),
            UInt8(ascii: ":"), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}

extension UnsafeRawBufferPointer {
    func begins(with text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount
            && self[..<text.utf8CodeUnitCount].elementsEqual(
                UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    func ends(with text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount
            && self[(count - text.utf8CodeUnitCount)...].elementsEqual(
                UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
