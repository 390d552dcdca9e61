import HTTPTypes

/// Columns of the list of issues that a visitor may choose. Severity and issue are always there.
enum ListColumn: String, CaseIterable, Sendable {
    case picture, day, count, first, last, nodes, pack, state, owner

    /// What stands over the column.
    var title: String {
        switch self {
        case .picture: "24 hours"
        case .day: "Events 24 h"
        case .count: "Events"
        case .first: "First"
        case .last: "Last"
        case .nodes: "Nodes"
        case .pack: "Pack"
        case .state: "State"
        case .owner: "Owner"
        }
    }

    /// What sorts by it; nil where nothing does.
    var sort: String? {
        switch self {
        case .count: "count"
        case .first: "first_seen"
        case .last: "last_seen"
        case .picture, .day, .nodes, .pack, .state, .owner: nil
        }
    }

    var isNumber: Bool {
        switch self {
        case .day, .count, .first, .last: true
        case .picture, .nodes, .pack, .state, .owner: false
        }
    }

    static let standard: [ListColumn] = [.picture, .count, .first, .last, .owner]

    /// Reads names between dots; unknown ones are left out. Nil where none is left.
    static func parse(_ text: String) -> [ListColumn]? {
        let names = Set(text.split(separator: ".").map(String.init))
        let columns = allCases.filter { names.contains($0.rawValue) }
        return columns.isEmpty ? nil : columns
    }

    static func text(_ columns: [ListColumn]) -> String { columns.map(\.rawValue).joined(separator: ".") }
}

extension ConsoleSite {
    /// `POST /columns`: which columns lists have in this browser, and back to the list.
    func chooseColumns(_ request: PageRequest) throws -> Answer {
        var preferences = request.visitor.preferences
        preferences.columns = ListColumn.parse(request.form.all("column").joined(separator: ".")) ?? ListColumn.standard
        let list = IssueListRequest(request.form)
        var answer = Answer.redirect(to: list.address())
        answer.headers[.setCookie] = Cookies.set(
            Cookies.preferences, Cookies.packed(preferences.cookie), isSecure: request.visitor.isSecure)
        return answer
    }

    /// The columns of a list for its head, and for choosing others.
    func columnValues(_ list: IssueListRequest, _ sorted: (name: String, isAscending: Bool), _ request: PageRequest)
        -> [String: Any]
    {
        let chosen = request.visitor.preferences.columns
        func head(_ name: String) -> [String: Any] {
            let isSorted = sorted.name == name
            return [
                "address": list.address(sort: isSorted && !sorted.isAscending ? "+" + name : name),
                "isSorted": isSorted, "direction": sorted.isAscending ? "ascending" : "descending",
                "arrow": sorted.isAscending ? "↑" : "↓",
            ]
        }
        return [
            "severityHead": head("severity"),
            "heads": chosen.map { column in
                var values: [String: Any] = [
                    "title": column.title, "name": column.rawValue, "isNumber": column.isNumber,
                    "isSortable": column.sort != nil,
                ]
                if let sort = column.sort { values.merge(head(sort)) { $1 } }
                return values
            },
            "choices": ListColumn.allCases.map { column in
                ["name": column.rawValue, "title": column.title, "isChosen": chosen.contains(column)] as [String: Any]
            },
            "shown": chosen.map(\.rawValue).joined(separator: " "),
            // Which cells each row has: mustache looks them up from inside the row.
            "shows": ListColumn.allCases.reduce(into: [String: Any]()) { $0[$1.rawValue] = chosen.contains($1) },
        ]
    }
}
