import Foundation
import Testing

@testable import Store

struct FieldsTextTests {
    @Test(arguments: [
        [:], ["a": "b"], ["": ""], ["b": "1", "a": "2", "Z": "3"], ["\"\\/": "\0\u{1}\n\u{1f}\u{7f}"],
        ["é": "🐆", "e\u{301}x": "\u{2028}"], [",": ":", "{": "}"],
    ])
    func `what is written is read back, and is JSON to others`(_ fields: [String: String]) throws {
        let text = FieldsText.encode(fields)
        #expect(FieldsText.decode(text) == fields)
        #expect(try JSONDecoder().decode([String: String].self, from: Data(text.utf8)) == fields)
    }

    @Test func `keys are in order, so that equal fields are equal text`() {
        #expect(FieldsText.encode(["b": "1", "a": "2", "c": "\n"]) == #"{"a":"2","b":"1","c":"\u000a"}"#)
    }

    @Test(arguments: [
        "", "{", "}", "[]", "{\"a\"}", "{\"a\":}", "{\"a\":\"b\",}", "{\"a\":\"b\" }", "{\"a\":1}",
        "{\"a\":\"b\"\"c\"}",
        "{\"a\":\"\\", "{\"a\":\"\\u00", "{\"a\":\"\\u00zz\"}", "{\"a\":\"\\u0\"}", "{\"a\":\"b", "{,}", "null",
    ])
    func `other text is refused without a crash`(_ text: String) {
        #expect(FieldsText.decode(text) == nil)
    }
}
