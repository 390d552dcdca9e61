import Events
import Patterns
import Store
import Tail
import Testing

@testable import Agent

@Suite struct ConfigurationTests {
    private let surroundings = Surroundings(
        variables: ["HOME": "/home/dana", "TZ": "UTC"], hostName: "web-1", workingDirectory: "/srv/app", userID: 1_000)

    private func load(_ text: String) -> Configuration.Result {
        ConfigurationLoader.load(text, path: "m.yaml", environment: surroundings)
    }

    @Test func `everything said is taken`() {
        let result = load(
            """
            store: data/margay.db
            node: db-7
            packs: [patterns, /etc/margay/patterns]
            sources:
              - name: web
                paths: ['/var/log/nginx/*.log', logs/**]
                exclude: ['**/*.gz']
                packs: [nginx]
                core: false
                hide_emails: true
                start: beginning
                timezone: UTC
                encoding: latin1
                format: cri
                group: Web
              - paths: /var/log/syslog
            """)
        #expect(result.diagnostics == [])
        let configuration = result.configuration
        #expect(configuration.storePath == "/srv/app/data/margay.db")
        #expect(configuration.node == "db-7")
        #expect(configuration.packPaths == ["/srv/app/patterns", "/etc/margay/patterns"])
        let web = configuration.sources[0]
        #expect(web.files.include.map(\.text) == ["/var/log/nginx/*.log", "/srv/app/logs/**"])
        #expect(web.files.start == .beginning)
        #expect(web.files.encoding == .latin1 && web.files.format == .cri)
        #expect(web.selection == PackSelection(names: ["nginx"], usesCore: false, hidesEmails: true))
        #expect(web.group == "Web")
        #expect(configuration.sources[1].files.name == "/var/log/syslog")
        #expect(configuration.sources[1].selection == PackSelection())
    }

    @Test func `syslog takes a port, an address, or both with what applies`() throws {
        let short = load("syslog: 5514")
        #expect(short.diagnostics == [])
        let here = [SocketPlace(host: "127.0.0.1", port: 5_514)]
        #expect(short.configuration.syslog?.udp == here && short.configuration.syslog?.tcp == here)
        let long = load(
            """
            syslog:
              udp: ['0.0.0.0:514', '[::]:514']
              packs: [nginx]
              timezone: UTC
              message_bytes: 65536
              connections: 10
              idle: 10m
              hide_emails: true
            """)
        #expect(long.diagnostics == [])
        let syslog = try #require(long.configuration.syslog)
        #expect(syslog.udp == [SocketPlace(host: "0.0.0.0", port: 514), SocketPlace(host: "::", port: 514)])
        #expect(syslog.tcp == [])
        #expect(syslog.limits.messageBytesMax == 65_536 && syslog.limits.connectionsMax == 10)
        #expect(syslog.limits.idleSeconds == 600)
        #expect(syslog.source.selection == PackSelection(names: ["nginx"], hidesEmails: true))
    }

    @Test(arguments: [
        ("syslog: here", "bad-listen"), ("syslog: 70000", "bad-listen"), ("syslog: 'a:514'", "bad-listen"),
        ("syslog: { udp: '::1:514' }", "bad-listen"), ("syslog: {}", "missing-key"),
        ("syslog: { udp: 514, message_bytes: 8k }", "bad-number"), ("syslog: { tcp: 1, connections: 0 }", "bad-number"),
        ("syslog: { tcp: 1, idle: 0 }", "bad-age"), ("syslog: { tcp: 1, port: 2 }", "unknown-key"),
    ])
    func `a fault of syslog is told by its rule`(_ text: String, _ rule: String) {
        #expect(load(text).diagnostics.map(\.rule) == [rule])
    }

    @Test func `a source may be the journal`() throws {
        let result = load(
            """
            sources:
              - journal: {}
              - name: web
                start: beginning
                packs: [nginx]
                journal:
                  units: [nginx.service, php*]
                  matches: [_TRANSPORT=stdout, +, _UID=0]
                  priority: emerg..warning
                  directory: journal
                  command: bin/journalctl
            """)
        #expect(result.diagnostics == [])
        let sources = result.configuration.sources
        #expect(sources.map(\.files.name) == ["journal", "web"])
        #expect(sources[0].journal == JournalSource())
        #expect(sources[0].files.start == .end)
        var expected = JournalSource()
        expected.units = ["nginx.service", "php*"]
        expected.matches = ["_TRANSPORT=stdout", "+", "_UID=0"]
        expected.priority = "emerg..warning"
        expected.directory = "/srv/app/journal"
        expected.command = "/srv/app/bin/journalctl"
        #expect(sources[1].journal == expected)
        #expect(sources[1].files.start == .beginning)
        #expect(sources[1].selection.names == ["nginx"])
    }

    @Test func `faults of a journal are told with their places`() {
        let result = load(
            """
            sources:
              - journal: everything
              - name: b
                paths: [/var/log/x]
                journal: { priority: loud, matches: [--file=x, a=b], unit: x }
              - name: c
                journal: { priority: err..loud }
            """)
        #expect(
            result.diagnostics.map { "\($0.place) \($0.rule)" } == [
                "m.yaml:2:14 wrong-kind", "m.yaml:5:42 bad-match", "m.yaml:5:52 bad-match", "m.yaml:5:26 bad-priority",
                "m.yaml:5:58 unknown-key", "m.yaml:4:12 two-inputs", "m.yaml:7:26 bad-priority",
            ])
    }

    @Test func `all faults are told at once`() {
        let result = load(
            """
            stoer: x
            sources:
              - path: [/var/log/x]
              - paths: ['/var/[log']
                start: middle
                timezone: Mars/Olympus
                encoding: ebcdic
                format: syslog
                core: maybe
              - paths: [/var/log/y]
                encoding: utf-16le
                format: docker
            """)
        #expect(
            result.diagnostics.map { "\($0.place) \($0.rule)" } == [
                "m.yaml:3:5 missing-key", "m.yaml:3:5 unknown-key", "m.yaml:4:13 bad-glob", "m.yaml:9:11 wrong-kind",
                "m.yaml:5:12 bad-start", "m.yaml:6:15 unknown-timezone", "m.yaml:7:15 bad-encoding",
                "m.yaml:8:13 bad-format",
                "m.yaml:4:12 no-paths", "m.yaml:12:13 bad-format", "m.yaml:1:1 unknown-key",
            ])
        #expect(result.diagnostics.last?.description.hasSuffix("did you mean 'store'?") == true)
    }

    @Test(arguments: [
        ("end", StartPolicy.end), ("beginning", .beginning), ("24h ago", .since(Timestamp(seconds: 1_794_913_600))),
        ("30m", .since(Timestamp(seconds: 1_794_998_200))), ("2026-11-01", .since(Timestamp(seconds: 1_793_491_200))),
        ("'2026-11-01 08:00'", .since(Timestamp(seconds: 1_793_520_000))),
        ("today", .since(Timestamp(seconds: 1_794_960_000))),
    ])
    func `where to begin`(text: String, expected: StartPolicy) {
        var surroundings = surroundings
        surroundings.now = Timestamp(seconds: 1_795_000_000)
        let result = ConfigurationLoader.load(
            "sources: [{paths: /v/*, start: \(text), ignore_older: 2d, timezone: UTC}]", path: "m.yaml",
            environment: surroundings)
        #expect(result.diagnostics == [])
        #expect(result.configuration.sources.first?.files.start == expected)
        #expect(result.configuration.sources.first?.files.ignoreBefore == Timestamp(seconds: 1_794_827_200))
    }

    @Test(arguments: ["middle", "-5h", "99999999999w", "24 hours", "2026-13-01", "h", "''"])
    func `what is no place to begin and no age is refused`(text: String) {
        let result = load("sources: [{paths: /v/*, start: \(text), ignore_older: \(text)}]")
        #expect(result.diagnostics.map(\.rule) == ["bad-start", "bad-age"])
    }

    @Test(arguments: [
        ("{ age: 30d, size: 500MB }", RetentionPolicy(ageSeconds: 30 * 86_400, bytesMax: 500_000_000)),
        ("{ age: off }", RetentionPolicy(ageSeconds: nil, bytesMax: 10_000_000_000)),
        ("{ size: off }", RetentionPolicy(ageSeconds: 90 * 86_400, bytesMax: nil)),
    ])
    func `how much is kept`(text: String, expected: RetentionPolicy) {
        let result = load("retention: \(text)")
        #expect(result.diagnostics.isEmpty && result.configuration.retention == expected)
    }

    @Test(arguments: [
        "{ age: 1h }", "{ age: forever }", "{ size: 1MB }", "{ size: 10 }", "{ size: 99999999999999999999GB }",
        "{ size: 9999999999999TB }", "{ days: 3 }", "90d",
    ])
    func `what says not how much is kept is refused`(text: String) {
        let result = load("retention: \(text)")
        #expect(result.diagnostics.count == 1 && result.hasErrors && result.configuration.retention == .standard)
    }

    @Test func `without a configuration the store is the user's, of root the system's`() {
        #expect(surroundings.defaults.storePath == "/home/dana/.local/state/margay/margay.db")
        var root = surroundings
        root.userID = 0
        #expect(root.defaults.storePath == "/var/lib/margay/margay.db")
    }
}
