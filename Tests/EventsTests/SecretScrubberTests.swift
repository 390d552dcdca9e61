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

    /// The same secrets as they come in URLs, JSON, headers, connection strings, commands and records of many lines.
    @Test(arguments: [
        ("GET /pay?user=bob&password=hunter2&x=1 HTTP/1.1", "GET /pay?user=bob&password=<secret>&x=1 HTTP/1.1"),
        ("redis://:hunter2@cache:6379/0", "redis://:<secret>@cache:6379/0"),
        ("mongodb+srv://bob:p%40ss@cluster/x?a=b", "mongodb+srv://bob:<secret>@cluster/x?a=b"),
        ("amqp://guest:a:b@mq:5672/%2f", "amqp://guest:<secret>@mq:5672/%2f"),
        (
            "jdbc:postgresql://db/x?user=bob&password=hunter2&ssl=true",
            "jdbc:postgresql://db/x?user=bob&password=<secret>&ssl=true"
        ),
        ("Server=db;User Id=sa;Password=hunter2;Encrypt=true", "Server=db;User Id=sa;Password=<secret>;Encrypt=true"),
        ("Server=db;Uid=sa;Pwd=hunter2;", "Server=db;Uid=sa;Pwd=<secret>;"),
        ("AccountName=a;AccountKey=YWJj/+==;EndpointSuffix=b", "AccountName=a;AccountKey=<secret>;EndpointSuffix=b"),
        ("https://a.blob/x?sv=2022&sig=abc%3D&se=2026", "https://a.blob/x?sv=2022&sig=<secret>&se=2026"),
        ("https://s3/x?X-Amz-Signature=0f0f0f0f0f&y=1", "https://s3/x?X-Amz-Signature=<secret>&y=1"),
        (
            "{\"user\":\"bob\",\"password\":\"p, w}\",\"n\":[1]}",
            "{\"user\":\"bob\",\"password\":\"<secret>\",\"n\":[1]}"
        ),
        ("{\n  \"password\" : \"x y\",\n  \"n\": 1\n}", "{\n  \"password\" : \"<secret>\",\n  \"n\": 1\n}"),
        ("{'password': 'x y', 'n': 1}", "{'password': '<secret>', 'n': 1}"),
        ("{\"Cookie\": [ \"sid=a; b=c\" ], \"n\": 1}", "{\"Cookie\": [ \"<secret>\" ], \"n\": 1}"),
        ("Cookie:[sid=a; b=c] Host:[d]", "Cookie:[<secret>] Host:[d]"),
        ("map[Authorization:[Bearer abc.def] Host:[a]]", "map[Authorization:[Bearer <secret>] Host:[a]]"),
        ("{\"Authorization\":[\"Bearer abc.def\"]}", "{\"Authorization\":[\"<secret>\"]}"),
        ("{'Authorization': 'Bearer abc.def', 'Host': 'a'}", "{'Authorization': '<secret>', 'Host': 'a'}"),
        (
            "> Proxy-Authorization: Basic dXNlcjpwYXNz\r\n> Host: a",
            "> Proxy-Authorization: Basic <secret>\r\n> Host: a"
        ),
        ("AUTHORIZATION: bearer abc", "AUTHORIZATION: bearer <secret>"),
        (
            "failed\n\tat a.B.c(B.java:1)\nCaused by: x: password=hunter2\n\tat d",
            "failed\n\tat a.B.c(B.java:1)\nCaused by: x: password=<secret>\n\tat d"
        ),
        ("Set-Cookie: sid=a; Path=/; HttpOnly\nHost: b", "Set-Cookie: <secret>\nHost: b"),
        ("AWS_SECRET_ACCESS_KEY=wJalr/XUtn+FEMI run", "AWS_SECRET_ACCESS_KEY=<secret> run"),
        ("mysql --password=hunter2 -h db", "mysql --password=<secret> -h db"),
        ("{\"pan\":\"4111111111111111\",\"cvv\":\"123\"}", "{\"pan\":\"<secret>\",\"cvv\":\"<secret>\"}"),
        ("/pay?pan=5500005555555559&x=1", "/pay?pan=<secret>&x=1"),
        ("key \"-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n\" read", "key \"<secret>\\n\" read"),
        (
            "2026-11-22 ERROR\n-----BEGIN EC PRIVATE KEY-----\nMHcC\nAAAA\n-----END EC PRIVATE KEY-----\n",
            "2026-11-22 ERROR\n<secret>\n"
        ),
        ("password=\u{e9}\u{1f600}x rest", "password=<secret> rest"),
        ("password=hunter2\u{0}rest", "password=<secret>\u{0}rest"),
        ("PASSWORD:hunter2|user:bob", "PASSWORD:<secret>"),
    ])
    func `a secret is replaced whatever is around it`(text: String, scrubbed: String) {
        #expect(SecretScrubber.scrub(text) == scrubbed)
        #expect(SecretScrubber.scrub(scrubbed) == scrubbed)
    }

    @Test func `a secret in any of these places changes no key and is not shown`() {
        for text in [
            "login password=%@ by bob", "GET /a?token=%@&b=1 failed for bob", "dsn postgres://bob:%@@db/x failed",
        ] {
            var skeletons: Set<String> = []
            for secret in ["hunter2", "s3cr3t-Pa55", "aaaaaaaa"] {
                var normaliser = Normaliser()
                Array(text.replacing("%@", with: secret).utf8).withUnsafeBytes { normaliser.normalise($0) }
                skeletons.insert(normaliser.skeleton)
                #expect(!normaliser.skeleton.contains(secret) && !normaliser.display().contains(secret))
            }
            #expect(skeletons.count == 1, "\(skeletons)")
        }
    }

    @Test(arguments: [
        "signal sig=11 core", "pos=&sig", "design=1", "MCV=3", "signature: x", "uncvcd=1", "sv=2022&sign=1",
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
