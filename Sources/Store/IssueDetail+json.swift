package import Events
internal import Triage

extension IssueDetail {
    /// Adds the members of the issue and what is kept of it; fields are only ever added.
    package func add(to json: inout JSONText) {
        row.add(to: &json)
        json.add("why", noveltyReason)
        json.add("runbook", runbook)
        json.add("state_version", stateVersion)
        json.add("last_day", array: lastDay) { $0.element($1) }
        json.add("last_fortnight", array: lastFortnight) { $0.element($1) }
        json.add("samples", array: samples) { json, sample in
            json.element { json in
                json.add("node", sample.node)
                json.add("file", sample.sample.file)
                json.add("line", sample.sample.line)
                json.add("offset", sample.sample.offset)
                json.add("time", sample.sample.time)
                json.add("text", sample.sample.text)
                json.add("fields", sample.sample.fields)
            }
        }
    }

    /// One object with the story of the issue.
    package func json(_ story: IssueStory) -> String {
        JSONText.object { json in
            add(to: &json)
            story.add(to: &json)
        }.text
    }
}

extension IssueStory {
    /// Adds what people did with the issue and said about it.
    package func add(to json: inout JSONText) {
        json.add("ignored", standing.ignore?.description)
        json.add("reference", standing.reference)
        json.add("merged_into", standing.mergedInto)
        json.add("parts", parts)
        json.add("sources", sources)
        json.add("learned", isLearned)
        json.add("notes", array: notes) { json, note in
            json.element { json in
                json.add("time", note.time)
                json.add("author", note.author)
                json.add("text", note.text)
            }
        }
        json.add("history", array: moves) { json, move in
            json.element { json in
                json.add("time", move.time)
                json.add("author", move.author)
                json.add("what", move.what)
                json.add("detail", move.detail)
                json.add("reason", move.reason)
                json.add("from", move.from?.rawValue)
                json.add("to", move.to?.rawValue)
                json.add("undone", move.isUndone)
            }
        }
    }
}
