import Console
import Events
import Patterns
import Store

extension PatternDraft.Answer {
    /// A pattern for one issue that only the pack `core` knows, as `margay packs suggest` would draft it, in the pack of
    /// `local` that it would be added to, or in a new one.
    init(for issue: IssueDetail, _ wish: PatternDraft.Wish, _ local: LocalPacks?, _ library: PackLibrary) {
        self = .make(issue, wish, library) { unclaimed throws(LocalPacks.Refusal) in
            if let local { return PatternDraft(try local.draft(unclaimed, among: library), isLocal: true) }
            let name = PackDrafter.name(for: unclaimed.files.first ?? "suggested")
            return PatternDraft(try LocalPacks.change(unclaimed, "\(name).yaml", nil, library), isLocal: false)
        }
    }

    /// The same, added to its pack.
    init(adding issue: IssueDetail, _ wish: PatternDraft.Wish, _ local: LocalPacks, _ library: PackLibrary) {
        self = .make(issue, wish, library) { unclaimed throws(LocalPacks.Refusal) in
            PatternDraft(try local.add(unclaimed, among: library), isLocal: true)
        }
    }

    private static func make(
        _ issue: IssueDetail, _ wish: PatternDraft.Wish, _ library: PackLibrary,
        _ draft: (PackSuggester.Unclaimed) throws(LocalPacks.Refusal) -> PatternDraft
    ) -> PatternDraft.Answer {
        let row = issue.row
        let general = library.packs[Pack.coreName]?.patterns.filter(\.isGeneral).map(\.id) ?? []
        guard row.pack == Pack.coreName, general.contains(row.pattern) else {
            return .none(reason: "The pattern \(row.pattern) of the pack \(row.pack) knows such lines already.")
        }
        let unclaimed = PackSuggester.Unclaimed(
            id: row.id, severity: wish.severity ?? row.severity, type: row.type, count: row.count, files: row.files,
            samples: issue.samples.map(\.sample.text), name: wish.name, title: wish.title)
        do throws(LocalPacks.Refusal) {
            return .drafted(try draft(unclaimed))
        } catch {
            return .none(reason: "Nothing could be drafted: \(error.reason).")
        }
    }
}

extension PatternDraft {
    fileprivate init(_ change: LocalPacks.Change, isLocal: Bool) {
        let made = change.suggestion
        let place = Place(
            path: change.path, isNew: change.before == nil,
            lines: Line.between(change.before ?? "", change.after))
        self.init(
            id: made.id, match: made.match, title: made.title, severity: made.severity, yaml: made.yaml,
            pack: change.after, place: isLocal ? place : nil)
    }
}

extension PatternDraft.Line {
    /// Lines that stand beside a change.
    private static let besideMax = 2

    /// What stands behind the last newline is a line only where there is something.
    private static func lines(of text: String) -> [Substring] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.last?.isEmpty == true ? lines.dropLast() : lines
    }

    /// What makes `after` of `before`, in the order of `after`, with the lines beside each change.
    fileprivate static func between(_ before: String, _ after: String) -> [PatternDraft.Line] {
        let (old, new) = (lines(of: before), lines(of: after))
        let difference = new.difference(from: old)
        var added: Set<Int> = []
        var removed: [Int: Substring] = [:]
        for change in difference {
            switch change {
            case .insert(let offset, _, _): added.insert(offset)
            case .remove(let offset, let element, _): removed[offset] = element
            }
        }
        var lines: [PatternDraft.Line] = []
        var number = 0
        for index in new.indices {
            while let text = removed[number] {
                lines.append(PatternDraft.Line(kind: .removed, number: number + 1, text: String(text)))
                number += 1
            }
            let isAdded = added.contains(index)
            if !isAdded { number += 1 }
            lines.append(
                PatternDraft.Line(kind: isAdded ? .added : .kept, number: index + 1, text: String(new[index])))
        }
        return lines.indices.filter { index in
            let beside = max(0, index - besideMax)...min(lines.count - 1, index + besideMax)
            return lines[beside].contains { $0.kind != .kept }
        }.map { lines[$0] }
    }
}
