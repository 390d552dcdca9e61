import Events
import Store
import Triage

extension ConsoleSite {
    /// `GET /api/v1/views`: those that every console has, and those that somebody saved.
    func apiViews(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let saved = try archive.views()
        return .json(
            JSONText.object { json in
                json.add("standing", array: ConsoleSite.standingViews) { json, view in
                    json.element { json in
                        json.add("name", view.name)
                        json.add("query", view.query)
                    }
                }
                json.add("views", array: saved) { json, view in json.element { view.add(to: &$0) } }
            }.text + "\n")
    }

    /// `PUT /api/v1/views/NAME`: saves a query under a name, in place of one that was there.
    func apiSaveView(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let body = try CallBody(request.body, ["query"], example: "{\"query\": \"pack:nginx\"}")
        let query = try body.needed("query")
        guard (1...SavedView.nameBytesMax).contains(request.name.utf8.count),
            !request.name.allSatisfy(\.isWhitespace)
        else { throw PageFault.malformed("Give the view a name of 1 to \(SavedView.nameBytesMax) bytes.") }
        _ = try callFilter(query, request)
        let view = SavedView(name: request.name, query: query, author: author(request), time: request.now)
        try archive.save(view)
        return .json(JSONText.object { view.add(to: &$0) }.text + "\n")
    }

    /// `DELETE /api/v1/views/NAME`.
    func apiRemoveView(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        guard try archive.removeView(request.name) else {
            throw PageFault.notFound("There is no view \(request.name).")
        }
        return .nothing
    }
}

extension SavedView {
    fileprivate func add(to json: inout JSONText) {
        json.add("name", name)
        json.add("query", query)
        json.add("author", author)
        json.add("time", time)
    }
}
