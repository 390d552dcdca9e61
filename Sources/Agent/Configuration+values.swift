import Access
import Events
import Patterns
import Store
import Tail
import Triage

/// A value that is in force, and where it comes from.
package struct ConfiguredValue: Sendable, Equatable {
    /// `console.listen`.
    package var key: String
    /// In words.
    package var value: String
    /// `margay.yaml:3:8`, an option, or `default`.
    package var origin: String
}

extension Configuration {
    /// What is in force, in the order of the reference. Holds no secret: files of keys are named, not read.
    ///
    /// - Parameter overrides: options of the command that stand in for keys, by these.
    package func values(overrides: [String: String] = [:]) -> [ConfiguredValue] {
        func value(_ key: String, _ text: String) -> ConfiguredValue {
            let origin = overrides[key] ?? origins[key]?.description ?? "default"
            return ConfiguredValue(key: key, value: text, origin: origin)
        }
        var values = [
            value("store", storePath), value("node", node),
            value("packs", packPaths.isEmpty ? "shipped" : packPaths.joined(separator: ", ")),
        ]
        for source in sources {
            let what = source.files.include.map(\.text).joined(separator: ", ")
            values.append(
                ConfiguredValue(
                    key: "sources: \(source.files.name)",
                    value: (source.journal == nil ? what : "the journal")
                        + (source.selection.names.map { "; packs \($0.joined(separator: ", "))" } ?? "; packs auto"),
                    origin: source.place.description))
        }
        values.append(value("learning", novelty == .everything ? "off" : "\(novelty.learning.secondsMin / 3_600)h"))
        values.append(value("retention", retention.words))
        guard let console else { return values + [value("console", "none")] }
        values.append(value("console.listen", console.listen.description))
        values.append(value("console.names", console.names.isEmpty ? "none" : console.names.joined(separator: ", ")))
        values.append(value("console.tls", console.tls.map { "\($0.certificate), \($0.key)" } ?? "none"))
        values.append(
            value(
                "console.proxy",
                console.proxy.map { proxy in
                    "\(proxy.userHeader) of \(proxy.addresses.map(\.description).joined(separator: ", ")), role "
                        + proxy.role.rawValue
                } ?? "none"))
        values.append(value("console.local_packs", console.localPacks ?? "none"))
        return values
    }
}

extension RetentionPolicy {
    /// `90 days, 10 GB`.
    fileprivate var words: String {
        let age = ageSeconds.map { "\($0 / 86_400) days" } ?? "for ever"
        return "\(age), \(bytesMax.map { "up to \($0 / 1_000_000) MB" } ?? "of any size")"
    }
}
