/// What must survive masking because it names the fault: exception names, error codes, HTTP statuses, signals.
///
/// Each rule is one a reader would call right on any log; none is tuned to a data set.
enum ProtectedTokens {
    /// How many bytes of `token` (its first ones) name the fault: all of them, none (0), or a name before a variable
    /// part. `previous` is the constant word before it, without punctuation (empty if there is none);
    /// `previousIsFirst` says that this word opens the message.
    static func keptBytes(
        of token: UnsafeRawBufferPointer, classes: ByteClass, previous: UnsafeRawBufferPointer, previousIsFirst: Bool
    ) -> Int {
        let core = token.core
        guard !core.isEmpty else { return 0 }
        if core.count <= codeBytesMax, isCodeAfter(previous, first: previousIsFirst, code: core, in: token) {
            return token.count
        }
        guard classes.contains(.letter) else { return 0 }
        if !core[0].isDigit {
            let named = exceptionNameEnd(token)
            if named > 0 { return rest(of: token, from: named) }
            if core[0].isUppercase && (isErrorCode(core) || isSignal(core)) || isAssignedCode(core) {
                return token.count
            }
        }
        return classes.contains(.colon) && isScopedName(token, core: core) ? token.count : 0
    }

    /// Longest code that a keyword protects: `0x` and eight hexadecimal digits.
    private static let codeBytesMax = 10

    /// The whole token if nothing after `named` varies, else what comes before the variable part.
    private static func rest(of token: UnsafeRawBufferPointer, from named: Int) -> Int {
        for index in named..<token.count where token[index].isDigit || token[index] == UInt8(ascii: "<") {
            return min(named + 1, index)
        }
        return token.count
    }

    /// Where a name that ends in `Exception`, `Error`, `Failure` or `Fault` ends; 0 if the token does not begin with
    /// one.
    ///
    /// Without this the host mask eats `java.io.EOFException`, and two faults become one.
    static func exceptionNameEnd(_ token: UnsafeRawBufferPointer) -> Int {
        var start = 0
        while start < token.count && !token[start].isCore { start += 1 }
        var end = start
        while end < token.count, token[end].isWord || isNameJoint(token[end]) { end += 1 }
        while end > start, !token[end - 1].isWord { end -= 1 }
        let name = token.cut(start..<end)
        guard name.count > 5, !name[0].isDigit else { return 0 }
        return name.ends(with: "Exception") || name.ends(with: "Error") || name.ends(with: "Failure")
            || name.ends(with: "Fault") ? end : 0
    }

    private static func isNameJoint(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "\\")
    }

    /// Prefixes of message codes of well-known products; three to six digits follow, perhaps after a dash, perhaps with
    /// a letter for the severity at the end. Oracle, Db2 (SQL0911N), MySQL, MongoDB (E11000), Apache httpd, JBoss and
    /// its parts, WebLogic, WebSphere.
    private static let codeFamilies = WordList([
        "ORA", "TNS", "PLS", "RMAN", "CRS", "SQL", "MY", "E", "EC", "AH", "WFLYCTL", "WFLYSRV", "WFLYEJB", "WFLYUT",
        "WFLYDC", "JBAS", "JBWEB", "JBREM", "IJ", "HHH", "HV", "ARJUNA", "UT", "ISPN", "AMQ", "ELY", "RESTEASY", "BEA",
        "DSRA", "SRVE", "CWWKE", "CWWKF", "CWWKZ", "WSVR", "SEVERE", "KB", "CVE",
    ])

    /// `ORA-01555:`, `[MY-010119]`, `E11000`, `AH01630:`.
    private static func isErrorCode(_ core: UnsafeRawBufferPointer) -> Bool {
        var letters = 0
        while letters < core.count && core[letters].isUppercase { letters += 1 }
        guard letters > 0, letters <= 8, codeFamilies.contains(core.cut(0..<letters)) else { return false }
        var index = letters
        if index < core.count && core[index] == UInt8(ascii: "-") { index += 1 }
        var digits = 0
        while index < core.count && core[index].isDigit {
            digits += 1
            index += 1
        }
        if index < core.count && core[index].isUppercase { index += 1 }
        return index == core.count && digits >= (letters == 1 ? 4 : 3) && digits <= 6
    }

    /// `SIGUSR1`, `SIG11`.
    private static func isSignal(_ core: UnsafeRawBufferPointer) -> Bool {
        guard core.count <= 10, core.has("SIG") else { return false }
        for index in 3..<core.count where !core[index].isUppercase && !core[index].isDigit { return false }
        return true
    }

    /// Names of keys and words whose number is a code. Lower case; a longer key may end in one (`http_status`).
    private static let statusKeys: [StaticString] = ["status", "statuscode", "status_code", "http", "https"]
    private static let codeKeys: [StaticString] = ["errno", "code", "signal", "hresult", "sqlcode", "error", "err"]
    private static let stateKeys: [StaticString] = ["sqlstate"]

    /// `status=404`, `"errno":13,`, `SQLSTATE[23505]:`: a key, joints, a code, and nothing else that varies.
    private static func isAssignedCode(_ core: UnsafeRawBufferPointer) -> Bool {
        var keyEnd = 0
        while keyEnd < core.count && (core[keyEnd].isLetter || isKeyJoint(core[keyEnd])) { keyEnd += 1 }
        var codeStart = keyEnd
        while codeStart < core.count, !core[codeStart].isCore, core[codeStart] != UInt8(ascii: "-") { codeStart += 1 }
        guard keyEnd > 2, codeStart > keyEnd, codeStart < core.count, core.count - codeStart <= codeBytesMax else {
            return false
        }
        return isCode(core.cut(codeStart..<core.count), for: core.cut(0..<keyEnd))
    }

    private static func isKeyJoint(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") }

    /// `errno 13`, `status: 503`, `exit code 137`. "ERROR 4711" at the head of a message is a level and a process id.
    private static func isCodeAfter(
        _ previous: UnsafeRawBufferPointer, first: Bool, code: UnsafeRawBufferPointer, in token: UnsafeRawBufferPointer
    ) -> Bool {
        guard mayBeKey(previous) else { return false }
        if first && previous.equals("ERROR") { return false }
        for index in 0..<token.count where token[index] == UInt8(ascii: "/") || token[index] == UInt8(ascii: ":") {
            if index < token.count - 1 { return false }
        }
        return isCode(code, for: previous)
    }

    private static func isCode(_ code: UnsafeRawBufferPointer, for key: UnsafeRawBufferPointer) -> Bool {
        guard mayBeKey(key) else { return false }
        if isOne(key, of: statusKeys) { return isStatus(code) }
        if isOne(key, of: codeKeys) { return isNumber(code) }
        guard isOne(key, of: stateKeys), code.count == 5 else { return false }
        for byte in code where !byte.isDigit && !byte.isUppercase { return false }
        return true
    }

    /// Whether `key` is one of `words` or ends in one after a joint or a change of case (`exit_code`, `statusCode`).
    private static func isOne(_ key: UnsafeRawBufferPointer, of words: [StaticString]) -> Bool {
        for word in words where key.endsAnyCase(with: word) {
            let start = key.count - word.utf8CodeUnitCount
            if start == 0 || isKeyJoint(key[start - 1]) || key[start].isUppercase && key[start - 1].isLower {
                return true
            }
        }
        return false
    }

    /// The last two letters of all keys: what turns nearly every word away at once.
    private static func mayBeKey(_ key: UnsafeRawBufferPointer) -> Bool {
        guard key.count >= 3 else { return false }
        let second = key[key.count - 2].lowercased
        switch key[key.count - 1].lowercased {
        case UInt8(ascii: "s"): return second == UInt8(ascii: "u") || second == UInt8(ascii: "p")
        case UInt8(ascii: "e"): return second == UInt8(ascii: "d") || second == UInt8(ascii: "t")
        case UInt8(ascii: "p"): return second == UInt8(ascii: "t")
        case UInt8(ascii: "o"): return second == UInt8(ascii: "n")
        case UInt8(ascii: "l"): return second == UInt8(ascii: "a")
        case UInt8(ascii: "t"): return second == UInt8(ascii: "l")
        case UInt8(ascii: "r"): return second == UInt8(ascii: "o") || second == UInt8(ascii: "r")
        default: return false
        }
    }

    private static func isStatus(_ code: UnsafeRawBufferPointer) -> Bool {
        code.count == 3 && code[0] >= UInt8(ascii: "1") && code[0] <= UInt8(ascii: "5") && code[1].isDigit
            && code[2].isDigit
    }

    /// One to five decimal digits, perhaps negative, or `0x` and up to eight hexadecimal digits.
    private static func isNumber(_ code: UnsafeRawBufferPointer) -> Bool {
        if code.hasAnyCase("0x") {
            for index in 2..<code.count where !code[index].isHexDigit { return false }
            return code.count > 2
        }
        let start = code[0] == UInt8(ascii: "-") ? 1 : 0
        for index in start..<code.count where !code[index].isDigit { return false }
        return code.count > start && code.count - start <= 5
    }

    /// `Aws::S3::Client`: names joined by `::`, none of them an address or a hash.
    private static func isScopedName(_ token: UnsafeRawBufferPointer, core: UnsafeRawBufferPointer) -> Bool {
        guard let joint = token.find("::"), joint > 0, joint + 2 < token.count else { return false }
        var run = 0
        var lettersOutsideHex = false
        for byte in core {
            guard byte.isWord || byte == UInt8(ascii: ":") else { return false }
            run = byte.isDigit ? run + 1 : 0
            if run > 2 { return false }
            if byte.isLetter && !byte.isHexDigit { lettersOutsideHex = true }
        }
        return lettersOutsideHex
    }
}
