import Access
import Agent
import ArgumentParser
import Events
import Store

/// What the commands for users and tokens share.
extension StoreOptions {
    /// Opens the store for a change of who may use the console, makes or updates it where it is not there yet, and closes
    /// it again. Leaves with 2 and a message where that fails.
    func changeAccess(
        _ common: CommonOptions, _ body: (Archive) throws(ArchiveError) -> AccountOutcome
    ) throws -> AccountOutcome {
        let path = path(try common.configuration())
        return try reporting(common) { () throws(ArchiveError) in
            let archive: Archive
            do throws(ArchiveError) {
                archive = try Archive(path: path, mode: .change)
            } catch {
                // The first user may come before the first log line.
                guard error.code == .missing || error.code == .older else { throw error }
                archive = try Archive(path: path, mode: .write)
            }
            let outcome = try body(archive)
            try archive.close()
            return outcome
        }
    }
}

extension AccountOutcome {
    /// Says what came of it, where that is not what was asked for, and leaves with 1.
    func check(_ subject: String, _ common: CommonOptions) throws {
        let message: String
        switch self {
        case .done: return
        case .unchanged:
            common.say("\(subject) was so already")
            return
        case .unknown: message = "no user '\(subject.safe)'; 'margay user list' shows them"
        case .exists: message = "'\(subject.safe)' is there already"
        case .lastAdmin:
            message = "\(subject.safe) is the last admin; make another one first: margay user role NAME admin"
        case .tooMany: message = "there are as many as there may be; remove one first"
        case .badLink: message = "the set-up link is not good any more; 'margay user setup' makes a new one"
        }
        common.errors.write("margay: \(message)\n")
        throw ExitStatus.nothingFound
    }
}

extension Role: ExpressibleByArgument {}

/// A name for a user or a token.
struct AccountNameArgument: ExpressibleByArgument {
    let text: String

    init?(argument: String) {
        guard AccountName.isValid(argument) else { return nil }
        text = argument
    }
}
