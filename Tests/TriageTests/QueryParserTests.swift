import Events
import Testing
import Triage

private let now = Timestamp(seconds: 1_795_341_062)
private func ago(_ seconds: Int64) -> Timestamp { Timestamp(seconds: 1_795_341_062 - seconds) }

private let setting = QuerySetting(now: now, me: "dana") { source, ignoresCase in
    source == "(" ? .fault("missing )", offset: 1) : .matcher { _ in true }
}

private func parse(_ query: String) throws -> QueryNode { try QueryParser.parse(query, setting).condition }

private func name(_ name: QueryName, _ patterns: String...) -> QueryNode {
    .test(.name(name, patterns.map { WildcardText($0) }))
}

struct ParseCase: CustomTestStringConvertible, Sendable {
    var query: String
    var node: QueryNode

    init(_ query: String, _ node: QueryNode) {
        self.query = query
        self.node = node
    }

    var testDescription: String { query }
}

private let cases = [
    ParseCase("", .everything), ParseCase("  ", .everything),
    ParseCase("disk", .test(.words("disk"))), ParseCase("\"disk full\"", .test(.words("disk full"))),
    ParseCase("\"a \\\"b\\\" \\\\ \\n\"", .test(.words("a \"b\" \\ \\n"))),
    ParseCase("disk full", .all([.test(.words("disk")), .test(.words("full"))])),
    ParseCase("disk AND full", .all([.test(.words("disk")), .test(.words("full"))])),
    ParseCase("and or not", .all([.test(.words("and")), .test(.words("or")), .test(.words("not"))])),
    ParseCase(
        "a b OR c -d",
        .any([
            .all([.test(.words("a")), .test(.words("b"))]), .all([.test(.words("c")), .not(.test(.words("d")))]),
        ])),
    ParseCase("a (b OR c)", .all([.test(.words("a")), .any([.test(.words("b")), .test(.words("c"))])])),
    ParseCase("NOT (a)", .not(.test(.words("a")))), ParseCase("-(a)", .not(.test(.words("a")))),
    ParseCase("--a", .not(.not(.test(.words("a"))))), ParseCase("a-b", .test(.words("a-b"))),
    ParseCase("- a", .all([.test(.words("-")), .test(.words("a"))])),
    ParseCase("is:new", .test(.novelty(.new))), ParseCase("-known", .not(.test(.novelty(.known)))),
    ParseCase("\"known\"", .test(.words("known"))), ParseCase("is:open", .test(.state(.open))),
    ParseCase("is:inbox", .test(.mark(.inbox))), ParseCase("is:mine", name(.owner, "dana")),
    ParseCase("state:[open,cleared]", .any([.test(.state(.open)), .test(.state(.cleared))])),
    ParseCase("severity:>=major", .test(.severity(.atLeast, .major))),
    ParseCase("severity:major+", .test(.severity(.atLeast, .major))),
    ParseCase("severity:major", .test(.severity(.equal, .major))),
    ParseCase("pack:[nginx, core]", name(.pack, "nginx", "core")), ParseCase("node:web-*", name(.node, "web-*")),
    ParseCase("file:\"/var/log/a b\"", name(.file, "/var/log/a b")),
    ParseCase("owner:me", name(.owner, "dana")), ParseCase("owner:\"me\"", name(.owner, "me")),
    ParseCase("id:7k3f", name(.id, "7K3F*")), ParseCase("type:network", .test(.type(.network))),
    ParseCase("has:note", .test(.has(.note))), ParseCase("title:\"timed out\"", .test(.title("timed out"))),
    ParseCase("first:<24h", .test(.time(.first, .atLeast, ago(86_400)))),
    ParseCase("first:24h", .test(.time(.first, .atLeast, ago(86_400)))),
    ParseCase("last:>7d", .test(.time(.last, .less, ago(7 * 86_400)))),
    ParseCase("last:>=2026-11-20", .test(.time(.last, .atLeast, Timestamp(seconds: 1_795_132_800)))),
    ParseCase(
        "last:today",
        .all([
            .test(.time(.last, .atLeast, Timestamp(seconds: 1_795_305_600))),
            .test(.time(.last, .less, Timestamp(seconds: 1_795_392_000))),
        ])),
    ParseCase("count:>100", .test(.count(.more, 100))), ParseCase("rate:>10/h", .test(.rate(.more, 10, .hour))),
    ParseCase("rate:500/d", .test(.rate(.atLeast, 500, .day))),
    ParseCase("Foo::bar", .test(.words("Foo::bar"))), ParseCase("ORA-01555:", .test(.words("ORA-01555:"))),
    ParseCase("é🐆", .test(.words("é🐆"))),
]

struct FaultCase: CustomTestStringConvertible, Sendable {
    var query: String
    var caret: String
    var message: String

    init(_ query: String, _ caret: String, _ message: String) {
        self.query = query
        self.caret = caret
        self.message = message
    }

    var testDescription: String { query }
}

private let faults = [
    FaultCase(
        "stat:open", "^^^^",
        "there is no field 'stat'; did you mean 'state'? (to look for the text itself, put it into quotes)"),
    FaultCase(
        "http://x", "^^^^",
        "there is no field 'http'; there are: is, has, state, severity, type, id, pack, pattern, node, file, source, "
            + "owner, reference, title, first, last, count, rate, sort (to look for the text itself, put it into quotes)"
    ),
    FaultCase("state:opne", "      ^^^^", "'opne' is no state; did you mean 'open'?"),
    FaultCase(
        "é state:x", "        ^", "'x' is no state; expected open, acknowledged, cleared, resolved, ignored"),
    FaultCase("severity:majr+", "         ^^^^^", "'majr' is no severity; did you mean 'major'?"),
    FaultCase(
        "severity:>major+", "          ^^^^^^", "expected either an operator in front or a + behind, not both"),
    FaultCase(
        "state:", "      ^", "expected a value behind 'state:'; to look for the text itself, put it into quotes"),
    FaultCase("pack:>a", "^^^^^^^", "'pack:' has no order; expected a value without '>'"),
    FaultCase("count:many", "      ^^^^", "expected a number of events, as 100"),
    FaultCase(
        "count:99999999999999999999", "      " + String(repeating: "^", count: 20),
        "expected a number of events, as 100"),
    FaultCase("rate:>10", "      ^^", "expected events an hour or a day, as 10/h or 500/d"),
    FaultCase("rate:>10/m", "      ^^^^", "expected events an hour or a day, as 10/h or 500/d"),
    FaultCase("first:<soon", "       ^^^^", "expected an age as 24h, a date as 2026-11-22, or a time"),
    FaultCase("first:=24h", "       ^^^", "expected < or > before an age; nothing is exactly 24h old"),
    FaultCase("a (b", "  ^", "this parenthesis is never closed; expected )"),
    FaultCase("a )", "  ^", "there is no parenthesis to close here"),
    FaultCase("()", " ^", "expected a word, a field such as state:open, or a parenthesis"),
    FaultCase("a OR", "    ^", "expected a word, a field such as state:open, or a parenthesis"),
    FaultCase("OR a", "^^", "expected a word, a field such as state:open, or a parenthesis"),
    FaultCase("a AND", "     ^", "expected a word, a field such as state:open, or a parenthesis"),
    FaultCase("\"a", "^", "this quote is never closed; expected another \""),
    FaultCase("\"\"", "^^", "the quotes are empty; expected a text between them"),
    FaultCase("/a", "^", "this expression is never closed; expected another /, or quotes round a path"),
    FaultCase("/var/log", "     ^", "expected a space or the end behind /…/; a path goes into quotes"),
    FaultCase("a /(/", "    ^", "missing )"),
    FaultCase("pack:[a", "     ^", "this list is never closed; expected ]"),
    FaultCase(
        "sort:size", "     ^^^^", "'size' is no field to sort by; expected last_seen, first_seen, count, severity"),
    FaultCase("-sort:count", " ^^^^^^^^^^", "a query is sorted once, outside of parentheses"),
    FaultCase("sort:count sort:first", "           ^^^^^^^^^^", "a query is sorted once, outside of parentheses"),
    FaultCase("is:nwe", "   ^^^", "'nwe' is no thing to be; did you mean 'new'?"),
]

struct QueryParserTests {
    @Test(arguments: cases)
    func `each query is understood`(_ example: ParseCase) throws {
        #expect(try parse(example.query) == example.node)
    }

    @Test(arguments: faults)
    func `each fault shows its place and what was expected`(_ example: FaultCase) throws {
        let fault = try #require(throws: QueryFault.self) { try parse(example.query) }
        let lines = fault.description.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(fault.message == example.message)
        #expect(lines.dropFirst() == ["  " + example.query, "  " + example.caret])
    }

    @Test func `a sort is no condition`() throws {
        let filter = try QueryParser.parse("sort:+count disk", setting)
        #expect(filter == IssueFilter(condition: .test(.words("disk")), sort: .count, isAscending: true))
        #expect(try QueryParser.parse("sort:-last", setting) == IssueFilter(sort: .lastSeen))
    }

    @Test func `limits are named`() throws {
        for (query, part) in [
            (String(repeating: "x", count: 5_000), "longer than 4096 bytes"),
            (String(repeating: "a ", count: 65), "at most 64 conditions"),
            (String(repeating: "(", count: 40) + "a", "deeper than 32"),
            (String(repeating: "-", count: 40) + "a", "deeper than 32"),
        ] {
            let fault = try #require(throws: QueryFault.self) { try parse(query) }
            #expect(fault.message.contains(part))
        }
    }

    @Test func `any bytes are a query or a fault with a place in it`() throws {
        let pieces = [
            "is:", "state:open", "(", ")", "\"", "/", "[", ",", "]", "-", " ", "OR", "NOT", "é", "\0", "\\", ":", ">",
        ]
        var seed: UInt64 = 42
        for _ in 0..<20_000 {
            var query = ""
            for _ in 0..<8 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                query += pieces[Int(seed >> 33) % pieces.count]
            }
            do throws(QueryFault) {
                _ = try QueryParser.parse(query, setting)
            } catch {
                #expect(error.offset >= 0 && error.offset <= query.utf8.count && error.length >= 1)
                #expect(error.description.split(separator: "\n").count >= 3)
            }
        }
    }

    @Test func `a star stands for anything`() {
        for (pattern, text, matches) in [
            ("web-*", "web-12", true), ("web-*", "web-", true), ("web-*", "xweb-1", false), ("*", "", true),
            ("", "", true), ("", "a", false), ("a*b*c", "aXbYc", true), ("a*b*c", "abcabc", true),
            ("a*b", "abX", false),
            ("**a", "bba", true), ("a?", "ab", false), ("é*", "été", true), ("WEB", "web", false),
        ] {
            #expect(WildcardText(pattern).matches(text) == matches, "\(pattern) \(text)")
        }
    }
}
