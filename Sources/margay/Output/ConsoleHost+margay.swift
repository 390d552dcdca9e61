import Access
import Agent
import Console
import Events
import Patterns
import Store
import Synchronization
import Tail
import Triage

extension ConsoleHost {
    /// The console of a store, with what this process knows beside it.
    ///
    /// - Parameters:
    ///   - author: whose name stands in the history where a visitor has given none.
    ///   - overrides: options that stand in for keys of the configuration, by these.
    static func of(
        _ archive: Archive, _ configuration: Configuration, _ library: PackLibrary, author: String,
        readOnlyReason: String? = nil, overrides: [String: String] = [:]
    ) -> ConsoleHost {
        let values = configuration.values(overrides: overrides)
        let facts = library.sorted.map(PackFacts.init)
        let sources = configuration.sources.map(\.files)
        let node = configuration.node
        let local = configuration.console?.localPacks.map { LocalPacks(directory: $0) }
        var host = ConsoleHost(
            archive: archive, readOnlyReason: readOnlyReason, author: author, version: Version.number,
            clock: { SystemClock.now() }, compile: { QueryText.compile($0, ignoresCase: $1) },
            context: { RecordContext.read($0, lines: $1) },
            sources: { now throws(ArchiveError) in
                SourceReport.entries(try .of(archive), survey: .take(sources), node: node, now: now)
            },
            packs: { facts },
            draft: { PatternDraft.Answer(for: $0, $1, local, library) },
            report: { kind, now throws(ArchiveError) in
                let report = try archive.report(from: kind.beginning(now), to: now)
                return ReportSheet(ReportPage(report, title: kind.title, isByPack: kind == .app))
            })
        if let local { host.addDraft = { PatternDraft.Answer(adding: $0, $1, local, library) } }
        let shadows = Shadows(library)
        let suggestions = KeptSuggestions(archive, library)
        host.suggestions = { now throws(ArchiveError) in try suggestions.get(now: now) }
        host.shadows = { shadows.of($0) }
        host.configuration = {
            values.map { ConfigurationFact(key: $0.key, value: $0.value, origin: $0.origin) }
        }
        return host
    }
}

extension SourceReport.Known {
    /// What the store knows now.
    static func of(_ archive: Archive) throws(ArchiveError) -> SourceReport.Known {
        SourceReport.Known(
            files: try archive.files(node: nil), unread: try archive.unreadFiles(node: nil),
            lastBatch: try archive.lastBatchTimes(), isBeingWritten: archive.isBeingWritten)
    }
}

extension ReportSheet {
    fileprivate init(_ page: ReportPage) {
        self.init(
            title: page.title, span: page.span, facts: page.facts,
            grids: page.grids.map { grid in
                Grid(heading: grid.heading, columns: grid.columns.map { ($0.name, $0.isNumber) }, rows: grid.rows)
            }, html: ReportHTML.text(page), markdown: ReportMarkdown.text(page))
    }
}

extension PackFacts {
    fileprivate init(_ pack: Pack) {
        self.init(
            name: pack.name, description: pack.description, path: pack.path, type: pack.type,
            version: PackFacts.version(of: pack.path),
            patterns: pack.patterns.map { pattern in
                let severity =
                    switch pattern.severity {
                    case .fixed(let severity): severity.name
                    case .level: "by level"
                    }
                return PackFacts.Pattern(
                    id: pattern.id, severity: severity, expression: pattern.match.text.text, runbook: pattern.runbook,
                    tests: pattern.tests.match.count + pattern.tests.ignore.count)
            })
    }

    private static let versionDigits = 12

    /// Packs are read when the program starts, and so is this, a moment later.
    private static func version(of path: String) -> String {
        do throws(FileFault) {
            let text = try contents(of: path, bytesMax: PackFile.bytesMax)
            return String(ContentHash.sha256(text).prefix(versionDigits))
        } catch {
            return ""
        }
    }
}

/// What earlier patterns keep from later ones, looked for when a pack is first asked about. Any thread.
private final class Shadows: Sendable {
    private let library: PackLibrary
    /// By pack: as many as there are packs in use.
    private let found = Mutex<[String: [String: [String]]]>([:])

    init(_ library: PackLibrary) { self.library = library }

    func of(_ pack: String) -> [String: [String]] {
        if let known = found.withLock({ $0[pack] }) { return known }
        let shadows = Dictionary(grouping: Linter.shadows(of: pack, in: library), by: \.pattern)
            .mapValues { $0.map(\.message) }
        if library.packs[pack] != nil { found.withLock { $0[pack] = shadows } }
        return shadows
    }
}
