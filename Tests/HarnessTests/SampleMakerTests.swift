import Documents
import OrderedCollections
import Testing

@testable import Harness

struct SampleMakerTests {
    @Test(arguments: [
        ("{ type: string }", "\"text\""),
        ("{ type: string, example: hello }", "\"hello\""),
        ("{ type: integer, example: hello }", "1"),
        ("{ type: string, default: d }", "\"d\""),
        ("{ type: string, enum: [Open, Paid] }", "\"Open\""),
        ("{ type: string, enum: [Open, Paid], default: Paid }", "\"Paid\""),
        ("{ type: string, format: date-time }", "\"2026-01-15T09:30:00Z\""),
        ("{ type: string, minLength: 6 }", "\"textxx\""),
        ("{ type: string, maxLength: 2 }", "\"te\""),
        ("{ type: string, pattern: \"^[a-z]+-[0-9]{3}$\" }", "\"a-000\""),
        ("{ type: integer, minimum: 10 }", "10"),
        ("{ type: integer, minimum: 10, exclusiveMinimum: true }", "11"),
        ("{ type: integer, maximum: -3 }", "-3"),
        ("{ type: integer, minimum: 7, multipleOf: 5 }", "10"),
        ("{ type: number }", "1.5"),
        ("{ type: number, minimum: 0, maximum: 1 }", "0.5"),
        ("{ type: boolean }", "true"),
        ("{ type: array, items: { type: string } }", "[\"text\"]"),
        ("{ type: array, minItems: 2, uniqueItems: true, items: { type: integer } }", "[1,2]"),
        ("{ type: object, properties: { a: { type: string }, b: { type: integer } } }", "{\"a\":\"text\",\"b\":1}"),
        ("{ type: object, required: [x] }", "{\"x\":\"text\"}"),
        ("{ type: object, additionalProperties: { type: integer } }", "{\"key1\":1}"),
        (
            "{ allOf: [{ type: object, properties: { a: { type: string } } }, { properties: { b: { type: boolean } } }] }",
            "{\"a\":\"text\",\"b\":true}"
        ),
        ("{ oneOf: [{ type: integer, minimum: 5 }, { type: string }] }", "5"),
        ("{}", "{}"),
    ])
    func values(_ schema: String, _ expected: String) throws {
        let (definition, node) = try Definitions.schema(schema)
        let value = try #require(SampleMaker(definition).value(for: node))
        #expect(value == (try Value(json: expected)))
        #expect(SchemaValidator(definition).issues(in: value, against: node).isEmpty)
    }

    @Test(arguments: [
        // Optional, in a list, required, and required in a list: each ends.
        "{ type: object, properties: { name: { type: string }, child: { $ref: \"#/definitions/S\" } } }",
        "{ type: object, required: [children], properties: { children: { type: array, items: { $ref: \"#/definitions/S\" } } } }",
        "{ type: object, properties: { a: { $ref: \"#/definitions/T\" } } }",
        "{ type: object, properties: { l: { type: array, minItems: 1, items: { $ref: \"#/definitions/S\" } } } }",
    ])
    func recursionEndsWithAValueThatFits(_ schema: String) throws {
        let (definition, node) = try Definitions.schema(
            schema, besides: ", T: { type: object, properties: { back: { $ref: \"#/definitions/S\" } } }")
        let value = try #require(SampleMaker(definition).value(for: node))
        #expect(SchemaValidator(definition).issues(in: value, against: node).isEmpty)
        #expect(value.json().count < 500)
    }

    @Test func whatCannotEndGivesSomethingAnyway() throws {
        let (definition, node) = try Definitions.schema(
            "{ type: object, required: [self], properties: { self: { $ref: \"#/definitions/S\" } } }")
        #expect(SampleMaker(definition).value(for: node) == .map([:]))
    }

    @Test func widthIsBounded() throws {
        // Each level has ten properties of the next: ten to the eighth leaves.
        var others = ""
        for level in 0..<8 {
            let properties = (0..<10).map { "p\($0): { $ref: \"#/definitions/L\(level + 1)\" }" }.joined(
                separator: ", ")
            others += ", L\(level): { type: object, properties: { \(properties) } }"
        }
        let (definition, node) = try Definitions.schema(
            "{ $ref: \"#/definitions/L0\" }", besides: others + ", L8: { type: string }")
        let value = try #require(SampleMaker(definition).value(for: node))
        #expect(value.json().utf8.count < 200_000)
    }

    @Test func requestsCarryRequiredPropertiesAndThoseWithExamples() throws {
        let (definition, node) = try Definitions.schema(
            """
            { type: object, required: [a, id], properties: { a: { type: string }, b: { type: string },
            c: { type: string, example: sea }, id: { type: string, readOnly: true } } }
            """)
        let value = SampleMaker(definition, direction: .request).value(for: node)
        #expect(value == .map(["a": .string("text"), "c": .string("sea")]))
    }

    @Test(arguments: [
        "^inv-[0-9]+$", "[A-Z]{2,4}", "^(foo|bar)\\d{3}$", "^[^a]+$", "\\w+@\\w+\\.com", "^$", "a?b*c+",
        "^[\\w-]{1,20}$",
    ])
    func patternsAreMet(_ pattern: String) throws {
        let text = try #require(TextPattern.sample(of: pattern))
        #expect(TextPattern.matches(text, pattern) == true)
    }

    @Test(arguments: ["^(?=.*\\d).{8,}$", "(a)\\1", "(", "[", "a{99999}"])
    func hardPatternsAreLeftAlone(_ pattern: String) { #expect(TextPattern.sample(of: pattern) == nil) }

    @Test(arguments: [
        ("date", "2024-02-29", true), ("date", "2023-02-29", false), ("date", "2026-1-1", false),
        ("date-time", "2026-01-15T09:30:00Z", true), ("date-time", "2026-01-15T09:30:00.123+02:00", true),
        ("date-time", "2026-01-15 09:30:00Z", true), ("date-time", "2026-01-15T09:30:00", false),
        ("date-time", "2026-01-15T25:30:00Z", false), ("date-time", "today", false),
        ("uuid", "6f1d2c3b-4a59-4e68-8f70-1b2c3d4e5f60", true), ("uuid", "6f1d2c3b4a594e688f701b2c3d4e5f60", false),
        ("email", "a@b.example", true), ("email", "a b@c", false), ("email", "@b", false),
        ("uri", "https://a.example/b", true), ("uri", "/relative", false), ("uri", "has space:x", false),
        ("ipv4", "192.0.2.1", true), ("ipv4", "192.0.2.256", false), ("ipv4", "192.0.2", false),
        ("ipv6", "2001:db8::1", true), ("ipv6", "1:2:3:4:5:6:7:8", true), ("ipv6", "1:2:3", false),
        ("byte", "c2FtcGxl", true), ("byte", "c2F=tcGxl", false), ("byte", "abc", false),
    ])
    func formats(_ format: String, _ text: String, _ isFine: Bool) {
        #expect((TextFormat.problem(with: text, format: format) == nil) == isFine)
    }
}
