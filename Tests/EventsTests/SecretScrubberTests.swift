import Testing

@testable import Events

@Suite struct SecretScrubberTests {
    @Test(arguments: [
        ("password=hunter2 rest", "password=<secret> rest"),
        ("login with password: hunter2, user: bob", "login with password: <secret>, user: bob"),
        ("{\"api_key\": \"abc\\\"def\", \"n\": 1}", "{\"api_key\": \"<secret>\", \"n\": 1}"),
        ("{\\\"password\\\":\\\"p w\\\",\\\"n\\\":1}", "{\\\"password\\\":\\\"<secret>\\\",\\\"n\\\":1}"),
        ("DB_PASS='s3 cret' ok", "DB_PASS='<secret>' ok"),
        ("url?access_token=abc&x=1", "url?access_token=<secret>&x=1"),
        ("Authorization: Bearer abc.def.ghi next", "Authorization: Bearer <secret> next"),
        ("authorization=Basic dXNlcjpwYXNz", "authorization=Basic <secret>"),
        ("Authorization: Digest username=\"bob\"", "Authorization: <secret>\"bob\""),
        ("Cookie: a=b; c=d\nnext", "Cookie: <secret>\nnext"),
        ("X-Api-Key: 0123456789", "X-Api-Key: <secret>"),
        ("clientSecret => 'topsecret99'", "clientSecret => '<secret>'"),
        ("run --password hunter2 --verbose", "run --password <secret> --verbose"),
        ("CREATE USER bob IDENTIFIED BY 'hunter2'", "CREATE USER bob IDENTIFIED BY '<secret>'"),
        ("postgres://bob:hunter2@db/x", "postgres://bob:<secret>@db/x"),
        ("https://0123456789abcdef0123456789abcdef@host/", "https://<secret>@host/"),
        ("key AKIAIOSFODNN7EXAMPLE used", "key <secret> used"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijk ok", "jwt <secret> ok"),
        ("card 4111 1111 1111 1111 declined", "card <secret> declined"),
        ("card 4111-1111-1111-1111 declined", "card <secret> declined"),
        ("amex 378282246310005.", "amex <secret>."),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nafter", "<secret>\nafter"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE", "<secret>"),
    ])
    func `a secret is replaced`(text: String, scrubbed: String) {
        #expect(SecretScrubber.scrub(text) == scrubbed)
        #expect(SecretScrubber.scrub(scrubbed) == scrubbed)
    }

    @Test(arguments: [
        "Failed password for root from 10.0.0.1 port 22", "SyntaxError: Unexpected token: x",
        "bypass=true compass=north",
        "PWD=/home/bob", "password=", "password: ***", "password=null", "time 1514038530000 ms",
        "order 4111 1111 1111 1112",
        "blk_4111111111111111", "spark://CoarseGrainedScheduler@10.10.34.11:48069", "sessionid: 0x14ede63a5a70002",
        "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----", "tokens: 15, max_tokens=200",
        "ssh://git@host/x",
        "password [FILTERED]", "user:pass", "a=b:c", "4111.1111", "-", "--", "=", ":", "", "--password", "token:",
        "password='",
    ])
    func `what is no secret stays`(text: String) {
        #expect(SecretScrubber.scrub(text) == text)
    }

    @Test func `text that only looks like secrets takes linear time and stays in bounds`() {
        for piece in [
            "password='", "token=\"", "://a", "-----BEGIN ", "4111 ", "--password ", "Cookie:", "Cookie: <*> ",
            "Authorization: <secret> ", "a=b:",
            "\\\"pwd\\\":\\\"",
        ] {
            let text = String(repeating: piece, count: 20_000)
            let once = SecretScrubber.scrub(text)
            #expect(SecretScrubber.scrub(once) == once, "\(piece)")
        }
    }
}
