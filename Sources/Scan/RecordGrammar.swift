import Events

/// Which lines belong together: reads lines one after the other and says whether each goes on the record before it.
///
/// A value without effects. What it decides depends on the lines of the record alone, so that a record is the same
/// however the file was cut into chunks. `RecordFinder` relies on two things: a headed line always begins a record, and
/// no record goes on over more than `looseLinesMax` lines in a row that have no shape (`LineShape.isLoose`).
struct RecordGrammar {
    /// Lines in a row without a shape that can lie inside of a record: blank ones, and those of a message of several
    /// lines.
    static let looseLinesMax = 8

    /// What a line does to the record before it.
    enum Step {
        /// It belongs to the record.
        case goesOn
        /// It belongs to the record if a later line does: a blank line inside a trace.
        case perhaps
        /// It is the first line of another record.
        case begins
        /// The same, and the lines that were waited with belong to the record before.
        case beginsBehind
    }

    /// What the record has shown so far.
    enum State {
        /// A header, and perhaps lines of its message; a trace may follow.
        case headed
        /// One line without a header.
        case plain
        /// A line that names an exception.
        case thrown
        /// Inside the frames of a trace.
        case frames
        /// Inside the frames of a Python traceback, which ends in an unindented line.
        case pythonFrames
        /// Behind that line, or inside of an exception group, which is indented from its first line to its last.
        case pythonEnd
        /// Behind `During handling of the above exception …`.
        case pythonLink
        /// Goroutines and their frames, which are not indented.
        case goroutines
        /// Behind the first line of a Rust panic.
        case rust
        /// A report of a sanitizer, or the output of valgrind.
        case native
        /// Behind a sanitizer's summary.
        case summarised
        /// A report of a data race, which ends in a line of `=`.
        case race
        /// A kernel's report.
        case kernel
        /// A line of `=`, with which some reports begin.
        case banner
        /// Nothing can follow.
        case ended
    }

    var state: State
    /// Lines since the last one that is known to belong to the record.
    var loose = 0
    /// Lines without a shape, up to the last line, in a row.
    private var looseRun: Int
    /// One of them is not blank.
    var hasLoosePlain = false
    /// The last line that belongs to the record ends in a colon.
    var announces: Bool
    /// The last line that belongs to the record is the second or a later one.
    var isFirst = true
    /// The record's first line. Its bytes must live as long as lines are taken.
    var first: LineView
    /// Set on the way through a Go crash, a kernel's or a sanitizer's report, some of which begin with it set. Most records
    /// never ask.
    var mark: Bool {
        mutating get {
            let isMarked = markKnown ?? (first.shape == .sanitizerTitle || isClosedByBanner(first.body))
            markKnown = isMarked
            return isMarked
        }
        set { markKnown = newValue }
    }
    private var markKnown: Bool?
    private var knownHeader: HeaderSays?

    /// Begins a record with its first line.
    init(first: LineView) {
        self.first = first
        announces = first.endsInColon
        looseRun = first.shape.isLoose ? 1 : 0
        state =
            switch first.shape {
            case .headed, .level, .detail: .headed
            case .traceback, .markedFrame: .pythonFrames
            case .groupHead: .pythonEnd
            case .thrown, .indentedThrown, .link: .thrown
            case .goCrash, .goroutine: .goroutines
            case .rustPanic: .rust
            case .sanitizerTitle, .marked: .native
            case .raceTitle: .race
            case .kernelTitle, .kernelTitleNext: .kernel
            case .banner: .banner
            case .numbered, .frame, .indentedFrame: .frames
            case .kernelEnd, .sanitizerEnd, .markedBlank: .ended
            default: .plain
            }
    }

    /// Whether a line with this prefix begins another record, whatever it says.
    func isOfAnother(_ prefix: LinePrefix) -> Bool { prefix.key != first.key && prefix.key != 0 }

    /// Takes the next line.
    mutating func step(_ line: LineView) -> Step {
        if line.key != first.key && line.key != 0 { return .begins }
        looseRun = line.shape.isLoose ? looseRun + 1 : 0
        if looseRun > RecordGrammar.looseLinesMax { return .begins }
        switch line.shape {
        case .headed: return keepsLoose() ? .beginsBehind : .begins
        case .level:
            if isSecondOfHeader(line) {
                knownHeader = HeaderSays(isQuiet: HeaderSays(line).isQuiet, hasTime: true)
                return goOn(.headed, line)
            }
            return keepsLoose() ? .beginsBehind : .begins
        case .detail: return first.shape == .headed && loose == 0 ? goOn(.headed, line) : .begins
        case .blank: return state == .plain || state == .ended ? .begins : wait(isPlain: false)
        default: return stepInside(line)
        }
    }

    private mutating func stepInside(_ line: LineView) -> Step {
        switch state {
        case .headed: stepHeaded(line)
        case .plain: stepPlain(line)
        case .thrown: stepThrown(line)
        case .frames: stepFrames(line)
        case .pythonFrames: stepPythonFrames(line)
        case .pythonEnd: stepPythonEnd(line)
        case .pythonLink: stepPythonLink(line)
        case .goroutines: stepGoroutines(line)
        case .rust: stepRust(line)
        case .native: stepNative(line)
        case .summarised: stepSummarised(line)
        case .race: stepRace(line)
        case .kernel: stepKernel(line)
        case .banner: stepBanner(line)
        case .ended: .begins
        }
    }

    /// The line belongs to the record, and so does what was waited with.
    mutating func goOn(_ next: State, _ line: LineView) -> Step {
        state = next
        loose = 0
        hasLoosePlain = false
        isFirst = false
        announces = line.endsInColon
        return .goesOn
    }

    /// The line belongs to the record if a later one does.
    mutating func wait(isPlain: Bool = true) -> Step {
        loose += 1
        if isPlain { hasLoosePlain = true }
        return loose > 2 * RecordGrammar.looseLinesMax ? .begins : .perhaps
    }

    /// Whether the lines waited with belong to the record although no trace came, when the next line has a header again
    /// or there is none: in a log whose records have headers, what stands between two of them belongs to the first. Only
    /// for records that tell of a fault; the others may well have a program's own output behind them, as may a line with a
    /// level and no time.
    mutating func keepsLoose() -> Bool {
        guard hasLoosePlain, first.shape == .headed else { return false }
        switch state {
        case .headed, .thrown, .pythonEnd: return header.hasTime && !header.isQuiet
        default: return false
        }
    }

    /// What the first line says, when it is a header.
    var header: HeaderSays {
        mutating get {
            if let knownHeader { return knownHeader }
            let says = HeaderSays(first)
            knownHeader = says
            return says
        }
    }

    /// `SEVERE: …` behind `Nov 22, 2026 10:00:00 AM com.example.App run`.
    private func isSecondOfHeader(_ line: LineView) -> Bool {
        isFirst && loose == 0 && first.shape == .headed && LineShape.mayBeFirstOfTwo(first.body)
            && RecordHeader.isFirstOfTwo(first.body)
    }

    /// Whether a report with this title ends in a line of `=`.
    func isClosedByBanner(_ title: UnsafeRawBufferPointer) -> Bool {
        title.find("SAN: ") != nil
    }
}

extension LineShape {
    /// Cheap: whether a time with AM or PM stands at the head of the line.
    static func mayBeFirstOfTwo(_ body: UnsafeRawBufferPointer) -> Bool {
        let head = UnsafeRawBufferPointer(rebasing: body.prefix(40))
        return head.find("M ").map { head.byte($0 - 1) == UInt8(ascii: "A") || head.byte($0 - 1) == UInt8(ascii: "P") }
            ?? false
    }
}
