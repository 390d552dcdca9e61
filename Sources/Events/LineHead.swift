/// What may stand before the first word of a line without being part of it.
enum LineHead {
    /// Bytes that are looked at.
    static let bytesMax = 96

    /// Where the program's own text begins: behind a byte order mark and the service name that docker compose puts in
    /// front (`web_1  | `). Its indentation is its own and is kept.
    static func startOfText(_ line: LineBytes) -> Int {
        let start = line[0] == 0xEF && line[1] == 0xBB && line[2] == 0xBF ? 3 : 0
        guard let end = service(line, from: skipBlanks(line, from: start))?.end else { return start }
        return line[end].isBlank ? end &+ 1 : end
    }

    /// The first place behind all that, and behind blanks and colour codes.
    static func skipDecoration(_ line: LineBytes) -> Int { skipBlanks(line, from: startOfText(line)) }

    /// The place behind blanks and colour codes (ECMA-48 control sequences).
    @inline(__always) static func skipBlanks(_ line: LineBytes, from start: Int) -> Int {
        var place = start
        while true {
            let byte = line[place]
            if byte.isBlank {
                place &+= 1
            } else if byte == 0x1B {
                let end = skipColour(line, at: place)
                guard end > place else { return place }
                place = end
            } else {
                return place
            }
        }
    }

    /// The place behind colour codes.
    static func skipColours(_ line: LineBytes, from start: Int) -> Int {
        var place = start
        while true {
            let end = skipColour(line, at: place)
            guard end > place else { return place }
            place = end
        }
    }

    /// The place behind the control sequence at `start`; `start` where there is none.
    static func skipColour(_ line: LineBytes, at start: Int) -> Int {
        guard line[start] == 0x1B, line[start &+ 1] == UInt8(ascii: "[") else { return start }
        var place = start &+ 2
        let limit = place &+ 16
        while place < limit && (line[place].isDigit || line[place] == UInt8(ascii: ";")) { place &+= 1 }
        return line[place].isLetter ? place &+ 1 : start
    }

    /// `name  |`: the name, and the place behind the bar. A level before a bar is a field of its own, and not the name of
    /// a service.
    static func service(_ line: LineBytes, from start: Int) -> (range: Range<Int>, end: Int)? {
        guard line[start].isLetter else { return nil }
        var place = start
        let limit = start &+ 64
        while place < limit && isNameByte(line[place]) { place &+= 1 }
        guard place > start, line[place].isBlank || line[place] == 0x1B else { return nil }
        let name = start..<place
        place = skipBlanks(line, from: place)
        guard line[place] == UInt8(ascii: "|"),
            line[place &+ 1].isBlank || place &+ 1 >= line.count || line[place &+ 1] == 0x1B,
            LogLevel(line, name) == nil
        else { return nil }
        // PowerShell's header of two columns.
        if place &+ 1 >= line.count, line.matches("line", at: name.lowerBound), name.count == 4 { return nil }
        return (name, skipColour(line, at: place &+ 1))
    }

    @inline(__always) private static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    /// The first place that is not decoration, a bracket, a sign, a syslog priority or one level: where a time must
    /// stand if only its place says that it is one.
    static func end(of line: LineBytes) -> Int {
        var place = skipDecoration(line)
        if let (_, end) = LogLevel.priority(line, at: place) { place = end }
        var hasLevel = false
        let limit = min(line.count, place &+ bytesMax)
        while place < limit {
            let byte = line[place]
            if byte.isLetter && !hasLevel {
                var end = place
                while end &- place <= LogLevel.wordBytesMax && line[end].isLetter { end &+= 1 }
                guard LogLevel(line, place..<end) != nil else { return place }
                hasLevel = true
                place = end
            } else if byte == 0x1B {
                let end = skipColour(line, at: place)
                guard end > place else { return place }
                place = end
            } else if isSign(byte) {
                place &+= 1
            } else {
                return place
            }
        }
        return place
    }

    private static func isSign(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("),
            UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: "#"), UInt8(ascii: "+"),
            UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "|"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
