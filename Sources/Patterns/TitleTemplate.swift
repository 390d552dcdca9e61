/// A title with holes: `Upstream timed out: {reason}`. `{{` and `}}` stand for braces.
package struct TitleTemplate: Sendable, Equatable {
    enum Part: Sendable, Equatable {
        case text(String)
        case hole(String)
    }

    /// Holes that every pattern may use beside its own captures.
    package static let builtIns = ["message", "exception", "frame", "pattern"]

    let parts: [Part]

    /// Names of the holes, in order.
    package var holes: [String] {
        parts.compactMap { part in
            if case .hole(let name) = part { name } else { nil }
        }
    }

    /// Why a template cannot be read.
    package struct Fault: Error, Equatable {
        package let message: String
        /// In bytes from 0.
        package let offset: Int
    }

    /// Throws `Fault` for a brace that is not closed, not opened, or empty.
    package init(_ source: String) throws(Fault) {
        var parts: [Part] = []
        var text: [UInt8] = []
        var hole: [UInt8]?
        var holeStart = 0
        let bytes = Array(source.utf8)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let doubled = index + 1 < bytes.count && bytes[index + 1] == byte
            switch (byte, hole) {
            case (UInt8(ascii: "{"), nil) where doubled, (UInt8(ascii: "}"), nil) where doubled:
                text.append(byte)
                index += 1
            case (UInt8(ascii: "{"), nil):
                if !text.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
                text = []
                hole = []
                holeStart = index
            case (UInt8(ascii: "}"), nil):
                throw Fault(message: "'}' without '{'; write '}}' for a brace", offset: index)
            case (UInt8(ascii: "}"), .some(let name)):
                guard !name.isEmpty else { throw Fault(message: "'{}' names no field", offset: holeStart) }
                parts.append(.hole(String(decoding: name, as: UTF8.self)))
                hole = nil
            case (_, nil):
                text.append(byte)
            case (_, .some(let name)):
                hole = name + [byte]
            }
            index += 1
        }
        guard hole == nil else { throw Fault(message: "'{' is not closed; write '{{' for a brace", offset: holeStart) }
        if !text.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
        self.parts = parts
    }

    /// Fills the holes. A hole without a value is left out with the blanks and the punctuation that lead to it, unless a
    /// hole that has one stands directly behind it.
    package func filled(_ value: (String) -> String?) -> String {
        var title = ""
        // What was taken away before holes without a value.
        var joint = ""
        for part in parts {
            switch part {
            case .text(let text):
                joint = ""
                title += title.isEmpty ? String(text.drop { TitleTemplate.isJoint($0) }) : text
            case .hole(let name):
                if let value = value(name), !value.isEmpty {
                    title += joint + value
                    joint = ""
                } else {
                    let end =
                        title.lastIndex { !TitleTemplate.isJoint($0) }.map(title.index(after:)) ?? title.startIndex
                    joint = title[end...] + joint
                    title.removeSubrange(end...)
                }
            }
        }
        return title.isEmpty ? "(no title)" : title
    }

    private static func isJoint(_ character: Character) -> Bool { " :-—–".contains(character) }
}
