/// Writes a message for people: constants as they are, variable words with typed placeholders.
struct PlaceholderWriter {
    private var output: [UInt8] = []
    private let bytesMax: Int
    private var pendingBlank = false
    /// Where the last placeholder that ended the output began; a second one of the same kind right after it is left
    /// out.
    private var lastPlaceholder: StaticString?
    /// A month or weekday came before: the numbers and times that follow belong to it.
    private var isInDate = false

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
        output.reserveCapacity(bytesMax + 32)
    }

    var isFull: Bool { output.count > bytesMax }

    /// A blank before whatever comes next, if anything came before.
    mutating func separate() { pendingBlank = !output.isEmpty }

    mutating func write(verbatim bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        flushBlank()
        lastPlaceholder = nil
        isInDate = false
        output.append(contentsOf: bytes.prefix(max(0, bytesMax + 16 - output.count)))
    }

    /// A unit is shown; a month or weekday is part of a time.
    mutating func write(absorbed bytes: UnsafeRawBufferPointer) {
        if bytes.core.count >= 3 && MaskRules.isAbsorbedBefore(bytes) {
            write(placeholder: "<time>")
            isInDate = true
        } else {
            write(verbatim: bytes)
        }
    }

    /// A word that varies: its separators as they are, its parts by kind.
    mutating func write(masked bytes: UnsafeRawBufferPointer) {
        if isInDate && bytes.core.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }) {
            return
        }
        isInDate = false
        if bytes.count > 1, MaskRules.isPath(bytes) || MaskRules.isWindowsPath(bytes) {
            return writePath(bytes)
        }
        var index = 0
        while index < bytes.count && !isFull {
            if let end = NamedPlaceholder.end(in: bytes, at: index), end > index + 3 {
                write(verbatim: bytes.cut(index..<index + 1))
                write(verbatim: bytes.cut(index + 2..<end))
                index = end
            } else if let placeholder = Atom.placeholder(in: bytes, at: index) {
                write(placeholder: placeholder)
                index += placeholder.utf8CodeUnitCount
            } else if Atom.isPart(bytes[index]) {
                var end = index + 1
                while end < bytes.count && Atom.isPart(bytes[end]) { end += 1 }
                while end > index + 1 && Atom.isTrailing(bytes[end - 1]) { end -= 1 }
                write(atom: bytes.cut(index..<end))
                index = end
            } else {
                write(verbatim: bytes.cut(index..<index + 1))
                index += 1
            }
        }
    }

    /// The text, cut at a character and marked with "…" where it is too long, invalid UTF-8 repaired and characters
    /// that steer a terminal or the direction of writing escaped.
    consuming func finish() -> String {
        DisplayText.escaped(output, bytesMax: bytesMax)
    }

    private mutating func flushBlank() {
        if pendingBlank { output.append(0x20) }
        pendingBlank = false
    }

    private mutating func write(placeholder: StaticString) {
        if pendingBlank, let last = lastPlaceholder, last.utf8Start == placeholder.utf8Start {
            pendingBlank = false
            return
        }
        flushBlank()
        placeholder.withUTF8Buffer { output.append(contentsOf: $0) }
        lastPlaceholder = placeholder
    }

    /// `file=/a/b.c:12,` → `file=<path>:<num>,`.
    private mutating func writePath(_ bytes: UnsafeRawBufferPointer) {
        var start = 0
        var end = bytes.count
        if let scheme = bytes.find("://") {
            start = scheme
            while start > 0 && bytes[start - 1].isWord { start -= 1 }
        } else {
            while start < end, bytes[start] != UInt8(ascii: "/"), bytes[start] != UInt8(ascii: "\\"),
                !bytes[start].isCore || bytes.cut(start..<end).find(UInt8(ascii: "=")) != nil
            {
                start += 1
            }
        }
        // `./x`, `../x`
        if start > 0, bytes.has("./") || bytes.has("../"), start <= 2 { start = 0 }
        while end > start, !bytes[end - 1].isCore, bytes[end - 1] != UInt8(ascii: "/") { end -= 1 }
        write(verbatim: bytes.cut(0..<start))
        write(placeholder: bytes.cut(start..<end).find("://") != nil ? "<url>" : "<path>")
        write(verbatim: bytes.cut(end..<bytes.count))
    }

    /// One part between separators: a placeholder for it as a whole, or for the digits in it.
    private mutating func write(atom: UnsafeRawBufferPointer) {
        if let kind = Atom.kind(of: atom) { return write(placeholder: kind) }
        var index = 0
        while index < atom.count {
            var end = index
            if atom[index].isDigit {
                while end < atom.count && atom[end].isDigit { end += 1 }
                // `pop3d`, `k8s`, `srv0srv.c`: the only digits of a part, between letters, make it a name.
                let isInName =
                    end - index <= 2 && index > 0 && atom[index - 1].isLetter && end < atom.count && atom[end].isLetter
                    && !atom.cut(0..<index).contains(where: \.isDigit)
                    && !atom.cut(end..<atom.count).contains(where: \.isDigit)
                if isInName { write(verbatim: atom.cut(index..<end)) } else { write(placeholder: "<num>") }
            } else {
                while end < atom.count && !atom[end].isDigit { end += 1 }
                write(verbatim: atom.cut(index..<end))
            }
            index = end
        }
    }
}
