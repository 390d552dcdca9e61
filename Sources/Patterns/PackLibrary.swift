import Glibc

/// All packs that can be used: read once from their directories and files, found by name.
package struct PackLibrary: Sendable {
    /// By name. Where two files hold a pack of one name the later one wins, so that local packs replace shipped ones.
    package private(set) var packs: [String: Pack] = [:]
    /// Names in the order in which they were found.
    package private(set) var names: [String] = []
    package private(set) var diagnostics: [Diagnostic] = []
    /// Packs that may be built on and are not in use themselves.
    private let others: [String: Pack]

    /// `others`: packs that the ones to be read may build on, where they are not among those.
    package init(buildingOn others: PackLibrary? = nil) { self.others = others?.packs ?? [:] }

    /// Packs that build on each other in a longer row than this are refused.
    static let extendsDepthMax = 16

    package var hasErrors: Bool { diagnostics.contains { $0.level == .error } }

    /// Reads every `*.yaml` of a directory (not of those below it), or one file.
    ///
    /// What cannot be read becomes a diagnostic; the rest goes on.
    /// - Parameter wanted: names of packs; of a directory only the files that are called so are read, and what those
    ///   build on. Most of a start with many packs goes into reading them.
    /// - Returns: the names of the packs found there, in the order of their file names.
    @discardableResult
    package mutating func add(_ path: String, only wanted: Set<String>? = nil) -> [String] {
        var files: [String]
        let isAlone: Bool
        do throws(FileFault) {
            isAlone = try !isDirectory(path)
            files = try isAlone ? [path] : entries(of: path).filter(isPackFile).map { path + "/" + $0 }
        } catch {
            report(error, "give a directory of packs or a pack's file")
            return []
        }
        if let wanted, !isAlone { files = files.filter { wanted.contains(packName(ofFile: $0)) } }
        guard let first = files.first else { return [] }
        var drafts: [PackDraft] = []
        for file in files {
            do throws(FileFault) {
                drafts.append(PackDraft(try contents(of: file, bytesMax: YAMLDocument.bytesMax), path: file))
            } catch {
                report(error, "check the path and its permissions")
            }
        }
        return add(drafts, beside: isAlone || wanted != nil ? neighbours(of: first, for: drafts) : [:])
    }

    /// Adds a fault that was found elsewhere, to be told with the others.
    package mutating func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    /// Packs of the directory in which the file lies, if the drafts build on any that is not known.
    private func neighbours(of path: String, for drafts: [PackDraft]) -> [String: Pack] {
        let here = Set(drafts.compactMap(\.name))
        let wanted = drafts.flatMap(\.bases).filter { packs[$0] == nil && others[$0] == nil && !here.contains($0) }
        guard !wanted.isEmpty else { return [:] }
        var directory = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        if directory.isEmpty { directory = path.hasPrefix("/") ? "/" : "." }
        // What is wrong with those is said when they are read for their own sake.
        var library = PackLibrary()
        library.add(directory)
        return library.packs
    }

    /// Reads packs that may build on each other, on those that were read before, on `others`, and on `neighbours`.
    @discardableResult
    package mutating func add(_ drafts: [PackDraft], beside neighbours: [String: Pack] = [:]) -> [String] {
        var round = Round(drafts: drafts, known: neighbours.merging(others) { $1 }.merging(packs) { $1 })
        for index in drafts.indices { round.load(index, depth: 0) }
        var found: [String] = []
        for (index, draft) in drafts.enumerated() {
            guard let result = round.results[index] else { continue }
            diagnostics += result.diagnostics
            guard let pack = result.pack else { continue }
            if let earlier = found.contains(pack.name) ? packs[pack.name] : nil {
                diagnostics.append(
                    Diagnostic(
                        Place(path: draft.path), .warning, rule: "replaced-pack",
                        "the pack '\(pack.name)' stands in \(earlier.path) too, which is not used",
                        remedy: "rename one of the two"))
            }
            if packs.updateValue(pack, forKey: pack.name) == nil { names.append(pack.name) }
            found.append(pack.name)
        }
        return found
    }

    /// Reads the drafts in such an order that each pack comes after those it builds on.
    private struct Round {
        let drafts: [PackDraft]
        /// Packs that were there before.
        let known: [String: Pack]
        var results: [Int: PackLoader.Result] = [:]
        /// Drafts whose bases are being read.
        private var open: [Int] = []

        init(drafts: [PackDraft], known: [String: Pack]) {
            self.drafts = drafts
            self.known = known
        }

        mutating func load(_ index: Int, depth: Int) {
            guard results[index] == nil else { return }
            open.append(index)
            var bases = PackDraft.Bases()
            bases.names = Array(known.keys) + drafts.compactMap(\.name)
            for name in drafts[index].bases {
                // A pack that builds on its own name means the one that it replaces.
                let wanted = drafts.lastIndex { $0.name == name && name != drafts[index].name }
                if let wanted, !open.contains(wanted), depth < PackLibrary.extendsDepthMax {
                    load(wanted, depth: depth + 1)
                    bases.packs[name] = results[wanted]?.pack
                } else if wanted != nil {
                    bases.cyclic.insert(name)
                } else {
                    bases.packs[name] = known[name]
                }
            }
            open.removeLast()
            results[index] = drafts[index].load(bases)
        }
    }

    private mutating func report(_ fault: FileFault, _ remedy: String) {
        diagnostics.append(
            Diagnostic(Place(path: fault.path), .error, rule: "unreadable", fault.reason, remedy: remedy))
    }
}

/// A file that cannot be read, and why in the system's words.
package struct FileFault: Error, Equatable {
    package let path: String
    package let reason: String
}

/// The text of a file. Bytes that are not UTF-8 become U+FFFD; a file over `bytesMax` bytes is refused.
package func contents(of path: String, bytesMax: Int) throws(FileFault) -> String {
    String(decoding: try bytes(of: path, bytesMax: bytesMax), as: UTF8.self)
}

/// The bytes of a small file; one over `bytesMax` bytes is refused.
package func bytes(of path: String, bytesMax: Int) throws(FileFault) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFault(path: path, reason: systemMessage(errno)) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 64 * 1_024)
    while true {
        let count = read(descriptor, &block, block.count)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw FileFault(path: path, reason: systemMessage(errno)) }
        if count == 0 { return bytes }
        bytes += block[..<count]
        guard bytes.count <= bytesMax else {
            throw FileFault(path: path, reason: "larger than \(bytesMax) bytes")
        }
    }
}

private func isDirectory(_ path: String) throws(FileFault) -> Bool {
    var information = stat()
    guard stat(path, &information) == 0 else { throw FileFault(path: path, reason: systemMessage(errno)) }
    return information.st_mode & S_IFMT == S_IFDIR
}

private func isPackFile(_ name: String) -> Bool {
    (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) && !name.hasPrefix(".")
}

/// The name of the pack that a file of that path holds, if it is called by it.
private func packName(ofFile path: String) -> String {
    let file = path.split(separator: "/").last ?? ""
    return String(file.split(separator: ".").first ?? "")
}

private func entries(of path: String) throws(FileFault) -> [String] {
    guard let directory = opendir(path) else { throw FileFault(path: path, reason: systemMessage(errno)) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        names.append(
            withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            })
    }
    return names.sorted()
}

/// strerror(3) for `code`.
func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
