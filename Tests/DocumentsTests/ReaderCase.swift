import Documents
import TestSupport
import Testing

/// A text with the places of what is wrong: problem `n` lies between marker `2n - 1` and marker `2n`.
struct ReaderCase: Sendable, CustomTestStringConvertible {
    var text: MarkedText
    var codes: [String]
    /// The text after all fix-its.
    var fixed: String?

    init(_ text: String, _ codes: String..., fixed: String? = nil) {
        self.text = MarkedText(text)
        self.codes = codes
        self.fixed = fixed
    }

    var testDescription: String { "\(codes.joined(separator: ", ")) in \(text.text.prefix(60).debugDescription)" }

    /// Reads the text and compares every diagnostic with what is expected.
    func check(_ syntax: Document.Syntax, sourceLocation: SourceLocation = #_sourceLocation) {
        let (document, diagnostics) = Document.read(text: text.text, file: "case", syntax: syntax)
        #expect(diagnostics.map(\.code) == codes.map { "document/\($0)" }, sourceLocation: sourceLocation)
        for (index, diagnostic) in diagnostics.enumerated() {
            #expect(
                diagnostic.location?.range == text.range(2 * index + 1, 2 * index + 2),
                "\(diagnostic)", sourceLocation: sourceLocation)
            #expect(!diagnostic.message.hasSuffix("."), sourceLocation: sourceLocation)
        }
        if let fixed, let source = diagnostics.first?.location?.source {
            let result = String(decoding: FixIt.apply(diagnostics.flatMap(\.fixIts), to: source), as: UTF8.self)
            #expect(result == fixed, sourceLocation: sourceLocation)
            #expect(throws: Never.self, "the fixed text reads", sourceLocation: sourceLocation) {
                try Document(text: fixed, file: "fixed", syntax: syntax)
            }
        }
        // Where a document is given in spite of errors, all of it can be walked.
        if let document { #expect(document.root.value == document.root.value, sourceLocation: sourceLocation) }
    }
}
