import Events
import Triage

/// A move as a program asks for it: `{"move": "ignore", "until": "20/1h", "reason": "backup runs"}`.
struct CallMove {
    var move: Move
    var reason: String?

    /// The members that each move takes beside its word and a reason.
    private static let members: [String: [String]] = [
        "ack": [], "unack": [], "clear": [], "resolve": [], "reopen": [], "split": [], "forget": [],
        "ignore": ["until"], "assign": ["owner"], "severity": ["severity", "judged"], "note": ["text", "judged"],
        "title": ["text"], "refer": ["text"], "merge": ["into"],
    ]
    private static let all = ["move", "until", "owner", "text", "severity", "into", "judged", "reason"]
    static let example = "{\"move\": \"ack\"}"

    /// - Parameter me: whom `owner: me` means.
    init(_ bytes: [UInt8], me: String, now: Timestamp) throws {
        try self.init(CallBody(bytes, CallMove.all, example: CallMove.example), me: me, now: now)
    }

    init(_ members: [String: JSONValue], me: String, now: Timestamp) throws {
        try self.init(CallBody(members, CallMove.all), me: me, now: now)
    }

    private init(_ body: CallBody, me: String, now: Timestamp) throws {
        let word = try body.needed("move")
        guard let own = CallMove.members[word] else { throw PageFault.malformed("There is no move '\(word)'.") }
        if let other = body.names.first(where: { $0 != "move" && $0 != "reason" && !own.contains($0) }) {
            throw PageFault.malformed(
                "The move '\(word)' takes no '\(other)'"
                    + (own.isEmpty ? "." : "; it takes \(own.joined(separator: " and "))."))
        }
        var fields = FormFields()
        fields.add("move", word)
        for name in own where name != "judged" { fields.add(name, try body.text(name)) }
        if own.contains("judged") { fields.add("judged", try body.flag("judged") == true ? "yes" : nil) }
        move = try MoveForm.move(fields, me: me, now: now)
        reason = try CallMove.reason(body)
    }

    /// Why, for the history; a blank one is none.
    static func reason(_ body: CallBody) throws -> String? {
        let reason = try body.text("reason").flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
        if let reason, reason.utf8.count > Move.textBytesMax {
            throw PageFault.malformed("The reason is longer than \(Move.textBytesMax) bytes.")
        }
        return reason
    }
}
