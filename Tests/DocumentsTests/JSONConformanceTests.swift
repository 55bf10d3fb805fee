import Documents
import Testing

/// What RFC 8259 says of texts, in the three classes of the usual test suites: must be read, must be refused, may be either.
@Suite struct JSONConformanceTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "-0.0", "123", "1.5", "1e5", "1E+5", "1E-5", "0e0", "0.1e1", "-1e-2",
        "123456789012345678901234567890", "1e308", "5e-324", "0.00000000000000000000000000000000001",
        "\"\"", "\" \"", "\"a\"", "\"\\\"\"", "\"\\\\\"", "\"\\/\"", "\"\\u0061\"", "\"\\uD834\\uDD1E\"", "\"\\u0000\"",
        "\"\u{7F}\"", "\"\u{2028}\u{2029}\"", "\"\u{FEFF}\"", "\"\u{10FFFF}\"", "\"\\uFFFF\"", "\"é€😀\"",
        "\"// no comment\"",
        "[]", "[ ]", "[[]]", "[1,2]", "[1 , 2]", "[\n1\r\n,\t2 ]", "[null,1,\"1\",{}]", "[[[[[[[[[[1]]]]]]]]]]",
        "{}", "{ }", "{\"a\":1}", "{\"\":0}", "{\"a\":{\"a\":{\"a\":null}}}", "{\"a\" : 1 , \"b\" : [ ] }", " {} ",
        "\t[]\n",
        "{\"a\\u0000b\":1}", "[1e1, 1e+1, 1E1, -1]", "{\"x\":[{\"id\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}]}",
    ])
    func `must be read`(text: String) throws {
        let document = try Document(text: text, file: "case.json")
        let again = try Document(text: document.root.value.json(), file: "again.json")
        #expect(again.root.value == document.root.value)
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "True", "tru", "falsee", "1a", "01", "-01", "1.", ".1", "-", "+1", "-+1", "1e", "1e+",
        "1.e1",
        "1e1.5", "0x10", "1_000", "1,000", "Infinity", "-Infinity", "NaN", "-NaN", "1 2", "--1", "0.1.2", "1ee1", "٣",
        "１",
        "\"", "\"a", "'a'", "\"\\\"", "\"\\a\"", "\"\\x00\"", "\"\\u\"", "\"\\u12\"", "\"\\u123G\"", "\"\\U0061\"",
        "\"a\nb\"",
        "\"a\rb\"", "\"a\tb\"", "\"\u{0}\"", "\"\u{1F}\"", "\"a\"b", "\"\\uD800\\u\"", "\"\\\u{1F600}\"", "\\u0022a\"",
        "[", "]", "[1", "[1,", "[,]", "[1,]", "[1,,2]", "[,1]", "[1 2]", "[1;2]", "[1}", "[\"a\": 1]", "[1]]", "[][]",
        "[]]",
        "[a]", "[\u{C}]", "[1]x", "[-]", "[3[4]]", "[*]", "[\\n]", "[1:2]", "[\"x\"", "[\"", "[{", "[{}",
        "[true, fals]",
        "{", "}", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{\"a\":1,,\"b\":2}", "{a:1}",
        "{1:1}",
        "{'a':1}", "{\"a\" 1}", "{\"a\"::1}", "{\"a\":1 \"b\":2}", "{\"a\"=1}", "{\"a\":1]", "{\"a\",1}", "{null:1}",
        "{[]:1}",
        "{\"a\":1}}", "{\"a\":1}#", "{\"a\":1}/**/", "{\"a\":/*x*/1}", "{\"a\":\"b\"}//", "{\"a\":1;}", "{:1}",
        "{\"a\":1}\"",
        "{\"a\":1,\"a\":1}", "\u{FEFF}", "<a/>", "\u{2060}[]", "[\u{A0}]", "\u{85}1", "@", "&", "#", "${{ x }}", "\0",
        "\u{1}",
    ])
    func `must be refused with a place inside the file`(text: String) {
        let (_, diagnostics) = Document.read(text: text, file: "case.json")
        #expect(diagnostics.contains { $0.severity == .error })
        for diagnostic in diagnostics {
            #expect(diagnostic.location.map { (0...text.utf8.count).contains($0.range.upperBound) } == true)
        }
        #expect(throws: Rejected.self) { try Document(text: text, file: "case.json") }
    }

    /// The RFC leaves these to the reader; these are this reader's choices.
    @Test(arguments: [
        ("\u{FEFF}[]", true), ("1e400", false), ("-1e400", false), ("1e-400", true), ("\"\\uD800\"", false),
        ("\"\\uDC00\\uD800\"", false), ("\"\\uD800a\"", false), ("\"\\uD800\\uD800\"", false),
        (String(repeating: "[", count: 500) + String(repeating: "]", count: 500), true),
        (String(repeating: "[", count: 1001) + String(repeating: "]", count: 1001), false),
        ("99999999999999999999", true),
        ("0.4e00669999999999999999999999999999999999999999999999999999999999999999969999999006", false),
    ])
    func `may be either`(text: String, isRead: Bool) {
        #expect(Document.read(text: text, file: "case.json").diagnostics.isEmpty == isRead)
    }
}
