import Access
import Events
import Store
import Testing

@testable import Console

/// People who may sign in to a console of a test.
enum TestPeople {
    static let password = "correct horse battery"

    /// One of each role, named after it.
    static func all(_ archive: Archive) throws {
        let secret = try PasswordHash.make(password, cost: PasswordHash.Cost(logRounds: 4))
        for role in Role.allCases.reversed() {
            let user = UserAccount(name: role.rawValue, role: role, secret: secret, created: TestConsole.now)
            #expect(try archive.add(user, by: "root") == .done)
        }
    }

    /// A token that nobody owns; returns the secret.
    static func token(_ archive: Archive, _ scopes: Set<TokenScope>, days: Int64 = 30) throws -> String {
        let secret = SecretText.newToken()
        let token = APIToken(
            name: "t-\(TokenScope.text(scopes).filter { $0 != "," })-\(days)", owner: nil, scopes: scopes,
            created: TestConsole.now.moved(bySeconds: -86_400),
            expires: TestConsole.now.moved(bySeconds: days * 86_400))
        #expect(try archive.add(token, hash: SecretText.hash(secret), by: "root") == .done)
        return secret
    }
}

extension TestConsole {
    /// A browser in which somebody has signed in through the form.
    func browser(of name: String) async throws -> TestBrowser {
        let browser = browser()
        let page = HTMLPage(try await browser.get("/login").text)
        let form = try #require(page.forms.first { $0.action == "/login" })
        let reply = try await browser.submit(form, ["name": name, "password": TestPeople.password])
        #expect(reply.status == 200)
        return browser
    }
}
