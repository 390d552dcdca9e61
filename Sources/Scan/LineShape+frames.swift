/// Names of exceptions, and frames that are not indented.
extension LineShape {
    /// `java.io.IOException: message`, `TypeError: message`, `Foo::Bar (message)`: begins with the name of an exception.
    ///
    /// Heuristic: a dotted or coloned name whose last part ends in Exception, Error, Throwable, Failure, Fault or
    /// Interrupt, then a colon, a blank, a colour or the end. Fails for exceptions of other names, which are then known
    /// only by the frames below.
    static func isThrown(_ body: UnsafeRawBufferPointer) -> Bool {
        var end = 0
        while end < body.count, end < 200, isNameByte(body[end]) { end += 1 }
        let next = body.byte(end)
        guard end > 4, end == body.count || next == 0x20 || next == 0x1b else { return false }
        // A colon that ends the name was taken for a part of it.
        while end > 0, body[end - 1] == UInt8(ascii: ":") || body[end - 1] == UInt8(ascii: ".") { end -= 1 }
        return endsInExceptionName(UnsafeRawBufferPointer(rebasing: body[..<end]))
    }

    private static func endsInExceptionName(_ name: UnsafeRawBufferPointer) -> Bool {
        switch name.last {
        case UInt8(ascii: "n"): name.ends(with: "Exception")
        case UInt8(ascii: "r"): name.ends(with: "Error")
        case UInt8(ascii: "e"): name.ends(with: "Throwable") || name.ends(with: "Failure")
        case UInt8(ascii: "t"): name.ends(with: "Fault") || name.ends(with: "Interrupt") || name.ends(with: "Exit")
        case UInt8(ascii: "p"): name.ends(with: "ExceptionGroup")
        default: false
        }
    }

    /// `#0 …`, as PHP, gdb, Dart and the sanitizers number their frames.
    static func isNumberedFrame(_ body: UnsafeRawBufferPointer) -> Bool {
        guard body.byte(1).isDigit else { return false }
        let end = body.behindDigits(1)
        return body.byte(end) == 0x20 || body.byte(end) == 0x09
    }

    /// A frame without indentation. Asked last, by the last byte of the line, since it looks through the whole line.
    static func ofFrame(_ body: UnsafeRawBufferPointer) -> LineShape? {
        let last = body.lastByte
        switch last {
        case UInt8(ascii: ")"):
            if body.has("at ") && body.find(":") != nil { return .frame }
            return isGoCall(body) ? .goFrame : nil
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"):
            if isGoPlace(body) { return .goFrame }
            if isRegister(body) { return .goFrame }
            if isLegend(body) { return .sanitizerBody }
            guard last.isDigit else { return nil }
            if body.has("at ") && body.find(": line ") != nil { return .frame }
            return isWebFrame(body) || body.has("at ") && isPlaceAtEnd(body) != nil ? .frame : nil
        case UInt8(ascii: "]"):
            if body.find("[0x") != nil && body.find("(") != nil { return .frame }
            return body.ends(with: "@[native code]") || body.ends(with: "at [native code]") ? .frame : nil
        case UInt8(ascii: "'"): return body.find(".rb:") != nil && body.find(":in ") != nil ? .frame : nil
        case UInt8(ascii: ">"):
            return body.has("<asynchronous suspension>") || body.has("at <anonymous>") ? .frame : nil
        default: return nil
        }
    }

    /// `f@http://host/x.js:1:2`, `http://host/x.js:1:2`, `f@33.js:1:2`: as Firefox and Safari write frames.
    private static func isWebFrame(_ body: UnsafeRawBufferPointer) -> Bool {
        guard let end = isPlaceAtEnd(body) else { return false }
        if body.has("http://") || body.has("https://") || body.has("file://") { return body.find(byte: 0x20) == nil }
        guard let at = body.find(byte: UInt8(ascii: "@")), at < end else {
            return body.has(".js", at: end - 3) && body.find(byte: 0x20) == nil
        }
        let place = UnsafeRawBufferPointer(rebasing: body[(at + 1)..<end])
        return place.find("://") != nil || place.find(".js") != nil
    }

    /// Where `:12` or `:12:34` begins, with which a place in a file ends; nil where it does not.
    private static func isPlaceAtEnd(_ body: UnsafeRawBufferPointer) -> Int? {
        var end = body.count
        var numbers = 0
        while numbers < 2 {
            var start = end
            while start > 0, body[start - 1].isDigit { start -= 1 }
            guard start < end, start > 1, body[start - 1] == UInt8(ascii: ":") else { break }
            end = start - 1
            numbers += 1
        }
        return numbers > 0 ? end : nil
    }

    /// `net/http.(*conn).serve(0xc000, 0x2)`, `panic({0x1, 0x2})`: no blank before the first bracket.
    private static func isGoCall(_ body: UnsafeRawBufferPointer) -> Bool {
        guard body[0].isLetter || body[0] == UInt8(ascii: "_"), let open = body.find(byte: UInt8(ascii: "(")),
            body.find(byte: 0x20).map({ $0 > open }) ?? true
        else { return false }
        return body.has("panic(")
            || UnsafeRawBufferPointer(rebasing: body[..<min(body.count, open + 1)]).find(byte: UInt8(ascii: ".")) != nil
    }

    /// `/usr/lib/go/src/runtime/proc.go:250 +0x1`, `runtime/proc.c:1445 fp=0xc21 sp=0xc20`.
    private static func isGoPlace(_ body: UnsafeRawBufferPointer) -> Bool {
        let blank = body.find(byte: 0x20) ?? body.count
        guard body[0] == UInt8(ascii: "/") || body.has(" +0x", at: blank) || body.has(" fp=0x", at: blank) else {
            return false
        }
        var start = blank
        while start > 0, body[start - 1].isDigit { start -= 1 }
        return start < blank && body.byte(start - 1) == UInt8(ascii: ":")
            && (body.has(".go", at: start - 4) || body.has(".s", at: start - 3) || body.has(".c", at: start - 3))
    }

    /// `rax    0x0`: the registers at the end of a Go crash.
    private static func isRegister(_ body: UnsafeRawBufferPointer) -> Bool {
        guard body.count < 40, body[0].isLetter, let blank = body.find(byte: 0x20), blank <= 6 else { return false }
        let value = body.behindBlanks(blank)
        return value > blank + 1 && body.has("0x", at: value)
    }

    /// `Heap left redzone:       fa`, `Partially addressable: 01 02 03`: what the sanitizers' shadow bytes mean.
    private static func isLegend(_ body: UnsafeRawBufferPointer) -> Bool {
        guard body.count < 80, body[0].isUppercase, body.byte(body.count - 3) == 0x20,
            let colon = body.find(byte: UInt8(ascii: ":"))
        else { return false }
        var place = body.behindBlanks(colon + 1)
        while place < body.count {
            guard body[place].isHexDigit, body.byte(place + 1).isHexDigit else { return false }
            if place + 2 < body.count && body[place + 2] != 0x20 { return false }
            place += 3
        }
        return place > body.count
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "$"),
            UInt8(ascii: ":"), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
