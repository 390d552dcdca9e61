/// A request to the API as somebody would type it.
struct APICall: Sendable, Equatable {
    var method: String
    /// With the query.
    var target: String
    /// In the order in which they are written.
    var headers: [(name: String, value: String)]
    var body: String?
    /// Parameters that have to be given and were not.
    var missing: [String]

    static func == (left: APICall, right: APICall) -> Bool {
        left.method == right.method && left.target == right.target && left.body == right.body
            && left.missing == right.missing && left.headers.elementsEqual(right.headers) { $0 == $1 }
    }

    /// The call that `fields` describe: parameters by their names, the body as `body`.
    init(_ operation: APIDocument.Operation, _ fields: FormFields) {
        method = operation.method
        headers = []
        missing = []
        var path = operation.path
        var query: [(String, String?)] = []
        for parameter in operation.parameters {
            let value = fields.text(parameter.name) ?? ""
            if value.isEmpty, parameter.isRequired { missing.append(parameter.name) }
            switch parameter.place {
            case .path:
                if let range = path.firstRange(of: "{\(parameter.name)}"), !value.isEmpty {
                    path.replaceSubrange(range, with: FormFields.encoded(value))
                }
            case .query: query.append((parameter.name, value))
            // No header holds a line break or the like.
            case .header where !value.isEmpty:
                headers.append((parameter.name, value.filter { $0 >= " " && $0 != "\u{7F}" }))
            case .header: break
            }
        }
        target = ConsoleSite.address(path, query)
        guard operation.example != nil else { return }
        headers.append(("Content-Type", "application/json"))
        // A browser sends what stands in a text area with CR LF (WHATWG HTML, 4.10.22).
        let text = fields.text("body") ?? operation.example ?? ""
        body = text.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n")
    }

    /// A command for a shell that makes the call.
    ///
    /// - Parameter needsToken: with the token in `$MARGAY_TOKEN`, so that it does not stand in the history of the shell.
    func curl(_ origin: String, needsToken: Bool) -> String {
        // Brackets mean something to curl: those of an address of IPv6 are meant as they are.
        var lines = ["curl -s\(origin.contains("[") ? "g" : "") \(ShellText.quoted(origin + target))"]
        if needsToken { lines.append("-H \"Authorization: Bearer $MARGAY_TOKEN\"") }
        lines += headers.map { "-H \(ShellText.quoted("\($0.name): \($0.value)"))" }
        if method != "GET", method != "POST" || body == nil { lines.append("-X \(method)") }
        // Not -d, to which a body that begins with @ is the name of a file.
        if let body { lines.append("--data-raw \(ShellText.quoted(body))") }
        return lines.joined(separator: " \\\n    ")
    }
}
