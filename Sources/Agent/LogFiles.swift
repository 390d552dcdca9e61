import Events
import Glibc
package import Patterns

/// Expands what `margay scan` is given into the files to read.
package struct LogFiles: Sendable {
    /// Paths in the order given; those of a directory by name, those below it after them.
    package var files: [String] = []
    package var faults: [Diagnostic] = []
    /// Bytes on disk; nil when standard input or a pipe is among them.
    package var totalBytes: Int64? = 0

    /// Most directories below each other.
    private static let depthMax = 64

    package static func expand(_ paths: [String]) -> LogFiles {
        var expansion = LogFiles()
        for path in paths { expansion.add(path, depth: 0) }
        return expansion
    }

    private mutating func add(_ path: String, depth: Int) {
        if path == "-" {
            files.append(path)
            totalBytes = nil
            return
        }
        var information = stat()
        guard PathText.withBytes(path, { stat($0, &information) }) == 0 else { return fault(path, errno) }
        switch information.st_mode & S_IFMT {
        case S_IFDIR: addEntries(of: path, depth: depth)
        case S_IFREG:
            files.append(path)
            totalBytes = totalBytes.map { $0 + Int64(information.st_size) }
        case S_IFIFO,
            S_IFCHR where depth == 0:
            files.append(path)
            totalBytes = nil
        default: break
        }
    }

    private mutating func addEntries(of path: String, depth: Int) {
        guard depth < LogFiles.depthMax else { return fault(path, ELOOP) }
        guard let directory = PathText.withBytes(path, { opendir($0) }) else { return fault(path, errno) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in PathText.text(bytes.prefix { $0 != 0 }) }
            if !name.hasPrefix(".") { names.append(name) }
        }
        closedir(directory)
        let base = path.hasSuffix("/") ? path : path + "/"
        for name in names.sorted() { add(base + name, depth: depth + 1) }
    }

    private mutating func fault(_ path: String, _ code: Int32) {
        faults.append(
            Diagnostic(
                Place(path: path), .error, rule: "unreadable", String(cString: strerror(code)),
                remedy: code == EACCES ? "ask for read permission, or run as a member of its group" : "check the path"))
    }
}
