import Documents
import OrderedCollections
import Testing

@testable import Harness

struct ValuePathTests {
    private static let body =
        #"{"items": [{"id": "a", "n": 1}, {"id": "b"}], "error": {"code": "X"}, "a.b": 5, "odd/key": 6}"#

    @Test(arguments: [
        ("", 1), ("$", 1), ("items", 1), ("items[0].id", 1), ("items.0.id", 1), ("$.items[1].id", 1),
        ("items[*].id", 2),
        ("items.*.n", 1), ("/items/0/id", 1), ("/odd~1key", 1), ("['a.b']", 1), ("error.code", 1), ("error.codes", 0),
        ("items[9].id", 0), ("error[0]", 0), ("*", 4),
    ])
    func paths(_ text: String, _ count: Int) throws {
        let path = try #require(ValuePath(text))
        #expect(path.values(in: try Value(json: Self.body)).count == count)
    }

    @Test(arguments: ["a[0", "a..b", "a[]", "a[0]b", ".a"])
    func wrongPaths(_ text: String) { #expect(ValuePath(text) == nil) }

    @Test(
        arguments: [
            (Matcher.equals(.integer(1)), "1.0", nil), (.equals(.map(["a": .number(1)])), "{\"a\": 1}", nil),
            (.equals(.string("a")), "\"b\"", "is \"b\", not \"a\""), (.differs(.integer(1)), "1", "is 1"),
            (.matches("^a"), "\"abc\"", nil), (.matches("^b"), "\"abc\"", "is \"abc\", which does not match ^b"),
            (.exists(true), "null", nil), (.exists(false), "1", "is there"), (.type("integer"), "1", nil),
            (.type("string"), "1", "is 1, not of type string"),
            (.oneOf([.integer(1), .integer(2)]), "3", "is 3, not one of 1, 2"),
            (.contains(.string("b")), "\"abc\"", nil), (.contains(.integer(2)), "[1, 2]", nil),
            (.contains(.integer(3)), "[1, 2]", "does not contain 3"), (.atLeast(2), "1", "is 1, below 2"),
            (.atMost(2), "\"x\"", "is \"x\", not a number"), (.count(2), "[1]", "has 1 entries, not 2"),
            (.minCount(1), "{}", "has 0 entries, fewer than 1"), (.maxCount(1), "\"ab\"", "has 2 entries, more than 1"),
            (.notEmpty(true), "\"\"", "is empty"), (.notEmpty(true), "5", "is 5, which has no entries"),
        ] as [(Matcher, String, String?)])
    func matchers(_ matcher: Matcher, _ value: String, _ expected: String?) throws {
        #expect(matcher.problem(with: try Value(json: value)) == expected)
    }

    @Test func whatIsNotThereMeetsNothing() {
        #expect(Matcher.equals(.null).problem(with: nil) == "is not there")
        #expect(Matcher.exists(false).problem(with: nil) == nil)
    }
}
