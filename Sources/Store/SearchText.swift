internal import Events

/// What is searched of an issue beside its title.
enum SearchText {
    /// Bytes of a sample that are searched: an index over whole samples would be larger than the rest of the store.
    static let excerptBytesMax = 160

    /// The beginning of the earliest sample.
    static func excerpt(of delta: IssueDelta) -> String {
        let first = delta.samples.min { $0.time < $1.time }
        return flat(String(decoding: (first?.text ?? "").utf8.prefix(excerptBytesMax), as: UTF8.self))
    }

    /// Without NULs, at which the index would end a text.
    static func flat(_ text: String) -> String {
        guard text.utf8.contains(0) else { return text }
        return String(decoding: text.utf8.map { $0 == 0 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }
}
