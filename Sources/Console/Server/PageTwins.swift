import Events

extension ConsoleRoutes {
    /// What pages show, for programs: the address of a page with `.json` behind it is a second name of a call of the API,
    /// with its answer and for whom it is; lists are had as `.csv` too.
    static let twins: [ConsoleRoute] =
        [
            twin("/dashboard.json", of: "/api/v1/status"),
            twin("/issues.json", of: "/api/v1/issues"),
            twin("/inbox.json", of: "/api/v1/issues") { try inbox($0) },
            twin("/i/*.json", of: "/api/v1/issues/*"),
            twin("/i/*/draft.json", of: "/api/v1/issues/*/draft"),
            twin("/sources.json", of: "/api/v1/sources"),
            twin("/packs.json", of: "/api/v1/packs"),
            twin("/packs/*.json", of: "/api/v1/packs/*"),
            twin("/reports.json", of: "/api/v1/reports/*") { try report($0) },
            twin("/audit.json", of: "/api/v1/audit"),
            twin("/settings.json", of: "/api/v1/me"),
            twin("/settings/users.json", of: "/api/v1/users"),
            twin("/settings/tokens.json", of: "/api/v1/tokens"),
            twin("/settings/configuration.json", of: "/api/v1/configuration"),
            twin("/settings/store.json", of: "/api/v1/store"),
            twin("/api.json", of: "/api/v1/openapi.json"),
        ].compactMap { $0 } + lists

    private static let lists = [
        ConsoleRoute("/issues.csv", .role(.viewer, .read), .data { try $0.issuesCSV($1) }),
        ConsoleRoute("/inbox.csv", .role(.viewer, .read), .data { try $0.issuesCSV(try inbox($1)) }),
        ConsoleRoute("/sources.csv", .role(.viewer, .read), .data { try $0.sourcesCSV($1) }),
        ConsoleRoute("/packs.csv", .role(.viewer, .read), .data { try $0.packsCSV($1) }),
        ConsoleRoute("/audit.csv", .role(.viewer, .read), .data { try $0.auditCSV($1) }),
    ]

    /// The call at `address` by another name; nil where there is no such call.
    ///
    /// - Parameter adapt: makes of a request for the page one for the call.
    private static func twin(
        _ path: String, of address: String,
        _ adapt: @escaping @Sendable (PageRequest) throws -> PageRequest = { $0 }
    ) -> ConsoleRoute? {
        guard let call = programs.first(where: { $0.path == address && $0.method == .get }),
            case .data(let answer) = call.work
        else { return nil }
        return ConsoleRoute(path, call.access, .data { try answer($0, try adapt($1)) })
    }

    /// The list that the inbox goes through.
    private static func inbox(_ request: PageRequest) throws -> PageRequest {
        _ = try CallQuery(request.query, ["limit", "cursor"])
        var adapted = request
        adapted.query.add("q", "is:inbox")
        adapted.query.add("sort", "severity")
        return adapted
    }

    /// The report is named by a field of the page, and by the path of the call.
    private static func report(_ request: PageRequest) throws -> PageRequest {
        let query = try CallQuery(request.query, ["kind"])
        var adapted = request
        adapted.name = query.text("kind") ?? ReportSheet.Kind.shift.rawValue
        adapted.query = FormFields()
        return adapted
    }
}
