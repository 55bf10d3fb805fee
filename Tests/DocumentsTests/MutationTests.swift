import Documents
import TestSupport
import Testing

/// Texts that somebody or something spoiled: a reader never crashes, never hangs, and names places inside the file.
@Suite struct MutationTests {
    private static let json = """
        {"swagger": "2.0", "paths": {"/a/{id}": {"get": {"tags": [1, -2.5e3, true, null, "é😀\\u00e9\\n"], "x": {}}}},
         "list": [[], [{}], "plain text that is longer than eight", 0.5], "b": "\\uD83D\\uDE00"}
        """
    private static let yaml = """
        # comment é
        stages: &s
          lint: { uses: openapi.lint, with: [a, 'it''s', "x\\ty", "${{ a.b }}"] }
          text: |
            one
            two
          folded: >-
            three
          alias: *s2
        list:
          - &s2 - a
          - ? k
            : v
          - !!str 12
          - ${{ inputs.x }}/y
        """
    private static let insertions: [[UInt8]] =
        [
            "{", "}", "[", "]", ",", ":", "\"", "'", "\\", "\\u", "\\uD800", "0", "-", ".", "e", " ", "\n", "\r", "\t",
            "#", "//", "/*",
            "&a ", "*a", "*s", "!", "|", ">", "%", "@", "? ", "- ", ": ", "<<", "${{", "}}", "---\n", "...\n", "true",
            "é",
        ].map { Array($0.utf8) } + [
            [0], [0x1B], [0x80], [0xC3], [0xED, 0xA0, 0x80], [0xF0, 0x9F], [0xFF, 0xFE], [0xEF, 0xBB, 0xBF],
        ]

    @Test(
        arguments: [(Document.Syntax.json, 11), (.json, 12), (.yaml, 13), (.yaml, 14)] as [(Document.Syntax, UInt64)])
    func `survives spoiled texts`(syntax: Document.Syntax, seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let original = Array((syntax == .json ? Self.json : Self.yaml).utf8)
        var read = 0
        for _ in 0..<4000 {
            var text = original
            for _ in 0...random.below(3) {
                let at = random.below(text.count + 1)
                let end = min(text.count, at + random.below(12))
                switch random.below(5) {
                case 0: text.insert(contentsOf: Self.insertions[random.below(Self.insertions.count)], at: at)
                case 1: text.removeSubrange(at..<end)
                case 2 where at < text.count: text[at] = UInt8(truncatingIfNeeded: random.next())
                case 3: text.insert(contentsOf: text[at..<end], at: random.below(text.count + 1))
                default: text.removeSubrange(at...)
                }
                if text.isEmpty { break }
            }
            let (document, diagnostics) = Document.read(bytes: text, file: "spoiled", syntax: syntax)
            if document == nil { #expect(!diagnostics.isEmpty) }
            var isSound = true
            for diagnostic in diagnostics {
                isSound = isSound && isInside(diagnostic.location, text) && !diagnostic.message.isEmpty
                isSound = isSound && diagnostic.notes.allSatisfy { $0.location == nil || isInside($0.location, text) }
            }
            if let document {
                read += 1
                isSound = isSound && walk(document.root, text)
            }
            if let first = diagnostics.first, random.below(20) == 0 {
                isSound = isSound && !DiagnosticRenderer(color: false).render(first).unicodeScalars.contains("\u{1B}")
            }
            #expect(isSound, "\(String(decoding: text, as: UTF8.self).debugDescription)")
        }
        #expect(read > 100)
    }

    private func isInside(_ location: Location?, _ text: [UInt8]) -> Bool {
        location.map { $0.range.lowerBound >= 0 && $0.range.upperBound <= text.count } ?? false
    }

    private func walk(_ node: Node, _ text: [UInt8]) -> Bool {
        guard node.range.lowerBound >= 0, node.range.upperBound <= text.count else { return false }
        _ = (node.string, node.number, node.integer, node.boolean, node.scalarText)
        var count = 0
        for member in node.members {
            count += 1
            guard member.keyNode.range.upperBound <= text.count, walk(member.value, text) else { return false }
        }
        for element in node.elements {
            count += 1
            guard walk(element, text) else { return false }
        }
        return node.kind != .object && node.kind != .array || count == node.count
    }
}
