import CLinux
import Events
import Glibc

/// How a container runtime wraps each line, or part of a long line, that a program writes.
package enum LineWrapper: Sendable, CaseIterable {
    /// Docker's json-file driver: `{"log":"text\n","stream":"stdout","attrs":{…},"time":"2026-11-22T10:00:00Z"}`. A text
    /// without a newline at its end goes on in the next line of the same output.
    case docker
    /// containerd, CRI-O, podman's k8s-file: `2026-11-22T10:00:00Z stdout F text`; after `P` in place of `F` the text goes
    /// on in the next line of the same output. (Kubernetes, CRI logging design: "Log format".)
    case cri

    /// In the words of a person who reads about it.
    package var name: String {
        switch self {
        case .docker: "docker json-file"
        case .cri: "CRI"
        }
    }

    /// One wrapped line, unwrapped.
    struct Piece {
        var output: ProgramOutput
        /// The text goes on in the next line of the same output.
        var isPartial: Bool
        /// Microseconds since 1970, or `LinePlace.noTime`.
        var time: Int64
        /// Bytes of text, a newline among them only where the wrapper holds it.
        var textBytes: Int
    }

    /// Writes the text of `line`, which is without its newline, to `text`; nil where the line is not of this kind.
    ///
    /// `text` has room for `line.count` + 16 bytes, or twice as many of a Latin-1 text. What it then holds behind the
    /// text, or after nil, is undefined.
    func unwrap(_ line: UnsafeRawBufferPointer, into text: UnsafeMutableRawBufferPointer, isLatin1: Bool = false)
        -> Piece?
    {
        switch self {
        case .docker: DockerLine(bytes: line).unwrap(into: text)
        case .cri: LineWrapper.unwrapCRI(line, into: text, isLatin1: isLatin1)
        }
    }

    private static func unwrapCRI(
        _ line: UnsafeRawBufferPointer, into text: UnsafeMutableRawBufferPointer, isLatin1: Bool
    ) -> Piece? {
        guard let opening = openingOfCRI(line) else { return nil }
        let content = UnsafeRawBufferPointer(rebasing: line[opening.textStart...])
        var count = content.count
        if isLatin1 {
            count = TextForm.latin1.decode(content, into: text).made
        } else if count > 0 {
            text.copyMemory(from: content)
        }
        return Piece(output: opening.output, isPartial: opening.isPartial, time: opening.time, textBytes: count)
    }

    /// What stands before the text of a line of the CRI format.
    private static func openingOfCRI(
        _ line: UnsafeRawBufferPointer
    ) -> (output: ProgramOutput, isPartial: Bool, time: Int64, textStart: Int)? {
        guard let (time, timeEnd) = WrapperTime.read(line, from: 0), line.count - timeEnd >= 9,
            line.hasBytes(" std", at: timeEnd)
        else { return nil }
        let output: ProgramOutput
        if line.hasBytes("out ", at: timeEnd + 4) {
            output = .standardOutput
        } else if line.hasBytes("err ", at: timeEnd + 4) {
            output = .standardError
        } else {
            return nil
        }
        var at = timeEnd + 8
        let tag = line[at]
        guard tag == UInt8(ascii: "P") || tag == UInt8(ascii: "F") else { return nil }
        at += 1
        // Further tags stand behind colons.
        if at < line.count, line[at] == UInt8(ascii: ":") {
            while at < line.count, line[at] != UInt8(ascii: " ") { at += 1 }
        }
        guard at == line.count || line[at] == UInt8(ascii: " ") else { return nil }
        return (output, tag == UInt8(ascii: "P"), time, min(at + 1, line.count))
    }
}

// MARK: - Telling by the head of a file

extension LineWrapper {
    /// Bytes that settle the wrapper of nearly every file.
    static let headBytesMin = 128
    /// Most bytes that are looked at for the end of the first line.
    static let headBytesMax = 32 * 1_024

    /// What the head of a file says.
    enum Told: Equatable, Sendable {
        case wrapped(LineWrapper)
        case plain
        /// More bytes could change it.
        case undecided
    }

    /// The wrapper of a file that begins with `head`: that of its first line.
    ///
    /// A first line too long to be looked at as a whole is told by how it begins. A NUL ends the head: what follows it was
    /// not there when the line was written.
    static func told(by head: UnsafeRawBufferPointer) -> Told {
        guard !head.isEmpty else { return .undecided }
        let seen = UnsafeRawBufferPointer(rebasing: head[..<(head.firstIndex(of: 0) ?? head.count)])
        let isEnded = seen.count < head.count
        let line = UnsafeRawBufferPointer(rebasing: seen[..<(seen.firstIndex(of: UInt8(ascii: "\n")) ?? seen.count)])
        if line.count < seen.count { return toldByWhole(line) }
        if line.hasBytes(DockerLine.opening, at: 0) {
            // A mark may have stood before it.
            let isLong = line.count >= headBytesMax - TextForm.headBytesMax
            return isEnded || isLong ? .wrapped(.docker) : .undecided
        }
        if openingOfCRI(line) != nil { return .wrapped(.cri) }
        if isEnded || line.count >= headBytesMin { return .plain }
        return mayBecomeWrapped(line) ? .undecided : .plain
    }

    private static func toldByWhole(_ line: UnsafeRawBufferPointer) -> Told {
        if openingOfCRI(line) != nil { return .wrapped(.cri) }
        guard line.hasBytes(DockerLine.opening, at: 0) else { return .plain }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: line.count + 16, alignment: 16)
        defer { memory.deallocate() }
        guard let piece = DockerLine(bytes: line).unwrap(into: memory), piece.time != LinePlace.noTime else {
            return .plain
        }
        return .wrapped(.docker)
    }

    /// Whether a first line that begins like this could still become a wrapped one.
    private static func mayBecomeWrapped(_ line: UnsafeRawBufferPointer) -> Bool {
        if DockerLine.opening.beginning(equals: line) { return true }
        // `0` is a digit, anything else itself; the digits of the second and the zone vary in number.
        let shape: StaticString = "0000-00-00T00:00:00"
        for index in 0..<min(line.count, shape.utf8CodeUnitCount) {
            let expected = shape.utf8Start[index]
            let isDigit = line[index] &- 0x30 < 10
            guard expected == UInt8(ascii: "0") ? isDigit : line[index] == expected else { return false }
        }
        guard line.count > shape.utf8CodeUnitCount else { return true }
        guard let blank = line.firstIndex(of: UInt8(ascii: " ")) else {
            return line[shape.utf8CodeUnitCount...].allSatisfy { byte in
                byte &- 0x30 < 10 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "Z")
                    || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":")
            }
        }
        let rest = UnsafeRawBufferPointer(rebasing: line[blank...])
        return [" stdout P:", " stdout F:", " stderr P:", " stderr F:"].contains { (begins: StaticString) in
            begins.beginning(equals: rest) || rest.hasBytes(begins, at: 0)
        }
    }
}

extension StaticString {
    /// Whether it begins with `bytes`.
    fileprivate func beginning(equals bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count <= utf8CodeUnitCount
            && bytes.elementsEqual(UnsafeRawBufferPointer(start: utf8Start, count: bytes.count))
    }
}

extension UnsafeRawBufferPointer {
    /// Whether `expected` stands at `position`.
    @inline(__always) func hasBytes(_ expected: StaticString, at position: Int) -> Bool {
        let length = expected.utf8CodeUnitCount
        guard position >= 0, count - position >= length, let base = baseAddress else { return false }
        return memcmp(base + position, expected.utf8Start, length) == 0
    }
}
