import Patterns
import Store
import Triage

/// Reads `retention: { age: 90d, size: 10GB }` of the configuration; either may be `off`.
struct RetentionLoader {
    let document: YAMLDocument

    /// Less would not hold what Margay counts by itself.
    static let ageSecondsMin: Int64 = 86_400
    static let bytesMin: Int64 = 10_000_000
    private static let units: [(name: String, bytes: Int64)] = [
        ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
    ]

    func policy(_ value: YAMLValue) -> RetentionPolicy {
        var policy = RetentionPolicy.standard
        guard let mapping = document.mapping(value, what: "retention") else { return policy }
        if let age = mapping["age"], let text = age.text("age") {
            if text == "off" {
                policy.ageSeconds = nil
            } else if let seconds = MomentText.seconds(text), seconds >= RetentionLoader.ageSecondsMin {
                policy.ageSeconds = seconds
            } else {
                document.report(
                    age, "bad-age", "'\(text)' is no age to keep", remedy: "write off, or a day or more, such as 90d")
            }
        }
        if let size = mapping["size"], let text = size.text("size") {
            if text == "off" {
                policy.bytesMax = nil
            } else if let bytes = RetentionLoader.bytes(text), bytes >= RetentionLoader.bytesMin {
                policy.bytesMax = bytes
            } else {
                document.report(
                    size, "bad-size", "'\(text)' is no size of a store",
                    remedy: "write off, or 10MB or more, such as 10GB")
            }
        }
        mapping.reportUnknownKeys(in: "retention")
        return policy
    }

    /// `500MB`, `10GB`: whole numbers, powers of a thousand. Nil for anything else.
    static func bytes(_ text: String) -> Int64? {
        guard let unit = units.first(where: { text.hasSuffix($0.name) }) else { return nil }
        let digits = text.dropLast(unit.name.count)
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
            let number = Int64(digits)
        else { return nil }
        let (bytes, isTooMuch) = number.multipliedReportingOverflow(by: unit.bytes)
        return isTooMuch ? nil : bytes
    }
}
