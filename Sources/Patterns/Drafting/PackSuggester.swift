package import Events
import PCRE2

/// Drafts patterns for issues that no pack claims, and adds them to a pack: the last step of the flow of an event, in
/// which the packs learn.
///
/// An expression is made of what the samples of an issue have in common, its captures of what they differ in, its tests
/// of the samples themselves. What fails its own tests, what the linter minds, and what the pack knows already is left
/// out. Pure: text in, text out.
package struct PackSuggester {
    /// An issue that only the pack `core` has recognised.
    package struct Unclaimed: Sendable {
        package var id: String
        package var severity: Severity
        package var type: EventType
        package var count: Int
        /// Paths of logs that it was seen in.
        package var files: [String]
        /// Records as they were written.
        package var samples: [String]
        /// What its pattern is to be called, behind the pack's name and a dot; nil: by its words.
        package var name: String?
        /// The title of its pattern, as packs write titles; nil: its words.
        package var title: String?

        package init(
            id: String, severity: Severity, type: EventType, count: Int, files: [String], samples: [String],
            name: String? = nil, title: String? = nil
        ) {
            self.name = name
            self.title = title
            self.id = id
            self.severity = severity
            self.type = type
            self.count = count
            self.files = files
            self.samples = samples
        }
    }

    /// A pattern drafted from one issue or several.
    package struct Suggestion: Sendable, Equatable {
        /// Of the pattern.
        package var id: String
        package var match: String
        package var title: String
        package var severity: Severity
        /// Ids of the issues that it was drafted from, and of those whose samples it matches too.
        package var issues: [String]
        package var alsoMatches: [String]
        /// Events of the former.
        package var count: Int
        /// Its item in the list of patterns.
        package var yaml: String
    }

    /// What came of it.
    package struct Result: Sendable {
        package var suggestions: [Suggestion]
        /// The whole pack with the patterns added; nil where nothing is to be added.
        package var pack: String?
        /// Issues for which nothing could be drafted, with the reason.
        package var leftOut: [(issue: String, reason: String)]
    }

    /// Why a pack cannot be added to.
    package enum Refusal: Error {
        /// It has faults of its own.
        case faulty([Diagnostic])
        /// Its patterns do not stand in a list of one item a line.
        case noList(path: String)
    }

    /// Characters of a line that goes into a test.
    static let testLineMax = 600
    /// Lines of an issue that are tests.
    static let linesMax = 3
    /// Globs that are added to a pack at a time.
    static let globsMax = 8

    private let name: String
    private let path: String
    private let text: String
    private let others: PackLibrary
    private var existing: Pack?

    /// The patterns for `issues`, as they would be added to the pack at `path`, whose text is `text`: nil where there is
    /// no such file yet, and the pack is to be called `name`. It may build on `others`.
    package static func suggest(
        _ issues: [Unclaimed], path: String, text: String?, name: String, among others: PackLibrary
    ) throws(Refusal) -> Result {
        guard let text else {
            let head = PackSuggester.head(of: name, issues)
            return PackSuggester(name: name, path: path, text: head, others: others).suggest(issues)
        }
        var library = PackLibrary(buildingOn: others)
        let names = library.add([PackDraft(text, path: path)])
        guard let name = names.first, !library.hasErrors else {
            throw Refusal.faulty(library.diagnostics.filter { $0.level == .error })
        }
        guard PatternList(text) != nil else { throw Refusal.noList(path: path) }
        return PackSuggester(name: name, path: path, text: text, others: others, existing: library.packs[name])
            .suggest(issues)
    }

    private init(name: String, path: String, text: String, others: PackLibrary, existing: Pack? = nil) {
        self.name = name
        self.path = path
        self.text = text
        self.others = others
        self.existing = existing
    }

    /// The beginning of a new pack for the logs in which the issues were seen.
    private static func head(of name: String, _ issues: [Unclaimed]) -> String {
        """
        # Drafted by margay packs suggest: name the patterns for what they mean, and judge how bad each is.
        pack: \(name)
        description: Errors of \(name)
        detect:
          paths: [\(globs(of: issues.flatMap(\.files)).joined(separator: ", "))]
        patterns:

        """
    }

    /// Globs of logs that are called so and lie in a directory called so, in quotes for YAML.
    private static func globs(of files: [String]) -> [String] {
        var globs: [String] = []
        for file in files {
            let glob = "**/" + file.split(separator: "/").suffix(2).joined(separator: "/")
            if let quoted = glob.quotedForYAML, !globs.contains(quoted), globs.count < globsMax { globs.append(quoted) }
        }
        return globs
    }

    /// Files of `issue`, whose samples begin with `lines`, by which nobody would come upon the pack as it is.
    private func unfound(_ issue: Unclaimed, _ lines: [String], _ scratch: MatchScratch) -> [String] {
        guard let detection = existing?.detection, !detection.paths.isEmpty || !detection.lines.isEmpty else {
            return []
        }
        let hasForm = lines.contains { line in
            Array(line.utf8).withUnsafeBytes { bytes in
                detection.lines.contains { scratch.match($0.compiled, in: bytes) == .matched }
            }
        }
        return hasForm ? [] : issue.files.filter { file in !detection.paths.contains { $0.matches(file) } }
    }

    private struct Draft {
        var pattern: DraftPattern
        var severity: Severity
        var type: EventType
        var issues: [Unclaimed]
        /// Logs that the pack has to be made to look at.
        var unfound: [String]
    }

    private func suggest(_ issues: [Unclaimed]) -> Result {
        var result = Result(suggestions: [], pack: nil, leftOut: [])
        var drafts: [Draft] = []
        var slots: [String: Int] = [:]
        var taken = Set((existing?.patterns ?? []).map(\.id))
        let scratch = MatchScratch()
        for issue in issues {
            let lines = PackSuggester.lines(of: issue)
            guard !lines.isEmpty else {
                result.leftOut.append((issue.id, "it has no sample of one line that can stand in a test"))
                continue
            }
            if let existing,
                let known = existing.patterns.first(where: { pattern in
                    lines.contains { pattern.matches($0, for: existing.programs, scratch) }
                })
            {
                result.leftOut.append((issue.id, "\(known.id) has such lines already"))
                continue
            }
            let unfound = unfound(issue, lines, scratch)
            guard unfound.isEmpty || DetectPaths(text) != nil else {
                let globs = PackSuggester.globs(of: unfound).joined(separator: ", ")
                result.leftOut.append((issue.id, "\(name) does not look at its logs; add \(globs) to 'detect: paths'"))
                continue
            }
            let (skeleton, fitting) = PackSuggester.common(lines)
            if let slot = slots[skeleton] {
                drafts[slot].issues.append(issue)
                drafts[slot].unfound += unfound
                drafts[slot].severity = max(drafts[slot].severity, issue.severity)
                continue
            }
            guard var pattern = DraftPattern(skeleton: skeleton, lines: fitting, pack: name, taken: taken) else {
                result.leftOut.append((issue.id, "its messages have too few words in common"))
                continue
            }
            if let wanted = issue.name {
                guard let id = id(for: wanted, taken) else {
                    result.leftOut.append((issue.id, fault(ofName: wanted)))
                    continue
                }
                pattern.id = id
            }
            pattern.title = issue.title ?? pattern.title
            taken.insert(pattern.id)
            slots[skeleton] = drafts.count
            drafts.append(
                Draft(pattern: pattern, severity: issue.severity, type: issue.type, issues: [issue], unfound: unfound))
        }
        // The longer expression is the narrower one: it is asked first.
        drafts.sort { ($1.pattern.match.count, $0.pattern.id) < ($0.pattern.match.count, $1.pattern.id) }
        while !drafts.isEmpty {
            let items = drafts.indices.map { item(drafts, $0) }
            guard let listed = PatternList(text)?.adding(items) else { break }
            let globs = PackSuggester.globs(of: drafts.flatMap(\.unfound))
            let text = globs.isEmpty ? listed : DetectPaths(listed)?.adding(globs) ?? listed
            let faulty = faults(in: text, Set(drafts.map(\.pattern.id)))
            guard faulty.isEmpty else {
                for draft in drafts {
                    guard let fault = faulty[draft.pattern.id] else { continue }
                    result.leftOut += draft.issues.map { ($0.id, fault) }
                }
                drafts.removeAll { faulty[$0.pattern.id] != nil }
                continue
            }
            result.pack = text
            result.suggestions = zip(drafts, items).map { draft, yaml in suggestion(draft, yaml, among: issues, scratch)
            }
            break
        }
        return result
    }

    /// The id of a pattern called `wanted`; nil where it cannot be called so.
    private func id(for wanted: String, _ taken: Set<String>) -> String? {
        let id = "\(name).\(wanted)"
        return wanted.isIdentifier && !taken.contains(id) ? id : nil
    }

    private func fault(ofName wanted: String) -> String {
        let isTaken = existing?.patterns.contains { $0.id == "\(name).\(wanted)" } ?? false
        return isTaken
            ? "the pack has a pattern \(name).\(wanted) already; choose another name"
            : "'\(wanted)' is no name; write lower-case letters, digits and dashes"
    }

    private func suggestion(
        _ draft: Draft, _ yaml: String, among issues: [Unclaimed], _ scratch: MatchScratch
    ) -> Suggestion {
        let own = draft.issues.map(\.id)
        let expression: CompiledExpression?
        do { expression = try CompiledExpression(draft.pattern.match) } catch { expression = nil }
        let others = issues.filter { issue in
            !own.contains(issue.id)
                && PackSuggester.lines(of: issue).contains { line in
                    guard let expression else { return false }
                    return Array(line.utf8).withUnsafeBytes { scratch.match(expression, in: $0) == .matched }
                }
        }
        return Suggestion(
            id: draft.pattern.id, match: draft.pattern.match, title: draft.pattern.title, severity: draft.severity,
            issues: own, alsoMatches: others.map(\.id), count: draft.issues.reduce(0) { $0 + $1.count }, yaml: yaml)
    }

    /// First lines of the samples that YAML can hold in quotes.
    private static func lines(of issue: Unclaimed) -> [String] {
        var lines: [String] = []
        for sample in issue.samples {
            guard let line = sample.split(whereSeparator: \.isNewline).first.map(String.init),
                line.utf8.count <= testLineMax, line.quotedForYAML != nil, !lines.contains(line)
            else { continue }
            lines.append(line)
        }
        return lines
    }

    /// The skeleton that the lines have in common, with placeholders where their words differ, and the lines with it.
    private static func common(_ lines: [String]) -> (skeleton: String, lines: [String]) {
        var normaliser = Normaliser()
        var times = TimestampScanner(zone: .utc, reference: Timestamp(microseconds: 0))
        let all = lines.map { line in
            Array(line.utf8).withUnsafeBytes { bytes in
                let header = RecordHeader.parse(bytes, &times)
                normaliser.normalise(UnsafeRawBufferPointer(rebasing: bytes[min(header.messageStart, bytes.count)...]))
                return normaliser.skeleton.split(separator: " ").map(String.init)
            }
        }
        var words = all[0]
        var fitting: [String] = []
        for (line, other) in zip(lines, all) where other.count == words.count {
            for index in words.indices where words[index] != other[index] { words[index] = Skeleton.placeholder }
            fitting.append(line)
        }
        return (words.joined(separator: " "), Array(fitting.prefix(linesMax)))
    }

    private func item(_ drafts: [Draft], _ index: Int) -> String {
        let draft = drafts[index]
        let others = drafts.indices.filter { $0 != index }
        let ignored = others.isEmpty ? nil : drafts[others[index % others.count]].pattern.lines.first
        let ids = draft.issues.prefix(5).map(\.id).joined(separator: ", ")
        let more = draft.issues.count > 5 ? " and \(draft.issues.count - 5) more" : ""
        return "# from issue \(ids)\(more)\n"
            + draft.pattern.yaml(severity: draft.severity, type: draft.type, ignored: ignored ?? "all is well")
    }

    /// By id of a drafted pattern what is wrong at it: a test that fails, a rule of the linter that speaks.
    private func faults(in text: String, _ drafted: Set<String>) -> [String: String] {
        var library = PackLibrary(buildingOn: others)
        library.add([PackDraft(text, path: path)])
        guard let pack = library.packs[name] else {
            let first = library.diagnostics.first { $0.level == .error }
            let reason = first.map { "[\($0.rule)] \($0.message)" } ?? "the pack with it cannot be read"
            return Dictionary(uniqueKeysWithValues: drafted.map { ($0, reason) })
        }
        let starts = pack.ownPatterns.map { ($0.place.line, $0.id) }
        var faults: [String: String] = [:]
        for fault in Linter.lint(library) + PackTester.test(pack).failures {
            guard let id = starts.last(where: { $0.0 <= fault.place.line })?.1, drafted.contains(id) else { continue }
            faults[id] = faults[id] ?? "[\(fault.rule)] \(fault.message)"
        }
        return faults
    }
}
