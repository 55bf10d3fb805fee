import Documents
import Foundation
import Testing

@testable import Linting

/// Definitions with a value of the wrong kind in a random place: judged, never a crash.
@Suite(.enabled(if: SampleFolder.isPresent, "sample data beside the checkout is missing"))
struct MutationTests {
    /// A small generator, so that a failure can be repeated.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static let replacements = [
        "null", "1", "-2.5", "true", "\"x\"", "\"\"", "[]", "{}", "[null]", "{\"$ref\": \"#/paths\"}",
        "{\"$ref\": \"#\"}",
        "{\"$ref\": 7}", "[[1]]", "\"#/definitions\"",
    ]

    @Test(arguments: ["custom-connectors__CompaniesHouse", "certified-connectors__WordLift_GraphQL"])
    func wrongKindsOfValues(_ name: String) throws {
        let folder = SampleFolder.path + "/power-platform/connectors/" + name
        let definition = try Document(path: folder + "/apiDefinition.swagger.json")
        let properties = try Document(path: folder + "/apiProperties.json")
        let places = nodes(of: definition)
        let propertyPlaces = nodes(of: properties)
        var generator = Generator(state: 20_261_121)
        let linter = Linter(ruleset: everything)
        for round in 0..<8 {
            let changed = try mutated(definition, places, &generator)
            let beside = round % 3 == 0 ? try mutated(properties, propertyPlaces, &generator) : properties
            let report = linter.lint(changed, connector: ConnectorFiles(properties: beside, hasScript: false))
            #expect(report == linter.lint(changed, connector: ConnectorFiles(properties: beside, hasScript: false)))
        }
    }

    @Test func wrongKindsOfValuesInOpenAPI3() throws {
        let text = """
            {"openapi": "3.0.3", "info": {"title": "A", "version": "1"}, "tags": [{"name": "t"}],
             "servers": [{"url": "https://{a}.example", "variables": {"a": {"enum": ["b"], "default": "b"}}}],
             "security": [{"k": []}],
             "paths": {"/a/{b}": {"parameters": [{"name": "b", "in": "path", "required": true, "schema": {"type": "string"}, "example": "c"}],
              "get": {"operationId": "o", "tags": ["t"], "requestBody": {"content": {"a/b": {"schema": {"$ref": "#/components/schemas/S"}, "examples": {"e": {"value": {"p": 1}}}}}},
              "responses": {"200": {"description": "d", "headers": {"h": {"schema": {"type": "integer"}, "example": 1}}, "links": {"l": {"server": {"url": "/"}}}}},
              "callbacks": {"c": {"{x}": {"post": {"responses": {}}}}}}}},
             "components": {"schemas": {"S": {"type": "object", "required": ["p"], "discriminator": {"propertyName": "p"}, "properties": {"p": {"type": "integer", "enum": [1, 2], "default": 1}}, "allOf": [{"$ref": "#/components/schemas/S"}], "example": {"p": 2}}},
              "securitySchemes": {"k": {"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "/", "scopes": {}}}}}}}
            """
        let definition = try Document(text: text, file: "a.json")
        let places = nodes(of: definition)
        var generator = Generator(state: 7)
        let linter = Linter(ruleset: everything)
        for _ in 0..<50 {
            let changed = try mutated(definition, places, &generator)
            #expect(linter.lint(changed) == linter.lint(changed))
        }
    }

    private func nodes(of document: Document) -> [Node] {
        var found: [Node] = []
        var pending = [document.root]
        while let node = pending.popLast() {
            found.append(node)
            pending += node.members.map(\.value) + Array(node.elements)
        }
        return found
    }

    private func mutated(_ document: Document, _ places: [Node], _ generator: inout Generator) throws -> Document {
        let node = try #require(places.randomElement(using: &generator))
        let text = try #require(Self.replacements.randomElement(using: &generator))
        let bytes = document.source.bytes
        let changed = Array(bytes[..<node.range.lowerBound]) + Array(text.utf8) + Array(bytes[node.range.upperBound...])
        return try Document(bytes: changed, file: document.source.name)
    }

    private var everything: Ruleset {
        Ruleset(entries: RulesetName.allCases.flatMap { $0.rules.map { ($0.code, .init(rule: $0, isEnabled: true)) } })
    }
}
