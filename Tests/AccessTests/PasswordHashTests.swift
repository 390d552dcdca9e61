import Testing

@testable import Access

@Suite struct PasswordHashTests {
    /// Cheap, so that the tests do not wait.
    private static let cost = PasswordHash.Cost(logRounds: 4)

    @Test func `a password is right for its hash and no other is`() throws {
        let stored = try PasswordHash.make("correct horse battery", cost: PasswordHashTests.cost)
        #expect(stored.hasPrefix("$scrypt$ln=4,r=8,p=1$"))
        #expect(PasswordHash.isRight("correct horse battery", for: stored))
        for wrong in ["", "correct horse batter", "correct horse battery ", "Correct horse battery", stored] {
            #expect(!PasswordHash.isRight(wrong, for: stored), "\(wrong)")
        }
    }

    @Test func `two hashes of one password differ, and neither holds it`() throws {
        let first = try PasswordHash.make("correct horse battery", cost: PasswordHashTests.cost)
        let second = try PasswordHash.make("correct horse battery", cost: PasswordHashTests.cost)
        #expect(first != second)
        #expect(!first.contains("horse"))
    }

    @Test func `the hash is the one of RFC 7914`() {
        // Its second vector (section 12): "password", "NaCl", N = 1024, r = 8, p = 16, the first 32 bytes.
        let stored = "$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI"
        #expect(PasswordHash.isRight("password", for: stored))
    }

    @Test func `an accented letter is the same however a keyboard composes it`() throws {
        let stored = try PasswordHash.make("caf\u{E9} au lait noir", cost: PasswordHashTests.cost)
        #expect(PasswordHash.isRight("cafe\u{301} au lait noir", for: stored))
    }

    @Test(arguments: [
        "", "$", "$scrypt$", "scrypt", "$scrypt$ln=4,r=8,p=1$AAAA", "$scrypt$ln=4,r=8$AAAA$AAAA",
        "$scrypt$ln=99,r=8,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=4,r=999,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$r=8,ln=4,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=4,r=8,p=1$AAAA$AAAA", "$scrypt$ln=-4,r=8,p=1$!$!", "$2b$10$abcdefghijklmnopqrstuv",
    ])
    func `a text that is no hash of ours is right for nothing`(_ stored: String) {
        #expect(!PasswordHash.isRight("", for: stored))
        #expect(!PasswordHash.isRight("password", for: stored))
    }

    @Test func `a decoy costs what a hash costs and nobody has its password`() {
        let decoy = PasswordHash.decoy()
        #expect(decoy.hasPrefix("$scrypt$ln=15,r=8,p=3$"))
        #expect(decoy != PasswordHash.decoy())
        #expect(!PasswordHash.isRight("", for: PasswordHash.decoy(cost: PasswordHashTests.cost)))
    }

    @Test(arguments: [
        ("", false), ("short", false), ("eleven char", false), ("twelve chars", true), ("aaaaaaaaaaaaaaaa", false),
        ("ada12345678901", false), ("a long walk with ada and others", true),
        (String(repeating: "abcdefgh", count: 128), true), (String(repeating: "abcdefgh", count: 129), false),
    ])
    func `a password is long enough and not the name`(_ password: String, _ isGood: Bool) {
        #expect((PasswordHash.fault(of: password, for: "ada") == nil) == isGood)
    }
}

@Suite struct SecretTextTests {
    @Test func `secrets are long, told by their beginning, and never the same`() {
        let tokens = Set((0..<100).map { _ in SecretText.newToken() })
        #expect(tokens.count == 100)
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        for token in tokens {
            #expect(token.hasPrefix("mgy_"))
            // 256 bits, six a character.
            #expect(token.count == 4 + 43)
            #expect(token.allSatisfy(allowed.contains))
        }
        #expect(SecretText.newLink().count == 43)
    }

    @Test func `a hash is SHA-256`() {
        // FIPS 180-2, appendix B.1.
        #expect(SecretText.hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test(arguments: [
        ("ada", true), ("Ada.Lovelace@example.org", true), ("a", true), ("7", true), ("web-1_x+y", true),
        (String(repeating: "a", count: 64), true), (String(repeating: "a", count: 65), false), ("", false),
        ("-", false), (".a", false), ("a b", false), ("a\n", false), ("ädä", false), ("а", false), ("<b>", false),
        ("me", false), ("Margay", false), ("console", false), ("a/b", false), ("a\u{0}", false),
    ])
    func `a name is one of plain letters that means nobody else`(_ name: String, _ isValid: Bool) {
        #expect(AccountName.isValid(name) == isValid)
    }
}
