/// Traces of exceptions: what may follow what.
extension RecordGrammar {
    /// The state that a line leads to which carries on any record with an exception in it; nil for other lines.
    private func state(after shape: LineShape) -> State? {
        switch shape {
        case .link: .thrown
        case .heading, .numbered, .frame, .closing, .rustNote, .beam: .frames
        default: nil
        }
    }

    /// A header; perhaps the lines of its message; then a trace.
    mutating func stepHeaded(_ line: LineView) -> Step {
        switch line.shape {
        case .indented, .closing, .summary:
            if hasLoosePlain && line.shape == .indented { return wait() }
            return goOn(.headed, line)
        case .indentedFrame, .indentedThrown:
            let isApart = hasLoosePlain || line.shape == .indentedThrown
            return isApart && header.isQuiet ? .begins : goOn(.frames, line)
        case .goCrash, .rustPanic:
            guard announces, loose == 0 else { return .begins }
            return goOn(line.shape == .goCrash ? .goroutines : .rust, line)
        case .kernelTitle, .kernelTitleNext, .raceTitle, .sanitizerTitle, .banner: return .begins
        default: break
        }
        if header.isQuiet { return .begins }
        switch line.shape {
        case .traceback: return goOn(.pythonFrames, line)
        case .groupHead: return goOn(.pythonEnd, line)
        case .thrown: return hasLoosePlain && !header.hasTime ? .begins : goOn(.thrown, line)
        case .goroutine: return goOn(.goroutines, line)
        default:
            if let next = state(after: line.shape) { return goOn(next, line) }
            return wait()
        }
    }

    /// A line that says nothing by itself. Prefixed by a wrapper, it is a header to lines that are not.
    mutating func stepPlain(_ line: LineView) -> Step {
        if first.key != 0 && line.key == 0 { return stepHeaded(line) }
        switch line.shape {
        case .indented: return goOn(.plain, line)
        case .indentedFrame: return goOn(.frames, line)
        case .traceback where announces: return goOn(.pythonFrames, line)
        case .groupHead where announces: return goOn(.pythonEnd, line)
        case .thrown where announces: return goOn(.thrown, line)
        case .link: return goOn(.thrown, line)
        case .heading, .frame, .rustNote: return goOn(.frames, line)
        case .numbered where line.body.byte(1) == UInt8(ascii: "0"): return goOn(.frames, line)
        case .summary: return goOn(.ended, line)
        case .closing where !isFirst: return goOn(.frames, line)
        // The title of a kernel's report that is not known by its words: `app: page allocation failure: order:5`.
        case .kernelBody where isFirst && LineShape.beginsKernelBody(line.body): return goOn(.kernel, line)
        default: return .begins
        }
    }

    /// The name of an exception and its message, which may take several lines; then frames.
    mutating func stepThrown(_ line: LineView) -> Step {
        switch line.shape {
        case .indented: return hasLoosePlain ? wait() : goOn(.frames, line)
        case .indentedFrame: return goOn(.frames, line)
        case .indentedThrown: return .begins
        case .thrown where announces && !hasLoosePlain: return goOn(.thrown, line)
        // `Exception ignored in: <function f>`.
        case .traceback where loose == 0 && (announces || isFirst && first.body.has("Exception ")):
            return goOn(.pythonFrames, line)
        case .plain, .sanitizerBody, .kernelBody, .goFrame, .rule: return wait()
        default:
            guard let next = state(after: line.shape) else { return .begins }
            return goOn(next, line)
        }
    }

    mutating func stepFrames(_ line: LineView) -> Step {
        switch line.shape {
        case .indented, .indentedFrame: return goOn(.frames, line)
        // `nested exception is:`, and the source line with its caret above a JavaScript error.
        case .thrown where announces && loose == 0 || mark: return goOn(.thrown, line)
        case .summary: return goOn(.ended, line)
        case .kernelBody where loose == 0 && mark: return goOn(.frames, line)
        default:
            guard let next = state(after: line.shape) else { return .begins }
            return goOn(next, line)
        }
    }

    // MARK: - Python

    mutating func stepPythonFrames(_ line: LineView) -> Step {
        switch line.shape {
        case .indented, .indentedFrame, .markedFrame, .indentedThrown: return goOn(.pythonFrames, line)
        case .link: return goOn(.pythonLink, line)
        case .traceback, .groupHead, .goCrash, .rustPanic, .kernelTitle, .sanitizerTitle, .raceTitle: return .begins
        // The exception itself, on the first line that is not indented.
        default: return goOn(.pythonEnd, line)
        }
    }

    mutating func stepPythonEnd(_ line: LineView) -> Step {
        switch line.shape {
        case .indented, .indentedFrame, .indentedThrown: return loose > 0 ? .begins : goOn(.pythonEnd, line)
        case .link: return goOn(.pythonLink, line)
        case .plain:
            // `[SQL: …]`, `(Background on this error …)`.
            let last = line.body.lastByte
            if loose == 0, line.body[0] == UInt8(ascii: "["), last == UInt8(ascii: "]") {
                return goOn(.pythonEnd, line)
            }
            if loose == 0, line.body[0] == UInt8(ascii: "("), last == UInt8(ascii: ")") {
                return goOn(.pythonEnd, line)
            }
            return wait()
        default: return .begins
        }
    }

    mutating func stepPythonLink(_ line: LineView) -> Step {
        switch line.shape {
        case .traceback: goOn(.pythonFrames, line)
        case .groupHead: goOn(.pythonEnd, line)
        default: .begins
        }
    }

    // MARK: - Go and Rust

    mutating func stepGoroutines(_ line: LineView) -> Step {
        switch line.shape {
        case .indented, .indentedFrame: return goOn(.goroutines, line)
        case .goroutine:
            mark = true
            return goOn(.goroutines, line)
        case .goFrame:
            _ = goOn(.goroutines, line)
            announces = line.body.has("created by ")
            return .goesOn
        // `runtime: …` stands before `fatal error: …` and inside of goroutines.
        case .goCrash where line.body.has("runtime: ") || !mark && first.body.has("runtime: "):
            return goOn(.goroutines, line)
        // The message of a panic may take several lines. What stands directly below the head of a goroutine is its first
        // frame, and below `created by` its place, however they are written.
        case .plain, .thrown:
            if mark { return announces && loose == 0 ? goOn(.goroutines, line) : .begins }
            return wait()
        default: return .begins
        }
    }

    mutating func stepRust(_ line: LineView) -> Step {
        switch line.shape {
        case .indented, .indentedFrame: return goOn(hasLoosePlain ? .frames : .rust, line)
        case .rustNote: return goOn(.rust, line)
        case .heading: return goOn(.frames, line)
        case .plain, .thrown:
            // Since Rust 1.73 the message stands below the place, which ends in a colon.
            return announces && isFirst && loose == 0 ? goOn(.rust, line) : wait()
        default: return .begins
        }
    }
}
