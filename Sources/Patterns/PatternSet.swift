package import Events
package import PCRE2

/// The patterns that apply to a file, in the order in which they are asked: the first that matches has the record.
///
/// Immutable; shared by all threads.
package final class PatternSet: Sendable {
    /// A pattern or a discard, resolved so that nothing has to be looked up by name for an event.
    ///
    /// A class, for a pack has many parts: handing a rule on is one count of a reference.
    package final class Rule: Sendable {
        package let pack: Pack
        /// Nil for a discard.
        package let pattern: Pattern?
        package let expression: CompiledExpression
        /// Whom it belongs to, for messages: the pattern's id, or `pack: discard`.
        package let name: String
        /// The pack that wrote it; `pack` may have inherited it.
        package let origin: String

        /// Nil where the severity comes from a captured level.
        let fixedSeverity: Severity?
        let parts: [ResolvedPart]
        /// The key of its issues as far as it is the same for all of them: the pattern's id.
        let keyed: FingerprintBuilder
        /// The whole fingerprint where it depends on the pattern alone.
        let constantFingerprint: Fingerprint?
        /// Whether, of an event, it is the message alone that its fingerprint depends on, besides the severity.
        let isGroupedByMessage: Bool
        /// Group of the match that captures the level.
        let levelCapture: Int?
        /// Group of the pack's header that captures the level.
        let headerLevelCapture: Int?

        package var isDiscard: Bool { pattern == nil }

        /// Whether it may be asked about `line`, going by the program that the line names. Reads the line's header where
        /// the pack names its programs, so ask when the expression has matched.
        package func isMeant(for line: UnsafeRawBufferPointer) -> Bool { pack.programs?.allow(line) ?? true }

        /// What its fingerprint is made of, in words.
        package var fingerprintWords: [String] {
            guard let pattern else { return [] }
            let listed = pattern.fingerprint.map { part in
                switch part {
                case .pattern: "pattern"
                case .capture(let name): name
                case .masked(let name): "masked(\(name))"
                case .message: "message"
                case .exception: "exception"
                case .frames: "frames"
                }
            }
            return ["pattern"] + (pattern.severity == .level ? ["severity"] : []) + listed.filter { $0 != "pattern" }
        }

        fileprivate init(discard: Discard, of pack: Pack) {
            self.pack = pack
            pattern = nil
            expression = discard.match.compiled
            name = "\(discard.origin): discard"
            origin = discard.origin
            fixedSeverity = .clear
            parts = []
            keyed = FingerprintBuilder()
            constantFingerprint = nil
            isGroupedByMessage = false
            levelCapture = nil
            headerLevelCapture = nil
        }

        /// How bad a reported event is that this rule has: what its reporter stated, where the rule is for the unknown,
        /// of `core` or for every record; nil: as bad as the rule says.
        package func stated(_ severity: Severity?) -> Severity? {
            switch pack.name {
            case Pack.coreName: severity
            case Pack.everyRecordName: severity ?? .indeterminate
            default: nil
            }
        }

        fileprivate init(_ pattern: Pattern, of pack: Pack) {
            let expression = pattern.match.compiled
            self.pack = pack
            self.pattern = pattern
            self.expression = expression
            name = pattern.id
            origin = pattern.origin
            let header = pack.header?.compiled
            parts = pattern.fingerprint.compactMap { part in
                switch part {
                case .pattern: nil
                case .capture(let name): FieldSource(name, expression, header).map { .field($0, isMasked: false) }
                case .masked(let name): FieldSource(name, expression, header).map { .field($0, isMasked: true) }
                case .message: .message
                case .exception: .exception
                case .frames: .frames
                }
            }
            isGroupedByMessage = parts == [.message]
            var builder = FingerprintBuilder()
            builder.add(pattern.id)
            keyed = builder
            if case .fixed(let severity) = pattern.severity {
                fixedSeverity = severity
                constantFingerprint = parts.isEmpty ? builder.finish() : nil
                levelCapture = nil
                headerLevelCapture = nil
            } else {
                fixedSeverity = nil
                constantFingerprint = nil
                levelCapture = expression.number(of: "level")
                headerLevelCapture = pack.header?.compiled.number(of: "level")
            }
        }
    }

    /// Where a field comes from.
    enum FieldSource: Sendable, Equatable {
        /// A group of the match.
        case capture(Int)
        /// A group of the pack's header.
        case headerCapture(Int)
        /// What any header may tell.
        case program
        case logger
        case level

        init?(_ name: String, _ expression: CompiledExpression, _ header: CompiledExpression?) {
            if let number = expression.number(of: name) {
                self = .capture(number)
            } else if let number = header?.number(of: name) {
                self = .headerCapture(number)
            } else {
                switch name {
                case "program": self = .program
                case "logger": self = .logger
                case "level": self = .level
                default: return nil
                }
            }
        }
    }

    /// A part of a fingerprint, with nothing left to look up by name.
    enum ResolvedPart: Sendable, Equatable {
        case field(FieldSource, isMasked: Bool)
        case message
        case exception
        case frames
    }

    package let rules: [Rule]
    /// Names of its packs, in asking order.
    package let packNames: [String]
    /// Which lines form a record: of the first pack that says so; nil where none does.
    package let record: RecordLines?

    /// Whether e-mail addresses are hidden in all that is shown and kept.
    package let hidesEmails: Bool

    /// `packs` in asking order: local ones, named ones, `core`. `everyRecord` adds a last rule that takes whatever
    /// nothing else recognised.
    ///
    /// Packs for what products are made with come behind those for products, whose faults are better known to them. What
    /// takes whole levels is asked behind what knows a fault by its text, whichever pack has it: else the first pack for
    /// such files would leave the later ones nothing. Within a pack the order is the author's.
    package init(packs: [Pack], everyRecord: Bool = false, hidesEmails: Bool = false) {
        self.hidesEmails = hidesEmails
        packNames = packs.map(\.name)
        record = packs.first { $0.record != nil }?.record
        let others = packs.filter { $0.name != Pack.coreName }
        let knowing = others.filter { !$0.isRuntime } + others.filter(\.isRuntime)
        let last = packs.filter { $0.name == Pack.coreName } + (everyRecord ? [Pack.everyRecord] : [])
        rules =
            knowing.flatMap { pack in
                pack.discards.map { Rule(discard: $0, of: pack) } + pack.knowingPatterns.map { Rule($0, of: pack) }
            } + knowing.flatMap { pack in pack.levelPatterns.map { Rule($0, of: pack) } }
            + last.flatMap { pack in
                pack.discards.map { Rule(discard: $0, of: pack) } + pack.patterns.map { Rule($0, of: pack) }
            }
    }
}

extension PatternSet {
    /// `text` as it may be shown and kept: without secrets, and without e-mail addresses where that is asked for.
    package func scrubbed(_ text: String) -> String {
        let text = SecretScrubber.scrub(text)
        return hidesEmails ? EmailScrubber.scrub(text) : text
    }
}

extension Pack {
    /// The patterns in front of the first that takes its severity from the level of a line.
    var knowingPatterns: ArraySlice<Pattern> { patterns.prefix { $0.severity != .level } }
    /// That one and all behind it.
    var levelPatterns: ArraySlice<Pattern> { patterns.dropFirst(knowingPatterns.count) }

    /// The name of the built-in pack that takes every record.
    package static let everyRecordName = "any"

    /// One pattern that matches every record and groups it by its masked message: what `scan --all` adds.
    fileprivate static let everyRecord: Pack = {
        let result = PackLoader.load(
            """
            pack: any
            patterns:
              - id: any.record
                match: ''
                severity: clear
                fingerprint: [message]
            """, path: "built in")
        guard let pack = result.pack else { preconditionFailure("the built-in pack is valid") }
        return pack
    }()
}
