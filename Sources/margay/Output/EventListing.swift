import Events

/// Events as `scan --events` prints them.
enum EventListing {
    /// The object of the contract: fields are only ever added.
    static func json(_ event: Event) -> String {
        JSONText.object { json in
            json.add("file", event.file)
            json.add("first_line", event.firstLine)
            json.add("last_line", event.lastLine)
            json.add("offset", event.offset)
            json.add("length", event.length)
            json.add("time", event.time)
            json.add("pack", event.pack)
            json.add("pattern", event.pattern)
            json.add("severity", event.severity.name)
            json.add("type", event.type.rawValue)
            json.add("language", event.language)
            json.add("exception", event.exception)
            json.add("message", event.message)
            json.add("title", event.title)
            json.add("fields", event.fields)
            json.add("fingerprint", event.fingerprint.description)
            json.add("new", event.new)
        }.text + "\n"
    }

    /// `file:line`, then what it is, tab-separated, as editors and `cut` understand it.
    static func line(_ event: Event) -> String {
        let place = "\(event.file):\(event.firstLine)"
        let time = event.time?.description ?? "-"
        let cells = [place, time, event.severity.name, event.type.rawValue, event.pattern, event.title]
        return cells.map(\.safe).joined(separator: "\t") + "\n"
    }
}
