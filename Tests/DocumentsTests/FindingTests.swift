import Documents
import Testing

@Suite struct FindingTests {
    private func finding(_ text: String, _ message: String = "m", pointer: String? = "/a") -> Finding {
        let source = Source(name: "dir/a.json", bytes: Array(text.utf8))
        let start = text.utf8.count - 1
        return Finding(
            code: "lint/x", severity: .warning, message: message,
            location: Location(source: source, range: start..<start + 1), pointer: pointer)
    }

    @Test func `has UTF-16 columns`() {
        let found = finding("\n😀x")
        #expect(
            found.file == "dir/a.json" && found.line == 2 && found.column == 3 && found.endLine == 2
                && found.endColumn == 4)
    }

    @Test func `the fingerprint survives moves and changes with what is said`() {
        #expect(finding("x").fingerprint == finding("\n\n   x").fingerprint)
        #expect(finding("x").fingerprint != finding("x", "n").fingerprint)
        #expect(finding("x").fingerprint != finding("x", pointer: "/b").fingerprint)
        #expect(finding("x", pointer: nil).fingerprint != finding("x").fingerprint)
        // Baselines keep it, so it must never change.
        #expect(finding("x").fingerprint == "81a6a5b48fe1dbe5")
    }

    @Test func `is made of a diagnostic and survives coding`() throws {
        let source = Source(name: "a.json", bytes: [0x7B])
        let made = Finding(
            Diagnostic("a/b", .hint, "m", at: Location(source: source, range: 0..<1), help: "h"), pointer: "/p")
        #expect(made.help == "h" && made.severity == .hint && made.pointer == "/p")
        #expect(try ValueDecoder().decode(Finding.self, from: ValueEncoder().encode(made)) == made)
        let placeless = Finding(Diagnostic("a/b", "m"))
        #expect(placeless.file == nil && placeless.line == nil)
    }
}
