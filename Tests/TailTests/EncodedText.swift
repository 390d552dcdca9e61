import Testing

@testable import Tail

/// A way in which a test writes text to a file.
struct WrittenEncoding: CustomTestStringConvertible, Sendable {
    var form: TextForm
    var hasMark: Bool
    /// What is configured for the source.
    var configured: TextEncoding

    var testDescription: String { "\(form)\(hasMark ? " with mark" : "") read as \(configured)" }

    static let wide: [WrittenEncoding] = [
        .init(form: .utf16LittleEndian, hasMark: true, configured: .automatic),
        .init(form: .utf16BigEndian, hasMark: true, configured: .automatic),
        .init(form: .utf16LittleEndian, hasMark: false, configured: .automatic),
        .init(form: .utf16BigEndian, hasMark: false, configured: .automatic),
        .init(form: .utf16LittleEndian, hasMark: false, configured: .utf16LittleEndian),
        .init(form: .utf16BigEndian, hasMark: false, configured: .utf16BigEndian),
        .init(form: .utf16BigEndian, hasMark: true, configured: .utf16LittleEndian),
    ]
    static let latin1 = WrittenEncoding(form: .latin1, hasMark: false, configured: .latin1)
    static let utf8 = WrittenEncoding(form: .utf8, hasMark: false, configured: .automatic)
    static let utf8WithMark = WrittenEncoding(form: .utf8, hasMark: true, configured: .automatic)
    static let all = wide + [latin1, utf8, utf8WithMark]

    var mark: [UInt8] { hasMark ? bytes("\u{FEFF}") : [] }

    /// The text as it lies in a file, without a mark. Latin-1 has no characters beyond U+00FF.
    func bytes(_ text: String) -> [UInt8] {
        switch form {
        case .utf8: Array(text.utf8)
        case .latin1: text.unicodeScalars.map { UInt8($0.value) }
        case .utf16LittleEndian: text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        case .utf16BigEndian: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        }
    }

    /// The text with what this encoding cannot hold replaced.
    func holdable(_ text: String) -> String {
        guard form == .latin1 else { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { scalars.append(scalar.value < 0x100 ? scalar : "ÿ") }
        return String(scalars)
    }
}

extension TailHarness {
    convenience init(
        _ folder: TemporaryFolder, _ encoding: WrittenEncoding, start: StartPolicy = .beginning,
        globs: [String] = ["*.log"], change: (inout TailConfiguration) -> Void = { _ in }
    ) throws {
        try self.init(folder, globs, start: start) {
            $0.sources[0].encoding = encoding.configured
            change(&$0)
        }
    }
}
