import Documents
import Foundation
import TestSupport
import Testing

@Suite struct DiagnosticRendererTests {
    private let renderer = DiagnosticRenderer(color: false, fixCommand: "almrun check --fix")

    private func location(_ text: String, _ name: String = "pipelines/release.yaml") -> Location {
        let marked = MarkedText(text)
        return Location(source: Source(name: name, bytes: marked.bytes), range: marked.range(1, 2))
    }

    @Test func `shows place, line, caret, code, help and fix`() {
        let place = location(String(repeating: "#\n", count: 13) + "    uses: 1️⃣openapi.lnt2️⃣\n")
        let diagnostic = Diagnostic(
            "manifest/unknown-kind", "unknown stage kind 'openapi.lnt'", at: place,
            fixIts: [FixIt("write 'openapi.lint'", at: place, replacement: "openapi.lint")],
            help: "did you mean 'openapi.lint'?")
        #expect(
            renderer.render(diagnostic) == """
                pipelines/release.yaml:14:11: error: unknown stage kind 'openapi.lnt' [manifest/unknown-kind]
                   |
                14 |     uses: openapi.lnt
                   |           ^~~~~~~~~~~
                   = help: did you mean 'openapi.lint'?   (almrun check --fix applies this)
                """)
    }

    @Test func `shows notes with and without places`() {
        let first = location("1️⃣a2️⃣: 1\na: 2", "a.yaml")
        let second = Location(source: first.source, range: 5..<6)
        let diagnostic = Diagnostic(
            "document/duplicate-key", .warning, "the key 'a' stands here a second time", at: second,
            notes: [.init("the first one", at: first), .init("one wins")])
        #expect(
            renderer.render(diagnostic) == """
                a.yaml:2:1: warning: the key 'a' stands here a second time [document/duplicate-key]
                  |
                2 | a: 2
                  | ^
                a.yaml:1:1: note: the first one
                  |
                1 | a: 1
                  | ^
                  = note: one wins
                """)
    }

    @Test func `without a location there is one line`() {
        #expect(renderer.render(Diagnostic("plan/x", "no pipeline")) == "error: no pipeline [plan/x]")
    }

    @Test func `a range of several lines is marked to the end of its first line`() {
        let lines = renderer.render(Diagnostic("a/b", "m", at: location("x: 1️⃣{ a,\n b }2️⃣\n"))).split(separator: "\n")
        #expect(lines[2] == "1 | x: { a," && lines[3] == "  |    ^~~~")
    }

    @Test func `an empty range at the end of a file has a caret`() {
        let lines = renderer.render(Diagnostic("a/b", "m", at: location("abc1️⃣2️⃣"))).split(separator: "\n")
        #expect(lines[2] == "1 | abc" && lines[3] == "  |    ^")
    }

    @Test func `tabs, wide and combining letters keep the caret under its text`() {
        let tab = renderer.render(Diagnostic("a/b", "m", at: location("\tab\t1️⃣c2️⃣"))).split(separator: "\n")
        #expect(tab[2] == "1 |     ab  c" && tab[3] == "  |         ^")
        let wide = renderer.render(Diagnostic("a/b", "m", at: location("中文 1️⃣é中2️⃣ x"))).split(separator: "\n")
        #expect(wide[2] == "1 | 中文 é中 x" && wide[3] == "  |      ^~~")
        let combined = renderer.render(Diagnostic("a/b", "m", at: location("e\u{301}e\u{301} 1️⃣x2️⃣"))).split(
            separator: "\n")
        #expect(combined[3] == "  |    ^")
    }

    @Test func `a long line is cut around the caret`() {
        let text = String(repeating: "before ", count: 100_000) + "1️⃣HERE2️⃣" + String(repeating: " after", count: 100_000)
        let lines = renderer.render(Diagnostic("a/b", "m", at: location(text))).split(separator: "\n")
        #expect(lines[2].count <= 120 && lines[2].contains("HERE") && lines[2].hasSuffix("…"))
        let caret = lines[3].distance(from: lines[3].startIndex, to: lines[3].firstIndex(of: "^") ?? lines[3].endIndex)
        let here = lines[2].range(of: "HERE").map { lines[2].distance(from: lines[2].startIndex, to: $0.lowerBound) }
        #expect(caret == here && lines[3].hasSuffix("^~~~"))
    }

    @Test func `a very long range is cut too`() {
        let lines = renderer.render(
            Diagnostic("a/b", "m", at: location("x: 1️⃣" + String(repeating: "y", count: 500_000) + "2️⃣"))
        ).split(separator: "\n")
        #expect(lines[2].count <= 120 && lines[3].count <= 120)
    }

    @Test func `nothing that a terminal would obey is shown`() {
        let place = location("a\u{1B}[31m 1️⃣b\u{7}\u{202E}2️⃣ \u{9B}x", "na\u{1B}[2Jme.yaml")
        let text = renderer.render(
            Diagnostic("a/b", "bad '\u{1B}]0;x\u{7}'\n", at: place, notes: [.init("\u{1B}n")], help: "\u{8}h"))
        let isObeyed = { (scalar: Unicode.Scalar) in
            (scalar.value < 0x20 && scalar != "\n") || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x202E
        }
        #expect(!text.unicodeScalars.contains(where: isObeyed))
        #expect(text.split(separator: "\n")[2] == "1 | a␛[31m b␇\u{FFFD} \u{FFFD}x")
    }

    @Test func `colours only when asked`() {
        let diagnostic = Diagnostic("a/b", "m", at: location("1️⃣x2️⃣"), help: "h")
        #expect(!renderer.render(diagnostic).contains("\u{1B}"))
        let colored = DiagnosticRenderer(color: true).render(diagnostic)
        #expect(colored.contains("\u{1B}[1;31merror\u{1B}[0m"))
        #expect(colored.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") == renderer.render(diagnostic))
    }
}
