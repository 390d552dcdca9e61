import Events
import Glibc

/// Finds, for the globs of all sources, which directories there are to watch and which paths match.
struct Discovery {
    let sources: [SourceFiles]
    let syscalls: Syscalls

    /// What a walk found. Paths are as the globs lead to them, links not resolved.
    struct Found {
        /// Directories that may hold files or directories of interest, in the order of the walk.
        var directories: [String] = []
        /// Paths whose appearance or replacement asks for a new walk: directories that are missing, or are links.
        var awaited: Set<String> = []
        /// Paths that match; what lies there has not been looked at.
        var files: [String] = []
        /// `directories`, to ask whether one was visited; globs often lead to the same one.
        var seen: Set<String> = []
        /// Directories that cannot be listed.
        var problems: [(path: String, error: SystemError)] = []
    }

    /// Directories under `**` are followed down to this depth, so that a bind mount of itself ends.
    static let depthMax = 40
    /// Directories watched or polled at a time.
    static let directoriesMax = 100_000

    /// The source whose files the path belongs to; the first that matches has it. None has one that a link leads over
    /// `..`: it is another way to a file that has a path without.
    func source(of path: String) -> Int? {
        let names = GlobPath(path)
        guard !names.hasDots else { return nil }
        return sources.firstIndex { source in
            source.include.contains { $0.matches(names) } && !source.exclude.contains { $0.matches(names) }
        }
    }

    /// Whether files of interest may lie somewhere below the directory.
    func mayMatchBelow(_ directory: String) -> Bool {
        let names = GlobPath(directory)
        return sources.contains { source in source.include.contains { $0.mayMatchBelow(names) } }
    }

    /// Walks everything. `watch` is called for each directory before it is listed, so that nothing made in between is
    /// missed.
    func walk(watch: (String) -> Void) -> Found {
        var found = Found()
        var begun: Set<String> = []
        for source in sources {
            for glob in source.include {
                for directory in glob.fixedDirectories where begun.insert(directory).inserted {
                    begin(at: directory, watch, &found)
                }
            }
        }
        return found
    }

    /// Walks one directory and what is below it.
    func walk(below directory: String, watch: (String) -> Void) -> Found {
        var found = Found()
        visit(directory, above: [], watch, &found)
        return found
    }

    /// Comes to a fixed directory step by step: what is missing on the way, or a link, is awaited in what holds it.
    private func begin(at directory: String, _ watch: (String) -> Void, _ found: inout Found) {
        var path = ""
        for name in directory.split(separator: "/") {
            let parent = path.isEmpty ? "/" : path
            path += "/" + name
            do throws(SystemError) {
                let status = try syscalls.statusOfPath(path, false)
                if status.kind == .symbolicLink {
                    found.awaited.insert(path)
                    watch(parent)
                    _ = try syscalls.statusOfPath(path, true)
                }
            } catch {
                found.awaited.insert(path)
                watch(parent)
                if error.number != ENOENT && error.number != ENOTDIR { found.problems.append((path, error)) }
                return
            }
        }
        visit(directory, above: [], watch, &found)
    }

    private func visit(
        _ directory: String, above: [FileIdentity], _ watch: (String) -> Void, _ found: inout Found
    ) {
        guard above.count < Discovery.depthMax, found.seen.count < Discovery.directoriesMax,
            found.seen.insert(directory).inserted
        else { return }
        do throws(SystemError) {
            let identity = try syscalls.statusOfPath(directory, true).identity
            // A link to a directory above would be walked for ever.
            guard !above.contains(identity) else { return }
            found.directories.append(directory)
            watch(directory)
            for name in try syscalls.list(directory).sorted() {
                let path = Discovery.join(directory, name)
                if source(of: path) != nil { found.files.append(path) }
                if mayMatchBelow(path), isDirectory(path, &found) {
                    visit(path, above: above + [identity], watch, &found)
                }
            }
        } catch {
            if error.number != ENOENT && error.number != ENOTDIR { found.problems.append((directory, error)) }
        }
    }

    private func isDirectory(_ path: String, _ found: inout Found) -> Bool {
        do throws(SystemError) {
            return try syscalls.statusOfPath(path, true).kind == .directory
        } catch {
            // Gone again, or a link to nowhere: not a directory now, and its appearance will be told.
            if error.number != ENOENT && error.number != ENOTDIR && error.number != ELOOP {
                found.problems.append((path, error))
            }
            return false
        }
    }

    static func join(_ directory: String, _ name: String) -> String {
        directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }

    /// The directory that holds a path.
    static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// The last name of a path.
    static func name(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.index(after: slash)...])
    }
}
