import Access
import Agent
import ArgumentParser
import Events
import Store
import Triage

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Let programs use the API of the console.",
        discussion: """
            A program sends 'Authorization: Bearer TOKEN'. Scopes: read reads; write moves issues; events sends events; \
            admin does everything that has an address in the API. Only a hash of the token is kept.
            """,
        subcommands: [List.self, Add.self, Remove.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the tokens: name, owner, scopes, expiry, last use.")

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions
        @Flag(help: "As JSON Lines.") var json = false

        func run() throws {
            let now = SystemClock.now()
            let archive = try store.open(common)
            let tokens = try store.reporting(common) { () throws(ArchiveError) in try archive.tokens() }
            if json {
                common.output.write(tokens.map { $0.json + "\n" }.joined())
            } else {
                var table = Table([
                    Table.Column(heading: "NAME"), Table.Column(heading: "OWNER"), Table.Column(heading: "SCOPES"),
                    Table.Column(heading: "EXPIRES"), Table.Column(heading: "LAST USED"),
                ])
                for token in tokens {
                    table.add([
                        Table.Cell(token.name, colour: "1"), Table.Cell(token.owner ?? "-"),
                        Table.Cell(TokenScope.text(token.scopes)),
                        Table.Cell(token.expires > now ? token.expires.description : "expired"),
                        Table.Cell(token.lastUsed?.description ?? "never"),
                    ])
                }
                if !tokens.isEmpty { common.output.write(table.text(for: common.output)) }
            }
            guard !tokens.isEmpty else {
                common.say("no tokens")
                throw ExitStatus.nothingFound
            }
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Make a token and print it, this once.")

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions
        @Option(
            help: ArgumentHelp("read, write, events, admin; several with commas between.", valueName: "scopes"),
            transform: TokenCommand.scopes)
        var scope: Set<TokenScope>
        @Option(help: ArgumentHelp("How long it is good: 30d, 12h; at most 366d.", valueName: "time"))
        var expires = "90d"
        @Argument(help: "The name: \(AccountName.rule).") var name: AccountNameArgument

        func validate() throws { _ = try seconds() }

        private func seconds() throws -> Int64 {
            guard let seconds = MomentText.seconds(expires), seconds > 0, seconds <= APIToken.daysMax * 86_400 else {
                throw ValidationError("--expires \(expires): give a time up to \(APIToken.daysMax)d, such as 90d")
            }
            return seconds
        }

        func run() throws {
            let now = SystemClock.now()
            let secret = SecretText.newToken()
            let token = APIToken(
                name: name.text, owner: nil, scopes: scope, created: now,
                expires: now.moved(bySeconds: try seconds()))
            let outcome = try store.changeAccess(common) { archive throws(ArchiveError) in
                try archive.add(token, hash: SecretText.hash(secret), by: Author.name)
            }
            try outcome.check("token \(name.text)", common)
            common.say("good until \(token.expires); it is not shown again:")
            common.output.write(secret + "\n")
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rm", abstract: "Remove a token; it is refused from then on.")

        @OptionGroup var store: StoreOptions
        @OptionGroup var common: CommonOptions
        @Argument var name: String

        func run() throws {
            let wasThere = try store.change(common) { archive throws(ArchiveError) in
                try archive.removeToken(name, by: Author.name, now: SystemClock.now())
            }
            guard wasThere else {
                common.errors.write("margay: no token '\(name.safe)'; 'margay token list' shows them\n")
                throw ExitStatus.nothingFound
            }
        }
    }

    fileprivate static func scopes(_ text: String) throws -> Set<TokenScope> {
        guard let scopes = TokenScope.list(text) else {
            throw ValidationError("--scope \(text): give read, write, events or admin, several with commas between")
        }
        return scopes
    }
}

extension APIToken {
    /// One line of `token list --json`; without the hash.
    fileprivate var json: String {
        JSONText.object { json in
            json.add("name", name)
            json.add("owner", owner)
            json.add("scopes", TokenScope.allCases.filter(scopes.contains).map(\.rawValue))
            json.add("created", created)
            json.add("expires", expires)
            json.add("last_used", lastUsed)
        }.text
    }
}
