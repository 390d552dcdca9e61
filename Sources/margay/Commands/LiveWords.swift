import Agent
import ArgumentParser
import Events
import Glibc
import Store

/// What a shell is offered where a word is completed: looked up at that moment, in the store and configuration that the
/// command line names. Where they cannot be read nothing is offered, and nothing is said: a prompt is no place for it.
enum LiveWords {
    /// Ids that are offered at most.
    static let idsMax = 200

    static let ids = CompletionKind.custom { words, _, prefix in
        offered(words) { archive throws(ArchiveError) in
            let asked = IssueQuery(states: nil, limit: idsMax, now: SystemClock.now())
            let wanted = prefix.uppercased()
            return try archive.issues(asked).map(\.id).filter { $0.hasPrefix(wanted) }
        }
    }

    static let views = CompletionKind.custom { words, _, _ in
        offered(words) { archive throws(ArchiveError) in try archive.views().map(\.name) }
    }

    static let sources = CompletionKind.custom { words, _, _ in
        offered(words) { archive throws(ArchiveError) in try archive.sources().map(\.name) }
    }

    /// By the names of their files: to read a hundred packs takes longer than a person waits for a word.
    static let packs = CompletionKind.custom { words, _, _ in
        let configured = configuration(words).packPaths
        let directories = configured.isEmpty ? [ShippedPacks.directory()].compactMap { $0 } : configured
        return directories.flatMap(names(in:)).sorted()
    }

    private static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".yaml") { names.append(String(name.dropLast(5))) }
        }
        return names
    }

    private static func configuration(_ words: [String]) -> Configuration {
        Configuration.load(named: value(of: "--config", in: words), environment: .current()).configuration
    }

    private static func offered(_ words: [String], _ find: (Archive) throws(ArchiveError) -> [String]) -> [String] {
        let path =
            value(of: "--store", in: words).map { Surroundings.current().absolute($0) }
            ?? configuration(words).storePath
        do throws(ArchiveError) {
            return try find(try Archive(path: path, mode: .read))
        } catch {
            return []
        }
    }

    /// The value of an option on an unfinished command line.
    private static func value(of option: String, in words: [String]) -> String? {
        for (place, word) in words.enumerated() {
            if word == option, place + 1 < words.count { return words[place + 1] }
            if word.hasPrefix(option + "=") { return String(word.dropFirst(option.utf8.count + 1)) }
        }
        return nil
    }
}
