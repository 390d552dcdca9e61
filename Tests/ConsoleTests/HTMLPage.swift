/// A strict little reader of HTML, as strict as a browser is not: every tag closed in order but cells of a row, every
/// attribute quoted, every ampersand a reference.
struct HTMLPage {
    struct Element {
        var name: String
        var attributes: [String: String]
        /// Names of the elements around it, outermost first.
        var path: [String]
        /// Index of the form around it; nil outside of one.
        var form: Int?
    }

    private(set) var elements: [Element] = []
    private(set) var faults: [String] = []
    /// The text between tags, references replaced, with the element around each piece.
    private(set) var texts: [(text: String, path: [String])] = []

    private static let voids: Set<String> = ["meta", "link", "input", "img", "br", "hr"]
    /// In SVG these close themselves.
    private static let selfClosing: Set<String> = ["path", "rect"]
    private static let references = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "#39": "'"]

    init(_ source: String) {
        // One character a scalar, as browsers see it: to Swift a mark with an accent behind it is another character.
        let flat = source.unicodeScalars.map { $0.isASCII ? $0 : "·" }
        var rest = Substring(String(String.UnicodeScalarView(flat)))
        var open: [String] = []
        var forms: [Int] = []
        guard rest.hasPrefix("<!doctype html>") else {
            faults.append("no doctype")
            return
        }
        rest = rest.dropFirst("<!doctype html>".count)
        while let mark = rest.firstIndex(of: "<") {
            addText(rest[..<mark], open)
            rest = rest[rest.index(after: mark)...]
            guard let (inside, after) = HTMLPage.tag(rest) else {
                faults.append("a tag without end: \(rest.prefix(40))")
                return
            }
            rest = after
            if inside.hasPrefix("/") {
                let name = String(inside.dropFirst())
                if name == "tr" { HTMLPage.endCell(&open) }
                if open.last != name { faults.append("</\(name)> closes <\(open.last ?? "nothing")>") }
                if open.last == name { open.removeLast() }
                if name == "form" { _ = forms.popLast() }
                continue
            }
            let isClosed = inside.hasSuffix("/")
            let body = isClosed ? inside.dropLast() : inside
            let name = String(body.prefix { !$0.isWhitespace })
            if !name.allSatisfy({ $0.isLetter || $0.isNumber }) || name.isEmpty { faults.append("<\(name)> is no tag") }
            if name == "td" { HTMLPage.endCell(&open) }
            if name == "form" {
                if !forms.isEmpty { faults.append("a form in a form") }
                forms.append(elements.count)
            }
            elements.append(
                Element(name: name, attributes: attributes(body.dropFirst(name.count)), path: open, form: forms.last))
            if isClosed, !HTMLPage.selfClosing.contains(name) { faults.append("<\(name)/> closes itself") }
            if !isClosed, !HTMLPage.voids.contains(name) { open.append(name) }
        }
        addText(rest, open)
        if !open.isEmpty { faults.append("never closed: \(open)") }
        check()
    }

    /// A cell, and a paragraph at its end, are over where the next cell begins or the row ends: their end tags may be left
    /// out (HTML Standard, 13.1.2.4).
    private static func endCell(_ open: inout [String]) {
        if open.suffix(2) == ["td", "p"] { open.removeLast() }
        if open.last == "td" { open.removeLast() }
    }

    /// What is between `<` and its `>`, minding quotation marks, and what follows.
    private static func tag(_ text: Substring) -> (Substring, Substring)? {
        var isQuoted = false
        for place in text.indices {
            if text[place] == "\"" { isQuoted.toggle() }
            if text[place] == ">", !isQuoted { return (text[..<place], text[text.index(after: place)...]) }
        }
        return nil
    }

    private mutating func attributes(_ text: Substring) -> [String: String] {
        var result: [String: String] = [:]
        var rest = text.drop(while: \.isWhitespace)
        while !rest.isEmpty {
            let name = String(rest.prefix { $0 != "=" && !$0.isWhitespace })
            rest = rest.dropFirst(name.count)
            if name.isEmpty || !name.allSatisfy({ $0.isLetter || $0 == "-" || $0.isNumber }) {
                faults.append("'\(name)' is no attribute in <…\(text)>")
                return result
            }
            if result[name] != nil { faults.append("\(name) twice") }
            var value = ""
            if rest.hasPrefix("=\"") {
                let raw = rest.dropFirst(2).prefix { $0 != "\"" }
                rest = rest.dropFirst(2 + raw.count + 1)
                value = decoded(raw)
            } else if rest.hasPrefix("=") {
                // <option value=…> of our own would be quoted too.
                faults.append("\(name) without quotation marks")
                rest = rest.drop { !$0.isWhitespace }
            }
            result[name] = value
            if let next = rest.first, !next.isWhitespace { faults.append("no space behind \(name)") }
            rest = rest.drop(while: \.isWhitespace)
        }
        return result
    }

    private mutating func addText(_ text: Substring, _ open: [String]) {
        if text.unicodeScalars.contains(">") { faults.append("a bare > in: \(text.prefix(60))") }
        let plain = decoded(text)
        if !plain.allSatisfy(\.isWhitespace) { texts.append((plain, open)) }
    }

    private mutating func decoded(_ text: Substring) -> String {
        var result = ""
        var rest = text
        while let mark = rest.firstIndex(of: "&") {
            result += rest[..<mark]
            let name = rest[rest.index(after: mark)...].prefix { $0 != ";" && $0 != " " && $0 != "&" }
            guard let value = HTMLPage.references[String(name)] else {
                faults.append("a bare & in: \(text.prefix(60))")
                return result
            }
            result += value
            rest = rest[mark...].dropFirst(name.count + 2)
        }
        return result + rest
    }

    private mutating func check() {
        var ids: Set<String> = []
        for element in elements {
            if let id = element.attributes["id"], !ids.insert(id).inserted { faults.append("the id \(id) twice") }
            for name in element.attributes.keys where name.hasPrefix("on") || name == "style" {
                faults.append("<\(element.name)> has \(name)")
            }
            for name in ["href", "src", "action"] {
                guard let value = element.attributes[name] else { continue }
                let isFine =
                    value.hasPrefix("/") || value.hasPrefix("#") || value.hasPrefix("https://")
                    || value.hasPrefix("http://")
                if !isFine { faults.append("\(name) leads to \(value)") }
            }
            if element.name == "script", element.attributes["src"] == nil { faults.append("a script inline") }
        }
        let labelled = Set(elements.filter { $0.name == "label" }.compactMap { $0.attributes["for"] })
        for element in elements where ["input", "select", "textarea"].contains(element.name) {
            let isHidden = element.attributes["type"] == "hidden" || element.attributes["hidden"] != nil
            let isNamed =
                element.attributes["aria-label"] != nil || element.attributes["id"].map(labelled.contains) == true
                || element.path.contains("label")
            if !isHidden, !isNamed { faults.append("a field without a label: \(element.attributes)") }
        }
        for id in labelled where !ids.contains(id) { faults.append("a label for \(id), which is not there") }
        for element in elements {
            for reference in (element.attributes["aria-labelledby"] ?? "").split(separator: " ")
            where !ids.contains(String(reference)) {
                faults.append("named by \(reference), which is not there")
            }
        }
        if elements.filter({ $0.name == "h1" }).count != 1 { faults.append("not one h1") }
        if elements.filter({ $0.name == "main" }).count != 1 { faults.append("not one main") }
        if elements.first(where: { $0.name == "html" })?.attributes["lang"] == nil { faults.append("no language") }
    }

    /// Addresses of links of the console itself.
    var links: [String] {
        elements.filter { $0.name == "a" }.compactMap { $0.attributes["href"] }.filter { $0.hasPrefix("/") }
    }

    /// Forms that change something.
    var forms: [HTMLForm] {
        elements.indices.filter { elements[$0].name == "form" && elements[$0].attributes["method"] == "post" }.map {
            index in
            let own = elements.filter { $0.form == index }
            let fields = own.filter { element in
                guard element.name == "input", element.attributes["name"] != nil else { return false }
                return ["hidden", "text", nil].contains(element.attributes["type"])
                    || element.attributes["checked"] != nil
            }
            return HTMLForm(
                action: elements[index].attributes["action"] ?? "",
                fields: fields.map { ($0.attributes["name"] ?? "", $0.attributes["value"] ?? "") },
                buttons: own.filter { $0.name == "button" }.compactMap { $0.attributes["value"] },
                boxes: own.filter { $0.attributes["name"] == "issue" }.compactMap { $0.attributes["value"] })
        }
    }

    /// The form that holds a hidden field or a button with this value.
    func form(_ value: String) -> HTMLForm? {
        forms.first { form in
            form.buttons.contains(value) || form.fields.contains { $0.0 == "move" && $0.1 == value }
        }
    }
}

/// A form of a page as it would be sent.
struct HTMLForm {
    var action: String
    var fields: [(String, String)]
    var buttons: [String]
    /// Values of its boxes for issues.
    var boxes: [String]
}
