package import Events

extension SourceEntry {
    /// Adds the members of the JSON contract; fields are only ever added.
    package func add(to json: inout JSONText) {
        json.add("file", path)
        json.add("node", node)
        json.add("source", source)
        json.add("state", state.rawValue)
        json.add("size", size)
        json.add("offset", offset)
        json.add("lag_bytes", lagBytes)
        json.add("lines", lines)
        json.add("events", events)
        json.add("bytes_lost", bytesLost)
        json.add("loss", loss)
        json.add("note", note)
        json.add("last_read", lastRead)
        json.add("device", identity?.device)
        json.add("inode", identity?.inode)
        json.add("generation", generation)
        json.add("cursor", cursor)
        json.add("lag_seconds", lagSeconds)
        json.add("catching_up", catchingUp != nil)
        json.add("percent", catchingUp?.percent)
        json.add("bytes_per_second", catchingUp?.bytesPerSecond)
        json.add("seconds_left", catchingUp?.secondsLeft)
        json.add("messages_lost", messagesLost)
        json.add("lines_per_minute", linesPerMinute)
        json.add("bytes_per_minute", bytesPerMinute)
        json.add("last_event", lastEvent)
    }

    /// One object, for a line of JSON Lines without its newline.
    package var json: String { JSONText.object { add(to: &$0) }.text }
}
