/// PowerShell: `Get-Item : message`, `At C:\x.ps1:12 char:5`, `+ CategoryInfo : …, ItemNotFoundException`; since version 7
/// `Exception: C:\x.ps1:12` above `Line |`; and script stack traces, `at Get-Price, C:\x.ps1: line 12`.
///
/// Format: about_CommonParameters and `ErrorRecord` (Microsoft's reference of PowerShell).
extension TraceFamily {
    static let powershell = TraceFamily(
        begins: { text, line in PowerShellTrace.begins(text, line) },
        parse: { PowerShellTrace.parse($0, $1) })
}

private enum PowerShellTrace {
    static func begins(_ text: TraceText, _ line: Int) -> Bool {
        let trimmed = text[line].trimmed
        return position(trimmed) != nil || scriptFrame(trimmed) != nil || trimmed.equals("Line |")
    }

    /// `At C:\jobs\Import.ps1:12 char:5`.
    private static func position(_ line: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        guard line.has("At "), let (place, _) = line.cut(from: 3).split(at: " char:") else { return nil }
        return frame("", place)
    }

    /// `at Get-Price, C:\jobs\Price.ps1: line 12`.
    private static func scriptFrame(_ line: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        guard line.has("at "), let (call, place) = line.cut(from: 3).split(at: ", "),
            let (file, number) = place.split(at: ": line "), let (value, _) = number.number(at: 0)
        else { return nil }
        let name = call.equals("<ScriptBlock>") ? "" : call.name
        return StackTrace.Frame(module: "", function: name, file: FrameName.baseName(file.name), line: value)
    }

    private static func frame(_ name: String, _ place: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        let (file, line) = place.fileAndLine
        guard line != nil else { return nil }
        return StackTrace.Frame(module: "", function: name, file: FrameName.baseName(file.name), line: line)
    }

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        guard first > 0 else { return nil }
        if text[first].trimmed.equals("Line |") { return parseConcise(text, first) }
        var frames: [StackTrace.Frame] = []
        for index in first..<text.count where frames.count < StackTrace.framesMax {
            let line = text[index].trimmed
            if let frame = position(line) ?? scriptFrame(line) { frames.append(frame) }
        }
        let head = text[first - 1].trimmed
        if let thrown = ExceptionHeader.read(head, isClass: ExceptionHeader.isThrowable) {
            return trace(thrown, frames)
        }
        let message = head.split(at: " : ")?.after ?? head
        return trace(
            StackTrace.Thrown(className: category(text, from: first) ?? "error", message: message.message), frames)
    }

    /// The class at the end of `+ CategoryInfo          : ObjectNotFound: (…) [Get-Item], ItemNotFoundException`.
    private static func category(_ text: TraceText, from first: Int) -> String? {
        for index in first..<text.count {
            guard let (_, rest) = text[index].split(at: "+ CategoryInfo"), let comma = rest.findLast(UInt8(ascii: ","))
            else { continue }
            let name = rest.cut(from: comma + 1).trimmed
            return name.isEmpty || name.contains(0x20) ? nil : name.name
        }
        return nil
    }

    /// `Get-Item: C:\jobs\Import.ps1:12`, `Line |`, `  12 |  Get-Item x`, `     |  ~~~~`, `     | Cannot find …`.
    private static func parseConcise(_ text: TraceText, _ line: Int) -> StackTrace? {
        guard let (name, place) = text[line - 1].trimmed.split(at: ": "), let frame = frame("", place) else {
            return nil
        }
        var message = UnsafeRawBufferPointer(start: nil, count: 0)
        for index in line + 1..<max(line + 1, text.count) {
            guard let (before, after) = text[index].split(at: "| "), before.trimmed.isEmpty else { continue }
            let part = after.trimmed
            if !part.isEmpty, !part.allSatisfy({ $0 == UInt8(ascii: "~") || $0 == 0x20 }) { message = part }
        }
        return trace(StackTrace.Thrown(className: name.name, message: message.message), [frame])
    }

    private static func trace(_ thrown: StackTrace.Thrown, _ frames: [StackTrace.Frame]) -> StackTrace {
        StackTrace(language: "powershell", exceptions: [thrown], frames: frames)
    }
}
