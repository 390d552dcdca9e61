/// How the text of one file lies on disk, once that is settled.
package enum TextForm: Sendable, CaseIterable {
    case utf8
    case latin1
    case utf16LittleEndian
    case utf16BigEndian

    /// Bytes of the shortest character; text begins at a multiple of it, counted from byte 0 of the file.
    var unitBytes: Int {
        switch self {
        case .utf8, .latin1: 1
        case .utf16LittleEndian, .utf16BigEndian: 2
        }
    }

    var isBigEndian: Bool { self == .utf16BigEndian }

    /// The form by configuration alone, for a file that is over before its head could tell more.
    static func assumed(_ configured: TextEncoding) -> TextForm {
        switch configured {
        case .automatic, .utf8: .utf8
        case .latin1: .latin1
        case .utf16LittleEndian: .utf16LittleEndian
        case .utf16BigEndian: .utf16BigEndian
        }
    }

    /// What the head of a file says.
    struct Told: Equatable, Sendable {
        var form: TextForm
        /// Bytes of the byte order mark, which is no part of the text.
        var markBytes: Int

        /// UTF-8 without a mark.
        static let plain = Told(form: .utf8, markBytes: 0)
    }

    /// Bytes that settle the form of any file.
    static let headBytesMax = 4

    /// The form of a file that begins with `head`, by what is `configured`; nil while more bytes could change it.
    ///
    /// A mark of UTF-16 overrules a configured byte order, since read in the other one it is no character at all.
    /// Without a mark, `.automatic` takes a file for UTF-16 whose first two units are of ASCII, but not NUL. Heuristic:
    /// what a writer of UTF-16 goes on writing after copytruncate has no mark. It fails where such a file begins with
    /// other characters; then the form has to be configured.
    static func told(by head: some Collection<UInt8>, configured: TextEncoding) -> Told? {
        switch configured {
        case .automatic: marked(head, among: [.utf8] + utf16) { unmarked(head) }
        case .latin1: Told(form: .latin1, markBytes: 0)
        case .utf8: marked(head, among: [.utf8]) { .plain }
        case .utf16LittleEndian, .utf16BigEndian:
            marked(head, among: utf16) { Told(form: assumed(configured), markBytes: 0) }
        }
    }

    private static let utf16: [TextForm] = [.utf16LittleEndian, .utf16BigEndian]

    /// The byte order mark, Unicode standard, section 23.8.
    private var mark: [UInt8] {
        switch self {
        case .utf8: [0xEF, 0xBB, 0xBF]
        case .utf16LittleEndian: [0xFF, 0xFE]
        case .utf16BigEndian: [0xFE, 0xFF]
        case .latin1: []
        }
    }

    private static func marked(
        _ head: some Collection<UInt8>, among forms: [TextForm], otherwise: () -> Told?
    ) -> Told? {
        for form in forms {
            let mark = form.mark
            if head.starts(with: mark) { return Told(form: form, markBytes: mark.count) }
            if !head.isEmpty, mark.starts(with: head) { return nil }
        }
        return otherwise()
    }

    private static func unmarked(_ head: some Collection<UInt8>) -> Told? {
        let isNul = head.prefix(headBytesMax).map { $0 == 0 }
        guard head.prefix(headBytesMax).allSatisfy({ $0 < 0x80 }) else { return .plain }
        // One byte that is not NUL is the beginning of any text, and a tiny file is read at once.
        guard isNul.count > 1 || isNul == [true] else { return .plain }
        for form in utf16 {
            let expected = form.isBigEndian ? [true, false, true, false] : [false, true, false, true]
            if isNul == expected { return Told(form: form, markBytes: 0) }
            if expected.starts(with: isNul) { return nil }
        }
        return .plain
    }
}
