/// A pack's file that has been read, and not yet understood: its name and the packs it builds on are known, so that
/// those can be read first.
package struct PackDraft {
    package let path: String
    /// Nil where the file does not say, or says no name.
    package let name: String?
    /// Names in `extends`, as they stand there.
    package let bases: [String]
    let document: YAMLDocument
    let top: YAMLMapping?

    /// Parses `text`, which came from the file `path`.
    package init(_ text: String, path: String) {
        self.path = path
        document = YAMLDocument(path: path)
        top = document.topMapping(of: text, PackFormat.pack)
        name = top?.peek("pack")?.scalarText
        bases = top?.peek("extends")?.list().compactMap(\.scalarText) ?? []
    }

    /// What can be extended: packs by name, and what is to be said of those that cannot.
    package struct Bases {
        package var packs: [String: Pack] = [:]
        /// Names of packs that build on this one themselves.
        package var cyclic: Set<String> = []
        /// Names that may be meant instead of one that is not there.
        package var names: [String] = []

        package init() {}
    }

    /// Reads the pack. Everything wrong with it is reported at once; what is right of it can be used.
    package func load(_ bases: Bases = Bases()) -> PackLoader.Result {
        guard let top else { return PackLoader.Result(pack: nil, diagnostics: document.diagnostics) }
        var loader = PackLoader(document: document, bases: bases)
        let pack = loader.pack(top)
        return PackLoader.Result(pack: pack, diagnostics: document.diagnostics)
    }
}
