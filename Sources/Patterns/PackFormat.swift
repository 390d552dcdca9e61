import Events

/// Every key that a pack may have. `PackLoader` reads by these tables, and `Docs/pack.schema.json` is made of them.
package enum PackFormat {
    /// Lower-case letters, digits and dashes, beginning with a letter.
    static let name = "[a-z][a-z0-9-]*"
    static let severities = Severity.allCases.reversed().map(\.name)
    static let types = EventType.allCases.map(\.rawValue)
    static let options = ["utf", "ignore-case"]

    package static let pack = KeyTable(
        "pack", what: "a pack",
        [
            .init("pack", .shaped(name), isRequired: true, "Name: lower-case letters, digits and dashes."),
            .init("description", .text, "One line, for `margay packs list`."),
            .init("extends", .list(.shaped(name)), "Packs that this one builds on: what they hold is inherited."),
            .init("without", .list(.shaped(patternID)), "Ids of inherited patterns that are left out."),
            .init("detect", .table(detect), "How `auto` knows that the pack is meant for a file."),
            .init(
                "programs", .list(.text), "Programs it speaks for where lines name theirs; `name*`: all that begin so."),
            .init(
                "runtime", .flag, "Whether it is about what products are made with; asked behind packs for products."),
            .init("define", .map(.expression), "Fragments by name; an expression uses one as (?&name)."),
            .init("options", .list(.word(options)), "Options of every expression of the pack."),
            .init("header", .expression, "What stands before the message of a record; its named groups become fields."),
            .init("record", .table(record), "Which lines begin a record, and which carry one on."),
            .init("mask", .list(.table(mask)), "What varies in messages, beside what is masked anyway."),
            .init("fields", .list(.text), "Names of the fields that events keep; all by default."),
            .init("type", .word(types), "Type of the pack's events where a pattern does not say."),
            .init("levels", .map(.word(severities)), "What a captured level means."),
            .init("patterns", .list(.table(pattern)), "What is recognised, in the order in which it is asked."),
            .init("discard", .list(.table(discard)), "Records that are no events, whatever else would match them."),
            .init("allow", .list(.text), "Lint rules that are not to speak about this pack."),
        ])

    static let detect = KeyTable(
        "detect", what: "detect",
        [
            .init("paths", .list(.text), "Globs; one that does not begin with / matches below any directory."),
            .init("lines", .list(.expression), "What a line of such a log looks like."),
        ])

    static let record = KeyTable(
        "record", what: "record",
        [
            .init("begins", .expression, "A line that this matches is the first line of a record."),
            .init("continues", .expression, "A line that this matches belongs to the record before it."),
        ])

    static let mask = KeyTable(
        "mask", what: "a mask",
        [
            .init("match", .expression, isRequired: true, "What varies."),
            .init("as", .shaped(name), isRequired: true, "Name of the placeholder: `order` is shown as <order>."),
        ])

    static let pattern = KeyTable(
        "pattern", what: "a pattern",
        [
            .init("id", .shaped(patternID), isRequired: true, "The pack's name, a dot, and a name of its own."),
            .init("match", .expression, isRequired: true, "What a line of the record matches."),
            .init("options", .list(.word(options)), "Options of `match`, beside those of the pack."),
            .init("severity", .word(severities + ["level"]), "How bad it is; `level`: by the captured level."),
            .init("type", .word(types), "What kind of event it is; the pack's type by default."),
            .init("title", .text, "Title of the issue, with holes such as {name}."),
            .init(
                "fingerprint", .list(.text),
                "What makes two events one issue, beside the id: pattern, message, exception, frames, a group, or "
                    + "masked(group)."),
            .init("fields", .list(.text), "Names of the fields that its events keep; the pack's by default."),
            .init("runbook", .text, "What to look at first: one line or an address."),
            .init("always", .flag, "Meant to alert even while a source is being learnt."),
            .init("allow", .list(.text), "Lint rules that are not to speak about this pattern."),
            .init("tests", .table(tests), "Lines that it must and must not match."),
        ])

    static let discard = KeyTable(
        "discard", what: "a discard",
        [
            .init("match", .expression, isRequired: true, "What a line of the record matches."),
            .init("options", .list(.word(options)), "Options of `match`, beside those of the pack."),
            .init("allow", .list(.text), "Lint rules that are not to speak about this discard."),
            .init("tests", .table(tests), "Lines that it must and must not match."),
        ])

    static let tests = KeyTable(
        "tests", what: "tests",
        [
            .init("match", .list(.any([.text, .table(test)])), "Records that must be recognised."),
            .init("ignore", .list(.text), "Records that must be left alone."),
        ])

    static let test = KeyTable(
        "test", what: "a test",
        [
            .init("line", .text, isRequired: true, "The record; a block text may hold several lines."),
            .init("expect", .map(.value), "Severity, type, title, message, exception, language, or fields."),
        ])

    private static let patternID = name + "\\." + name

    /// All of them, the outermost first.
    package static let tables = [pack, detect, record, mask, pattern, discard, tests, test]
}
