import Events

/// How the text of one file lies on disk, once that is settled: its characters, and what each line is wrapped in.
package struct TextLayout: Equatable, Sendable {
    var form: TextForm
    var wrapper: LineWrapper?

    /// UTF-8 in lines of its own, which is handed out as it is.
    static let plain = TextLayout(form: .utf8, wrapper: nil)

    package var isPlain: Bool { self == .plain }

    /// In words, for somebody who asks how a file is read; nil for a plain one.
    package var name: String? {
        let encoding: String? =
            switch form {
            case .utf8: nil
            case .latin1: "latin1"
            case .utf16LittleEndian: "utf-16le"
            case .utf16BigEndian: "utf-16be"
            }
        let words = [encoding, wrapper.map { "\($0.name) lines unwrapped" }].compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    /// What the head of a file says.
    package struct Told: Equatable, Sendable {
        package var layout: TextLayout
        /// Bytes of the byte order mark, which is no part of the text.
        package var markBytes: Int
    }

    /// Most bytes of a head that are looked at.
    package static let headBytesMax = LineWrapper.headBytesMax

    /// The layout of a file that begins with `head`; nil while more bytes could change it.
    package static func told(by head: UnsafeRawBufferPointer, encoding: TextEncoding, format: LineFormat) -> Told? {
        guard let characters = TextForm.told(by: head.prefix(TextForm.headBytesMax), configured: encoding) else {
            return nil
        }
        var told = Told(
            layout: TextLayout(form: characters.form, wrapper: nil), markBytes: characters.markBytes)
        guard characters.form.unitBytes == 1 else { return told }
        switch format {
        case .plain: break
        case .docker: told.layout.wrapper = .docker
        case .cri: told.layout.wrapper = .cri
        case .automatic:
            switch LineWrapper.told(by: UnsafeRawBufferPointer(rebasing: head[characters.markBytes...])) {
            case .plain: break
            case .wrapped(let wrapper): told.layout.wrapper = wrapper
            case .undecided: return nil
            }
        }
        return told
    }

    /// The layout of a file that is over, or has to be read, before its head could tell more.
    package static func assumed(
        by head: UnsafeRawBufferPointer, encoding: TextEncoding, format: LineFormat
    ) -> Told {
        if let told = told(by: head, encoding: encoding, format: format) { return told }
        if let told = TextForm.told(by: head.prefix(TextForm.headBytesMax), configured: encoding) {
            let isDocker = head.hasBytes(DockerLine.opening, at: told.markBytes)
            return Told(
                layout: TextLayout(form: told.form, wrapper: isDocker ? .docker : nil), markBytes: told.markBytes)
        }
        return Told(layout: TextLayout(form: .assumed(encoding), wrapper: nil), markBytes: 0)
    }
}
