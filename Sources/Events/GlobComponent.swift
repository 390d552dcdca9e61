/// What one name between two slashes has to look like.
enum GlobComponent: Hashable, Sendable {
    /// `**`: any number of directories.
    case anyDirectories
    /// Nothing special in it.
    case name([UInt8])
    case pattern([GlobToken])
}

/// A piece of a pattern.
enum GlobToken: Hashable, Sendable {
    case byte(UInt8)
    /// `?`: one character, of one to four bytes.
    case anyCharacter
    /// `*`.
    case anyRun
    /// `[…]`: one byte inside, or outside, one of the ranges.
    case oneOf([ClosedRange<UInt8>], negated: Bool)
}

extension GlobComponent {
    init(_ bytes: [UInt8], of glob: String) throws(GlobError) {
        if bytes == Array("**".utf8) {
            self = .anyDirectories
            return
        }
        var tokens: [GlobToken] = []
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "*"): if tokens.last != .anyRun { tokens.append(.anyRun) }
            case UInt8(ascii: "?"): tokens.append(.anyCharacter)
            case UInt8(ascii: "["):
                let (token, next) = try GlobComponent.bracket(bytes, index, of: glob)
                tokens.append(token)
                index = next
                continue
            case UInt8(ascii: "\\") where index + 1 < bytes.count:
                index += 1
                tokens.append(.byte(bytes[index]))
            case let byte: tokens.append(.byte(byte))
            }
            index += 1
        }
        let plain = tokens.compactMap { token -> UInt8? in if case .byte(let byte) = token { byte } else { nil } }
        self = plain.count == tokens.count ? .name(plain) : .pattern(tokens)
    }

    /// The token for the bracket that opens at `open`, and the index behind it. A `]` in the first place is itself.
    private static func bracket(
        _ bytes: [UInt8], _ open: Int, of glob: String
    ) throws(GlobError) -> (token: GlobToken, next: Int) {
        var index = open + 1
        var ranges: [ClosedRange<UInt8>] = []
        let negated = index < bytes.count && (bytes[index] == UInt8(ascii: "!") || bytes[index] == UInt8(ascii: "^"))
        if negated { index += 1 }
        let first = index
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "]") && index > first {
                return (.oneOf(ranges, negated: negated), index + 1)
            }
            let low = bytes[index]
            if index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "-"), bytes[index + 2] != UInt8(ascii: "]") {
                let high = bytes[index + 2]
                guard low <= high else {
                    throw GlobError(glob: glob, reason: "a range in [ ] runs backwards; write the smaller end first")
                }
                ranges.append(low...high)
                index += 3
            } else {
                ranges.append(low...low)
                index += 1
            }
        }
        throw GlobError(glob: glob, reason: "[ is not closed; add ] or write \\[")
    }

    /// Whether a name has this form. Only the last `*` is ever gone back to, so the work is at most the product.
    func matches(_ name: [UInt8]) -> Bool {
        switch self {
        case .anyDirectories: return true
        case .name(let expected): return expected == name
        case .pattern(let tokens):
            var token = 0
            var index = 0
            var retry: (token: Int, index: Int)?
            while index < name.count {
                if token < tokens.count {
                    if tokens[token] == .anyRun {
                        token += 1
                        retry = (token, index)
                        continue
                    }
                    let length = tokens[token].length(in: name, at: index)
                    if length > 0 {
                        token += 1
                        index += length
                        continue
                    }
                }
                guard let again = retry else { return false }
                retry = (again.token, again.index + 1)
                token = again.token
                index = again.index + 1
            }
            return tokens[token...].allSatisfy { $0 == .anyRun }
        }
    }
}

extension GlobToken {
    /// Bytes of `name` at `index` that this token takes; 0 where it does not fit.
    fileprivate func length(in name: [UInt8], at index: Int) -> Int {
        switch self {
        case .byte(let byte): return name[index] == byte ? 1 : 0
        case .oneOf(let ranges, let negated):
            return ranges.contains { $0.contains(name[index]) } != negated ? 1 : 0
        case .anyRun: return 0
        case .anyCharacter:
            var end = index + 1
            while end < name.count, end < index + 4, name[end] & 0xC0 == 0x80 { end += 1 }
            return end - index
        }
    }
}

/// Alternatives in braces, and the cut at slashes: what is done before single names are looked at.
enum GlobBraces {
    /// All texts that the braces of `bytes` stand for; escapes and brackets stay as they are.
    static func expand(_ bytes: [UInt8], limit: Int, of glob: String) throws(GlobError) -> [[UInt8]] {
        var waiting = [bytes]
        var done: [[UInt8]] = []
        while let text = waiting.popLast() {
            guard let (open, commas, close) = try firstBraces(text, of: glob) else {
                done.append(text)
                continue
            }
            var start = open + 1
            var made: [[UInt8]] = []
            for end in commas + [close] {
                made.append(Array(text[..<open] + text[start..<end] + text[(close + 1)...]))
                start = end + 1
            }
            waiting += made.reversed()
            guard waiting.count + done.count <= limit else {
                throw GlobError(glob: glob, reason: "braces expand to more than \(limit) patterns; write several globs")
            }
        }
        return done
    }

    /// Cuts at slashes, empty components dropped. A slash is never part of a bracket or of an escape.
    static func components(_ bytes: [UInt8]) -> [[UInt8]] {
        bytes.split(separator: UInt8(ascii: "/")).map { Array($0) }
    }

    private static func firstBraces(
        _ text: [UInt8], of glob: String
    ) throws(GlobError) -> (open: Int, commas: [Int], close: Int)? {
        var open: Int?
        var depth = 0
        var commas: [Int] = []
        var index = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\\"): index += 1
            case UInt8(ascii: "{"):
                if depth == 0 { open = index }
                depth += 1
            case UInt8(ascii: ",") where depth == 1: commas.append(index)
            case UInt8(ascii: "}") where depth > 0:
                depth -= 1
                if depth == 0, let open { return (open, commas, index) }
            default: break
            }
            index += 1
        }
        guard depth == 0 else { throw GlobError(glob: glob, reason: "{ is not closed; add } or write \\{") }
        return nil
    }
}
