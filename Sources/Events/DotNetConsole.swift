/// The first line of a record of .NET's console, `fail: Shop.Web.CartController[7]`: level, category and number of the
/// event. The message follows on the next line.
///
/// Source: `SimpleConsoleFormatter` of Microsoft.Extensions.Logging.Console.
struct DotNetConsole {
    let level: LogLevel
    /// The bytes of the level's four letters.
    let levelRange: Range<Int>
    let category: Range<Int>

    /// Bytes of a category.
    private static let categoryBytesMax = 300

    /// Reads the line from its level on, which may be coloured; nil where it is no such line.
    init?(_ line: LineBytes, at start: Int) {
        guard line[start].isLetter, !line[start].isUppercase, line[line.count &- 1] == UInt8(ascii: "]"),
            let level = DotNetConsole.level(line, at: start)
        else { return nil }
        let colon = LineHead.skipColours(line, from: start &+ 4)
        guard line[colon] == UInt8(ascii: ":"), line[colon &+ 1] == 0x20, line[colon &+ 2].isLetter else { return nil }
        let name = colon &+ 2
        var end = name
        while end &- name < DotNetConsole.categoryBytesMax, line[end].isAlphanumeric || line[end].isOne(of: "._+`$<>,-")
        {
            end &+= 1
        }
        guard line[end] == UInt8(ascii: "[") else { return nil }
        let number = line[end &+ 1] == UInt8(ascii: "-") ? end &+ 2 : end &+ 1
        let digits = line.digitRun(at: number, limit: 11)
        guard digits > 0, number &+ digits == line.count &- 1 else { return nil }
        self.level = level
        levelRange = start..<start &+ 4
        category = name..<end
    }

    private static func level(_ line: LineBytes, at start: Int) -> LogLevel? {
        if line.matches("fail", at: start) { return .error }
        if line.matches("crit", at: start) { return .critical }
        if line.matches("warn", at: start) { return .warning }
        if line.matches("info", at: start) { return .info }
        if line.matches("dbug", at: start) { return .debug }
        if line.matches("trce", at: start) { return .trace }
        return nil
    }
}
