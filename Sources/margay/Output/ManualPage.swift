import Patterns

/// A page of the manual in the man macros of roff (man(7)).
enum ManualPage {
    /// Of a command with all below it; `root` is margay itself.
    static func text(_ source: ManualSource, root: ManualSource) -> String {
        let name = source.fullName.replacing(" ", with: "-")
        var page = head(name, section: 1)
        page += ".SH NAME\n\(name) \\- \(quoted(source.abstract ?? ""))\n.SH SYNOPSIS\n"
        page += synopsis(source)
        if let discussion = source.discussion, !discussion.isEmpty { page += ".SH DESCRIPTION\n" + filled(discussion) }
        let options = (source.arguments ?? []).filter { $0.shouldDisplay }
        if !options.isEmpty { page += ".SH OPTIONS\n" + options.map(item).joined() }
        let parts = (source.subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
        if !parts.isEmpty { page += ".SH COMMANDS\n" }
        for part in parts {
            page += ".TP\n.B \(quoted(part.commandName))\n\(quoted(part.abstract ?? ""))\n"
            guard source.commandName != root.commandName else { continue }
            // A page for each command, not for each word below it.
            let own = (part.arguments ?? []).filter { $0.shouldDisplay && !isCommon($0, of: root) }
            if !own.isEmpty { page += ".RS\n" + own.map(item).joined() + ".RE\n" }
        }
        return page + foot
    }

    /// margay-pack(5).
    static func packs() -> String {
        var page = head("margay-pack", section: 5)
        page += ".SH NAME\nmargay-pack \\- patterns that margay recognises in logs\n.SH DESCRIPTION\n"
        page += "A pack is a file in YAML, one for each application. These are its keys.\n"
        for table in PackFormat.tables {
            page += ".SH \(quoted(table.name.uppercased()))\n"
            for key in table.keys {
                let must = key.isRequired ? " It has to be there." : ""
                page += ".TP\n.BR \(quoted(key.name)) \" (\(quoted(word(for: key.kind)))\"\\fR)\n"
                page += quoted(key.meaning + must) + "\n"
            }
        }
        return page + ".SH SEE ALSO\n.BR margay (1)\n"
    }

    private static func word(for kind: KeyTable.Kind) -> String {
        switch kind {
        case .text, .value, .shaped: "text"
        case .expression: "expression of PCRE2"
        case .flag: "true or false"
        case .word(let words): "one of " + words.joined(separator: ", ")
        case .list(let element): "list: " + word(for: element)
        case .table(let table): "mapping, see \(table.name.uppercased())"
        case .map(let element): "mapping of names to: " + word(for: element)
        case .any(let kinds): kinds.map(word(for:)).joined(separator: "; or ")
        }
    }

    private static func head(_ name: String, section: Int) -> String {
        "." + "TH \(name.uppercased()) \(section) \"\" \"margay \(Version.number)\" \"Margay\"\n"
    }

    private static let foot = """
        .SH EXIT STATUS
        .TP
        .B 0
        Done; found something.
        .TP
        .B 1
        Ran, and found nothing, or a check failed.
        .TP
        .B 2
        A configuration, pack, file or store could not be used; the rest was done.
        .TP
        .B 64
        The command line is wrong.
        .TP
        .B 130
        Stopped by Ctrl-C; a checkpoint is saved.
        .SH SEE ALSO
        .BR margay (1),
        .BR margay-pack (5)

        """

    private static func synopsis(_ source: ManualSource) -> String {
        var line = ".B \(quoted(source.fullName))\n"
        if !(source.subcommands ?? []).isEmpty { line += ".I COMMAND\n" }
        line += "[\\fIOPTIONS\\fR]"
        for argument in source.arguments ?? [] where argument.kind == "positional" && argument.shouldDisplay {
            let name = quoted((argument.valueName ?? "value").uppercased()) + (argument.isRepeating ? "..." : "")
            line += argument.isOptional ? " [\\fI\(name)\\fR]" : " \\fI\(name)\\fR"
        }
        return line + "\n"
    }

    private static func item(_ argument: ManualSource.Argument) -> String {
        let value = quoted((argument.valueName ?? "value").uppercased())
        var name = (argument.names ?? []).map { "\\fB\(quoted($0.text))\\fR" }.joined(separator: ", ")
        if argument.kind == "positional" { name = "\\fI\(value)\\fR" }
        if argument.kind == "option" { name += " \\fI\(value)\\fR" }
        let text = [argument.abstract, argument.discussion].compactMap { $0 }.joined(separator: " ")
        return ".TP\n\(name)\n\(quoted(text))\n"
    }

    /// Whether margay itself says it, so that each command need not.
    private static func isCommon(_ argument: ManualSource.Argument, of root: ManualSource) -> Bool {
        let known = ["--help", "--version", "--config", "--color", "--quiet", "--verbose", "--store"]
        return (argument.names ?? []).contains { known.contains($0.text) }
    }

    /// Lines as they are written: each begins a line of its own.
    private static func filled(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.isEmpty ? ".PP\n" : quoted(String(line)) + "\n.br\n"
        }.joined()
    }

    /// Text that roff takes as text: no escape, no request at the beginning of a line, hyphens that can be copied.
    static func quoted(_ text: String) -> String {
        var quoted = ""
        for character in text {
            switch character {
            case "\\": quoted += "\\e"
            case "-": quoted += "\\-"
            case "\n": quoted += " "
            case "\"": quoted += "\\(dq"
            default: quoted.append(character)
            }
        }
        return quoted.hasPrefix(".") || quoted.hasPrefix("'") ? "\\&" + quoted : quoted
    }
}
