/// Which bodies an address takes.
struct BodyRule: Sendable, Equatable {
    /// Types of content, without parameters.
    var types: [String]
    /// Bytes; more is answered 413.
    var bytesMax: Int

    static let json = "application/json"
    static let jsonLines = "application/x-ndjson"
    static let form = "application/x-www-form-urlencoded"

    static func of(_ work: ConsoleWork, at path: String) -> BodyRule {
        if path == eventsPath { return BodyRule(types: [json, jsonLines], bytesMax: ConsoleLimits.eventBytesMax) }
        return BodyRule(types: [work.isForPrograms ? json : form], bytesMax: ConsoleLimits.bodyBytesMax)
    }

    private static let eventsPath = "/api/v1/events"
}
