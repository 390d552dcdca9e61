import ArgumentParser
import Foundation

/// The commands as ArgumentParser describes them: the same definitions that `--help` is made of.
struct ManualSource: Decodable {
    var superCommands: [String]?
    var shouldDisplay: Bool
    var commandName: String
    var abstract: String?
    var discussion: String?
    var subcommands: [ManualSource]?
    var arguments: [Argument]?

    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String

            var text: String { (kind == "long" ? "--" : "-") + name }
        }

        var kind: String
        var shouldDisplay: Bool
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var preferredName: Name?
        var valueName: String?
        var abstract: String?
        var discussion: String?
    }

    /// The whole tree. Throws where ArgumentParser describes itself in another way than the version this is built with.
    static func root() throws -> ManualSource {
        struct Dump: Decodable { var command: ManualSource }
        return try JSONDecoder().decode(Dump.self, from: Data(Margay._dumpHelp().utf8)).command
    }

    /// The command that these words name; nil where there is none.
    func page(_ words: [String]) -> ManualSource? {
        guard let word = words.first else { return self }
        return subcommands?.first { $0.commandName == word }?.page(Array(words.dropFirst()))
    }

    /// `margay store backup`
    var fullName: String { ((superCommands ?? []) + [commandName]).joined(separator: " ") }
}
