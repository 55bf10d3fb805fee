import Testing

@testable import Linting

@Suite struct ScriptPatternTests {
    @Test(arguments: [
        ("^a$", "a", true), ("^a$", "a\n", false), ("a.c", "abc", true), ("eval\\(", "x eval(1)", true),
        ("eval\\(", "eval 1", false),
        ("[\\-_]", "a_b", true), ("[\\_-]", "a-b", true), ("^\\d+$", "12", true), ("^\\d+$", "١٢", false),
        ("^[^/]+$", "a/b", false),
        ("[[]", "[", true), ("^[a-z&&x]+$", "a&x", true), ("^(?!.*b).*$", "abc", false), ("(a)\\1", "aa", true),
        ("^\\w+$", "a_1", true),
        ("^\\w+$", "ä", false), ("\\u00e4", "ä", true), ("[^]", "\n", true), ("a|$", "b", true), ("^.$", "😀", true),
    ]) func matchesAsScriptsDo(_ pattern: String, _ text: String, _ isMatch: Bool) throws {
        #expect(try ScriptPattern(pattern).matches(text) == isMatch)
    }

    @Test(.timeLimit(.minutes(20))) func noExpressionTakesForever() throws {
        let text = String(repeating: "word ", count: 400) + "!"
        for pattern in ["^(\\w+\\s?)*$", "^(a|w|\\w| )*$", "^((\\w+)*\\s*)*$"] {
            #expect(try ScriptPattern(pattern).outcome(on: text) == .noMatch)
            #expect(try ScriptPattern(pattern).matches(String(text.dropLast())))
        }
        #expect(try ScriptPattern("^(?!z)(\\w+\\s?)*$").outcome(on: text) == .tooSlow)
        #expect(throws: ScriptPattern.Failure.self) { try ScriptPattern("(((a{1000}){1000}){1000})") }
    }

    @Test func flagsAreRead() throws {
        #expect(try ScriptPattern(written: "/ABC/i").matches("xabc"))
        #expect(try ScriptPattern(written: "/^b$/m").matches("a\nb"))
        #expect(throws: ScriptPattern.Failure.self) { try ScriptPattern(written: "/a/b") }
        #expect(throws: ScriptPattern.Failure.self) { try ScriptPattern("a", flags: "q") }
        #expect(throws: ScriptPattern.Failure.self) { try ScriptPattern("a(") }
    }

    @Test func filePatternsMatchNamesAndPaths() throws {
        #expect(try GlobPattern("*.yaml").matches("a/b.yaml"))
        #expect(try GlobPattern("a/**/*.{yaml,json}").matches("a/b/c.json"))
        #expect(try GlobPattern("a/**").matches("a/b/c.json"))
        #expect(try !GlobPattern("a/*.json").matches("a/b/c.json"))
    }
}
