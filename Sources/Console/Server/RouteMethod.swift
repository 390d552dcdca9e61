import HTTPTypes

/// How an address is used (RFC 9110, 9.3; RFC 5789).
enum RouteMethod: String, Sendable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"

    /// HEAD is GET without its body; nil for what the console never answers.
    init?(_ method: HTTPRequest.Method) {
        self.init(rawValue: method == .head ? "GET" : method.rawValue)
    }

    /// What stands in `Allow` for an address with these.
    static func allow(_ methods: [RouteMethod]) -> String {
        methods.map { $0 == .get ? "GET, HEAD" : $0.rawValue }.joined(separator: ", ")
    }
}
