import PCRE2

/// The fragments that a pack's expressions may use, and the filling in of `(?&name)`.
///
/// A reference is replaced by the fragment in a group of its own, before PCRE2 and the prefilter see the expression:
/// named groups of a fragment become captures of the pattern that uses it.
struct Definitions {
    /// Bytes of an expression with everything filled in: fragments that use fragments could grow without end.
    static let expandedBytesMax = 16 * 1_024
    /// Fragments inside fragments.
    static let depthMax = 32

    private(set) var list: [Definition] = []

    func resolved(_ name: String) -> String? { list.last { $0.name == name }?.resolved }
    var names: [String] { list.map(\.name) }

    /// Takes over what another pack defines; what is defined here already stays.
    mutating func inherit(_ others: [Definition]) {
        for definition in others where !list.contains(where: { $0.name == definition.name }) { list.append(definition) }
    }

    mutating func add(_ definition: Definition) {
        list.removeAll { $0.name == definition.name }
        list.append(definition)
    }

    /// An expression with its references filled in.
    struct Expanded {
        var text = ""
        /// For each piece: where it begins in `text`, where what it stands for begins in the source, in bytes, and
        /// whether it is a fragment.
        private(set) var pieces: [(start: Int, source: Int, isFragment: Bool)] = []

        mutating func append(_ piece: String, source: Int, isFragment: Bool) {
            pieces.append((text.utf8.count, source, isFragment))
            text += piece
        }

        /// The byte of the source that stands behind that byte of `text`: for a fragment, its reference.
        func sourceOffset(of offset: Int) -> Int {
            guard let piece = pieces.last(where: { $0.start <= offset }) else { return 0 }
            return piece.isFragment ? piece.source : piece.source + offset - piece.start
        }
    }

    /// Why an expression cannot be filled in.
    struct Fault: Error {
        var message: String
        var remedy: String
        /// In bytes of the source.
        var offset: Int
    }

    /// Fills in what `source` refers to. A reference to a group that the expression itself has is left to PCRE2.
    func expand(_ source: String, with own: (String) throws(Fault) -> String? = { (_) throws(Fault) in nil })
        throws(Fault) -> Expanded
    {
        var expanded = Expanded()
        let references = ExpressionWalk.references(in: source)
        let bytes = Array(source.utf8)
        var position = 0
        for reference in references {
            let fragment: String?
            if let given = try own(reference.name) { fragment = given } else { fragment = resolved(reference.name) }
            guard let fragment else {
                if ExpressionWalk.names(of: source).contains(reference.name) { continue }
                let near = reference.name.nearest(in: names).map { "did you mean '(?&\($0))'?" }
                throw Fault(
                    message: "'(?&\(reference.name))' is not defined", remedy: near ?? "add it to 'define:'",
                    offset: reference.range.lowerBound)
            }
            let before = bytes[position..<reference.range.lowerBound]
            if !before.isEmpty {
                expanded.append(String(decoding: before, as: UTF8.self), source: position, isFragment: false)
            }
            expanded.append(fragment, source: reference.range.lowerBound, isFragment: true)
            guard expanded.text.utf8.count <= Definitions.expandedBytesMax else {
                throw Fault(
                    message: "with its definitions filled in, it is over \(Definitions.expandedBytesMax) bytes",
                    remedy: "use fewer of them", offset: reference.range.lowerBound)
            }
            position = reference.range.upperBound
        }
        let rest = bytes[position...]
        if !rest.isEmpty || expanded.text.isEmpty {
            expanded.append(String(decoding: rest, as: UTF8.self), source: position, isFragment: false)
        }
        return expanded
    }
}

/// Looks at the syntax of an expression as far as groups and references go: escapes, quotes and classes are passed.
enum ExpressionWalk {
    /// A `(?&name)`: its bytes and the name.
    struct Reference {
        var range: Range<Int>
        var name: String
    }

    static func references(in source: String) -> [Reference] {
        var found: [Reference] = []
        walk(source) { bytes, start in
            guard bytes[start...].starts(with: Array("(?&".utf8)),
                let close = bytes[start...].firstIndex(of: UInt8(ascii: ")"))
            else { return }
            found.append(
                Reference(range: start..<close + 1, name: String(decoding: bytes[start + 3..<close], as: UTF8.self)))
        }
        return found
    }

    /// Names of the groups that the expression has itself.
    static func names(of source: String) -> Set<String> {
        var names: Set<String> = []
        walk(source) { bytes, start in
            for (opening, closing) in [("(?<", ">"), ("(?P<", ">"), ("(?'", "'")] {
                guard bytes[start...].starts(with: Array(opening.utf8)) else { continue }
                let name = bytes[(start + opening.utf8.count)...].prefix { $0 != closing.utf8.first }
                names.insert(String(decoding: name, as: UTF8.self))
            }
        }
        return names
    }

    /// Calls `visit` for each opening parenthesis that opens a group.
    private static func walk(_ source: String, _ visit: ([UInt8], Int) -> Void) {
        let bytes = Array(source.utf8)
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\"):
                if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "Q") {
                    while index < bytes.count, !bytes[index...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "E")]) {
                        index += 1
                    }
                }
                index += 2
            case UInt8(ascii: "["): index = endOfClass(bytes, from: index)
            case UInt8(ascii: "("):
                visit(bytes, index)
                index += 1
            default: index += 1
            }
        }
    }

    /// The byte behind the class that begins at `start`; a `]` that stands first and one of `[:name:]` do not end it.
    static func endOfClass(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start + 1
        if index < bytes.count, bytes[index] == UInt8(ascii: "^") { index += 1 }
        if index < bytes.count, bytes[index] == UInt8(ascii: "]") { index += 1 }
        while index < bytes.count, bytes[index] != UInt8(ascii: "]") {
            if bytes[index] == UInt8(ascii: "\\") {
                index += 2
            } else if bytes[index...].starts(with: [UInt8(ascii: "["), UInt8(ascii: ":")]),
                let close = bytes[index...].firstIndex(of: UInt8(ascii: "]"))
            {
                index = close + 1
            } else {
                index += 1
            }
        }
        return min(index + 1, bytes.count)
    }
}
