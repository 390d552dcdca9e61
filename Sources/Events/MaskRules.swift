/// Step B of grouping for tokens: which words vary from event to event.
enum MaskRules {
    /// What a single word is, before its neighbours are asked. Words with a digit are judged elsewhere.
    static func isVariable(_ token: UnsafeRawBufferPointer, classes: ByteClass) -> Bool {
        if classes.contains(.less) && hasPlaceholder(token) { return true }
        if !classes.contains(.letter) { return token.count <= 6 && isEmptyValue(token) }
        if classes.contains(.slash) && isPath(token) { return true }
        if classes.contains(.backslash) && isWindowsPath(token) { return true }
        if classes.contains(.at) && isAddress(token) { return true }
        if classes.contains(.dot) && isHost(token.core, dotsMin: 2) { return true }
        if classes.contains(.keyEnd) && isHostValue(token) { return true }
        if !classes.contains(.notHex) && isHexWord(token, classes: classes) { return true }
        return token.count <= 11 && isEmptyValue(token)
    }

    /// `<*>`, `<*name>` or `<secret>` somewhere in the token.
    static func hasPlaceholder(_ token: UnsafeRawBufferPointer) -> Bool {
        var start = 0
        while let found = token.find("<*", from: start) {
            if NamedPlaceholder.end(in: token, at: found) != nil { return true }
            start = found + 2
        }
        return token.find("<secret>") != nil
    }

    /// Words and signs that stand where another event has a value.
    private static let emptyValues = WordList([
        "-", "()", "[]", "{}", "\"\"", "''", "null", "NULL", "nil", "None", "(null)", "<null>", "<nil>", "<none>",
        "undefined",
    ])

    /// Whether a word that begins with `byte` may be one of those: `n…`, `N…`, `u…` or a sign.
    static func mayBeEmptyValue(_ byte: UInt8) -> Bool {
        !byte.isCore || byte == UInt8(ascii: "n") || byte == UInt8(ascii: "N") || byte == UInt8(ascii: "u")
    }

    /// With a comma, semicolon or full stop after it, or without.
    private static func isEmptyValue(_ token: UnsafeRawBufferPointer) -> Bool {
        var end = token.count
        if end > 1, let last = token.last, last == 0x2c || last == 0x3b || last == 0x2e { end -= 1 }
        return emptyValues.contains(token.cut(0..<end))
    }

    /// A URL, a Unix path of two segments or more (perhaps after `file=` or a quote), a relative one of three, or one
    /// that begins with `./` or `../`.
    static func isPath(_ token: UnsafeRawBufferPointer) -> Bool {
        if token.has("./") && token.count > 2 && token[2].isCore || token.has("../") && token.count > 3 { return true }
        var slashes = 0
        var rootAt = -1
        for index in 0..<token.count where token[index] == UInt8(ascii: "/") {
            if index > 0 && token[index - 1] == UInt8(ascii: ":") && token.has("//", at: index) { return true }
            let followed = index + 1 < token.count && isPathByte(token[index + 1])
            if rootAt >= 0 && index > rootAt + 1 && followed { return true }
            if followed && rootAt < 0 && (index == 0 || !isPathByte(token[index - 1])) { rootAt = index }
            if followed && index > 0 && isPathByte(token[index - 1]) { slashes += 1 }
        }
        return slashes >= 2
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        byte.isCore || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "*")
            || byte == UInt8(ascii: "~") || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "$")
    }

    /// `C:\…` or `\\server\…`; a PHP class name has backslashes too and stays.
    static func isWindowsPath(_ token: UnsafeRawBufferPointer) -> Bool {
        guard let first = token.find(UInt8(ascii: "\\")) else { return false }
        if first >= 2 && token[first - 1] == UInt8(ascii: ":") && token[first - 2].isLetter {
            return first == 2 || !token[first - 3].isWord
        }
        let opens = first == 0 || !token[first - 1].isCore
        return opens && token.has("\\\\", at: first) && first + 2 < token.count && token[first + 2].isCore
            && token.find(UInt8(ascii: "\\"), from: first + 3) != nil
    }

    /// `name@host`, an e-mail address or a login.
    private static func isAddress(_ token: UnsafeRawBufferPointer) -> Bool {
        guard let at = token.find(UInt8(ascii: "@")) else { return false }
        return at > 0 && at + 1 < token.count && token[at - 1].isCore && token[at + 1].isCore
    }

    /// Ends of host names that nobody would take for a property or a file.
    private static let domains = WordList([
        "com", "net", "org", "edu", "gov", "mil", "int", "info", "biz", "arpa", "local", "localdomain", "internal",
        "intra", "lan", "corp", "home", "cloud", "app", "dev", "cluster", "svc", "example", "invalid", "test",
    ])
    /// Two letters that end file names and properties; all other pairs may be countries.
    private static let fileEndings = WordList([
        "js", "ts", "py", "rb", "go", "gz", "xz", "db", "kt", "cs", "hs", "vb", "cc", "hh", "md", "sh", "so", "rs",
        "id",
    ])
    /// First parts of reversed names: `org.apache.commons` is a package, `commons.apache.org` a host.
    private static let packageRoots = WordList(["com", "org", "net", "io", "java", "javax", "jakarta", "edu"])

    /// A dotted name of small letters with two dots that ends in a domain: a heuristic. `spark.executor.memory` stays;
    /// a host under a made-up domain stays too, and its events split by host.
    static func isHost(_ name: UnsafeRawBufferPointer, dotsMin: Int = 2) -> Bool {
        var dots = 0
        var labelStart = 0
        var firstLabelEnd = 0
        for index in 0..<name.count {
            let byte = name[index]
            if byte == UInt8(ascii: ".") {
                if index == labelStart { return false }
                if dots == 0 { firstLabelEnd = index }
                dots += 1
                labelStart = index + 1
            } else if !byte.isLower && byte != UInt8(ascii: "-") {
                return false
            }
        }
        guard dots >= dotsMin else { return false }
        let last = name.cut(labelStart..<name.count)
        if domains.contains(last) { return true }
        if packageRoots.contains(name.cut(0..<firstLabelEnd)) { return false }
        return dots >= 2 && last.count == 2 && !fileEndings.contains(last)
    }

    /// `rhost=zummit.com`, `host=db-a`: a host behind `=`, or any value of a key that says it is one.
    private static func isHostValue(_ token: UnsafeRawBufferPointer) -> Bool {
        guard let sign = token.find(UInt8(ascii: "=")), sign > 0, sign + 1 < token.count else { return false }
        let value = token.cut(sign + 1..<token.count).core
        let key = token.cut(0..<sign)
        if !value.isEmpty && (key.endsAnyCase(with: "host") || key.endsAnyCase(with: "hostname")) { return true }
        return isHost(value, dotsMin: 1)
    }

    /// Eight letters or more that are all hexadecimal digits, perhaps in groups as in a MAC address. With eight random
    /// digits, one in 2,500 has no decimal one.
    private static func isHexWord(_ token: UnsafeRawBufferPointer, classes: ByteClass) -> Bool {
        let core = token.core
        var letters = 0
        for byte in core {
            if byte.isHexDigit {
                letters += 1
            } else if byte != UInt8(ascii: ":") && byte != UInt8(ascii: "-") {
                return false
            }
        }
        return letters >= 8
    }

    /// Units that belong to the number before them, so that "384.0 B" and "6.2 GB" are one placeholder.
    private static let units = WordList([
        "%", "b", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "tib", "byte", "bytes", "s", "ms", "us", "ns", "µs",
        "sec",
        "secs", "second", "seconds", "millis", "millisecond", "milliseconds", "microseconds", "nanoseconds", "min",
        "mins", "minute", "minutes", "h", "hr", "hrs", "hour", "hours", "day", "days",
    ])
    private static let zones = WordList([
        "AM", "PM", "UTC", "GMT", "CET", "CEST", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "BST", "IST",
        "JST", "MSK",
    ])
    private static let months = WordList([
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "January", "February",
        "March", "April", "June", "July", "August", "September", "October", "November", "December",
    ])
    private static let weekdays = WordList([
        "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
        "Saturday", "Sunday",
    ])
    /// No unit, zone, month or weekday with its punctuation is longer.
    private static let absorbedBytesMax = 16

    /// A unit, zone or month after a placeholder.
    static func isAbsorbedAfter(_ token: UnsafeRawBufferPointer) -> Bool {
        guard token.count <= absorbedBytesMax else { return false }
        if token.equals("%") { return true }
        let word = token.core
        return !word.isEmpty && (units.containsAnyCase(word) || zones.contains(word) || months.contains(word))
    }

    /// A month or weekday before a placeholder.
    static func isAbsorbedBefore(_ token: UnsafeRawBufferPointer) -> Bool {
        guard token.count <= absorbedBytesMax else { return false }
        let word = token.core
        return word.count >= 3 && word[0].isUppercase && (months.contains(word) || weekdays.contains(word))
    }

    /// How many bytes step C keeps of a masked token: the identifier before the first of `= : ( |`, and that sign. 0
    /// where there is none. `setTodayTotalSteps=7548` keeps `setTodayTotalSteps=`.
    static func keyBytes(of token: UnsafeRawBufferPointer) -> Int {
        var index = 0
        while index < token.count {
            let byte = token[index]
            if byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "(")
                || byte == UInt8(ascii: "|")
            {
                return index > 0 ? index + 1 : 0
            }
            guard
                byte.isLetter
                    || index > 0
                        && (byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
                            || byte == UInt8(ascii: "."))
            else { return 0 }
            index += 1
        }
        return 0
    }
}
