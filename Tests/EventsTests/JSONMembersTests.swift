import Events
import Testing

struct JSONMembersTests {
    private func members(_ text: String) -> (pairs: [String], isWhole: Bool) {
        Array(text.utf8).withUnsafeBytes { bytes in
            var walk = JSONMembers(bytes)
            var pairs: [String] = []
            while let (key, value) = walk.next() {
                let name = String(decoding: walk.text(key), as: UTF8.self)
                switch value {
                case .string(let range): pairs.append("\(name)=\(String(decoding: walk.text(range), as: UTF8.self))")
                case .array(let range): pairs.append("\(name)=[\(walk.elements(of: range).count)]")
                case .other(let range): pairs.append("\(name)=(\(String(decoding: bytes[range], as: UTF8.self)))")
                case .null: pairs.append("\(name)=null")
                }
            }
            return (pairs, walk.isWhole)
        }
    }

    struct Case: CustomTestStringConvertible {
        var text: String
        var pairs: [String]
        var isWhole = true
        var testDescription: String { text }
    }

    static let cases = [
        Case(text: "{}", pairs: []),
        Case(text: " { \"a\" : \"b\" , \"c\":1.5e3}\r\n", pairs: ["a=b", "c=(1.5e3)"]),
        Case(text: #"{"a":"x\ny\t\"\\\/\b\f\r","b":null}"#, pairs: ["a=x\ny\t\"\\/\u{8}\u{C}\r", "b=null"]),
        Case(text: #"{"a":"\u00fc\u20ac\ud83d\ude42"}"#, pairs: ["a=ü€🙂"]),
        Case(text: #"{"a":"\ud83d\u0041\ude42\uzzzz\u12"}"#, pairs: ["a=\u{FFFD}A\u{FFFD}\u{FFFD}zzzz\u{FFFD}12"]),
        Case(text: #"{"a":[1,[2,"]"],{"b":"}"}],"c":{"d":[1]}}"#, pairs: ["a=[3]", #"c=({"d":[1]})"#]),
        Case(text: #"{"a":[]}"#, pairs: ["a=[0]"]),
        Case(text: #"{"a":"b""#, pairs: ["a=b"], isWhole: false),
        Case(text: #"{"a":"b"} x"#, pairs: ["a=b"], isWhole: false),
        Case(text: #"{"a":"b\"#, pairs: [], isWhole: false),
        Case(text: #"{"a":"b" "c":1}"#, pairs: ["a=b"], isWhole: false),
        Case(text: #"{"a":}"#, pairs: [], isWhole: false),
        Case(text: #"{"a":[1,2}"#, pairs: ["a=[2]"], isWhole: false),
        Case(text: #"{"a":[1,2"#, pairs: [], isWhole: false),
        Case(text: "-- No entries --", pairs: [], isWhole: false),
        Case(text: "", pairs: [], isWhole: false),
        Case(text: "{\"a\":" + String(repeating: "[", count: 100_000), pairs: [], isWhole: false),
    ]

    @Test(arguments: cases) func `members are told one after the other`(_ example: Case) {
        let found = members(example.text)
        #expect(found.pairs == example.pairs)
        #expect(found.isWhole == example.isWhole)
    }

    @Test(
        arguments: [
            ("1,2,255", [1, 2, 255]), (" 10 , 0 ", [10, 0]), ("", []), ("256", nil), ("\"a\"", nil), ("1,,2", nil),
            ("-1", nil), ("99999999999999999999999", nil),
        ] as [(String, [UInt8]?)])
    func `bytes are listed as numbers`(text: String, values: [UInt8]?) {
        Array(text.utf8).withUnsafeBytes { bytes in
            #expect(JSONMembers(bytes).byteValues(0..<bytes.count) == values)
        }
    }

    @Test func `any piece of any object is borne`() {
        let text = Array(#"{"a":"x\u00fc\ud83d\ude42","b":[1,2,{"c":[null,"d"]}],"e":{"f":"g"},"h":12}"#.utf8)
        for start in text.indices {
            for end in start...text.count {
                text[start..<end].withUnsafeBytes { bytes in
                    var walk = JSONMembers(bytes)
                    var count = 0
                    while let (_, value) = walk.next() {
                        count += 1
                        if case .array(let range) = value { _ = walk.elements(of: range) }
                        if case .string(let range) = value { _ = walk.text(range) }
                    }
                    #expect(count <= 4)
                    if start == 0 { #expect(walk.isWhole == (end == text.count)) }
                }
            }
        }
    }
}
