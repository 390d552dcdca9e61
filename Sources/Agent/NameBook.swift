/// Names that strangers send, such as those of hosts, of which each makes rows of the store: so many and no more.
struct NameBook {
    /// What further names are counted under.
    static let others = "others"

    private let namesMax: Int
    private var names: Set<String> = []
    /// Names that came when there were enough.
    private(set) var isFull = false

    init(namesMax: Int) { self.namesMax = namesMax }

    /// `name`, or `others` where there are enough.
    mutating func admit(_ name: String) -> String {
        if names.contains(name) { return name }
        guard names.count < namesMax else {
            isFull = true
            return NameBook.others
        }
        names.insert(name)
        return name
    }

    /// `text` as a name of letters, digits and `-./_@+`, of at most 100 bytes; what else it holds is an underscore.
    static func plain(_ text: String) -> String {
        let bytes = text.utf8.prefix(100).map { byte -> UInt8 in
            let isPlain =
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "-")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "+")
            return isPlain ? byte : UInt8(ascii: "_")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Hosts and programs that one input brings.
    static let nodesMax = 2_000
    static let programsMax = 1_000
}
