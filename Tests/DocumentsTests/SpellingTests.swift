import Documents
import Testing

@Suite struct SpellingTests {
    @Test(
        arguments: [
            ("openapi.lnt", "openapi.lint"), ("openapi.dif", "openapi.diff"), ("OpenAPI.Lint", "openapi.lint"),
            ("git.tga", "git.tag"), ("solution.promte", "solution.promote"), ("xyz", nil), ("", nil), ("lint", nil),
        ] as [(String, String?)])
    func `suggests what was probably meant`(word: String, meant: String?) {
        let kinds = ["openapi.lint", "openapi.diff", "git.tag", "solution.pack", "solution.promote", "shell.run"]
        #expect(suggestion(for: word, among: kinds) == meant)
    }

    @Test func `the nearest wins, and a word is no suggestion for itself`() {
        #expect(suggestion(for: "test", among: ["best", "tests", "rest"]) == "best")
        #expect(suggestion(for: "test", among: ["test"]) == nil)
        #expect(suggestion(for: "a", among: ["b"]) == nil)
        #expect(
            suggestion(for: String(repeating: "x", count: 10_000), among: [String(repeating: "y", count: 10_000)])
                == nil)
    }
}
