package import Events

/// A pattern drafted from the samples of one issue, for a person to judge.
package struct PatternDraft: Sendable, Equatable {
    /// Of the pattern.
    package var id: String
    /// Its expression.
    package var match: String
    /// As packs write titles.
    package var title: String
    package var severity: Severity
    /// Its item in the list of patterns of a pack, with its tests.
    package var yaml: String
    /// The whole pack with it.
    package var pack: String
    /// The pack that it would be added to; nil where it may be added to none.
    package var place: Place?

    /// A pack's file, and what would change in it.
    package struct Place: Sendable, Equatable {
        package var path: String
        /// Whether it is there yet.
        package var isNew: Bool
        /// In the order of the file that comes of it.
        package var lines: [Line]

        package init(path: String, isNew: Bool, lines: [Line]) {
            self.path = path
            self.isNew = isNew
            self.lines = lines
        }
    }

    /// A line that is added or taken away, or one beside it.
    package struct Line: Sendable, Equatable {
        package enum Kind: Sendable { case kept, added, removed }

        package var kind: Kind
        /// From 1, in the file as it will be; of one that is removed, as it is.
        package var number: Int
        package var text: String

        package init(kind: Kind, number: Int, text: String) {
            self.kind = kind
            self.number = number
            self.text = text
        }
    }

    package init(
        id: String, match: String, title: String, severity: Severity, yaml: String, pack: String, place: Place? = nil
    ) {
        self.id = id
        self.match = match
        self.title = title
        self.severity = severity
        self.yaml = yaml
        self.pack = pack
        self.place = place
    }

    /// What somebody wants otherwise than it would be drafted; nil for as drafted.
    package struct Wish: Sendable, Equatable {
        /// Behind the pack's name and a dot.
        package var name: String?
        package var title: String?
        package var severity: Severity?

        package init(name: String? = nil, title: String? = nil, severity: Severity? = nil) {
            self.name = name
            self.title = title
            self.severity = severity
        }

        /// Bytes of a name, characters of a title.
        package static let nameBytesMax = 64
        package static let titleLengthMax = 200

        /// What can be seen to be wrong without looking at any pack, as a sentence; nil where nothing is.
        var fault: String? {
            if let name, !Wish.isName(name) {
                return """
                    A name is 1 to \(Wish.nameBytesMax) lower-case letters, digits and dashes, beginning with a letter.
                    """
            }
            guard let title else { return nil }
            let isOneLine = !title.unicodeScalars.contains(where: Wish.isControl)
            return (1...Wish.titleLengthMax).contains(title.count) && isOneLine
                ? nil : "A title is 1 to \(Wish.titleLengthMax) characters on one line."
        }

        private static func isName(_ name: String) -> Bool {
            guard let first = name.utf8.first, (0x61...0x7A).contains(first), name.utf8.count <= nameBytesMax else {
                return false
            }
            return name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
        }

        private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        }
    }

    /// What came of the wish for one.
    package enum Answer: Sendable, Equatable {
        case drafted(PatternDraft)
        /// Why there is none, as a sentence.
        case none(reason: String)
    }
}
