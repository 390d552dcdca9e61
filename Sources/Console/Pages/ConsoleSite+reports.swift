import Events

extension ConsoleSite {
    /// `GET /reports`: `kind` shift, week or app; with `format` html or markdown it is a file to keep.
    func reports(_ request: PageRequest) throws -> Answer {
        let word = request.query["kind"] ?? ReportSheet.Kind.shift.rawValue
        guard let kind = ReportSheet.Kind(rawValue: word) else {
            throw PageFault.malformed("There is no report \(word); there are shift, week and app.")
        }
        let sheet = try host.report(kind, request.now)
        switch request.query["format"] {
        case nil: break
        case "html":
            return Answer(type: "text/html; charset=utf-8", body: Array(sheet.html.utf8)).saved(as: "\(word).html")
        case "markdown":
            return Answer(type: "text/markdown; charset=utf-8", body: Array(sheet.markdown.utf8))
                .saved(as: "\(word).md")
        case .some(let format):
            throw PageFault.malformed("A report can be saved as html or markdown, not as \(format).")
        }
        let kinds = ReportSheet.Kind.allCases.map { other in
            [
                "name": other.title, "isCurrent": other == kind,
                "address": ConsoleSite.address("/reports", [("kind", other.rawValue)]),
            ] as [String: Any]
        }
        return try page(
            "reports", title: sheet.title, section: "reports", request,
            [
                "heading": sheet.title, "span": sheet.span, "kinds": kinds,
                "facts": sheet.facts.map { ["name": $0.name, "value": $0.value] },
                "grids": sheet.grids.map(ConsoleSite.values),
                "html": ConsoleSite.address("/reports", [("kind", word), ("format", "html")]),
                "markdown": ConsoleSite.address("/reports", [("kind", word), ("format", "markdown")]),
            ])
    }

    /// The first column of a grid of issues is their id, which leads to them; severities have their colours and shapes.
    private static func values(_ grid: ReportSheet.Grid) -> [String: Any] {
        let areIssues = grid.columns.first?.name == "Id"
        return [
            "heading": grid.heading,
            "columns": grid.columns.map { ["name": $0.name, "isNumber": $0.isNumber] as [String: Any] },
            "rows": grid.rows.map { row in
                [
                    "cells": row.enumerated().map { place, text in
                        [
                            "text": text, "isNumber": place < grid.columns.count && grid.columns[place].isNumber,
                            "isIssue": areIssues && place == 0,
                            "isSeverity": place < grid.columns.count && grid.columns[place].name == "Severity",
                        ] as [String: Any]
                    }
                ]
            },
        ]
    }
}

extension ReportSheet.Kind {
    fileprivate var title: String {
        switch self {
        case .shift: "Shift, 8 hours"
        case .week: "Week"
        case .app: "By application"
        }
    }
}
