import Agent
import ArgumentParser
import Events
import Store

/// Which store a command works on.
struct StoreOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Store to use instead of the configured one.", valueName: "path"))
    var store: String?

    /// The path of the store: the option's, the configuration's, or the default.
    func path(_ configuration: Configuration) -> String {
        store.map { Surroundings.current().absolute($0) } ?? configuration.storePath
    }

    /// Opens it for reading; leaves with 2 and a message when it cannot be.
    func open(_ common: CommonOptions) throws -> Archive { try open(common, try common.configuration()) }

    /// The same with a configuration that was read already.
    func open(_ common: CommonOptions, _ configuration: Configuration) throws -> Archive {
        return try reporting(common) { () throws(ArchiveError) in
            try Archive(path: path(configuration), mode: .read)
        }
    }

    /// Runs `body`; its failure is printed and becomes exit code 2.
    func reporting<Result>(_ common: CommonOptions, _ body: () throws(ArchiveError) -> Result) throws -> Result {
        do throws(ArchiveError) {
            return try body()
        } catch {
            common.errors.write(error.description.safe + "\n")
            throw ExitStatus.faulty
        }
    }

    /// Opens it for changes, runs `body`, closes it; exit code 2 with a message where that fails.
    func change<Result>(
        _ common: CommonOptions, _ body: (Archive) throws(ArchiveError) -> Result
    ) throws -> Result {
        let path = path(try common.configuration())
        return try reporting(common) { () throws(ArchiveError) in
            let archive = try Archive(path: path, mode: .change)
            let result = try body(archive)
            try archive.close()
            return result
        }
    }
}
