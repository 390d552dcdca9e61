import Events
import Mustache

/// How text gets into a page: what HTML would obey is written as a character reference, what the eye would not see or a
/// browser would turn round (control characters, marks of direction) is written out.
///
/// Our own, since the engine's goes by `Character`: a quotation mark with a combining accent behind it is another
/// character to Swift, and still a quotation mark to a browser.
struct PageEscape: MustacheContentType {
    /// The name that templates are given it by.
    static let name = "PAGE"

    func escapeText(_ text: String) -> String { PageEscape.escape(text) }

    static func escape(_ text: String) -> String {
        if text.utf8.allSatisfy(isPlain) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            default:
                if scalar.value >= 0x20, scalar.value < 0x7F {
                    result.unicodeScalars.append(scalar)
                } else {
                    result += String(scalar).safe
                }
            }
        }
        return result
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): false
        case 0x0A, 0x09, 0x20..<0x7F: true
        default: false
        }
    }

    /// One line of a log, cut to `ConsoleLimits.lineBytesMax`, with what was left out said. Not escaped yet.
    static func line(_ text: String) -> String {
        let length = text.utf8.count
        guard length > ConsoleLimits.lineBytesMax else { return text }
        let kept = String(decoding: text.utf8.prefix(ConsoleLimits.lineBytesMax), as: UTF8.self)
        return kept + " … (\(length - ConsoleLimits.lineBytesMax) more bytes)"
    }
}
