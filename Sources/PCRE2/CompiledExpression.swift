import CPCRE2
import Synchronization

/// One PCRE2 expression, checked when it is made; compiled and, where the processor allows, translated to machine code
/// when it is first matched, for of a thousand expressions that are loaded most are never asked.
///
/// Any number of threads may match with it, each with a `MatchScratch` of its own (pcre2api(3), "Multithreading").
package final class CompiledExpression: @unchecked Sendable {
    // Safe to share: what is stored is constant but for `prepared`, which goes from 0 to the address of a pcre2_code that
    // is read-only from then on.
    private let prepared = Atomic<UInt>(0)
    /// Compiler flags of PCRE2.
    private let flags: UInt32
    /// The expression as it was written.
    package let source: String
    /// Capture groups, not counting the whole match.
    package let captureCount: Int
    /// Named groups in the order of their numbers (from 1). A name used twice under `(?J)` is listed once for each.
    package let names: [(name: String, number: Int)]
    /// No subject shorter than this many bytes can match.
    package let lengthMin: Int
    /// Characters instead of bytes: by `Options.utf` or by `(*UTF)` in the expression.
    package let isUTF: Bool
    /// Case is ignored throughout: by `Options.caseInsensitive`.
    package let isCaseInsensitive: Bool

    /// What may be asked of an expression as a whole.
    package struct Options: OptionSet, Sendable {
        package let rawValue: Int
        package init(rawValue: Int) { self.rawValue = rawValue }

        /// Characters instead of bytes; bytes that are not UTF-8 match nothing (`PCRE2_MATCH_INVALID_UTF`).
        package static let utf = Options(rawValue: 1)
        package static let caseInsensitive = Options(rawValue: 2)
    }

    /// Checks `source` by compiling it once.
    ///
    /// Throws `ExpressionError` with the place in bytes when PCRE2 refuses it. `\C` is refused (it can cut a character
    /// in two), callouts never run.
    package init(_ source: String, options: Options = []) throws(ExpressionError) {
        var errorNumber: Int32 = 0
        var errorOffset = 0
        var flags = UInt32(PCRE2_NEVER_BACKSLASH_C)
        // The verb alone would leave lines that are not valid UTF-8 without a match.
        if options.contains(.utf) || source.leadingVerbs.contains("(*UTF)") {
            flags |= UInt32(PCRE2_UTF) | UInt32(PCRE2_MATCH_INVALID_UTF)
        }
        if options.contains(.caseInsensitive) { flags |= UInt32(PCRE2_CASELESS) }
        let checked = CompiledExpression.compile(source, flags, &errorNumber, &errorOffset)
        guard let checked else {
            throw ExpressionError(message: describe(errorNumber), offset: errorOffset)
        }
        defer { pcre2_code_free_8(checked) }
        self.flags = flags
        self.source = source
        isUTF = CompiledExpression.number(checked, UInt32(PCRE2_INFO_ALLOPTIONS)) & UInt32(PCRE2_UTF) != 0
        isCaseInsensitive = options.contains(.caseInsensitive)
        captureCount = Int(CompiledExpression.number(checked, UInt32(PCRE2_INFO_CAPTURECOUNT)))
        lengthMin = Int(CompiledExpression.number(checked, UInt32(PCRE2_INFO_MINLENGTH)))
        names = CompiledExpression.names(checked)
    }

    deinit {
        if let code = OpaquePointer(bitPattern: prepared.load(ordering: .acquiring)) { pcre2_code_free_8(code) }
    }

    /// What PCRE2 matches with; lives as long as the expression. The first call compiles.
    var code: OpaquePointer { OpaquePointer(bitPattern: prepared.load(ordering: .acquiring)) ?? prepare() }

    private func prepare() -> OpaquePointer {
        CompiledExpression.preparing.withLock { _ in
            if let code = OpaquePointer(bitPattern: prepared.load(ordering: .acquiring)) { return code }
            var errorNumber: Int32 = 0
            var errorOffset = 0
            guard let code = CompiledExpression.compile(source, flags, &errorNumber, &errorOffset) else {
                preconditionFailure("out of memory for a PCRE2 expression that was compiled before")
            }
            // Without JIT, or where it cannot translate this expression, matching is slower.
            _ = pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
            prepared.store(UInt(bitPattern: code), ordering: .releasing)
            return code
        }
    }

    /// One for all: it is taken once in the life of an expression.
    private static let preparing = Mutex(())

    private static func compile(
        _ source: String, _ flags: UInt32, _ errorNumber: inout Int32, _ errorOffset: inout Int
    ) -> OpaquePointer? {
        var text = source
        return text.withUTF8 { pcre2_compile_8($0.baseAddress, $0.count, flags, &errorNumber, &errorOffset, nil) }
    }

    /// The expression with its options written into it: the same text means the same wherever it is compiled.
    package var portableSource: String {
        let verb = isUTF && !source.hasPrefix("(*UTF)") ? "(*UTF)" : ""
        guard isCaseInsensitive else { return verb + source }
        let verbs = source.leadingVerbs
        return verb + verbs + "(?i)" + source.dropFirst(verbs.count)
    }

    /// The number of the first group with that name, from 1; nil where there is none.
    package func number(of name: String) -> Int? { names.first { $0.name == name }?.number }

    private static func number(_ code: OpaquePointer, _ what: UInt32) -> UInt32 {
        var value: UInt32 = 0
        let result = pcre2_pattern_info_8(code, what, &value)
        precondition(result == 0, "pcre2_pattern_info refused a request for a number")
        return value
    }

    /// Reads the name table: per entry two bytes of number, most significant first, then the name and a NUL
    /// (pcre2api(3), `PCRE2_INFO_NAMETABLE`).
    private static func names(_ code: OpaquePointer) -> [(name: String, number: Int)] {
        let count = Int(number(code, UInt32(PCRE2_INFO_NAMECOUNT)))
        let entryBytes = Int(number(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE)))
        var table: UnsafePointer<UInt8>?
        let result = pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
        guard count > 0, result == 0, let table else { return [] }
        var names: [(name: String, number: Int)] = []
        for index in 0..<count {
            let entry = table + index * entryBytes
            let name = String(cString: entry + 2)
            names.append((name, Int(entry[0]) << 8 | Int(entry[1])))
        }
        return names.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
    }
}

extension String {
    /// `(*LIMIT_MATCH=1000)(*NO_JIT)`: the verbs at the start of an expression, which must come first.
    package var leadingVerbs: Substring {
        var end = startIndex
        while self[end...].hasPrefix("(*"), let close = self[end...].firstIndex(of: ")") {
            let name = self[index(end, offsetBy: 2)..<close]
            guard let first = name.first, first.isUppercase, name.allSatisfy({ $0.isLeadingVerbCharacter }) else {
                break
            }
            end = index(after: close)
        }
        return self[..<end]
    }
}

extension Character {
    fileprivate var isLeadingVerbCharacter: Bool { isASCII && (isUppercase || isNumber || self == "_" || self == "=") }
}

/// PCRE2's own words on what is wrong with an expression.
package struct ExpressionError: Error, Equatable {
    package let message: String
    /// Where PCRE2 stopped, in bytes of the expression from 0.
    package let offset: Int
}

/// The text of a PCRE2 error number.
func describe(_ errorNumber: Int32) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
        let length = pcre2_get_error_message_8(errorNumber, buffer.baseAddress, buffer.count)
        guard length > 0 else { return "PCRE2 error \(errorNumber)" }
        return String(
            decoding: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<Int(length)]), as: UTF8.self)
    }
}
