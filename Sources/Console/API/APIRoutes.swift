import Events

extension ConsoleRoutes {
    private static let reading = RouteAccess.role(.viewer, .read)
    private static let writing = RouteAccess.role(.responder, .write)
    private static let reporting = RouteAccess.role(.responder, .events)
    private static let editing = RouteAccess.role(.editor, .admin)
    private static let administering = RouteAccess.role(.admin, .admin)
    /// Whoever signed in, for what is their own; a token for everybody's.
    private static let owning = RouteAccess.account(.viewer, .admin)
    /// Not for whoever sits at this machine: who makes the first user shuts all others out.
    private static let managing = RouteAccess.account(.admin, .admin)

    /// What is for programs. `openapi.json` describes each of them; a test compares the two.
    static let programs = health + issues + moves + places + numbers + people

    private static let health = [
        ConsoleRoute("/healthz", .anyone, .data { try $0.healthz($1) }),
        ConsoleRoute("/metrics", reading, .data { try $0.metrics($1) }),
        ConsoleRoute("/api/v1/openapi.json", reading, .data { try $0.apiDocument($1) }),
    ]

    private static let issues = [
        ConsoleRoute("/api/v1/issues", reading, .data { try $0.apiIssues($1) }),
        ConsoleRoute("/api/v1/count", reading, .data { try $0.apiCount($1) }),
        ConsoleRoute("/api/v1/issues/*", reading, .data { try $0.apiIssue($1) }),
        ConsoleRoute("/api/v1/issues/*/pulse", reading, .data { try $0.apiPulse($1) }),
        ConsoleRoute("/api/v1/issues/*/context", reading, .data { try $0.apiContext($1) }),
        ConsoleRoute("/api/v1/issues/*/similar", reading, .data { try $0.apiSimilar($1) }),
        ConsoleRoute("/api/v1/issues/*/notices", reading, .data { try $0.apiNotices($1) }),
        ConsoleRoute("/api/v1/issues/*/draft", reading, .data { try $0.apiDraft($1) }),
    ]

    private static let moves = [
        ConsoleRoute("/api/v1/issues/*/moves", writing, .call { try $0.apiMove($1) }),
        ConsoleRoute("/api/v1/issues/*/draft", editing, .call { try $0.apiAddDraft($1) }),
        ConsoleRoute("/api/v1/moves", writing, .call { try $0.apiMoves($1) }),
        ConsoleRoute("/api/v1/undo", writing, .call { try $0.apiUndo($1) }),
        ConsoleRoute("/api/v1/events", reporting, .call { try $0.apiEvents($1) }),
        ConsoleRoute("/api/v1/views", reading, .data { try $0.apiViews($1) }),
        ConsoleRoute("/api/v1/views/*", writing, .put, .call { try $0.apiSaveView($1) }),
        ConsoleRoute("/api/v1/views/*", writing, .delete, .call { try $0.apiRemoveView($1) }),
    ]

    private static let places = [
        ConsoleRoute("/api/v1/sources", reading, .data { try $0.apiSources($1) }),
        ConsoleRoute("/api/v1/learning", reading, .data { try $0.apiLearning($1) }),
        ConsoleRoute("/api/v1/learning/accept", writing, .call { try $0.apiAccept($1) }),
        ConsoleRoute("/api/v1/packs", reading, .data { try $0.apiPacks($1) }),
        ConsoleRoute("/api/v1/packs/*", reading, .data { try $0.apiPack($1) }),
    ]

    private static let numbers = [
        ConsoleRoute("/api/v1/status", reading, .data { try $0.apiStatus($1) }),
        ConsoleRoute("/api/v1/reports/*", reading, .data { try $0.apiReport($1) }),
        ConsoleRoute("/api/v1/audit", reading, .data { try $0.apiAudit($1) }),
        ConsoleRoute("/api/v1/configuration", administering, .data { try $0.apiConfiguration($1) }),
        ConsoleRoute("/api/v1/store", administering, .data { try $0.apiStore($1) }),
    ]

    private static let people = [
        ConsoleRoute("/api/v1/me", reading, .data { try $0.apiMe($1) }),
        ConsoleRoute(
            "/api/v1/me/password", .account(.viewer, nil), .put, .secretCall { try $0.apiChangePassword($1) }),
        ConsoleRoute("/api/v1/sessions", owning, .data { try $0.apiSessions($1) }),
        ConsoleRoute("/api/v1/sessions", owning, .delete, .call { try $0.apiEndSessions($1) }),
        ConsoleRoute("/api/v1/sessions/*", owning, .delete, .call { try $0.apiEndSession($1) }),
        ConsoleRoute("/api/v1/users", administering, .data { try $0.apiUsers($1) }),
        ConsoleRoute("/api/v1/users", managing, .secretCall { try $0.apiAddUser($1) }),
        ConsoleRoute("/api/v1/users/*", managing, .patch, .secretCall { try $0.apiChangeUser($1) }),
        ConsoleRoute("/api/v1/users/*", managing, .delete, .call { try $0.apiRemoveUser($1) }),
        ConsoleRoute("/api/v1/tokens", .role(.viewer, .admin), .data { try $0.apiTokens($1) }),
        ConsoleRoute("/api/v1/tokens", owning, .call { try $0.apiAddToken($1) }),
        ConsoleRoute("/api/v1/tokens/*", owning, .delete, .call { try $0.apiRemoveToken($1) }),
    ]
}
