import Documents
import OrderedCollections
import Testing

@testable import Harness

struct SchemaValidatorTests {
    @Test(
        arguments: [
            // (schema, value, the issue or nil)
            ("{ type: string }", "\"a\"", nil),
            ("{ type: string }", "1", "the value is an integer, not a string"),
            ("{ type: string }", "null", "the value is null, which 'string' does not allow"),
            ("{ type: string, x-nullable: true }", "null", nil),
            ("{ type: integer }", "1.0", nil),
            ("{ type: integer }", "1.5", "the value is a number, not an integer"),
            ("{ type: number }", "3", nil),
            ("{ type: integer, format: int32 }", "2147483648", "the value is 2147483648, beyond 32 bits"),
            ("{ type: integer, minimum: 1, maximum: 3 }", "0", "the value is 0, below 1"),
            ("{ type: integer, minimum: 1, maximum: 3 }", "4", "the value is 4, above 3"),
            ("{ type: number, minimum: 0, exclusiveMinimum: true }", "0", "the value is 0, not above 0"),
            ("{ type: number, maximum: 1, exclusiveMaximum: true }", "1", "the value is 1, not below 1"),
            ("{ type: number, multipleOf: 0.01 }", "19.99", nil),
            ("{ type: number, multipleOf: 0.01 }", "19.999", "the value is 19.999, no multiple of 0.01"),
            ("{ type: string, minLength: 2, maxLength: 3 }", "\"a\"", "the value has 1 characters, fewer than 2"),
            ("{ type: string, minLength: 2, maxLength: 3 }", "\"abcd\"", "the value has 4 characters, more than 3"),
            ("{ type: string, maxLength: 1 }", "\"😀\"", nil),
            ("{ type: string, pattern: \"^[A-Z]{3}$\" }", "\"EUR\"", nil),
            ("{ type: string, pattern: \"^[A-Z]{3}$\" }", "\"eur\"", "the value does not match the pattern ^[A-Z]{3}$"),
            ("{ type: string, pattern: \"(unclosed\" }", "\"x\"", nil),
            (
                "{ type: string, enum: [Open, Paid] }", "\"open\"",
                "the value is \"open\", not one of \"Open\", \"Paid\""
            ),
            ("{ type: number, enum: [1, 2] }", "1.0", nil),
            ("{ type: string, format: date }", "\"2026-02-29\"", "the value is \"2026-02-29\", no date"),
            ("{ type: string, format: made-up }", "\"anything\"", nil),
            ("{ type: array, items: { type: integer } }", "[1, \"2\"]", "/1 is a string, not an integer"),
            ("{ type: array, minItems: 1, items: {} }", "[]", "the value has 0 items, fewer than 1"),
            ("{ type: array, maxItems: 1, items: {} }", "[1, 2]", "the value has 2 items, more than 1"),
            ("{ type: array, uniqueItems: true, items: {} }", "[1, 1]", "the value has the same item twice"),
            ("{ type: object, required: [a] }", "{}", "the value lacks the property 'a'"),
            (
                "{ type: object, properties: { a: { type: object, required: [b] } } }", "{\"a\": {}}",
                "/a lacks the property 'b'"
            ),
            (
                "{ type: object, additionalProperties: false }", "{\"x\": 1}",
                "the value has the property 'x', which is not declared"
            ),
            (
                "{ type: object, additionalProperties: { type: string } }", "{\"x\": 1}",
                "/x is an integer, not a string"
            ),
            (
                "{ type: object, properties: { \"a/b\": { type: string } } }", "{\"a/b\": 1}",
                "/a~1b is an integer, not a string"
            ),
            ("{ type: object, minProperties: 1 }", "{}", "the value has 0 properties, fewer than 1"),
            ("{ type: object, required: [w], properties: { w: { type: string, writeOnly: true } } }", "{}", nil),
            ("{ allOf: [{ required: [a] }, { required: [b] }] }", "{\"a\": 1}", "the value lacks the property 'b'"),
            (
                "{ oneOf: [{ type: string }, { type: integer }] }", "true",
                "the value fits none of the 2 alternatives (the value is a boolean, not a string)"
            ),
            (
                "{ oneOf: [{ type: number }, { type: integer }] }", "1",
                "the value fits 2 alternatives of which only one may fit"
            ),
            ("{ anyOf: [{ type: number }, { type: integer }] }", "1", nil),
            ("{ not: { type: string } }", "\"x\"", "the value has a shape that is ruled out"),
            ("{}", "null", nil),
            ("{ type: file }", "\"bytes\"", nil),
        ] as [(String, String, String?)])
    func swagger2(_ schema: String, _ value: String, _ expected: String?) throws {
        let (definition, node) = try Definitions.schema(schema)
        let issues = SchemaValidator(definition).issues(in: try Value(json: value), against: node)
        #expect(issues.first?.description == expected)
        #expect(issues.count <= 1)
    }

    @Test(
        arguments: [
            ("3.0.3", "{ type: string, nullable: true }", "null", nil),
            ("3.1.0", "{ type: [string, \"null\"] }", "null", nil),
            ("3.1.0", "{ type: [string, integer] }", "true", "the value is a boolean, not a string or an integer"),
            ("3.1.0", "{ type: number, exclusiveMinimum: 0 }", "0", "the value is 0, not above 0"),
            ("3.1.0", "{ const: 5 }", "6", "the value is 6, not 5"),
            (
                "3.1.0", "{ prefixItems: [{ type: string }], items: { type: integer } }", "[\"a\", \"b\"]",
                "/1 is a string, not an integer"
            ),
            (
                "3.1.0",
                "{ type: object, patternProperties: { \"^x-\": { type: string } }, additionalProperties: false }",
                "{\"x-a\": \"b\"}", nil
            ),
            (
                "3.1.0", "{ $ref: \"#/components/schemas/T\", maxLength: 1 }", "\"ab\"",
                "the value has 2 characters, more than 1"
            ),
            ("3.0.3", "{ $ref: \"#/components/schemas/T\", maxLength: 1 }", "\"ab\"", nil),
            (
                "3.1.0", "{ if: { type: string }, then: { minLength: 2 }, else: { type: integer } }", "\"a\"",
                "the value has 1 characters, fewer than 2"
            ),
        ] as [(String, String, String, String?)])
    func laterDialects(_ version: String, _ schema: String, _ value: String, _ expected: String?) throws {
        let (definition, node) = try Definitions.schema(schema, version: version, besides: ", T: { type: string }")
        let issues = SchemaValidator(definition).issues(in: try Value(json: value), against: node)
        #expect(issues.first?.description == expected)
    }

    @Test func recursionIsJudgedAsDeepAsTheValueGoes() throws {
        let (definition, node) = try Definitions.schema(
            "{ type: object, properties: { name: { type: string }, child: { $ref: \"#/definitions/S\" } } }")
        let deep = "{\"child\": {\"child\": {\"child\": {\"name\": 1}}}}"
        let issues = SchemaValidator(definition).issues(in: try Value(json: deep), against: node)
        #expect(issues.map(\.description) == ["/child/child/child/name is an integer, not a string"])
    }

    @Test func aSchemaThatIsItselfEnds() throws {
        let (definition, node) = try Definitions.schema("{ allOf: [{ $ref: \"#/definitions/S\" }] }")
        #expect(SchemaValidator(definition).issues(in: .integer(1), against: node).isEmpty)
    }

    @Test func issuesAreBounded() throws {
        let (definition, node) = try Definitions.schema("{ type: array, items: { type: string } }")
        let value = Value.list(Array(repeating: .integer(1), count: 1000))
        #expect(SchemaValidator(definition, issueLimit: 20).issues(in: value, against: node).count == 20)
    }

    @Test func readOnlyPropertiesAreNotDemandedOfRequests() throws {
        let (definition, node) = try Definitions.schema(
            "{ type: object, required: [id], properties: { id: { type: string, readOnly: true } } }")
        #expect(SchemaValidator(definition, direction: .request).issues(in: .map([:]), against: node).isEmpty)
        #expect(!SchemaValidator(definition, direction: .response).issues(in: .map([:]), against: node).isEmpty)
    }
}
