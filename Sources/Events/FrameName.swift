/// Names of frames as they enter a key or a title: without what a compiler numbers anew with each build.
enum FrameName {
    /// Bytes of a name that count.
    static let bytesMax = 256

    /// Module and function, or the file name where there is no function.
    static func key(of frame: StackTrace.Frame) -> String {
        let function = stable(frame.function)
        let module = stable(frame.module)
        if function.isEmpty { return module + "\u{0}" + baseName(frame.file) }
        return (module.isEmpty ? baseName(frame.file) : module) + "\u{0}" + function
    }

    /// `DataXceiver.run`: the last part of the module, and the function.
    static func short(of frame: StackTrace.Frame) -> String {
        let function = stable(frame.function)
        var module = stable(frame.module)
        if function.isEmpty { return module.isEmpty ? baseName(frame.file) : baseName(module) }
        if let separator = module.utf8.lastIndex(where: { ".\\/:".utf8.contains($0) }) {
            module = String(module[module.utf8.index(after: separator)...])
        }
        return module.isEmpty ? function : module + "." + function
    }

    /// The last part of a path.
    static func baseName(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }) else {
            return path
        }
        return String(path[path.utf8.index(after: slash)...])
    }

    /// `name` without the marks of generated code: `$$Lambda$12/0x…`, `Foo$1`, `lambda$main$0`, `…CGLIB$$1a2b`,
    /// `foo.<locals>.bar`, `<Bar>d__2`, `main.func1.2`, `::h0123456789abcdef`, `foo.isra.0`, `block (2 levels) in`.
    static func stable(_ name: String) -> String {
        var name = name
        return name.withUTF8 { utf8 in
            let bytes = UnsafeRawBufferPointer(utf8)
            return String(decoding: stable(bytes.cut(to: min(bytes.count, bytesMax))), as: UTF8.self)
        }
    }

    /// Marks from which on a name is generated, and those that are left out alone.
    private static let ends: [StaticString] = ["/0x", "CGLIB$$", ".isra.", ".constprop.", ".part.", ".cold", ".llvm."]
    private static let omitted: [StaticString] = [
        "<locals>.", "<>c__DisplayClass", "<>c", "block in ", "rescue in ", "ensure in ", "@anonymous",
    ]

    private static func stable(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        scan: while index < bytes.count {
            for mark in ends where bytes.has(mark, at: index) { break scan }
            for mark in omitted where bytes.has(mark, at: index) {
                index += mark.utf8CodeUnitCount
                continue scan
            }
            if bytes.has("::h", at: index), isRustHash(bytes, at: index + 3) { break }
            if bytes.has("block (", at: index), let end = bytes.find(" in ", from: index) {
                index = end + 4
                continue
            }
            // `<Name>d__2`, `<Name>b__1_0`, `<Name>g__Local|3_0`: the name is that of the method.
            if bytes[index] == UInt8(ascii: "<"), let end = bytes.find(UInt8(ascii: ">"), from: index), end > index + 1,
                end + 1 < bytes.count, bytes[end + 1].isLower, bytes.has("__", at: end + 2)
            {
                output.append(contentsOf: bytes.cut(from: index + 1, to: end))
                index = end + 4
                while index < bytes.count, bytes[index].isDigit || bytes[index] == UInt8(ascii: "_") { index += 1 }
                continue
            }
            if bytes[index].isDigit, isNumbered(output) {
                index += 1
                continue
            }
            output.append(bytes[index])
            index += 1
        }
        while let last = output.last,
            last == UInt8(ascii: "$") || last == UInt8(ascii: ".") || last == UInt8(ascii: "#")
        {
            output.removeLast()
        }
        return output
    }

    private static func isRustHash(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        bytes.count == start + 16 && bytes.cut(from: start, to: start + 16).allSatisfy(\.isHexDigit)
    }

    /// Whether a digit here counts what was generated: after `$`, `#`, "`", `func`, `Accessor`, `Proxy`, or such
    /// digits.
    private static func isNumbered(_ output: [UInt8]) -> Bool {
        guard let last = output.last else { return false }
        if last == UInt8(ascii: "$") || last == UInt8(ascii: "#") || last == UInt8(ascii: "`") { return true }
        return output.withUnsafeBytes { bytes in
            bytes.ends(with: ".func") || bytes.ends(with: ".func.") || bytes.ends(with: "MethodAccessor")
                || bytes.ends(with: "ConstructorAccessor") || bytes.ends(with: "$Proxy")
        }
    }
}
