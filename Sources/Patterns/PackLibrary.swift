import Glibc

/// All packs that can be used: read once from their directories and files, found by name.
package struct PackLibrary: Sendable {
    /// By name. Where two files hold a pack of one name the later one wins, so that local packs replace shipped ones.
    package private(set) var packs: [String: Pack] = [:]
    /// Names in the order in which they were found.
    package private(set) var names: [String] = []
    package private(set) var diagnostics: [Diagnostic] = []

    package init() {}

    package var hasErrors: Bool { diagnostics.contains { $0.level == .error } }

    /// Reads every `*.yaml` of a directory (not of those below it), or one file.
    ///
    /// What cannot be read becomes a diagnostic; the rest goes on.
    /// - Returns: the names of the packs found there, in the order of their file names.
    @discardableResult
    package mutating func add(_ path: String) -> [String] {
        let files: [String]
        do throws(FileFault) {
            files = try isDirectory(path) ? entries(of: path).filter(isPackFile).map { path + "/" + $0 } : [path]
        } catch {
            report(error, "give a directory of packs or a pack's file")
            return []
        }
        var found: [String] = []
        for file in files {
            do throws(FileFault) {
                let text = try contents(of: file, bytesMax: YAMLDocument.bytesMax)
                let result = PackLoader.load(text, path: file)
                diagnostics += result.diagnostics
                guard let pack = result.pack else { continue }
                if packs.updateValue(pack, forKey: pack.name) == nil { names.append(pack.name) }
                found.append(pack.name)
            } catch {
                report(error, "check the path and its permissions")
            }
        }
        return found
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
