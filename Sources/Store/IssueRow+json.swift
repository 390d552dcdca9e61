package import Events
internal import Triage

extension IssueRow {
    /// Adds the members of the JSON contract; fields are only ever added.
    package func add(to json: inout JSONText) {
        json.add("id", id)
        json.add("fingerprint", fingerprint.description)
        json.add("title", title)
        json.add("pack", pack)
        json.add("pattern", pattern)
        json.add("severity", severity.name)
        json.add("type", type.rawValue)
        json.add("state", state.rawValue)
        json.add("novelty", novelty.rawValue)
        json.add("count", count)
        json.add("first_seen", firstSeen)
        json.add("last_seen", lastSeen)
        json.add("nodes", nodes)
        json.add("files", files)
        json.add("owner", owner)
        json.add("sample", sample?.text)
    }

    /// One object, for a line of JSON Lines without its newline.
    package var json: String { JSONText.object { add(to: &$0) }.text }
}
