import Testing

@testable import Events

/// A message, its skeleton, and how it is shown.
struct NormaliserCase: CustomTestStringConvertible, Sendable {
    let message: String
    let skeleton: String
    let display: String
    var testDescription: String { message }

    init(_ message: String, _ skeleton: String, _ display: String) {
        self.message = message
        self.skeleton = skeleton
        self.display = display
    }
}

@Suite struct NormaliserTests {
    private func skeleton(_ bytes: [UInt8]) -> String {
        var normaliser = Normaliser()
        bytes.withUnsafeBytes { normaliser.normalise($0) }
        return normaliser.skeleton
    }

    private func skeletonBytes(_ bytes: [UInt8], _ normaliser: inout Normaliser) -> [UInt8] {
        bytes.withUnsafeBytes { normaliser.normalise($0) }
        return normaliser.withSkeleton { Array($0) }
    }

    static let cases: [NormaliserCase] = [
        .init("check pass; user unknown", "check pass; user unknown", "check pass; user unknown"),
        .init("took 35ms for 12 rows", "took <*> for <*> rows", "took <num> for <num> rows"),
        .init("free 384.0 B of 6.2 GB left", "free <*> of <*> left", "free <num> B of <num> GB left"),
        .init("disk 97% full, 97 % used", "disk <*> full, <*> used", "disk <num> full, <num> % used"),
        .init(
            "session 123e4567-e89b-12d3-a456-426614174000 expired for client", "session <*> expired for client",
            "session <uuid> expired for client"),
        .init(
            "connection from 10.0.0.1:5432 refused by peer", "connection from <*> refused by peer",
            "connection from <ip> refused by peer"),
        .init("peer fe80::1 went away", "peer <*> went away", "peer <ip> went away"),
        .init("station 00:1b:44:11:3a:b7 left the cell", "station <*> left the cell", "station <mac> left the cell"),
        .init(
            "GET https://example.com/a?b=1 failed badly", "GET <*> failed badly", "GET <url> failed badly"),
        .init(
            "cannot open /var/lib/app/data.db for writing", "cannot open <*> for writing",
            "cannot open <path> for writing"),
        .init("cannot load ./runtime_malloc at all", "cannot load <*> at all", "cannot load <path> at all"),
        .init(
            "pop3d: no answer from srv0srv.c here", "<*> no answer from <*> here",
            "pop3d: no answer from srv0srv.c here"),
        .init("worker7 lost x64 and a123b", "<*> lost <*> and <*>", "worker<num> lost x<num> and a<num>b"),
        .init("cannot load ../lib from here", "cannot load <*> from here", "cannot load <path> from here"),
        .init("waiting ./ or so", "waiting ./ or so", "waiting ./ or so"),
        .init(
            "cannot open C:\\Users\\bob\\x.txt for writing", "cannot open <*> for writing",
            "cannot open <path> for writing"),
        .init(
            "class App\\Models\\User is missing", "class App\\Models\\User is missing",
            "class App\\Models\\User is missing"),
        .init("mail to bob@example.com bounced back", "mail to <*> bounced back", "mail to <email> bounced back"),
        .init("host web.prod.example.com is down", "host <*> is down", "host <host> is down"),
        .init(
            "property spark.executor.memory is unset", "property spark.executor.memory is unset",
            "property spark.executor.memory is unset"),
        .init(
            "since Sat Jul  9 12:16:51 2005 no answer came", "since <*> no answer came", "since <time> no answer came"),
        .init("at 2026-11-22T10:00:00.123Z the lease ended", "at <*> the lease ended", "at <time> the lease ended"),
        .init(
            "commit deadbeefcafe was reverted today", "commit <*> was reverted today", "commit <hex> was reverted today"
        ),
        .init("user null has value [] and ()", "user <*> has value <*> and <*>", "user null has value [] and ()"),
        .init(
            "blk_-4567 and blk_89 lost copies", "<*> and <*> lost copies", "blk_-<num> and blk_<num> lost copies"),
        // Protected: what names the fault.
        .init(
            "java.io.EOFException: Premature EOF", "java.io.EOFException: Premature EOF",
            "java.io.EOFException: Premature EOF"),
        .init(
            "caught S3Exception while copying", "caught S3Exception while copying", "caught S3Exception while copying"),
        .init(
            "failed: java.net.SocketException:10.1.2.3 lost", "failed: java.net.SocketException:<*> lost",
            "failed: java.net.SocketException:<ip> lost"),
        .init("ORA-01555: snapshot too old", "ORA-01555: snapshot too old", "ORA-01555: snapshot too old"),
        .init("SQLSTATE 23505 duplicate key", "SQLSTATE 23505 duplicate key", "SQLSTATE 23505 duplicate key"),
        .init("SQLSTATE[42S02]: table missing", "SQLSTATE[42S02]: table missing", "SQLSTATE[42S02]: table missing"),
        .init("E11000 duplicate key error", "E11000 duplicate key error", "E11000 duplicate key error"),
        .init("[Errno 13] Permission denied", "[Errno 13] Permission denied", "[Errno 13] Permission denied"),
        .init(
            "upstream status 404 after 12 tries", "upstream status 404 after <*> tries",
            "upstream status 404 after <num> tries"),
        .init(
            "response status=503 from backend", "response status=503 from backend", "response status=503 from backend"),
        .init("\"GET / HTTP/1.1\" 502 157 bytes", "\"GET / HTTP 502 <*>", "\"GET / HTTP/1.1\" 502 <num> bytes"),
        .init("child died with signal 11 again", "child died with signal 11 again", "child died with signal 11 again"),
        .init("got SIGUSR1 from parent", "got SIGUSR1 from parent", "got SIGUSR1 from parent"),
        .init("Aws::S3::Client timed out", "Aws::S3::Client timed out", "Aws::S3::Client timed out"),
        // Step C: too little left.
        .init("setTodayTotalSteps=7548", "setTodayTotalSteps=<*>", "setTodayTotalSteps=<num>"),
        .init("12345", "<*>", "<num>"),
        .init("", "", ""),
        // Step A.
        .init("\u{1b}[31merror\u{1b}[0m in\tqueue 7\r", "error in queue <*>", "error in queue <num>"),
        .init("first line 1 here\nsecond line", "first line <*> here", "first line <num> here"),
        .init("password=hunter2 rejected by server", "<*> rejected by server", "password=<secret> rejected by server"),
    ]

    @Test(arguments: cases)
    func `a message becomes its skeleton and its title`(_ example: NormaliserCase) {
        var normaliser = Normaliser()
        Array(example.message.utf8).withUnsafeBytes { normaliser.normalise($0) }
        #expect(normaliser.skeleton == example.skeleton)
        #expect(normaliser.display() == example.display)
    }

    @Test(arguments: cases)
    func `a skeleton is its own skeleton`(_ example: NormaliserCase) {
        let once = skeleton(Array(example.message.utf8))
        #expect(skeleton(Array(once.utf8)) == once)
    }

    @Test(arguments: [
        ("HTTP status 400 from api", "HTTP status 409 from api"), ("ORA-01555: too old", "ORA-01556: too old"),
        ("java.io.EOFException: lost", "java.io.IOException: lost"),
        ("exit code 137 of worker", "exit code 1 of worker"),
        ("link is up now", "link is down now"),
    ])
    func `two faults stay two`(left: String, right: String) {
        #expect(skeleton(Array(left.utf8)) != skeleton(Array(right.utf8)))
    }

    @Test(arguments: [
        ("wrote 1 byte to /a/b", "wrote 200 bytes to /c/d/e"), ("at 3 May 2020 it failed", "at 17 Jul 2021 it failed"),
        ("rhost=10.0.0.1 denied access here", "rhost=zummit.com denied access here"),
        ("read timed out after 5 s", "read timed out after 250 ms"), ("a b c\r", "a b c"), ("a  b\tc", "a b c"),
        ("Authorization: Bearer abcdef failed here", "Authorization: Bearer zyx failed here"),
    ])
    func `the same fault stays one`(left: String, right: String) {
        #expect(skeleton(Array(left.utf8)) == skeleton(Array(right.utf8)))
    }

    @Test func `constant words are counted without placeholders and signs`() {
        var normaliser = Normaliser()
        Array("link 5 is down : : !".utf8).withUnsafeBytes { normaliser.normalise($0) }
        #expect(normaliser.constantWords == 3)
    }

    @Test func `a long message is cut at a word, and at 128 words`() {
        let long = String(repeating: "abcdefg ", count: 1_000)
        #expect(skeleton(Array(long.utf8)).utf8.count == 128 * 8 - 1)
        let wide = "start " + String(repeating: "x", count: 10_000)
        #expect(skeleton(Array(wide.utf8)) == "start")
        #expect(skeleton([UInt8](repeating: 0x78, count: 10_000)).utf8.count == Normaliser.messageBytesMax)
    }

    @Test func `a normaliser forgets the message before`() {
        var normaliser = Normaliser()
        for message in ["a long message with 17 words in it and more", "short", ""] {
            Array(message.utf8).withUnsafeBytes { normaliser.normalise($0) }
        }
        #expect(normaliser.skeleton.isEmpty && normaliser.constantWords == 0 && normaliser.display().isEmpty)
    }

    @Test func `what is shown is bounded and steers no terminal`() {
        var normaliser = Normaliser()
        let hostile = Array("\u{9b}31m \u{202e}evil \u{1b}]0;title\u{7} <script> ".utf8) + [0xff, 0xfe, 0x00, 0x20]
        (hostile + [UInt8](repeating: 0xc3, count: 4_000)).withUnsafeBytes { normaliser.normalise($0) }
        let shown = normaliser.display()
        #expect(shown.utf8.count <= Normaliser.displayBytesMax)
        #expect(shown.hasPrefix("\\u{9b}<num>m \\u{202e}evil"))
        #expect(!shown.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x9b || $0.value == 0x202e })
    }

    private static let pieces = [
        "<*>", "<secret>", "password", "token:", "=", ": ", "12", "0x1f", "http://", "/a/b", "Jul", "Sat", "9",
        "MB",
        "error", "code", "status", "500", "HTTP/1.1", "java.io.IOError", "(", "\"", "'", "::", "@", "-----BEGIN ",
        "PRIVATE KEY-----", "\u{1b}[", "Cookie:", "--secret ", "null", "-", "[]", ",", "%",
        "Authorization: Bearer ",
        "sessionid=", "4111 1111 1111 1111", "ORA-00600", "a", "b.c.de", "E1234", "\\", "\n", "\r", "é", "UTC",
        "host=",
    ].map { Array($0.utf8) }

    /// Bytes, and pieces that rules look for, put together at random. The seed is fixed: a failure repeats.
    @Test func `any bytes have a skeleton that is its own skeleton`() {
        let pieces = Self.pieces
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var normaliser = Normaliser()
        for _ in 0..<20_000 {
            var message: [UInt8] = []
            for _ in 0..<random(30) {
                switch random(4) {
                case 0: message.append(UInt8(random(256)))
                case 1: message.append(0x20)
                default: message += pieces[random(pieces.count)]
                }
            }
            let once = skeletonBytes(message, &normaliser)
            let twice = skeletonBytes(once, &normaliser)
            if once != twice {
                Issue.record(
                    "\([message, once, twice].map { String(decoding: $0, as: UTF8.self) })"
                )
                return
            }
        }
    }

    /// Only words that may announce a secret are searched; that must miss none.
    @Test func `a message and the same without its secrets have one skeleton`() {
        let pieces = Self.pieces.filter { $0.allSatisfy { $0 >= 0x20 } }
        var state: UInt64 = 7
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var normaliser = Normaliser()
        var secrets = 0
        for _ in 0..<20_000 {
            var message: [UInt8] = []
            for _ in 0..<random(30) {
                switch random(4) {
                case 0: message.append(UInt8(0x21 + random(0x5e)))
                case 1: message.append(0x20)
                default: message += pieces[random(pieces.count)]
                }
            }
            let scrubbed = message.withUnsafeBytes { SecretScrubber.scrub($0) }
            if scrubbed != nil { secrets += 1 }
            let expected = skeletonBytes(scrubbed ?? message, &normaliser)
            let found = skeletonBytes(message, &normaliser)
            guard found == expected else {
                Issue.record("\([message, found, expected].map { String(decoding: $0, as: UTF8.self) })")
                return
            }
        }
        #expect(secrets > 1_000)
    }
}
