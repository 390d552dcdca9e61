import Events

/// A report as one HTML file that loads nothing: no script, no font, no picture from elsewhere. All text is escaped.
enum ReportHTML {
    static func text(_ page: ReportPage) -> String {
        let title = escaped(page.title)
        var html = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(title), \(escaped(page.span))</title>
            <style>\(style)</style>
            </head>
            <body>
            <h1>\(title)</h1>
            <p>\(escaped(page.span))</p>
            <dl>

            """
        for fact in page.facts { html += "<dt>\(escaped(fact.name))</dt><dd>\(escaped(fact.value))</dd>\n" }
        html += "</dl>\n" + chart(page)
        for grid in page.grids { html += table(grid) }
        return html + "</body>\n</html>\n"
    }

    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.safe.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    private static func table(_ grid: ReportPage.Grid) -> String {
        func cell(_ tag: String, _ place: Int, _ text: String) -> String {
            let scope = tag == "th" ? " scope=\"col\"" : ""
            let column = grid.columns[place]
            let kind = column.isNumber ? " class=\"n\"" : column.isWide ? " class=\"w\"" : ""
            return "<\(tag)\(scope)\(kind)>\(escaped(text))</\(tag)>"
        }
        let heads = grid.columns.enumerated().map { cell("th", $0.offset, $0.element.name) }.joined()
        let rows = grid.rows.map { row in
            "<tr>" + row.enumerated().map { cell("td", $0.offset, $0.element) }.joined() + "</tr>\n"
        }
        return """
            <h2>\(escaped(grid.heading))</h2>
            <div class="t"><table>
            <thead><tr>\(heads)</tr></thead>
            <tbody>
            \(rows.joined())</tbody>
            </table></div>

            """
    }

    /// Bars, one an hour; the numbers are in the titles, for a pointer and for a screen reader.
    private static func chart(_ page: ReportPage) -> String {
        guard let most = page.hours.max(), most > 0 else { return "" }
        let width = page.hours.count * barWidth
        let bars = page.hours.enumerated().map { place, count in
            let height = count == 0 ? 0 : max(1, count * chartHeight / most)
            let x = place * barWidth
            return "<rect x=\"\(x)\" y=\"\(chartHeight - height)\" width=\"\(barWidth - 1)\" height=\"\(height)\">"
                + "<title>\(page.hours.count - 1 - place) h before the end: \(count)</title></rect>\n"
        }
        return """
            <h2>\(escaped(page.hoursTitle))</h2>
            <svg role="img" aria-label="\(escaped(page.hoursTitle)), at most \(most)" viewBox="0 0 \(width) \(chartHeight)" \
            preserveAspectRatio="none">
            \(bars.joined())</svg>
            <p>at most \(most) in an hour</p>

            """
    }

    private static let barWidth = 6
    private static let chartHeight = 80

    private static let style = """
        :root{color-scheme:light dark}
        body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{font-weight:600}dd{margin:0}
        table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8886;\
        white-space:nowrap}.t{overflow-x:auto}td.w{width:100%;min-width:16rem;white-space:normal;overflow-wrap:anywhere}
        .n{text-align:right;font-variant-numeric:tabular-nums}svg{width:100%;height:80px}rect{fill:#0b5cad}
        @media(prefers-color-scheme:dark){rect{fill:#8cc2ff}}
        """
}
