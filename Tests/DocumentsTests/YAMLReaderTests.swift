import Documents
import TestSupport
import Testing

@Suite struct YAMLReaderTests {
    @Test func `reads block and flow styles with places`() throws {
        let text = MarkedText(
            """
            # größe: a comment with wide letters 中
            name: 1️⃣Ann2️⃣
            list:
              3️⃣- a
              - 4️⃣'it''s'5️⃣
              - 6️⃣"x\\ty"7️⃣8️⃣

            # after
            map: { a: 1, b: [x, y] }
            text: |
              one
              two
            folded: >-
              one
              two
            empty:
            """)
        let root = try Document(text: text.text, file: "a.yaml").root
        #expect(root["name"]?.range == text.range(1, 2))
        #expect(root["list"]?.range == text.range(3, 8))
        #expect(root["list"]?[1]?.string == "it's" && root["list"]?[1]?.range == text.range(4, 5))
        #expect(root["list"]?[2]?.string == "x\ty" && root["list"]?[2]?.range == text.range(6, 7))
        #expect(root["map"]?["b"]?[1]?.string == "y")
        #expect(root["text"]?.string == "one\ntwo\n" && root["folded"]?.string == "one two")
        #expect(root["empty"]?.isNull == true)
        #expect(root["list"]?.location.start == Place(line: 4, column: 3))
        #expect(root["name"]?.isPlainScalar == true && root["list"]?[1]?.isPlainScalar == false)
    }

    @Test(
        arguments: [
            ("on", "on"), ("off", "off"), ("yes", "yes"), ("no", "no"), ("y", "y"), ("1_000", "1_000"),
            ("12:30:45", "12:30:45"),
            ("2026-01-01", "2026-01-01"), ("'true'", "true"), ("\"1\"", "1"), ("1.2.3", "1.2.3"), ("0b1", "0b1"),
            ("-", nil),
            ("tRue", "tRue"), ("nulL", "nulL"), ("!!str 12", "12"), ("! 12", "12"), ("1e", "1e"), (".", "."),
            ("+", "+"),
            ("10m", "10m"), ("99%", "99%"), ("${{ a.b }}/c", "${{ a.b }}/c"),
        ] as [(String, String?)])
    func `these are strings`(text: String, string: String?) throws {
        if let string { #expect(try Document(text: text, file: "a.yaml").root.string == string) }
    }

    @Test(
        arguments: [
            ("12", 12), ("-12", -12), ("+12", 12), ("012", 12), ("0o17", 15), ("0x1F", 31), ("1.5", 1.5), (".5", 0.5),
            ("1.", 1.0),
            ("1e3", 1000.0), ("-1.5E-1", -0.15), ("true", true), ("True", true), ("FALSE", false), ("null", nil),
            ("~", nil),
            ("Null", nil), ("!!int 7", 7), ("!!float 7", 7.0), ("!!bool 'true'", true), ("!!null ''", nil),
        ] as [(String, Value)])
    func `these are not`(text: String, value: Value) throws {
        #expect(try Document(text: text, file: "a.yaml").root.value == value)
    }

    @Test func `infinity and nothing at all are numbers`() throws {
        let root = try Document(text: "[.inf, -.INF, .nan]", file: "a.yaml").root
        #expect(root[0]?.number == .infinity && root[1]?.number == -.infinity && root[2]?.number?.isNaN == true)
        #expect(root.value.json() == "[null,null,null]")
    }

    @Test func `keys are text, numbers too`() throws {
        let root = try Document(text: "200: a\ntrue: b\n1.0: c\non: d", file: "a.yaml").root
        #expect(root.members.keys == ["200", "true", "1.0", "on"])
        #expect(root.members.first?.keyNode.kind == .string)
    }

    @Test func `aliases are resolved and have their own place`() throws {
        let text = MarkedText("a: &x { k: [1, 2] }\nb: 1️⃣*x2️⃣\nc: &s text\nd: 3️⃣*s4️⃣\ne: *s\n*s : f")
        let root = try Document(text: text.text, file: "a.yaml").root
        #expect(
            root.value == [
                "a": ["k": [1, 2]], "b": ["k": [1, 2]], "c": "text", "d": "text", "e": "text", "text": "f",
            ])
        #expect(root["b"]?.range == text.range(1, 2) && root["d"]?.range == text.range(3, 4))
        #expect(root["b"]?["k"]?[1]?.pointer.description == "/b/k/1")
        #expect(root["a"]?.location.start == Place(line: 1, column: 7))
    }

    @Test(arguments: [
        ReaderCase("1️⃣2️⃣", "empty"),
        ReaderCase("# only a comment\n1️⃣2️⃣", "empty"),
        ReaderCase("a: 1\nb: 2\n1️⃣a2️⃣: 3", "duplicate-key"),
        ReaderCase("a: { x: 1, 1️⃣\"x\"2️⃣: 2 }", "duplicate-key"),
        ReaderCase("200: a\n1️⃣'200'2️⃣: b", "duplicate-key"),
        ReaderCase("a: 1️⃣*nope2️⃣", "undefined-alias"),
        ReaderCase("a: &x\n  b: 1️⃣*x2️⃣", "recursive-alias"),
        ReaderCase("1️⃣<<2️⃣: { a: 1 }", "merge-key"),
        ReaderCase("1️⃣~2️⃣: 1", "bad-key"),
        ReaderCase("? 1️⃣[2️⃣a, b]\n: 1", "bad-key"),
        ReaderCase("1️⃣{2️⃣a: b}: 1", "bad-key"),
        ReaderCase("a: 1\n1️⃣---2️⃣\nb: 2", "several-documents"),
        ReaderCase("a: 1️⃣!ruby2️⃣ x", "bad-tag"),
        ReaderCase("a: 1️⃣!!int2️⃣ x", "bad-tag"),
        ReaderCase("a:\n1️⃣\t2️⃣b: 1", "tab", fixed: "a:\n  b: 1"),
        ReaderCase("a:\n  b:\n1️⃣\t\t2️⃣c: 1\n\t\td: 2", "tab", fixed: "a:\n  b:\n    c: 1\n    d: 2"),
        ReaderCase(
            "a: 1️⃣b: c2️⃣ # d\ne: 3️⃣@f4️⃣\ng: [5️⃣`h`6️⃣, i]", "unquoted-text", "unquoted-text", "unquoted-text",
            fixed: "a: \"b: c\" # d\ne: \"@f\"\ng: [\"`h`\", i]"),
        ReaderCase("a:\n  b: 1\n 1️⃣c: 22️⃣", "bad-indentation"),
        ReaderCase("a: 1\n  1️⃣b: 22️⃣", "bad-indentation"),
        ReaderCase("a:\n  - b\n 1️⃣- c2️⃣", "bad-indentation"),
        ReaderCase("a:\n  1️⃣lint2️⃣\n    uses: x", "missing-colon", fixed: "a:\n  lint:\n    uses: x"),
        ReaderCase("a: 'it'1️⃣s2️⃣'", "trailing-text"),
        ReaderCase("a: [b]1️⃣]2️⃣", "trailing-text"),
        ReaderCase("a: > 1️⃣b2️⃣", "trailing-text"),
        ReaderCase("a: 1️⃣*2️⃣/5", "unexpected-character"),
        ReaderCase("a: [1, 21️⃣2️⃣\n\n", "unclosed-bracket"),
        ReaderCase("- a\n1️⃣b2️⃣: 1", "bad-indentation"),
        ReaderCase("a: [1, 2\nb1️⃣:2️⃣ 3", "unclosed-bracket"),
        ReaderCase("a: 1️⃣\"text2️⃣\nb: 1", "unclosed-string"),
        ReaderCase("a: \"1️⃣\\q2️⃣\"", "bad-escape"),
        ReaderCase("a: 1️⃣-2️⃣ b", "bad-indentation"),
        ReaderCase("a: x1️⃣\u{1}2️⃣", "control-character"),
        ReaderCase(
            "with: { package: 1️⃣${{ stages.pack.package }}2️⃣ }", "unquoted-expression",
            fixed: "with: { package: \"${{ stages.pack.package }}\" }"),
        ReaderCase(
            "command: [scripts/announce, 1️⃣${{ run.status }}2️⃣]", "unquoted-expression",
            fixed: "command: [scripts/announce, \"${{ run.status }}\"]"),
        ReaderCase(
            "with: { a: 1️⃣x/${{ a }}/${{ b }}-y2️⃣, b: [3️⃣${{ c == \"d\" }}4️⃣] }", "unquoted-expression",
            "unquoted-expression",
            fixed: "with: { a: \"x/${{ a }}/${{ b }}-y\", b: ['${{ c == \"d\" }}'] }"),
        ReaderCase("when: { 1️⃣${{ a }}2️⃣: major }", "unquoted-expression", fixed: "when: { \"${{ a }}\": major }"),
        ReaderCase(
            "message: 1️⃣${{ a }}: b2️⃣ # note\nx: 1", "unquoted-expression",
            fixed: "message: \"${{ a }}: b\" # note\nx: 1"),
        ReaderCase(
            "a: { b: 1️⃣${{ x }}2️⃣ }\nc: 1\n3️⃣c4️⃣: 2", "unquoted-expression", "duplicate-key"),
    ])
    func `diagnoses what is no YAML`(example: ReaderCase) { example.check(.yaml) }

    @Test func `a document with unquoted expressions is still there for those who read on`() throws {
        let (document, _) = Document.read(text: "a: { b: ${{ x.y }}, c: [${{ z }}/q, 1] }", file: "a.yaml")
        #expect(document?.root.value == ["a": ["b": "${{ x.y }}", "c": ["${{ z }}/q", 1]]])
    }

    @Test func `an alias bomb is refused`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            text +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        let (document, diagnostics) = Document.read(text: text, file: "bomb.yaml")
        #expect(document == nil && diagnostics.map(\.code) == ["document/alias-bomb"])
    }

    @Test func `long text behind many aliases is kept once`() throws {
        let text =
            "a: &a " + String(repeating: "x", count: 100_000) + "\nb:\n" + String(repeating: "- *a\n", count: 20_000)
        let root = try Document(text: text, file: "a.yaml").root
        #expect(root["b"]?.count == 20_000 && root["b"]?[19_999]?.string?.utf8.count == 100_000)
    }

    @Test func `nesting by aliases has the same limit as nesting by hand`() {
        var text = "a0: &a0 [" + String(repeating: "[", count: 600) + String(repeating: "]", count: 600) + "]\n"
        for level in 1...500 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        let (document, diagnostics) = Document.read(text: text, file: "deep.yaml")
        #expect(document == nil && ["document/too-deep", "document/alias-bomb"].contains(diagnostics.first?.code))
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "{? ", "[{a: ", "&a [", "!!seq ["])
    func `deep nesting is refused`(opening: String) {
        let text = String(repeating: opening, count: 100_000)
        let (document, diagnostics) = Document.read(text: text, file: "deep.yaml")
        #expect(document == nil && diagnostics.count == 1)
    }

    @Test func `a byte order mark, line ends of Windows and wide letters keep the places right`() throws {
        let text = "é: 1\r\n中: { 😀: [ü, x] }\r\nz: end\r\n"
        let root = try Document(bytes: [0xEF, 0xBB, 0xBF] + Array(text.utf8), file: "a.yaml").root
        #expect(root["z"]?.location.start == Place(line: 3, column: 4))
        #expect(root["z"]?.location.text == "end")
        #expect(root["中"]?["😀"]?[1]?.location.text == "x")
        #expect(root["中"]?["😀"]?[1]?.location.start == Place(line: 2, column: 13))
        #expect(root["中"]?["😀"]?[1]?.location.utf16Start == Place(line: 2, column: 14))
        #expect(root["é"]?.location.start == Place(line: 1, column: 4))
    }

    @Test func `a JSON text reads the same as YAML`() throws {
        let text = #"{"a": [1, -2.5, true, null, "x\ny", "é"], "b": {"c": {}}, "d": []}"#
        let json = try Document(text: text, file: "a.json").root.value
        #expect(try Document(text: text, file: "a.yaml").root.value == json)
    }
}
