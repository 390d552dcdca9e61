import Events
import PCRE2

/// Expressions, the fragments they use, and the parts of a pack that are made of them.
extension PackLoader {
    /// Compiles an expression; an anchored one is tried at the start of a record only.
    func expression(
        _ value: YAMLValue, _ what: String, anchored: Bool = false, options: CompiledExpression.Options = []
    ) -> Expression? {
        guard let text = value.placedText(what) else { return nil }
        guard let expanded = expand(text) else { return nil }
        do {
            let compiled = try CompiledExpression(expanded.text, options: options.union(self.options))
            if anchored && !expanded.text.hasPrefix("^") && !expanded.text.hasPrefix("\\A") {
                document.report(
                    value, "unanchored-header", "'\(what)' is not anchored", level: .warning,
                    remedy: "begin it with '^': a header stands at the start of a record")
            }
            return Expression(text: text, compiled: compiled)
        } catch {
            document.report(
                text.diagnostic(
                    atByte: expanded.sourceOffset(of: error.offset), rule: "bad-expression", "PCRE2: \(error.message)",
                    remedy: "see pcre2pattern(3); this pattern is left out until then"))
            return nil
        }
    }

    private func expand(_ text: PlacedText) -> Definitions.Expanded? {
        do {
            return try definitions.expand(text.text)
        } catch {
            document.report(
                text.diagnostic(atByte: error.offset, rule: "unknown-definition", error.message, remedy: error.remedy))
            return nil
        }
    }

    func options(_ value: YAMLValue) -> CompiledExpression.Options {
        value.list().reduce(into: []) { options, value in
            guard let word = value.text("an option") else { return }
            switch word {
            case "utf": options.insert(.utf)
            case "ignore-case": options.insert(.caseInsensitive)
            default:
                let near = word.nearest(in: PackFormat.options).map { "did you mean '\($0)'?" }
                document.report(
                    value, "unknown-option", "'\(word)' is no option of expressions",
                    remedy: near ?? "one of \(PackFormat.options.joined(separator: ", "))")
            }
        }
    }

    // MARK: - Fragments

    /// Reads `define:`. Fragments may use each other in any order, and those that are inherited.
    mutating func define(_ value: YAMLValue, pack: String) {
        guard let mapping = document.mapping(value, what: "define") else { return }
        var waiting: [String: PlacedText] = [:]
        var order: [String] = []
        for (key, value) in mapping.entries {
            guard let name = key.text("the name of a definition"), let text = value.placedText(name) else { continue }
            guard name.isGroupName else {
                document.report(
                    key, "bad-name", "'\(name)' is no name for a definition",
                    remedy: "use letters, digits and _, at most 32, beginning with a letter")
                continue
            }
            waiting[name] = text
            order.append(name)
        }
        for name in order { _ = resolve(name, &waiting, pack: pack, open: []) }
    }

    /// Fills in and keeps one fragment; nil, with a diagnostic, where it cannot be used.
    private mutating func resolve(
        _ name: String, _ waiting: inout [String: PlacedText], pack: String, open: [String]
    ) -> String? {
        guard let text = waiting[name] else { return definitions.resolved(name) }
        var loader = self
        var left = waiting
        defer {
            definitions = loader.definitions
            waiting = left
            waiting[name] = nil
        }
        do {
            let expanded = try definitions.expand(text.text) { (other) throws(Definitions.Fault) in
                guard left[other] != nil else { return loader.definitions.resolved(other) }
                if other == name || open.contains(other) || open.count >= Definitions.depthMax {
                    throw Definitions.Fault(
                        message: "'\(other)' is defined by itself", remedy: "write one of them out",
                        offset: 0)
                }
                if let fragment = loader.resolve(other, &left, pack: pack, open: open + [name]) { return fragment }
                throw Definitions.Fault(message: "'\(other)' has a fault", remedy: "mend it first", offset: 0)
            }
            // In a group of its own, so that what does not balance is found here and not where it is used.
            let group = "(?:" + expanded.text + ")"
            do {
                _ = try CompiledExpression(group, options: options)
            } catch {
                document.report(
                    text.diagnostic(
                        atByte: expanded.sourceOffset(of: max(0, error.offset - 3)), rule: "bad-expression",
                        "PCRE2: \(error.message)", remedy: "see pcre2pattern(3)"))
                return nil
            }
            loader.definitions.add(Definition(name: name, text: text, resolved: group, origin: pack))
            return group
        } catch {
            document.report(
                text.diagnostic(atByte: error.offset, rule: "unknown-definition", error.message, remedy: error.remedy))
            return nil
        }
    }

    // MARK: - Records and masks

    func recordLines(_ value: YAMLValue) -> RecordLines? {
        guard let mapping = document.mapping(value, PackFormat.record) else { return nil }
        let begins = mapping["begins"].flatMap { expression($0, "begins") }
        let continues = mapping["continues"].flatMap { expression($0, "continues") }
        mapping.reportUnknownKeys()
        return begins == nil && continues == nil ? nil : RecordLines(begins: begins, continues: continues)
    }

    func mask(_ value: YAMLValue) -> Mask? {
        guard let mapping = document.mapping(value, PackFormat.mask) else { return nil }
        let match = mapping.required("match", of: "the mask").flatMap { expression($0, "match") }
        let name = mapping.required("as", of: "the mask")?.placedText("as")
        mapping.reportUnknownKeys()
        guard let match, let name else { return nil }
        guard name.text.isIdentifier, name.text.utf8.count <= NamedPlaceholder.nameBytesMax else {
            document.report(
                mapping["as"], "bad-name", "'\(name.text)' is no name for a placeholder",
                remedy: "use lower-case letters, digits and dashes, at most \(NamedPlaceholder.nameBytesMax)")
            return nil
        }
        guard match.compiled.lengthMin > 0 else {
            document.report(
                mapping["match"], "empty-mask", "the mask can match nothing at all",
                remedy: "let it match at least one character, with + instead of *")
            return nil
        }
        return Mask(match: match, name: name.text, placeholder: NamedPlaceholder.bytes(name.text))
    }
}

extension String {
    /// A name that PCRE2 takes for a group.
    var isGroupName: Bool {
        guard let first = utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= first), utf8.count <= 32 else {
            return false
        }
        return utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
                || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
        }
    }
}
