/// A stack trace for the eye: frames of one's own code stand out, runs of others are their number.
package struct TraceFolding: Equatable, Sendable {
    package enum Line: Equatable, Sendable {
        /// No frame: a header, a message, a remark.
        case text(String)
        /// A frame of the application's own code.
        case own(String)
        /// A frame of a library in a run too short to fold.
        case library(String)
        /// Frames of libraries, in a row, and how many they are: a frame may have several lines.
        case folded([String], frames: Int)
    }

    /// Frames of libraries in a row that are folded; fewer are shown.
    package static let runMin = 3

    /// The lines of the record, in order. A record without a frame of one's own is left whole, as text.
    package private(set) var lines: [Line] = []
    /// Frames of one's own code, of all exceptions of the record; 0 where nothing was folded for want of them.
    package private(set) var ownFrames = 0
    /// Frames of libraries, shown and folded.
    package private(set) var libraryFrames = 0
    /// The class of the root cause where it is not what was reported; nil where there is but one exception.
    package private(set) var cause: String?

    package init(_ text: String) {
        let all = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let frames = TraceFolding.frames(all)
        guard frames.contains(where: \.inApp) else {
            lines = all.map { .text($0) }
            return
        }
        cause = TraceFolding.cause(text)
        var run = Run()
        // The frame that the lines before belong to, and how far it is indented: Python shows the source below it.
        var open: (isOwn: Bool, indent: Int)?
        for (number, line) in all.enumerated() {
            let next = number + 1 < all.count ? all[number + 1] : nil
            if let frame = frames.first(where: { TraceFolding.isLine(line, of: $0, next) }) {
                open = (frame.inApp, TraceFolding.indent(line))
                if frame.inApp {
                    ownFrames += 1
                } else {
                    libraryFrames += 1
                    run.frames += 1
                }
            } else if let frame = open, TraceFolding.indent(line) <= frame.indent {
                open = nil
            }
            if open?.isOwn == false {
                run.lines.append(line)
            } else {
                close(&run)
                lines.append(open == nil ? .text(line) : .own(line))
            }
        }
        close(&run)
    }

    /// The trace that a JSON object carries as one long text, its lines apart; nil where `record` is none or carries none.
    package static func carried(by record: String) -> TraceFolding? {
        StackTrace.embeddedText(in: record).map { TraceFolding($0) }
    }

    /// Frames of libraries that stand in a row so far.
    private struct Run {
        var lines: [String] = []
        var frames = 0
    }

    private mutating func close(_ run: inout Run) {
        if run.frames >= TraceFolding.runMin {
            lines.append(.folded(run.lines, frames: run.frames))
        } else {
            lines += run.lines.map { .library($0) }
        }
        run = Run()
    }

    private static func indent(_ line: String) -> Int { line.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count }

    private static func cause(_ text: String) -> String? {
        var text = text
        guard let trace = text.withUTF8({ StackTrace.parse(UnsafeRawBufferPointer($0)) }), trace.exceptions.count > 1,
            trace.innermost.className != trace.outermost.className
        else { return nil }
        return trace.innermost.className
    }

    /// The frames of all exceptions of the record. `StackTrace` keeps those of one, so each part is read by itself.
    private static func frames(_ lines: [String]) -> [StackTrace.Frame] {
        var frames: [StackTrace.Frame] = []
        var part: [String] = []
        func read() {
            var text = part.joined(separator: "\n")
            frames += text.withUTF8 { StackTrace.parse(UnsafeRawBufferPointer($0)) }?.frames ?? []
        }
        for line in lines {
            let bare = line.drop { $0 == " " || $0 == "\t" }
            if let mark = partMarks.first(where: { bare.hasPrefix($0) }) {
                read()
                part = [String(bare.dropFirst(mark.count))]
            } else {
                part.append(line)
            }
        }
        read()
        return frames
    }

    /// What the next exception of a chain begins with.
    private static let partMarks = [
        "Caused by: ", "Suppressed: ", "During handling of the above exception, another exception occurred:",
        "The above exception was the direct cause of the following exception:",
    ]

    /// Whether a frame begins in the line: it names the function and its place, or the function alone and the line below
    /// it the place, as Go and Rust write frames.
    private static func isLine(_ line: String, of frame: StackTrace.Frame, _ next: String?) -> Bool {
        let isMarked = line.first == " " || line.first == "\t" || line.first == "#"
        guard let name = frame.function.split(separator: ".").last else {
            return isMarked && !frame.file.isEmpty && isPlace(line, of: frame)
        }
        guard line.contains(name) else { return false }
        if isMarked && (frame.module.isEmpty || line.contains(frame.module)) && isPlace(line, of: frame) { return true }
        guard let next, !frame.file.isEmpty, frame.line != nil, indent(next) > indent(line) else { return false }
        return !next.contains(name) && isPlace(next, of: frame)
    }

    private static func isPlace(_ line: String, of frame: StackTrace.Frame) -> Bool {
        (frame.file.isEmpty || line.contains(frame.file)) && (frame.line.map { names($0, line) } ?? true)
    }

    /// Whether a line names a number of a line: `Order.java:88`, `line 88`, `order.php(88)`.
    private static func names(_ number: Int, _ line: String) -> Bool {
        [":\(number)", "line \(number)", "(\(number)"].contains { mark in
            line.ranges(of: mark).contains { $0.upperBound == line.endIndex || !line[$0.upperBound].isNumber }
        }
    }
}
