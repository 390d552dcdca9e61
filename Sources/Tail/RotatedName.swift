/// What the names that rotation gives say about the log a file belongs to. Pure; heuristics over names only, so whoever
/// uses them has to look at the content as well.
package enum RotatedName {
    /// Most cuts tried in one name.
    private static let cutsMax = 8

    /// Paths that the file at `path` may be a rotated or copied part of, the longest first.
    ///
    /// `app.log.1` and `app.log-20261122.gz` may come from `app.log`; `app-2026-11-22.log` from `app.log` as well.
    package static func bases(of path: String) -> [String] {
        let directory = Discovery.parent(of: path)
        let name = Array(Discovery.name(of: path).utf8)
        var bases: [String] = []
        let lastDot = name.lastIndex(of: UInt8(ascii: "."))
        let ending = lastDot.map { Array(name[$0...]) } ?? []
        var rest = name
        while bases.count < 2 * cutsMax, let cut = rest.lastIndex(where: isSeparator), cut > 0 {
            rest = Array(rest[..<cut])
            bases.append(Discovery.join(directory, String(decoding: rest, as: UTF8.self)))
            if let lastDot, cut < lastDot, ending.contains(where: { $0 >= UInt8(ascii: "A") }) {
                bases.append(Discovery.join(directory, String(decoding: rest + ending, as: UTF8.self)))
            }
        }
        return bases
    }

    /// Whether `path` is named as rotation names what was `base`: only numbers, dates and the like were added.
    static func isRotation(_ path: String, of base: String) -> Bool {
        guard path != base, Discovery.parent(of: path) == Discovery.parent(of: base) else { return false }
        let name = Array(Discovery.name(of: path).utf8)
        let stem = Array(Discovery.name(of: base).utf8)
        if name.starts(with: stem) { return isRotationSuffix(name[stem.count...]) }
        guard let dot = stem.lastIndex(of: UInt8(ascii: ".")), name.count > stem.count else { return false }
        let ending = stem[dot...]
        return name.starts(with: stem[..<dot]) && name.suffix(ending.count).elementsEqual(ending)
            && isRotationSuffix(name[dot..<(name.count - ending.count)])
    }

    /// Whether, by their names alone, `path` is an earlier part of a log than `other`: a higher number, an earlier date, or
    /// a rotated name beside the log's own.
    static func isRotatedEarlier(_ path: String, than other: String) -> Bool {
        let (left, right) = (age(of: path), age(of: other))
        return left.rotations != right.rotations ? left.rotations > right.rotations : left.date < right.date
    }

    /// How often a file was rotated, by the numbers in its name, and the date in it; a log's own name has neither.
    ///
    /// Heuristic: numbers of four digits and fewer that stand at the end count rotations, all others are dates.
    private static func age(of path: String) -> (rotations: Int, date: String) {
        var rotations = 0
        var date = ""
        for part in Discovery.name(of: path).utf8.split(whereSeparator: isSeparator).reversed() {
            guard part.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "T") })
            else {
                if rotations > 0 || !date.isEmpty { break }
                continue
            }
            if part.count < 4, date.isEmpty, let number = Int(String(decoding: Array(part), as: UTF8.self)) {
                rotations = number + 1
            } else {
                date = String(decoding: Array(part), as: UTF8.self) + date
            }
        }
        // What bears a date was rotated; the log itself comes last.
        return date.isEmpty ? (rotations, "~") : (rotations, date)
    }

    /// Whether the name is one that compressing gives.
    static func isArchive(_ path: String) -> Bool { archiveEndings.contains { path.hasSuffix($0) } }

    /// The name of an archive before it was compressed.
    static func unpacked(_ path: String) -> String {
        archiveEndings.first { path.hasSuffix($0) }.map { String(path.dropLast($0.count)) } ?? path
    }

    private static let archiveEndings = [".gz", ".zst", ".bz2", ".xz"]

    private static let rotationWords = ["old", "bak", "prev", "gz", "zst", "bz2", "xz"].map { Array($0.utf8) }

    private static func isRotationSuffix(_ suffix: ArraySlice<UInt8>) -> Bool {
        guard let first = suffix.first, isSeparator(first) else { return false }
        return suffix.split(whereSeparator: isSeparator).allSatisfy { part in
            part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "T") }
                || rotationWords.contains { $0.elementsEqual(part) }
        }
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
