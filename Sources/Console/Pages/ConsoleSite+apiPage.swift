import Events

extension ConsoleSite {
    /// `GET /api`: what the API can do, each with a page to try it.
    func apiPage(_ request: PageRequest) throws -> Answer {
        let document = APIDocument.standard
        return try page(
            "api", title: "API", section: "help", request,
            [
                "groups": document.tags.map { tag in
                    [
                        "name": tag.name, "about": tag.description,
                        "operations": document.operations.filter { $0.tag == tag.name }.map { operation in
                            [
                                "method": operation.method, "path": operation.path, "summary": operation.summary,
                                "address": "/api/\(operation.id)",
                            ]
                        },
                    ] as [String: Any]
                },
                "hasUsers": request.visitor.person.isAccount,
            ])
    }

    /// `GET /api/OPERATION`: what it takes, and the call that the fields of the address describe. Nothing is called by
    /// looking at it.
    func operationPage(_ request: PageRequest) throws -> Answer {
        guard let operation = APIDocument.standard.operations.first(where: { $0.id == request.name }) else {
            throw PageFault.notFound("The API has no operation \(request.name).")
        }
        var fields = request.query
        let isTried = fields["try"] != nil
        if !isTried {
            for parameter in operation.parameters { fields.add(parameter.name, parameter.example) }
        }
        let call = APICall(operation, fields)
        let refusal = ConsoleSite.refusal(operation, request.visitor.person)
        // An example leads nowhere.
        let isMeant = isTried || !operation.parameters.contains(where: \.isRequired)
        let canOpen = operation.method == "GET" && isMeant && call.missing.isEmpty && refusal == nil
        return try page(
            "operation", title: "\(operation.method) \(operation.path)", section: "help", request,
            [
                "id": operation.id, "method": operation.method, "path": operation.path, "summary": operation.summary,
                "description": operation.description.filter { $0 != "`" },
                "parameters": operation.parameters.map { parameter in
                    [
                        "name": parameter.name, "value": fields[parameter.name] ?? "",
                        "place": parameter.place.rawValue,
                        "isRequired": parameter.isRequired, "about": parameter.description.filter { $0 != "`" },
                        "hasChoices": !parameter.choices.isEmpty,
                        "choices": ([parameter.isRequired ? nil : ""] + parameter.choices).compactMap { $0 }.map {
                            ["name": $0, "isChosen": $0 == fields[parameter.name] ?? ""] as [String: Any]
                        },
                    ] as [String: Any]
                },
                "hasParameters": !operation.parameters.isEmpty, "hasBody": call.body != nil, "body": call.body ?? "",
                "hasFields": !operation.parameters.isEmpty || call.body != nil,
                "missing": call.missing.joined(separator: ", "), "isMissing": !call.missing.isEmpty,
                "target": call.target, "canOpen": canOpen, "refusal": refusal as Any? ?? false,
                "command": call.curl(request.origin, needsToken: request.visitor.person.isAccount),
                "needsToken": request.visitor.person.isAccount,
            ])
    }

    /// Why `person` may not do it, in sentences; nil where they may.
    private static func refusal(_ operation: APIDocument.Operation, _ person: Person) -> String? {
        let parts = operation.path.split(separator: "/").map { $0.hasPrefix("{") ? "*" : String($0) }
        let path = "/" + parts.joined(separator: "/")
        let route = ConsoleRoutes.programs.first { $0.path == path && $0.method.rawValue == operation.method }
        guard case .refuse(let reason)? = route?.access.judge(person) else { return nil }
        return reason
    }
}
