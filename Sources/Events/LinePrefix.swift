/// The prefixes that container runtimes, compose, syslog and the kernel put before each line of a trace.
enum LinePrefix {
    /// The lines without their prefixes, where more than half of them have one of the same kind. A kernel stamp behind
    /// a syslog prefix goes too.
    static func removed(from lines: [UnsafeRawBufferPointer]) -> [UnsafeRawBufferPointer] {
        var lines = lines
        for kind in [cri, compose, syslog, kernelStamp] {
            var ends: [Int] = []
            ends.reserveCapacity(lines.count)
            for line in lines { ends.append(kind(line)) }
            guard lines.count > 1, ends.filter({ $0 > 0 }).count * 2 > lines.count else { continue }
            for index in lines.indices { lines[index] = lines[index].cut(from: ends[index]) }
        }
        return lines
    }

    /// `2024-03-01T09:00:00.037000000Z stderr F `: where it ends; 0 if there is none.
    private static func cri(_ line: UnsafeRawBufferPointer) -> Int {
        guard line.count > 20, line[4] == UInt8(ascii: "-"), let blank = line.cut(to: min(40, line.count)).find(0x20),
            line.has(" stdout ", at: blank) || line.has(" stderr ", at: blank)
        else { return 0 }
        let end = blank + 8
        return line.has("F ", at: end) || line.has("P ", at: end) ? end + 2 : end
    }

    /// `app-1  | `.
    private static func compose(_ line: UnsafeRawBufferPointer) -> Int {
        var index = 0
        while index < line.count, index < 64, line[index].isWord || line[index] == 0x2d || line[index] == 0x2e {
            index += 1
        }
        guard index > 0 else { return 0 }
        while index < line.count, index < 80, line[index] == 0x20 { index += 1 }
        guard line.has("|", at: index), index > 0, line[index - 1] == 0x20 else { return 0 }
        return line.has(" ", at: index + 1) ? index + 2 : index + 1
    }

    /// `Mar  1 09:00:00 web01 app[4211]: ` or `2024-03-01T09:00:00+01:00 web01 app[4211]: `.
    private static func syslog(_ line: UnsafeRawBufferPointer) -> Int {
        guard line.count > 16 else { return 0 }
        let isOld =
            line[0].isUppercase && line[3] == 0x20 && line[9] == UInt8(ascii: ":") && line[12] == UInt8(ascii: ":")
        let isNew = line[0].isDigit && line[4] == UInt8(ascii: "-") && line[10] == UInt8(ascii: "T")
        guard isOld || isNew else { return 0 }
        var index = isOld ? 15 : 19
        while index < line.count, index < 40, line[index] != 0x20 { index += 1 }
        index += 1
        while index < line.count, index < 300, line[index] != 0x20 { index += 1 }
        index += 1
        let tag = index
        while index < line.count, index < 400, line[index] != 0x20 { index += 1 }
        guard index > tag, line[index - 1] == UInt8(ascii: ":") else { return 0 }
        return min(index + 1, line.count)
    }

    /// `[   65.470000] `, perhaps with `<4>` before it or the thread behind it.
    private static func kernelStamp(_ line: UnsafeRawBufferPointer) -> Int {
        var index = 0
        if line.has("<") {
            index = 1
            while index < line.count, index < 4, line[index].isDigit { index += 1 }
            guard line.has(">", at: index) else { return 0 }
            index += 1
        }
        guard line.has("[", at: index) else { return 0 }
        index += 1
        while index < line.count, line[index] == 0x20 { index += 1 }
        let digits = index
        while index < line.count, index < 40, line[index].isDigit || line[index] == UInt8(ascii: ".") { index += 1 }
        guard index > digits, line.has("]", at: index) else { return 0 }
        index += 1
        if line.has("[", at: index),
            let end = line.cut(from: index, to: min(line.count, index + 16)).find(UInt8(ascii: "]"))
        {
            index += end + 1
        }
        return line.has(" ", at: index) ? index + 1 : index
    }
}
