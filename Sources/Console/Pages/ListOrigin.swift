import Store
import Triage

/// The list that an issue was opened from. Its links carry the query, so that the next one and the one before are found
/// on the server, in any tab and without JavaScript.
struct ListOrigin: Sendable {
    let list: IssueListRequest
    /// `q=…&sort=…`, as it stands in an address.
    let fields: String

    /// A list of a hundred rows has a hundred links: a longer query is not carried.
    static let bytesMax = 300

    /// Nil where the query is too long.
    init?(_ list: IssueListRequest) {
        var own = list
        own.after = nil
        var fields = "q=" + FormFields.encoded(own.query)
        if let sort = own.sort { fields += "&sort=" + FormFields.encoded(sort) }
        guard fields.utf8.count <= ListOrigin.bytesMax else { return nil }
        self.list = own
        self.fields = fields
    }

    /// Nil where the address carries none.
    init?(_ query: FormFields) {
        guard query["q"] != nil else { return nil }
        self.init(IssueListRequest(query))
    }

    /// An address of an issue that still knows its list.
    static func carried(_ address: String, _ origin: ListOrigin?) -> String {
        guard let origin else { return address }
        return address + (address.contains("?") ? "&" : "?") + origin.fields
    }
}

extension ConsoleSite {
    /// Where an issue stands in the list that it was opened from, and what its forms carry; nothing without a list.
    func placeValues(_ row: IssueRow, _ origin: ListOrigin?, _ request: PageRequest) throws -> [String: Any] {
        guard let origin else { return ["place": false, "carried": ""] }
        var values: [String: Any] = ["place": false, "carried": "?" + origin.fields]
        let filter: IssueFilter
        // A query that somebody wrote into the address by hand: the issue is shown all the same.
        do throws(QueryFault) { filter = try self.filter(origin.list.query, request) } catch { return values }
        let asked = origin.list.issueQuery(filter, now: request.now, limit: 1)
        guard let place = try archive.place(of: row.id, in: asked) else { return values }
        let total = try issueCount("q=\(origin.list.query)", asked, request)
        func address(_ id: String?) -> Any { id.map { ListOrigin.carried("/i/\($0)", origin) } as Any? ?? false }
        values["place"] =
            [
                "previous": address(place.previous), "next": address(place.next), "list": origin.list.address(),
                "position": place.position.map { ConsoleSite.grouped($0) } as Any? ?? false,
                "total": ConsoleSite.countText(total),
            ] as [String: Any]
        return values
    }
}
