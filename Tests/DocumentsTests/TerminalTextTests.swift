import Documents
import Testing

/// Text as it may be shown: no control characters, no forged lines, no log commands of CI services.
@Suite struct TerminalTextTests {
    @Test(arguments: [
        ("plain: text", "plain: text"), ("# head\n## list ::x", "# head\n## list ::x"),
        ("::add-mask::x", "\\::add-mask::x"), (" \t ::x::\n\u{3000}::y", " \t \\::x::\n\u{3000}\\::y"),
        ("a ::x::", "a ::x::"), (":\u{AD}:x", "\\:\u{AD}:x"), ("a##[error]b", "a##\\[error]b"),
        ("###[x]##vso[y]", "###\\[x]##\\vso[y]"), ("##VsO[y] #vso[ ##vs [", "##\\VsO[y] #vso[ ##vs ["),
        ("#\u{AD}#v\u{34F}so[y]", "#\u{AD}#\\v\u{34F}so[y]"),
        ("\u{1B}[31m\r\u{202E}\u{9B}\u{7F}", "␛[31m␍\u{FFFD}\u{FFFD}␡"),
        ("a\u{2028}::x\u{85}::y", "a\u{FFFD}::x\u{FFFD}::y"), ("\u{E0041}", "\u{FFFD}"), ("##\n[x]", "##\n[x]"),
        ("##teamcity[x]", "##\\teamcity[x]"),
    ])
    func linesStayAndObeyNobody(_ text: String, _ shown: String) {
        #expect(safeLines(text) == shown)
        #expect(safeLines(shown) == shown)
    }

    @Test func oneLineIsOne() {
        #expect(safeText("a\nb\tc\r\n##[d]") == "a b c␍ ##\\[d]")
        #expect(safeText("fine") == "fine")
        // In a line two colons are nothing; at its beginning they are.
        #expect(safeText("::error::a\n::b") == "::error::a ::b")
        #expect(safeLine("::error::a\n::b") == "\\::error::a ::b" && safeLine("  ::a") == "  \\::a")
    }

    @Test func jsonKeepsItsMeaning() throws {
        let value: Value = ["a ##vso[x]": .string("\u{1B}\u{9B}\u{202E}\u{E0041}##[y] ## # é 😀\n\u{2028}")]
        for text in [value.json(), value.json(pretty: true)] {
            let safe = safeJSON(text)
            #expect(try Value(json: safe) == value)
            #expect(!safe.contains("##[") && !safe.contains("##vso[") && safe.contains("é 😀"))
            #expect(!safe.unicodeScalars.contains { [0x1B, 0x9B, 0x202E, 0x2028, 0xE0041].contains($0.value) })
        }
        #expect(safeJSON("[\n  1\n]") == "[\n  1\n]")
    }

    @Test func oursAreLeftAlone() {
        #expect(withoutLogCommands("\u{1B}[1mx\u{1B}[0m: ##[a]\n::b") == "\u{1B}[1mx\u{1B}[0m: ##\\[a]\n\\::b")
    }
}
