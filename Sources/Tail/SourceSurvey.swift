import Events
import Glibc

/// What the globs of sources lead to on disk at one moment: for showing it, without following anything.
package struct SourceSurvey: Sendable {
    /// A path that one of the globs matches.
    package struct Match: Sendable, Equatable {
        package var path: String
        /// Name of the source that has it; of an excluded path, the first that names it.
        package var source: String
        /// The glob that leaves it out; nil when it is to be read.
        package var excludedBy: String?
        /// Nil where the path cannot be looked at.
        package var status: FileStatus?
        /// Why it cannot be read; nil when nothing is known against it.
        package var fault: String?

        package init(
            path: String, source: String, excludedBy: String? = nil, status: FileStatus? = nil, fault: String? = nil
        ) {
            self.path = path
            self.source = source
            self.excludedBy = excludedBy
            self.status = status
            self.fault = fault
        }
    }

    /// A source of which no path is there.
    package struct Empty: Sendable, Equatable {
        package var source: String
        /// Its globs, as configured.
        package var globs: [String]
        /// What is missing, or why nothing can be seen.
        package var reason: String

        package init(source: String, globs: [String], reason: String) {
            self.source = source
            self.globs = globs
            self.reason = reason
        }
    }

    /// By path; at most `matchesMax`.
    package var matches: [Match] = []
    package var empty: [Empty] = []
    /// There are more than `matchesMax`.
    package var isCut = false

    package static let matchesMax = 100_000

    package init() {}

    /// Walks the disk. Blocks on it.
    package static func take(_ sources: [SourceFiles], syscalls: Syscalls = .live) -> SourceSurvey {
        var survey = SourceSurvey()
        let discovery = Discovery(sources: sources, syscalls: syscalls)
        let everything = sources.map { source in
            var source = source
            source.exclude = []
            return source
        }
        let found = Discovery(sources: everything, syscalls: syscalls).walk(watch: { _ in })
        var met: Set<String> = []
        for path in Set(found.files).sorted() {
            guard let match = match(path, sources, discovery, syscalls) else { continue }
            if match.excludedBy == nil { met.insert(match.source) }
            guard survey.matches.count < matchesMax else {
                survey.isCut = true
                continue
            }
            survey.matches.append(match)
        }
        for problem in found.problems {
            survey.matches.append(
                Match(path: problem.path, source: "", fault: problem.error.description))
        }
        for source in sources where !source.include.isEmpty && !source.isStandardInput && !met.contains(source.name) {
            survey.empty.append(
                Empty(
                    source: source.name, globs: source.include.map(\.text), reason: reason(source, syscalls)))
        }
        return survey
    }

    private static func match(
        _ path: String, _ sources: [SourceFiles], _ discovery: Discovery, _ syscalls: Syscalls
    ) -> Match? {
        let owner = discovery.source(of: path)
        let names = GlobPath(path)
        guard let index = owner ?? sources.firstIndex(where: { $0.include.contains { $0.matches(names) } }) else {
            return nil
        }
        var match = Match(path: path, source: sources[index].name)
        if owner == nil {
            match.excludedBy = sources[index].exclude.first { $0.matches(names) }?.text
            return match
        }
        do throws(SystemError) {
            let status = try syscalls.statusOfPath(path, true)
            if status.kind == .directory { return nil }
            match.status = status
            guard status.kind.isFollowed else {
                match.fault = "neither a file nor a FIFO"
                return match
            }
            // To open a pipe and let it go again would disturb who writes into it.
            if status.kind == .regular { syscalls.close(try syscalls.open(path)) }
        } catch {
            if error.number == ENOENT { return nil }
            match.fault = error.description
        }
        return match
    }

    /// Why the globs of a source lead to nothing.
    private static func reason(_ source: SourceFiles, _ syscalls: Syscalls) -> String {
        for glob in source.include {
            for directory in glob.fixedDirectories {
                var path = ""
                for name in directory.split(separator: "/") {
                    path += "/" + name
                    do throws(SystemError) {
                        if try syscalls.statusOfPath(path, true).kind != .directory {
                            return "no file matches: \(path) is no directory"
                        }
                    } catch {
                        return error.isAbsence
                            ? "no file matches: there is no directory \(path)"
                            : "no file matches: \(path): \(error.description)"
                    }
                }
            }
        }
        return "no file matches"
    }
}
