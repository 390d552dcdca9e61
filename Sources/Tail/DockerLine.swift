import CLinux
import Events
import Glibc

/// One line of Docker's json-file driver: an object with the texts `log`, `stream` and `time`; `attrs` and whatever else
/// there may be is stepped over.
struct DockerLine {
    let bytes: UnsafeRawBufferPointer

    /// How the driver begins each line; other writers may order the keys otherwise.
    static let opening: StaticString = "{\"log\":\""

    /// Writes the text to `target`, which has room for the line and 16 bytes; nil where the line is no such object.
    func unwrap(into target: UnsafeMutableRawBufferPointer) -> LineWrapper.Piece? {
        var found = Found()
        guard isAsWritten(&found, target) || isInAnyOrder(&found, target), let output = found.output,
            let count = found.textBytes
        else { return nil }
        let isWhole = count > 0 && target[count - 1] == UInt8(ascii: "\n")
        return LineWrapper.Piece(output: output, isPartial: !isWhole, time: found.time, textBytes: count)
    }

    private struct Found {
        var textBytes: Int?
        var output: ProgramOutput?
        var time = LinePlace.noTime
    }

    /// Whether the line is as the driver writes it; one that is not has to be read with more care.
    private func isAsWritten(_ found: inout Found, _ target: UnsafeMutableRawBufferPointer) -> Bool {
        guard bytes.hasBytes(DockerLine.opening, at: 0),
            var at = text(from: DockerLine.opening.utf8CodeUnitCount, &found, target),
            bytes.hasBytes(",\"stream\":\"std", at: at)
        else { return false }
        at += 14
        let isOutput = bytes.hasBytes("out\"", at: at)
        guard isOutput || bytes.hasBytes("err\"", at: at) else { return false }
        at += 4
        if bytes.hasBytes(",\"attrs\":", at: at) {
            guard let end = valueEnd(from: at + 9) else { return false }
            at = end
        }
        guard bytes.hasBytes(",\"time\":\"", at: at), let (time, end) = WrapperTime.read(bytes, from: at + 9),
            bytes.count == end + 2, bytes.hasBytes("\"}", at: end)
        else { return false }
        found.output = isOutput ? .standardOutput : .standardError
        found.time = time
        return true
    }

    private func isInAnyOrder(_ found: inout Found, _ target: UnsafeMutableRawBufferPointer) -> Bool {
        found = Found()
        var at = blanksEnd(from: 0)
        guard byte(at) == UInt8(ascii: "{") else { return false }
        at += 1
        while true {
            at = blanksEnd(from: at)
            let nameStart = at
            guard let nameEnd = stringEnd(from: at) else { return false }
            at = blanksEnd(from: nameEnd)
            guard byte(at) == UInt8(ascii: ":") else { return false }
            at = blanksEnd(from: at + 1)
            guard let end = value(named: nameStart..<nameEnd, at: at, &found, target) else { return false }
            at = blanksEnd(from: end)
            if byte(at) == UInt8(ascii: ",") {
                at += 1
            } else {
                return byte(at) == UInt8(ascii: "}") && blanksEnd(from: at + 1) == bytes.count
            }
        }
    }

    /// Takes the value at `at`; returns its end.
    private func value(
        named name: Range<Int>, at: Int, _ found: inout Found, _ target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        let isText = byte(at) == UInt8(ascii: "\"")
        let named = UnsafeRawBufferPointer(rebasing: bytes[name])
        if isText, named.count == 5, named.hasBytes("\"log\"", at: 0) { return text(from: at + 1, &found, target) }
        if isText, named.count == 8, named.hasBytes("\"stream\"", at: 0) {
            guard let end = stringEnd(from: at) else { return nil }
            for output in ProgramOutput.allCases {
                let isThis =
                    output == .standardOutput
                    ? bytes.hasBytes("\"stdout\"", at: at) : bytes.hasBytes("\"stderr\"", at: at)
                if isThis { found.output = output }
            }
            return end
        }
        if isText, named.count == 6, named.hasBytes("\"time\"", at: 0) {
            guard let end = stringEnd(from: at) else { return nil }
            if let (time, timeEnd) = WrapperTime.read(bytes, from: at + 1), timeEnd == end - 1 { found.time = time }
            return end
        }
        return valueEnd(from: at)
    }

    /// Decodes the string whose text begins at `start` into `target`; returns its end.
    private func text(from start: Int, _ found: inout Found, _ target: UnsafeMutableRawBufferPointer) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress else { return nil }
        var made = 0
        let taken = margay_json_string(base + start, bytes.count - start, target.baseAddress, &made)
        guard taken > 0 else { return nil }
        found.textBytes = made
        return start + taken
    }

    // MARK: Stepping over

    /// 0 beyond the end.
    private func byte(_ at: Int) -> UInt8 { at < bytes.count ? bytes[at] : 0 }

    private func blanksEnd(from start: Int) -> Int {
        var at = start
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 || bytes[at] == 0x0D { at += 1 }
        return at
    }

    /// End of the string that begins with a quote at `start`.
    private func stringEnd(from start: Int) -> Int? {
        guard byte(start) == UInt8(ascii: "\"") else { return nil }
        var at = start + 1
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "\"") { return at + 1 }
            at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    /// End of any value. What is no JSON inside of brackets is not found out; it is stepped over all the same.
    private func valueEnd(from start: Int) -> Int? {
        var at = start
        var depth = 0
        repeat {
            switch byte(at) {
            case UInt8(ascii: "\""):
                guard let end = stringEnd(from: at) else { return nil }
                at = end
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                at += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                at += 1
            case UInt8(ascii: ",") where depth > 0, UInt8(ascii: ":") where depth > 0: at += 1
            case UInt8(ascii: " ") where depth > 0, UInt8(ascii: "\t") where depth > 0: at += 1
            default:
                let end = literalEnd(from: at)
                if end == at { return nil }
                at = end
            }
        } while depth > 0 && at < bytes.count
        return depth == 0 ? at : nil
    }

    /// End of a number, `true`, `false` or `null`.
    private func literalEnd(from start: Int) -> Int {
        var at = start
        while at < bytes.count {
            let byte = bytes[at]
            let isWord =
                byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
            if !isWord { break }
            at += 1
        }
        return at
    }
}
