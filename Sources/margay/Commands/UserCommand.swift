import Access
import Agent
import ArgumentParser
import Events
import Glibc
import Store

struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Say who may sign in to the console, and what they may do there.",
        discussion: """
            Users are kept in the store. As soon as there is one, the console asks everybody to sign in, also on this \
            machine. Roles: viewer looks; responder also moves issues; editor also changes packs; admin also users, \
            tokens, settings and the store.
            """,
        subcommands: [
            List.self, Add.self, ChangeRole.self, Password.self, Disable.self, Enable.self, Remove.self, Setup.self,
        ], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the users: name, role, made, last seen, whether disabled.")

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions
        @Flag(help: "As JSON Lines.") var json = false

        func run() throws {
            let archive = try store.open(common)
            let users = try store.reporting(common) { () throws(ArchiveError) in try archive.users() }
            if json {
                common.output.write(users.map { $0.json + "\n" }.joined())
            } else {
                var table = Table([
                    Table.Column(heading: "NAME"), Table.Column(heading: "ROLE"), Table.Column(heading: "MADE"),
                    Table.Column(heading: "LAST SEEN"), Table.Column(heading: ""),
                ])
                for user in users {
                    table.add([
                        Table.Cell(user.name, colour: "1"), Table.Cell(user.role.rawValue),
                        Table.Cell(user.created.description), Table.Cell(user.lastSeen?.description ?? "never"),
                        Table.Cell(user.isDisabled ? "disabled" : ""),
                    ])
                }
                if !users.isEmpty { common.output.write(table.text(for: common.output)) }
            }
            guard !users.isEmpty else {
                common.say("no users: the console answers this machine only, and nobody signs in")
                throw ExitStatus.nothingFound
            }
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Add a user; the password is asked for, or read from standard input.")

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions
        @Option(help: "viewer, responder, editor or admin.") var role: Role
        @Flag(name: .customLong("password-stdin"), help: "Take the first line of standard input as the password.")
        var isPiped = false
        @Argument(help: "The name: \(AccountName.rule).") var name: AccountNameArgument

        func run() throws {
            let password = try PasswordInput.read(for: name.text, isPiped: isPiped, common)
            let secret = try PasswordHash.make(password)
            let user = UserAccount(name: name.text, role: role, secret: secret, created: SystemClock.now())
            let outcome = try store.changeAccess(common) { archive throws(ArchiveError) in
                try archive.add(user, by: Author.name)
            }
            try outcome.check("user \(name.text)", common)
            common.say("\(name.text) may sign in as \(role.rawValue)")
        }
    }

    struct ChangeRole: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "role", abstract: "Give a user another role; it holds from the next page on.")

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions
        @Argument var name: String
        @Argument(help: "viewer, responder, editor or admin.") var role: Role

        func run() throws { try UserCommand.change(name, .role(role), store, common) }
    }

    struct Password: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "password", abstract: "Give a user another password; all its sessions end.")

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions
        @Flag(name: .customLong("password-stdin"), help: "Take the first line of standard input as the password.")
        var isPiped = false
        @Argument var name: String

        func run() throws {
            let password = try PasswordInput.read(for: name, isPiped: isPiped, common)
            let secret = try PasswordHash.make(password)
            try UserCommand.change(name, .secret(secret, keepingSession: nil), store, common)
        }
    }

    struct Disable: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable", abstract: "Keep a user out, with its sessions and tokens, without removing it.")

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions
        @Argument var name: String

        func run() throws { try UserCommand.change(name, .disabled(true), store, common) }
    }

    struct Enable: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable", abstract: "Let a disabled user in again.")

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions
        @Argument var name: String

        func run() throws { try UserCommand.change(name, .disabled(false), store, common) }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rm", abstract: "Remove a user with its sessions and tokens; the history keeps the name.")

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions
        @Argument var name: String

        func run() throws { try UserCommand.change(name, .removed, store, common) }
    }

    struct Setup: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "setup",
            abstract: "Make a link by which the first admin chooses a name and a password in a browser.",
            discussion: "It is good once, for 24 hours, while there are no users. An earlier one is void.")

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions

        func run() throws {
            let settings = try common.configuration().console ?? ConsoleSettings()
            let secret = SecretText.newLink()
            let outcome = try store.changeAccess(common) { archive throws(ArchiveError) in
                try archive.prepareSetup(
                    hash: SecretText.hash(secret), by: Author.name, now: SystemClock.now())
            }
            guard outcome == .done else {
                common.errors.write("margay: there are users already; 'margay user add' adds another\n")
                throw ExitStatus.nothingFound
            }
            common.output.write("\(settings.origin(port: settings.listen.port))/setup/\(secret)\n")
        }
    }

    fileprivate static func change(
        _ name: String, _ change: UserChange, _ store: StoreOptions, _ common: CommonOptions
    ) throws {
        let outcome = try store.changeAccess(common) { archive throws(ArchiveError) in
            try archive.change(user: name, change, by: Author.name, now: SystemClock.now(), allowsNone: true)
        }
        try outcome.check(name, common)
    }
}

extension UserAccount {
    /// One line of `user list --json`; without the hash of the password.
    fileprivate var json: String {
        JSONText.object { json in
            json.add("name", name)
            json.add("role", role.rawValue)
            json.add("created", created)
            json.add("last_seen", lastSeen)
            json.add("disabled", isDisabled)
        }.text
    }
}
