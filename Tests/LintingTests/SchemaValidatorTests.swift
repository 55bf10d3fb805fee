import Documents
import Testing

@testable import Linting

@Suite struct SchemaValidatorTests {
    @Test(arguments: [
        ("{type: integer}", "1.0", []), ("{type: [string, 'null']}", "null", []),
        ("{type: integer}", "1.5", ["Value type must be integer"]), ("{type: string, nullable: true}", "null", []),
        ("{maximum: 3}", "4", ["Number must be <= 3"]), ("{exclusiveMinimum: 3}", "3", ["Number must be > 3"]),
        ("{multipleOf: 0.1}", "0.3", []), ("{multipleOf: 2}", "3", ["Number must be multiple of 2"]),
        ("{minLength: 2}", "a", ["String must not have fewer than 2 characters"]), ("{maxLength: 1}", "'😀'", []),
        ("{pattern: '^a'}", "b", ["String must match pattern \"^a\""]),
        ("{format: date}", "'2026-02-30'", ["String must match format \"date\""]),
        ("{format: date}", "'2024-02-29'", []),
        ("{format: date-time}", "'2026-01-01T10:00:00Z'", []),
        ("{format: date-time}", "'2026-01-01T25:00:00Z'", ["String must match format \"date-time\""]),
        ("{format: email}", "a@b", ["String must match format \"email\""]),
        ("{format: uuid}", "nope", ["String must match format \"uuid\""]),
        ("{format: ipv4}", "1.2.3.256", ["String must match format \"ipv4\""]), ("{format: own}", "x", []),
        ("{enum: [a, b]}", "c", ["String must be equal to one of the allowed values: \"a\", \"b\""]),
        (
            "{enum: [query, path]}", "quer",
            ["String must be equal to one of the allowed values: \"query\", \"path\". Did you mean \"query\"?"]
        ),
        ("{const: {a: 1}}", "{a: 1}", []), ("{const: 1}", "2", ["Number must be equal to constant"]),
        ("{required: [a, b]}", "{a: 1}", ["Object must have required property \"b\""]),
        ("{properties: {a: {type: string}}}", "{a: 1}", ["/a \"a\" property type must be string"]),
        ("{additionalProperties: false, properties: {a: {}}}", "{b: 1}", ["Property \"b\" is not expected to be here"]),
        ("{patternProperties: {'^x': {type: integer}}, additionalProperties: false}", "{x1: 1}", []),
        (
            "{propertyNames: {maxLength: 1}}", "{ab: 1}",
            ["String must not have more than 1 characters", "Object property name must be valid"]
        ),
        ("{dependencies: {a: [b]}}", "{a: 1}", ["Object must have property b when property a is present"]),
        ("{items: {type: integer}}", "[1, a]", ["/1 \"1\" property type must be integer"]),
        ("{items: [{type: integer}], additionalItems: false}", "[1, 2]", ["Array must not have more than 1 items"]),
        (
            "{uniqueItems: true}", "[{a: 1}, {a: 1}]",
            ["Array must not have duplicate items (items ## 0 and 1 are identical)"]
        ),
        ("{contains: {type: string}}", "[1]", ["Array must contain at least 1 valid item(s)"]),
        ("{not: {type: string}}", "a", ["String must not be valid"]),
        ("{anyOf: [{type: string}, {type: integer}]}", "1", []),
        (
            "{anyOf: [{properties: {a: {type: string}}}, {type: integer}]}", "{a: 1}",
            ["/a \"a\" property type must be string"]
        ),
        ("{oneOf: [{minimum: 1}, {minimum: 2}]}", "3", ["Number must match exactly one schema in oneOf"]),
        ("{allOf: [{type: integer}, {minimum: 5}]}", "3", ["Number must be >= 5"]),
        (
            "{if: {minimum: 5}, then: {maximum: 6}, else: {maximum: 2}}", "4",
            ["Number must be <= 2", "Number must match \"else\" schema"]
        ),
        (
            "{definitions: {a: {type: string}}, properties: {x: {$ref: '#/definitions/a'}}}", "{x: 1}",
            ["/x \"x\" property type must be string"]
        ),
        (
            "{properties: {x: {$ref: '#'}}, additionalProperties: false}", "{x: {x: {y: 1}}}",
            ["/x/x Property \"y\" is not expected to be here"]
        ),
        ("{$ref: '#/nowhere'}", "1", ["can't resolve reference #/nowhere from id #"]),
        (
            "{$schema: 'http://json-schema.org/draft-04/schema#', maximum: 3, exclusiveMaximum: true}", "3",
            ["Number must be < 3"]
        ),
        (
            "{$schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{type: string}], items: {type: integer}}",
            "[a, b]", ["/1 \"1\" property type must be integer"]
        ),
        ("{type: string, pattern: '('}", "1", ["Invalid regular expression: /(/"]),
        ("false", "1", ["Number boolean schema is false"]),
    ]) func says(_ schema: String, _ value: String, _ wanted: [String]) throws {
        let schema = try Document(text: schema, file: "schema.yaml").root
        let value = try Document(text: value, file: "value.yaml").root
        let validator = SchemaValidator(dialect: SchemaDialect(named: nil, schema: schema)) {
            SchemaValidator.find($0, in: schema)
        }
        var found: [String]
        do {
            try validator.checkPatterns(of: schema)
            found = SchemaMessages.remarks(for: try validator.validate(value, against: schema), of: value, named: nil)
                .map { ($0.path.isEmpty ? "" : "/\($0.path.joined(separator: "/")) ") + $0.message }
        } catch {
            found = [error.reason]
        }
        #expect(found == wanted)
    }

    @Test func aSchemaThatIsItsOwnPartEnds() throws {
        let schema = try Document(text: "{allOf: [{$ref: '#'}]}", file: "schema.yaml").root
        let validator = SchemaValidator(dialect: .draft7) { SchemaValidator.find($0, in: schema) }
        #expect(try validator.validate(schema, against: schema).isEmpty)
    }

    @Test func allProblemsOnRequest() throws {
        let schema = try Document(
            text: "{required: [a], properties: {b: {type: string}, c: {type: string}}}", file: "s.yaml"
        ).root
        let value = try Document(text: "{b: 1, c: 1}", file: "v.yaml").root
        #expect(
            try SchemaValidator(dialect: .draft7, reportsAll: true) { _ in nil }.validate(value, against: schema).count
                == 3)
        #expect(try SchemaValidator(dialect: .draft7) { _ in nil }.validate(value, against: schema).count == 1)
    }
}
