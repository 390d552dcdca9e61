import Events
import Store
import Triage

extension IssueRow {
    /// The issues of a scan that used no store, worst first, then most events: all of them open and new.
    static func rows(of deltas: [IssueDelta], node: String) -> [IssueRow] {
        var taken: Set<String> = []
        let ordered = deltas.sorted { left, right in
            (right.severity, right.count, left.first, left.title) < (
                left.severity, left.count, right.first, right.title
            )
        }
        return ordered.map { delta in
            var characters = Fingerprint.idCharactersMin
            while taken.contains(delta.fingerprint.id(characters: characters)),
                characters < Fingerprint.idCharactersMax
            {
                characters += 1
            }
            let id = delta.fingerprint.id(characters: characters)
            taken.insert(id)
            return IssueRow(
                id: id, fingerprint: delta.fingerprint, title: delta.title, pack: delta.pack, pattern: delta.pattern,
                severity: delta.severity, type: delta.type, state: .open, novelty: .new, count: delta.count,
                firstSeen: delta.first, lastSeen: delta.last, nodes: [node], files: delta.files.map(\.path), owner: nil,
                sample: delta.samples.last)
        }
    }
}
