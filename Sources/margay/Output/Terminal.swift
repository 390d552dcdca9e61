import ArgumentParser
import CLinux
import Events
import Glibc

/// When to colour.
enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never
}

/// Where output goes: a terminal, with colours and a width, or a pipe, which gets everything uncut.
struct Terminal: Sendable {
    let descriptor: Int32
    let isTerminal: Bool
    let isColoured: Bool
    /// Columns of a terminal; nil for a pipe.
    let width: Int?

    static let widthDefault = 80

    /// Order of say: the flag, `NO_COLOR` (no-color.org), `CLICOLOR_FORCE`, `TERM=dumb`, whether it is a terminal.
    init(descriptor: Int32, colour: ColourChoice, variable: (String) -> String?) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1
        isColoured =
            switch colour {
            case .always: true
            case .never: false
            case .auto:
                if variable("NO_COLOR") != nil {
                    false
                } else if let force = variable("CLICOLOR_FORCE"), force != "0" {
                    true
                } else {
                    isTerminal && variable("TERM") != "dumb"
                }
            }
        width =
            isTerminal
            ? Terminal.columns(descriptor) ?? variable("COLUMNS").flatMap { Int($0) } ?? Terminal.widthDefault : nil
    }

    static func standardOutput(_ colour: ColourChoice) -> Terminal {
        Terminal(descriptor: STDOUT_FILENO, colour: colour, variable: environmentVariable)
    }

    static func standardError(_ colour: ColourChoice) -> Terminal {
        Terminal(descriptor: STDERR_FILENO, colour: colour, variable: environmentVariable)
    }

    /// Writes all of it, by descriptor, so that nothing is lost in a buffer when the process dies.
    ///
    /// Returns false when nobody reads any more (a broken pipe is no error).
    @discardableResult
    func write(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
    }

    @discardableResult
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes
        while let base = rest.baseAddress, !rest.isEmpty {
            let count = Glibc.write(descriptor, base, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return true
    }

    /// Goes to the beginning of the line and wipes it and all below: before anything that may come over lines that are
    /// redrawn.
    var freshLine: String { isTerminal ? "\r\u{1B}[J" : "" }

    /// `text` in a colour, or as it is where there are none. `code` is an SGR parameter list (ECMA-48, 8.3.117).
    func coloured(_ text: String, _ code: String) -> String { isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }

    /// Columns of the terminal at this moment; nil where that is none.
    static func columns(_ descriptor: Int32) -> Int? { size(descriptor).map { Int($0.ws_col) } }

    /// Lines of the terminal at this moment; nil where that is none.
    static func rows(_ descriptor: Int32) -> Int? { size(descriptor).map { Int($0.ws_row) } }

    private static func size(_ descriptor: Int32) -> winsize? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return size
    }
}

func environmentVariable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
}

extension String {
    /// Columns on a terminal: wcwidth(3) of each scalar, in the locale that `main` sets; unknown ones are taken as one.
    var columns: Int {
        if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
        return unicodeScalars.reduce(0) { sum, scalar in
            let columns = Int(margay_columns(scalar.value))
            return sum + (columns < 0 ? 1 : columns)
        }
    }

    /// Cut to `width` columns with an ellipsis.
    func elided(to width: Int) -> String {
        guard columns > width else { return self }
        var kept = ""
        var used = 0
        for character in self {
            let columns = String(character).columns
            guard used + columns < width else { break }
            kept.append(character)
            used += columns
        }
        return kept + "…"
    }
}
