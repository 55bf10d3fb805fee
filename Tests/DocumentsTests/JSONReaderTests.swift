import Documents
import TestSupport
import Testing

@Suite struct JSONReaderTests {
    @Test func `reads every kind of value with its place`() throws {
        let text = MarkedText(
            #"1️⃣{ "name": 2️⃣"Ann"3️⃣, "age": 4️⃣-12.5e15️⃣, "tags": 6️⃣[true, null, 7]7️⃣, "empty": {} }8️⃣"#)
        let document = try Document(text: text.text, file: "a.json")
        let root = document.root
        #expect(root.kind == .object && root.count == 4 && root.range == text.range(1, 8))
        #expect(root["name"]?.string == "Ann" && root["name"]?.range == text.range(2, 3))
        #expect(root["age"]?.number == -125 && root["age"]?.integer == nil && root["age"]?.numberText == "-12.5e1")
        #expect(root["age"]?.range == text.range(4, 5))
        #expect(root["tags"]?.count == 3 && root["tags"]?.range == text.range(6, 7))
        #expect(root["tags"]?[0]?.boolean == true && root["tags"]?[1]?.isNull == true && root["tags"]?[2]?.integer == 7)
        #expect(root["tags"]?[3] == nil && root["tags"]?[-1] == nil && root["nothing"] == nil)
        #expect(root["empty"]?.kind == .object && root["empty"]?.members.isEmpty == true)
        #expect(root.members.keys == ["name", "age", "tags", "empty"])
        #expect(root.members.first?.keyNode.range == 2..<8)
    }

    @Test(arguments: [
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u4e2d""#, "é中"), (#""\uD83D\uDE00!""#, "😀!"),
        (#""größe 中 😀""#, "größe 中 😀"), (#""""#, ""), (#""\u0000""#, "\0"),
        (#""12345678\n12345678""#, "12345678\n12345678"),
    ])
    func `decodes strings`(json: String, text: String) throws {
        let node = try Document(text: json, file: "a.json").root
        #expect(node.string == text && node.isString(text) && !node.isString(text + "x"))
    }

    @Test(arguments: [
        ReaderCase("1️⃣2️⃣", "empty"),
        ReaderCase("  \n1️⃣2️⃣", "empty"),
        ReaderCase(#"{"a": 1, 1️⃣"a"2️⃣: 2}"#, "duplicate-key"),
        ReaderCase(#"{"a": {"x": 1, "y": 2, 1️⃣"\u0078"2️⃣: 3}, "x": 4}"#, "duplicate-key"),
        ReaderCase(#"[1, 21️⃣,2️⃣ ]"#, "trailing-comma", fixed: "[1, 2 ]"),
        ReaderCase("{\"a\": 11️⃣,2️⃣\n}", "trailing-comma", fixed: "{\"a\": 1\n}"),
        ReaderCase("[1,1️⃣,2️⃣ 2, 3️⃣,4️⃣ 3]", "extra-comma", "extra-comma", fixed: "[1, 2,  3]"),
        ReaderCase("[1 1️⃣22️⃣]", "missing-comma", fixed: "[1, 2]"),
        ReaderCase("{\"a\": {}\n 1️⃣\"2️⃣b\": 1}", "missing-comma", fixed: "{\"a\": {},\n \"b\": 1}"),
        ReaderCase("[{\"a\": {\"b\": 1 }} 1️⃣// no2️⃣\n 3️⃣{4️⃣}]", "comment", "missing-comma"),
        ReaderCase("[{\"a\": {\"b\": 1 } }\n 1️⃣{2️⃣}]", "missing-comma", fixed: "[{\"a\": {\"b\": 1 } },\n {}]"),
        ReaderCase(#"{"a" 1️⃣12️⃣}"#, "missing-colon", fixed: #"{"a": 1}"#),
        ReaderCase(#"{"a" 1️⃣=2️⃣ 1}"#, "missing-colon", fixed: #"{"a" : 1}"#),
        ReaderCase(#"{1️⃣"a"2️⃣, "b": 1}"#, "missing-value"),
        ReaderCase(#"{"a": 1️⃣,2️⃣ "b": 1}"#, "missing-value"),
        ReaderCase("1️⃣// note2️⃣\n{}", "comment", fixed: "\n{}"),
        ReaderCase("[1 1️⃣/* a * b */2️⃣, 2]", "comment", fixed: "[1 , 2]"),
        ReaderCase("{ 1️⃣# x2️⃣\n}", "comment", fixed: "{ \n}"),
        ReaderCase(#"[1️⃣'a'2️⃣]"#, "single-quotes", fixed: #"["a"]"#),
        ReaderCase(#"{1️⃣name2️⃣: 1}"#, "unquoted-key", fixed: #"{"name": 1}"#),
        ReaderCase(#"{1️⃣'a'2️⃣: 1}"#, "single-quotes", fixed: #"{"a": 1}"#),
        ReaderCase("[1️⃣True2️⃣, 3️⃣None4️⃣]", "unknown-word", "unknown-word", fixed: "[true, null]"),
        ReaderCase("[1️⃣hello2️⃣]", "unknown-word"),
        ReaderCase("[1️⃣NaN2️⃣]", "bad-number"),
        ReaderCase(
            "[1️⃣+12️⃣, 3️⃣.54️⃣, 5️⃣0076️⃣, 7️⃣1.8️⃣]", "bad-number", "bad-number", "bad-number", "bad-number", fixed: "[1, 0.5, 7, 1]"
        ),
        ReaderCase("[1️⃣0x1F2️⃣, 3️⃣-014️⃣, 5️⃣1e6️⃣, 7️⃣--18️⃣]", "bad-number", "bad-number", "bad-number", "bad-number"),
        ReaderCase("[1️⃣1e4002️⃣]", "number-range"),
        ReaderCase(#"["a1️⃣\q2️⃣b"]"#, "bad-escape", fixed: #"["a\\qb"]"#),
        ReaderCase(#"["1️⃣\u122️⃣G"]"#, "bad-escape"),
        ReaderCase(#"["1️⃣\uD83D2️⃣ x", "3️⃣\uDE004️⃣"]"#, "lone-surrogate", "lone-surrogate"),
        ReaderCase("[\"a1️⃣\t2️⃣b\"]", "control-character", fixed: #"["a\tb"]"#),
        ReaderCase("[\"1️⃣\u{1}2️⃣\"]", "control-character", fixed: #"["\u0001"]"#),
        ReaderCase("[1️⃣\"abc2️⃣\n]", "unclosed-string"),
        ReaderCase("[1️⃣\"abc2️⃣", "truncated"),
        ReaderCase("{\"a\": [1, 21️⃣2️⃣\n\n", "truncated"),
        ReaderCase("{\"a\":1️⃣2️⃣ ", "truncated"),
        ReaderCase(#"{"a": [1, 2 1️⃣}2️⃣"#, "mismatched-bracket"),
        ReaderCase(#"[{"a": 1 1️⃣]2️⃣"#, "mismatched-bracket"),
        ReaderCase("{} 1️⃣}2️⃣", "trailing-content"),
        ReaderCase("1 1️⃣22️⃣", "trailing-content"),
        ReaderCase("[1️⃣@2️⃣]", "unexpected-character"),
        ReaderCase("1️⃣\u{A0}2️⃣[]", "unexpected-character"),
        ReaderCase("{1️⃣{2️⃣}}", "unexpected-character"),
    ])
    func `diagnoses what is no JSON`(example: ReaderCase) { example.check(.json) }

    @Test func `several problems are found at once`() {
        ReaderCase(
            """
            {
              "a": 1️⃣01️2️⃣,
              "b": "3️⃣\\x4️⃣",
              5️⃣// why6️⃣
              "c": [1, 27️⃣,8️⃣],
              "d": true
            }
            """,
            "bad-number", "bad-escape", "comment", "trailing-comma"
        ).check(.json)
    }

    @Test func `a large map with many keys finds its duplicate`() throws {
        let keys = (0..<5000).map { "\"key\($0)\": \($0)" }
        let text = "{" + keys.joined(separator: ",") + ",\"key77\": 1,\"key4999\": 2}"
        let (document, diagnostics) = Document.read(text: text, file: "a.json")
        #expect(
            diagnostics.map(\.message) == [
                "the key 'key77' stands here a second time", "the key 'key4999' stands here a second time",
            ])
        #expect(document?.root["key77"]?.integer == 77)
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"a\":"])
    func `deep nesting is refused, not obeyed`(opening: String) {
        let text = String(repeating: opening, count: 100_000)
        let (document, diagnostics) = Document.read(text: text, file: "deep.json")
        #expect(document == nil && diagnostics.map(\.code) == ["document/too-deep"])
    }

    @Test func `nesting within the limit is read, copied and written`() throws {
        let text = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
        let value = try Document(text: text, file: "deep.json").root.value
        #expect(value.json() == text && value == value && value.hashValue == value.hashValue)
        #expect(try ValueDecoder().decode(Value.self, from: ValueEncoder().encode(value)) == value)
        #expect(try Document(text: value.yaml(), file: "deep.yaml").root.value == value)
    }

    @Test func `a byte order mark is accepted and counts as no column`() throws {
        let document = try Document(bytes: [0xEF, 0xBB, 0xBF] + Array("{\"a\": 1}".utf8), file: "a.json")
        #expect(document.root["a"]?.location.start == Place(line: 1, column: 7))
    }

    @Test(
        arguments: [[0xFF, 0xFE, 0x7B, 0x00], [0xFE, 0xFF, 0x00, 0x7B], [0x7B, 0x00, 0x7D, 0x00], [0x00, 0x7B]]
            as [[UInt8]])
    func `UTF-16 is named as such`(bytes: [UInt8]) {
        #expect(Document.read(bytes: bytes, file: "a.json").diagnostics.map(\.code) == ["document/encoding"])
        #expect(Document.read(bytes: bytes, file: "a.yaml").diagnostics.map(\.code) == ["document/encoding"])
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0xAF], [0xC3], [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xFF],
        ] as [[UInt8]])
    func `broken UTF-8 is found where it stands`(broken: [UInt8]) {
        let json = Array("[\"good\", \"".utf8) + broken + Array("\"]".utf8)
        let (document, diagnostics) = Document.read(bytes: json, file: "a.json")
        #expect(document != nil && diagnostics.first?.code == "document/invalid-utf8")
        #expect(diagnostics.first?.location?.range.lowerBound == 10)
        let yaml = Array("good: ".utf8) + broken
        #expect(Document.read(bytes: yaml, file: "a.yaml").diagnostics.first?.location?.range.lowerBound == 6)
    }

    @Test func `reading stops after many problems`() {
        let text = "[" + String(repeating: "True, ", count: 1000) + "1]"
        let (document, diagnostics) = Document.read(text: text, file: "a.json")
        #expect(document == nil && diagnostics.count == 51 && diagnostics.last?.code == "document/too-many-problems")
    }
}
