import OpenAPI
import Testing

@testable import Comparison

@Suite struct ParameterChangeTests {
    @Test(
        arguments: [
            ("type: string", "type: integer", ["request-parameter-type-changed"]),
            ("type: integer", "type: string", ["request-parameter-type-generalized"]),
            ("type: integer", "type: array, items: {type: integer}", ["request-parameter-type-generalized"]),
            ("type: string", "type: string, enum: [a]", ["request-parameter-became-enum"]),
            (
                "type: string, enum: [a, b]", "type: string, enum: [a, c]",
                ["request-parameter-enum-value-added", "request-parameter-enum-value-removed"]
            ),
            ("type: string", "type: string, default: a", ["request-parameter-default-value-added"]),
            ("type: string, default: a", "type: string, default: b", ["request-parameter-default-value-changed"]),
            ("type: integer, maximum: 5", "type: integer, maximum: 4", ["request-parameter-max-decreased"]),
            ("type: string, maxLength: 5", "type: string, maxLength: 6", ["request-parameter-max-length-increased"]),
            ("type: string", "type: string, pattern: a", ["request-parameter-pattern-added"]),
            (
                "type: array, items: {type: string}, maxItems: 4", "type: array, items: {type: string}, maxItems: 3",
                ["request-parameter-max-items-decreased"]
            ),
            (
                "type: array, items: {type: string}", "type: array, items: {type: integer}",
                ["request-parameter-property-type-changed"]
            ),
            (
                "type: string, x-extensible-enum: [a, b]", "type: string, x-extensible-enum: [a]",
                ["request-parameter-x-extensible-enum-value-removed"]
            ),
        ] as [(String, String, [String])])
    func valuesOfParameters(before: String, after: String, expected: [String]) throws {
        for dialect in Dialect.allCases {
            let found = ids(
                try dialect.passing(dialect.query(before)), try dialect.passing(dialect.query(after)))
            #expect(found == expected, "\(dialect)")
        }
    }

    @Test(arguments: Dialect.allCases) func comingAndGoing(dialect: Dialect) throws {
        let empty = try dialect.passing("")
        let query = try dialect.passing(dialect.query("type: string"))
        #expect(ids(empty, query) == ["new-optional-request-parameter"])
        #expect(ids(query, empty) == ["request-parameter-removed"])
        func flag(_ more: String) throws -> APIDefinition {
            let values = dialect == .swagger2 ? "type: string" : "schema: {type: string}"
            return try dialect.passing("{name: q, in: query, \(values), \(more)}")
        }
        let required = try flag("required: true")
        #expect(ids(empty, required) == ["new-required-request-parameter"])
        #expect(ids(query, required) == ["request-parameter-became-required"])
        #expect(ids(required, query) == ["request-parameter-became-optional"])
        let deprecated = try flag("deprecated: true")
        #expect(ids(query, deprecated).contains("request-parameter-deprecated"))
        #expect(ids(deprecated, empty) == ["request-parameter-removed-with-deprecation"])
        let options = ComparisonOptions(profile: .http, today: CalendarDay(number: 20_000))
        let ending = try flag("deprecated: true, x-sunset: '2999-01-01'")
        #expect(ids(ending, empty, options: options) == ["request-parameter-removed-before-sunset"])
        let over = try flag("deprecated: true, x-sunset: '2000-01-01'")
        #expect(ids(over, empty, options: options) == ["request-parameter-removed-with-deprecation"])
    }

    @Test(arguments: Dialect.allCases) func parametersOfThePathCount(dialect: Dialect) throws {
        let query = dialect.query("type: string")
        let responses = "responses: {'204': {description: ok}}"
        let own = try dialect.definition(paths: "{/a: {get: {parameters: [\(query)], \(responses)}}}")
        let shared = try dialect.definition(paths: "{/a: {parameters: [\(query)], get: {\(responses)}}}")
        let none = try dialect.definition(paths: "{/a: {get: {\(responses)}}}")
        #expect(ids(own, shared) == ["api-definition-changed"])
        #expect(ids(none, shared) == ["new-optional-request-default-parameter-to-existing-path"])
        #expect(ids(shared, none) == ["request-parameter-removed"])
    }

    @Test func renamedPathParameters() throws {
        func definition(_ name: String) throws -> APIDefinition {
            try Dialect.swagger2.definition(
                paths:
                    "{'/a/{\(name)}': {get: {parameters: [{name: \(name), in: path, type: string, required: true}]}}}")
        }
        #expect(ids(try definition("id"), try definition("key"), .http) == ["api-definition-changed"])
        #expect(ids(try definition("id"), try definition("key"), .connector) == ["cx-parameter-renamed"])
    }

    @Test func aPathRenamedWithoutItsParameterIsOneChange() throws {
        func definition(_ name: String) throws -> APIDefinition {
            try Dialect.swagger2.definition(
                paths: "{'/a/{\(name)}': {get: {parameters: [{name: id, in: path, type: string, required: true}]}}}")
        }
        #expect(ids(try definition("id"), try definition("key"), .connector) == ["cx-parameter-renamed"])
    }

    @Test func aMissingVisibilityIsCalledNone() throws {
        let found = changes(
            try Dialect.swagger2.passing("{name: q, in: query, type: string}"),
            try Dialect.swagger2.passing("{name: q, in: query, type: string, x-ms-visibility: advanced}"), .connector)
        #expect(found.map(\.message).first?.contains("from 'none' to 'advanced'") == true)
    }

    @Test func headersMatchWhateverTheirCase() throws {
        let lower = try Dialect.swagger2.passing("{name: x-a, in: header, type: string}")
        let upper = try Dialect.swagger2.passing("{name: X-A, in: header, type: string}")
        #expect(ids(lower, upper) == ["api-definition-changed"])
    }

    @Test func howListsAreWritten() throws {
        func list(_ more: String) throws -> APIDefinition {
            try Dialect.swagger2.passing("{name: q, in: query, type: array, items: {type: string}\(more)}")
        }
        #expect(ids(try list(""), try list(", collectionFormat: multi")) == ["request-parameter-explode-changed"])
        #expect(ids(try list(""), try list(", collectionFormat: pipes")) == ["request-parameter-style-changed"])
        #expect(ids(try list(""), try list(", collectionFormat: csv")) == ["api-definition-changed"])
        func three(_ more: String) throws -> APIDefinition {
            try Dialect.openAPI30.passing("{name: q, in: query, schema: {type: array}\(more)}")
        }
        #expect(ids(try three(""), try three(", explode: false")) == ["request-parameter-explode-changed"])
        #expect(ids(try three(""), try three(", explode: true, style: form")) == ["api-definition-changed"])
        #expect(ids(try three(""), try three(", allowReserved: true")) == ["request-parameter-allow-reserved-changed"])
        #expect(
            ids(try three(", allowEmptyValue: true"), try three(""))
                == ["request-parameter-allow-empty-value-removed"])
    }
}
