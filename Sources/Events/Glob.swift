/// A pattern of paths: `/var/log/**/app-*.{log,txt}`.
///
/// `*` and `?` stay inside one component, `**` as a whole component stands for any number of them (also none),
/// `[a-z]` and `[!a-z]` are one character of one byte, `{a,b}` are alternatives, `\` takes the next character as it is.
/// Matching is over bytes (`PathText`); it never looks at the disk.
package struct Glob: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    package let text: String
    /// One list of components for each combination of the alternatives in braces; never empty.
    private let alternatives: [[GlobComponent]]

    /// Most combinations that braces may expand to.
    package static let alternativesMax = 256

    /// Throws `GlobError` when brackets or braces do not close, or when the braces multiply beyond `alternativesMax`.
    package init(_ text: String) throws(GlobError) {
        self.text = text
        var alternatives: [[GlobComponent]] = []
        for expanded in try GlobBraces.expand(PathText.bytes(text), limit: Glob.alternativesMax, of: text) {
            var components: [GlobComponent] = []
            for component in GlobBraces.components(expanded) {
                components.append(try GlobComponent(component, of: text))
            }
            alternatives.append(components)
        }
        self.alternatives = alternatives
    }

    /// Exactly this path, whatever characters it holds.
    package init(literal path: String) {
        text = path
        alternatives = [PathText.bytes(path).split(separator: UInt8(ascii: "/")).map { .name(Array($0)) }]
    }

    package var description: String { text }

    /// Whether the pattern begins at the root. A relative one matches nothing until it is put behind a directory.
    package var isAbsolute: Bool { text.utf8.first == UInt8(ascii: "/") }

    /// The directories where a search begins, one for each alternative: as far as the names are fixed.
    package var fixedDirectories: [String] {
        var found: [String] = []
        for components in alternatives {
            var directory = ""
            for component in components.dropLast() {
                guard case .name(let name) = component else { break }
                directory += "/" + PathText.text(name)
            }
            if directory.isEmpty { directory = "/" }
            if !found.contains(directory) { found.append(directory) }
        }
        return found
    }

    /// Whether this absolute path is one of those meant.
    package func matches(_ path: String) -> Bool { matches(GlobPath(path)) }

    /// Whether something below this directory could match: whether it is worth entering and watching.
    package func mayMatchBelow(_ directory: String) -> Bool { mayMatchBelow(GlobPath(directory)) }

    /// As `matches(_:)`, for a path that is asked about several times.
    package func matches(_ path: GlobPath) -> Bool {
        alternatives.contains { Glob.match($0[...], path.names[...], below: false) }
    }

    /// As `mayMatchBelow(_:)`, for a path that is asked about several times.
    package func mayMatchBelow(_ directory: GlobPath) -> Bool {
        alternatives.contains { Glob.match($0[...], directory.names[...], below: true) }
    }

    /// Matches names against components; where `below` is true, running out of names first is a match as well.
    ///
    /// Only the last `**` is ever gone back to, as with `*` in a name, so the work is at most their product.
    private static func match(
        _ components: ArraySlice<GlobComponent>, _ names: ArraySlice<[UInt8]>, below: Bool
    ) -> Bool {
        var component = components.startIndex
        var name = names.startIndex
        var retry: (component: Int, name: Int)?
        while name < names.endIndex {
            if component < components.endIndex {
                if case .anyDirectories = components[component] {
                    if below { return true }
                    retry = (component + 1, name)
                    component += 1
                    continue
                }
                if components[component].matches(names[name]) {
                    component += 1
                    name += 1
                    continue
                }
            }
            guard let again = retry else { return false }
            retry = (again.component, again.name + 1)
            component = again.component
            name = again.name + 1
        }
        if below { return component < components.endIndex }
        while component < components.endIndex, case .anyDirectories = components[component] { component += 1 }
        return component == components.endIndex
    }
}

/// A path cut into its names once, so that many globs can be asked about it.
package struct GlobPath {
    let names: [[UInt8]]

    package init(_ path: String) {
        names = PathText.bytes(path).split(separator: UInt8(ascii: "/")).map { Array($0) }
    }

    /// Whether `.` or `..` is one of its names.
    package var hasDots: Bool {
        names.contains { $0 == [UInt8(ascii: ".")] || $0 == [UInt8(ascii: "."), UInt8(ascii: ".")] }
    }
}

/// Why a glob cannot be understood.
package struct GlobError: Error, Hashable, Sendable, CustomStringConvertible {
    package let glob: String
    /// In words, with what to do about it.
    package let reason: String

    package var description: String { "\(glob): \(reason)" }
}
