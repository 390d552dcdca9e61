/// An expression as a tree, as far as the lint rules look into it.
///
/// Reads the syntax of pcre2pattern(3); what it does not know it takes for something that may match anything. So it is
/// good for advice, never for verdicts. Deeper than `depthMax` groups are taken for unknown.
struct ExpressionTree {
    /// Pieces between `|`, each a row of items.
    var alternatives: [[Item]] = [[]]

    static let depthMax = 50

    /// One element with its quantifier.
    struct Item {
        var node: Node
        /// First byte in the source.
        var offset: Int
        /// First byte of the quantifier; the end of the element where it has none.
        var quantifierOffset: Int
        var min = 1
        /// Nil: any number.
        var max: Int? = 1
        /// Gives nothing back: possessive.
        var isPossessive = false
    }

    indirect enum Node {
        /// One of these bytes.
        case set(ByteSet)
        case group(ExpressionTree, Kind)
        /// Matches between two bytes: `^`, `$`, `\b` and the like.
        case assertion(UInt8)
        /// A reference or something unknown.
        case unknown
    }

    enum Kind {
        case plain
        /// Gives nothing back once it has matched.
        case atomic
        /// Looks around and takes nothing.
        case look
    }

    init() {}

    init(_ source: String) {
        var parser = TreeParser(Array(source.utf8))
        self = parser.tree(depth: 0)
    }

    /// Calls `visit` for each item of this tree and of its groups.
    func forEachItem(_ visit: (Item) -> Void) {
        for item in alternatives.joined() {
            visit(item)
            if case .group(let tree, _) = item.node { tree.forEachItem(visit) }
        }
    }

    /// Every byte that it may take.
    var bytes: ByteSet {
        alternatives.joined().reduce(into: ByteSet()) { set, item in
            switch item.node {
            case .set(let own): set.formUnion(own)
            case .group(let tree, .plain), .group(let tree, .atomic): set.formUnion(tree.bytes)
            case .group(_, .look), .assertion: break
            case .unknown: set.formUnion(.any)
            }
        }
    }
}

private struct TreeParser {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func tree(depth: Int) -> ExpressionTree {
        var tree = ExpressionTree()
        while let byte = next {
            if byte == UInt8(ascii: ")") {
                if depth > 0 { break }
                index += 1
                continue
            }
            if byte == UInt8(ascii: "|") {
                index += 1
                tree.alternatives.append([])
                continue
            }
            let offset = index
            guard let node = element(byte, depth: depth) else { continue }
            var item = ExpressionTree.Item(node: node, offset: offset, quantifierOffset: index)
            quantify(&item)
            tree.alternatives[tree.alternatives.count - 1].append(item)
        }
        return tree
    }

    private mutating func element(_ byte: UInt8, depth: Int) -> ExpressionTree.Node? {
        switch byte {
        case UInt8(ascii: "\\"): return escape()
        case UInt8(ascii: "["): return set()
        case UInt8(ascii: "("): return group(depth: depth)
        case UInt8(ascii: "^"), UInt8(ascii: "$"):
            index += 1
            return .assertion(byte)
        case UInt8(ascii: "."):
            index += 1
            return .set(.any)
        default:
            index += 1
            return .set(ByteSet([byte]))
        }
    }

    private mutating func escape() -> ExpressionTree.Node? {
        index += 1
        guard let letter = next else { return nil }
        index += 1
        if let set = ByteSet(escape: letter) { return .set(set) }
        switch letter {
        case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "A"), UInt8(ascii: "z"), UInt8(ascii: "Z"),
            UInt8(ascii: "G"), UInt8(ascii: "K"), UInt8(ascii: "E"):
            return .assertion(letter)
        case UInt8(ascii: "Q"):
            // Its bytes are read one by one, as literals, until \E.
            var tree = ExpressionTree()
            while index < bytes.count, !bytes[index...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "E")]) {
                tree.alternatives[0].append(
                    .init(node: .set(ByteSet([bytes[index]])), offset: index, quantifierOffset: index + 1))
                index += 1
            }
            index = min(index + 2, bytes.count)
            return .group(tree, .plain)
        case UInt8(ascii: "x"), UInt8(ascii: "o"), UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "g"),
            UInt8(ascii: "k"), UInt8(ascii: "N"):
            if next == UInt8(ascii: "{") || next == UInt8(ascii: "<") {
                while let byte = next, byte != UInt8(ascii: "}"), byte != UInt8(ascii: ">") { index += 1 }
                index = min(index + 1, bytes.count)
            } else if letter == UInt8(ascii: "x") {
                index = min(index + 2, bytes.count)
            } else if letter != UInt8(ascii: "N") {
                index = min(index + 1, bytes.count)
            }
            return .unknown
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            return .unknown
        default: return .set(ByteSet([letter]))
        }
    }

    /// `[…]`: ranges, escapes and `[:names:]`, of which the last may hold anything.
    private mutating func set() -> ExpressionTree.Node {
        let end = ExpressionWalk.endOfClass(bytes, from: index)
        var place = index + 1
        index = end
        let last = end - 1
        var isInverted = false
        if place < last, bytes[place] == UInt8(ascii: "^") {
            isInverted = true
            place += 1
        }
        var set = ByteSet()
        while place < last {
            var byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "["), place < last, bytes[place] == UInt8(ascii: ":") { return .set(.any) }
            if byte == UInt8(ascii: "\\"), place < last {
                byte = bytes[place]
                place += 1
                if let named = ByteSet(escape: byte) {
                    set.formUnion(named)
                    if named.single == nil { continue }
                    byte = named.single ?? byte
                } else if byte | 0x20 >= UInt8(ascii: "a"), byte | 0x20 <= UInt8(ascii: "z") {
                    return .set(.any)
                }
            }
            if place + 1 < last, bytes[place] == UInt8(ascii: "-"), bytes[place + 1] >= byte,
                bytes[place + 1] != UInt8(ascii: "\\")
            {
                set.formUnion(ByteSet(byte...bytes[place + 1]))
                place += 2
            } else {
                set.insert(byte)
            }
        }
        return .set(isInverted ? set.inverted : set)
    }

    private mutating func group(depth: Int) -> ExpressionTree.Node? {
        index += 1
        var kind = ExpressionTree.Kind.plain
        if next == UInt8(ascii: "*") {
            skip(through: UInt8(ascii: ")"))
            return nil
        }
        if next == UInt8(ascii: "?") {
            index += 1
            guard let known = opening() else { return nil }
            if case .some(let node) = known.node { return node }
            kind = known.kind
        }
        guard depth < ExpressionTree.depthMax else {
            index = bytes.count
            return .unknown
        }
        let tree = tree(depth: depth + 1)
        index = min(index + 1, bytes.count)
        return .group(tree, kind)
    }

    /// What follows `(?`; nil where the group is over already.
    private mutating func opening() -> (kind: ExpressionTree.Kind, node: ExpressionTree.Node?)? {
        let after = index + 1 < bytes.count ? bytes[index + 1] : 0
        switch next {
        case UInt8(ascii: "#"):
            skip(through: UInt8(ascii: ")"))
            return nil
        case UInt8(ascii: "="), UInt8(ascii: "!"):
            index += 1
            return (.look, nil)
        case UInt8(ascii: "<") where after == UInt8(ascii: "=") || after == UInt8(ascii: "!"):
            index += 2
            return (.look, nil)
        case UInt8(ascii: "<"):
            skip(through: UInt8(ascii: ">"))
            return (.plain, nil)
        case UInt8(ascii: "'"):
            index += 1
            skip(through: UInt8(ascii: "'"))
            return (.plain, nil)
        case UInt8(ascii: "P") where after == UInt8(ascii: "<"):
            skip(through: UInt8(ascii: ">"))
            return (.plain, nil)
        case UInt8(ascii: ">"):
            index += 1
            return (.atomic, nil)
        case UInt8(ascii: ":"), UInt8(ascii: "|"):
            index += 1
            return (.plain, nil)
        case UInt8(ascii: "&"), UInt8(ascii: "R"), UInt8(ascii: "P"), UInt8(ascii: "+"), UInt8(ascii: "("),
            UInt8(ascii: "C"):
            if next == UInt8(ascii: "(") { skip(through: UInt8(ascii: ")")) }
            skip(through: UInt8(ascii: ")"))
            return (.plain, .unknown)
        default:
            while let byte = next, byte != UInt8(ascii: ")"), byte != UInt8(ascii: ":") { index += 1 }
            guard let end = next else { return nil }
            index += 1
            return end == UInt8(ascii: ")") ? nil : (.plain, nil)
        }
    }

    private mutating func skip(through end: UInt8) {
        while let byte = next, byte != end { index += 1 }
        index = min(index + 1, bytes.count)
    }

    private mutating func quantify(_ item: inout ExpressionTree.Item) {
        switch next {
        case UInt8(ascii: "*"): (item.min, item.max) = (0, nil)
        case UInt8(ascii: "+"): (item.min, item.max) = (1, nil)
        case UInt8(ascii: "?"): (item.min, item.max) = (0, 1)
        case UInt8(ascii: "{"):
            guard let close = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else { return }
            let parts = String(decoding: bytes[index + 1..<close], as: UTF8.self).split(
                separator: ",", omittingEmptySubsequences: false)
            guard parts.count <= 2, let first = parts.first, let least = Int(first.isEmpty ? "0" : first) else {
                return
            }
            if parts.count == 1 {
                (item.min, item.max) = (least, least)
            } else if parts[1].isEmpty {
                (item.min, item.max) = (least, nil)
            } else {
                guard let most = Int(parts[1]) else { return }
                (item.min, item.max) = (least, most)
            }
            index = close
        default: return
        }
        index += 1
        if next == UInt8(ascii: "+") {
            item.isPossessive = true
            index += 1
        } else if next == UInt8(ascii: "?") {
            index += 1
        }
    }
}
