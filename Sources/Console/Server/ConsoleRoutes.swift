import HTTPTypes

/// What the console knows to do at an address.
enum ConsoleWork: Sendable {
    /// Reads: GET and HEAD. May be asked again at any time, by anybody: a prefetcher, a mail scanner.
    case page(@Sendable (ConsoleSite, PageRequest) throws -> Answer)
    /// Changes: a form, by POST, with its token.
    case form(@Sendable (ConsoleSite, PageRequest) throws -> Answer)
    /// Reads, for programs: what goes wrong is told in JSON.
    case data(@Sendable (ConsoleSite, PageRequest) throws -> Answer)
    /// Changes, for programs: a POST of JSON.
    case call(@Sendable (ConsoleSite, PageRequest) throws -> Answer)
    case asset(PageAssets.Asset)
    /// An event stream.
    case live

    var isRead: Bool {
        switch self {
        case .form, .call: false
        case .page, .data, .asset, .live: true
        }
    }

    var isForPrograms: Bool {
        switch self {
        case .data, .call: true
        case .page, .form, .asset, .live: false
        }
    }
}

/// The addresses of the console.
enum ConsoleRoutes {
    /// What is done at `path`, and the name in it; nil where there is nothing. A path may have one work for reading and
    /// one for changing.
    static func work(at path: String, isRead: Bool, _ assets: PageAssets) -> (work: ConsoleWork, name: String)? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).map { unescaped($0) }
        guard path.hasPrefix("/") else { return nil }
        if parts.first == "assets" {
            return assets.all.first { $0.path == path }.map { (.asset($0), "") }
        }
        let found = parts.first == "api" ? program(Array(parts.dropFirst())) : parts.isEmpty ? index : page(parts)
        return found.first { $0.work.isRead == isRead }
    }

    /// Whether anything is there, for the other kind of request.
    static func exists(_ path: String, _ assets: PageAssets) -> Bool {
        work(at: path, isRead: true, assets) != nil || work(at: path, isRead: false, assets) != nil
    }

    private typealias Found = [(work: ConsoleWork, name: String)]

    private static let index: Found = [(.page { try $0.dashboard($1) }, "")]

    private static func page(_ parts: [String]) -> Found {
        let name = parts.count > 1 ? parts[1] : ""
        switch (parts[0], parts.count) {
        case ("issues", 1): return [(.page { try $0.issues($1) }, "")]
        case ("issues", 2) where name == "move": return [(.form { try $0.moveMany($1) }, "")]
        case ("i", 2): return [(.page { try $0.issue($1) }, name)]
        case ("i", 3) where parts[2] == "move": return [(.form { try $0.moveOne($1) }, name)]
        case ("i", 3) where parts[2] == "draft": return [(.page { try $0.draft($1) }, name)]
        case ("columns", 1): return [(.form { try $0.chooseColumns($1) }, "")]
        case ("inbox", 1): return [(.page { try $0.inbox($1) }, "")]
        case ("inbox", 2): return [(.form { try $0.judge($1) }, name)]
        case ("undo", 1): return [(.form { try $0.undo($1) }, "")]
        case ("views", 2) where name == "save": return [(.form { try $0.saveView($1) }, "")]
        case ("views", 2) where name == "remove": return [(.form { try $0.removeView($1) }, "")]
        case ("sources", 1): return [(.page { try $0.sources($1) }, "")]
        case ("packs", 1): return [(.page { try $0.packs($1) }, "")]
        case ("packs", 2): return [(.page { try $0.pack($1) }, name)]
        case ("reports", 1): return [(.page { try $0.reports($1) }, "")]
        case ("audit", 1): return [(.page { try $0.audit($1) }, "")]
        case ("settings", 1): return [(.page { try $0.settings($1) }, ""), (.form { try $0.saveSettings($1) }, "")]
        case ("help", 1): return [(.page { try $0.help($1) }, "")]
        case ("live", 1): return [(.live, "")]
        case ("healthz", 1): return [(.data { try $0.healthz($1) }, "")]
        case ("metrics", 1): return [(.data { try $0.metrics($1) }, "")]
        default: return []
        }
    }

    private static func program(_ parts: [String]) -> Found {
        guard parts.first == "v1", parts.count > 1 else { return [] }
        switch (parts[1], parts.count) {
        case ("issues", 2): return [(.data { try $0.apiIssues($1) }, "")]
        case ("issues", 3): return [(.data { try $0.apiIssue($1) }, parts[2])]
        case ("issues", 4) where parts[3] == "moves": return [(.call { try $0.apiMove($1) }, parts[2])]
        case ("events", 2): return [(.call { try $0.apiEvents($1) }, "")]
        case ("sources", 2): return [(.data { try $0.apiSources($1) }, "")]
        case ("packs", 2): return [(.data { try $0.apiPacks($1) }, "")]
        case ("status", 2): return [(.data { try $0.apiStatus($1) }, "")]
        case ("audit", 2): return [(.data { try $0.apiAudit($1) }, "")]
        case ("openapi.json", 2):
            return [(.data { _, _ in .json(String(decoding: PackageResources.openapi_json, as: UTF8.self)) }, "")]
        default: return []
        }
    }

    /// A part of a path without its percent signs; plus is plus here.
    private static func unescaped(_ part: Substring) -> String {
        let text = part.split(separator: "+", omittingEmptySubsequences: false).joined(separator: "%2B")
        return FormFields("v=\(text)".utf8)?["v"] ?? ""
    }
}
