import Events

/// The shape of what stands before the message of a line, as an expression.
///
/// The parts that `RecordHeader` tells become named groups, digits and letters beside them classes, and the rest stands
/// as it is. Lines of one log give few different sketches.
struct LineSketch: Hashable {
    let expression: String
    /// Names of its groups.
    let names: [String]

    /// Nil for a line without a header.
    init?(_ line: UnsafeRawBufferPointer, _ header: RecordHeader) {
        let end = min(header.messageStart, line.count)
        guard end > 0, header.time != nil || header.level != nil else { return nil }
        let parts = LineSketch.parts(of: header).filter { $0.range.upperBound <= end }
        var text = "^"
        var names: [String] = []
        var position = 0
        while position < end {
            if let part = parts.first(where: { $0.range.lowerBound == position }), !part.range.isEmpty {
                let name = names.contains(part.name) ? nil : part.name
                let body = LineSketch.expression(for: part.name, line[part.range])
                text += name.map { "(?<\($0)>\(body))" } ?? "(?:\(body))"
                if let name { names.append(name) }
                position = part.range.upperBound
                continue
            }
            let stop = min(end, parts.map(\.range.lowerBound).filter { $0 > position }.min() ?? end)
            text += LineSketch.literal(UnsafeRawBufferPointer(rebasing: line[position..<stop]))
            position = stop
        }
        expression = text
        self.names = names
    }

    private static func parts(of header: RecordHeader) -> [(name: String, range: Range<Int>)] {
        let all: [(String, Range<Int>?)] = [
            ("time", header.time?.range), ("level", header.levelRange), ("node", header.host),
            ("program", header.program), ("pid", header.process), ("thread", header.thread), ("logger", header.logger),
        ]
        return all.compactMap { name, range in range.map { (name, $0) } }.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
    }

    private static func expression(for name: String, _ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        switch name {
        case "time": return literal(UnsafeRawBufferPointer(rebasing: bytes), keepsLetters: false)
        case "level": return bytes.allSatisfy { $0.isASCIIDigit } ? "\\d{1,3}" : "[A-Za-z]{1,12}"
        case "pid": return "[\\d#:]{1,20}"
        case "thread": return bytes.contains(0x20) ? "[^\\]]{1,80}" : "[^\\s\\]]{1,80}"
        default: return "[^\\s\\]:]{1,128}"
        }
    }

    /// Digits as `\d`, runs of blanks as one or more; other bytes as they are.
    static func literal(_ bytes: UnsafeRawBufferPointer, keepsLetters: Bool = true) -> String {
        var text = ""
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            var end = index + 1
            if byte.isASCIIDigit {
                while end < bytes.count, bytes[end].isASCIIDigit { end += 1 }
                text += keepsLetters || end - index > 3 && end - index != 4 ? "\\d{1,20}" : "\\d{\(end - index)}"
            } else if byte == 0x20 || byte == 0x09 {
                while end < bytes.count, bytes[end] == byte { end += 1 }
                text += end - index > 1 ? "\\s{1,\(max(4, end - index))}" : byte == 0x09 ? "\\t" : " "
            } else if byte.isASCIILetter, !keepsLetters {
                while end < bytes.count, bytes[end].isASCIILetter { end += 1 }
                text += "[A-Za-z]{\(end - index)}"
            } else {
                while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
                text += String(decoding: bytes[index..<end], as: UTF8.self).escapedForExpression
            }
            index = end
        }
        return text
    }
}

extension UInt8 {
    fileprivate var isASCIIDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    fileprivate var isASCIILetter: Bool { self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z") }
}

extension String {
    /// With a backslash before everything that means something in an expression.
    var escapedForExpression: String {
        map { ".\\+*?[^]$(){}=!<>|:-#/\"".contains($0) && !":-#/\"=!<>".contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
