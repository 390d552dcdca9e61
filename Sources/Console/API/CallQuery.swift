/// The fields of an address of the API. Strict, since a program does not see that a misspelt field changes nothing: each
/// is known, and given once.
struct CallQuery {
    private let fields: FormFields

    /// The greatest whole number that every reader of JSON takes as it is (RFC 8259, 6): 2⁵³ − 1.
    static let numberMax: Int64 = 9_007_199_254_740_991

    /// Throws a `PageFault` for a field that is not `known`, or that comes twice.
    init(_ fields: FormFields, _ known: [String] = []) throws {
        var seen: Set<String> = []
        for pair in fields.pairs {
            guard known.contains(pair.name) else {
                let names = known.isEmpty ? "there are none" : "there are " + known.joined(separator: ", ")
                throw PageFault.malformed("There is no field '\(pair.name)' here; \(names).")
            }
            guard seen.insert(pair.name).inserted else {
                throw PageFault.malformed("The field '\(pair.name)' is given twice.")
            }
        }
        self.fields = fields
    }

    /// As it was written; nil where it is not given.
    func text(_ name: String) -> String? { fields[name] }

    /// A whole number in digits within `range`; nil where it is not given.
    func integer(_ name: String, _ range: ClosedRange<Int64>) throws -> Int64? {
        guard let text = fields[name] else { return nil }
        guard let number = Int64(text), String(number) == text, range.contains(number) else {
            throw PageFault.malformed(
                "'\(name)' is a number from \(range.lowerBound) to \(range.upperBound), not '\(text)'.")
        }
        return number
    }

    /// How many rows are wanted; as many as a page has where it is not said.
    func limit() throws -> Int {
        Int(try integer("limit", 1...Int64(ConsoleLimits.callRowsMax)) ?? Int64(ConsoleLimits.rowsMax))
    }
}
