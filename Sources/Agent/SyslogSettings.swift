import Patterns
package import Tail

/// What the configuration says under `syslog:`.
package struct SyslogSettings: Sendable {
    /// Where it listens; one of both at least.
    package var udp: [SocketPlace]
    package var tcp: [SocketPlace]
    package var limits: SyslogSockets.Limits
    /// Its packs, time zone and group, as of any source.
    package var source: Configuration.Source

    /// The source under which messages are counted, and the beginning of the names of their streams.
    package static let sourceName = "syslog"
}
