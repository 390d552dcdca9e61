import Events
import Glibc

/// A directory of packs of one's own, to which patterns for issues that no pack claims are added: each to the pack that is
/// called as the log is in which the issue was seen.
package struct LocalPacks: Sendable {
    /// Absolute.
    package let directory: String

    package init(directory: String) { self.directory = directory }

    /// A pattern in its pack.
    package struct Change: Sendable, Equatable {
        package var suggestion: PackSuggester.Suggestion
        /// Of the pack.
        package var path: String
        /// What the file holds; nil where there is none yet.
        package var before: String?
        package var after: String
    }

    /// Why there is none, as a clause.
    package struct Refusal: Error, Equatable {
        package var reason: String
    }

    /// The change that would add a pattern for `issue`. Reads the pack; safe from any thread.
    package func draft(
        _ issue: PackSuggester.Unclaimed, among library: PackLibrary
    ) throws(Refusal) -> Change {
        let path = path(for: issue, library)
        var before: String?
        if access(path, F_OK) == 0 {
            do throws(FileFault) {
                before = try contents(of: path, bytesMax: PackFile.bytesMax)
            } catch {
                throw Refusal(reason: "\(path) cannot be read: \(error.reason)")
            }
        }
        return try LocalPacks.change(issue, path, before, library)
    }

    /// Adds a pattern for `issue` to its pack, with its tests passed and nothing for the linter to mind. Safe from any
    /// thread, and beside other processes that do the same.
    package func add(_ issue: PackSuggester.Unclaimed, among library: PackLibrary) throws(Refusal) -> Change {
        do {
            return try PackFile.exclusively(directory + "/packs") {
                let change = try draft(issue, among: library)
                try PackFile.replace(change.path, with: change.after)
                return change
            }
        } catch let refusal as Refusal {
            throw refusal
        } catch let fault as FileFault {
            throw Refusal(reason: "\(fault.path) cannot be written: \(fault.reason); nothing was changed")
        } catch {
            throw Refusal(reason: "\(error)")
        }
    }

    /// The change that would add a pattern to the pack at `path`, whose text is `before`.
    package static func change(
        _ issue: PackSuggester.Unclaimed, _ path: String, _ before: String?, _ library: PackLibrary
    ) throws(Refusal) -> Change {
        let result: PackSuggester.Result
        do throws(PackSuggester.Refusal) {
            result = try PackSuggester.suggest(
                [issue], path: path, text: before, name: PackDrafter.name(for: path), among: library)
        } catch {
            switch error {
            case .faulty(let diagnostics):
                let first = diagnostics.first.map { "\($0.place): [\($0.rule)] \($0.message)" } ?? path
                throw Refusal(reason: "the pack has faults of its own, to be mended first: \(first)")
            case .noList(let path):
                throw Refusal(reason: "the patterns of \(path) are no list of one item a line")
            }
        }
        guard let suggestion = result.suggestions.first, let after = result.pack else {
            throw Refusal(reason: result.leftOut.first?.reason ?? "no sample is kept")
        }
        return Change(suggestion: suggestion, path: path, before: before, after: after)
    }

    /// The file of the pack that a pattern for `issue` belongs in. One that is called as a pack from elsewhere would take
    /// that one's place, so it gets a name of its own.
    private func path(for issue: PackSuggester.Unclaimed, _ library: PackLibrary) -> String {
        let name = PackDrafter.name(for: issue.files.first ?? "local")
        guard let known = library.packs[name] else { return "\(directory)/\(name).yaml" }
        if PackFile.directory(of: known.path) == directory { return known.path }
        return "\(directory)/\(name)-local.yaml"
    }
}
