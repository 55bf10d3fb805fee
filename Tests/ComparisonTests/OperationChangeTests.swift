import Documents
import OpenAPI
import Testing

@testable import Comparison

@Suite struct OperationChangeTests {
    static let responses = "responses: {'200': {description: ok}}"

    private func operation(_ words: String, path: String = "/a", item: String = "") throws -> APIDefinition {
        try Dialect.swagger2.definition(
            paths: "{\(path): {\(item)get: {\(words.isEmpty ? "" : "\(words), ")\(Self.responses)}}}")
    }

    @Test(
        arguments: [
            ("", "deprecated: true", ["endpoint-deprecated"]),
            ("", "deprecated: true, x-sunset: '2999-01-01'", ["endpoint-deprecated-with-sunset"]),
            ("", "deprecated: true, x-sunset: soon", ["api-deprecated-sunset-parse"]),
            ("deprecated: true", "", ["endpoint-reactivated"]),
            ("deprecated: true, x-sunset: '2999-01-01'", "deprecated: true", ["sunset-deleted"]),
            ("x-stability-level: beta", "x-stability-level: alpha", ["api-stability-decreased"]),
            ("x-stability-level: beta", "", ["api-stability-increased"]),
            ("x-stability-level: beta", "x-stability-level: 1", ["api-invalid-stability-level"]),
            ("tags: [a, b]", "tags: [b, c]", ["api-tag-added", "api-tag-removed"]),
            ("", "operationId: a", ["api-operation-id-added"]),
            ("operationId: a", "operationId: b", ["api-operation-id-removed"]),
            ("operationId: a", "", ["api-operation-id-removed"]),
            ("summary: a", "summary: b", ["api-text-changed"]),
            ("security: [{k: []}]", "security: [{k: [x]}]", ["api-security-scope-added"]),
            ("security: [{k: [x]}]", "security: [{k: []}]", ["api-security-scope-removed"]),
            ("security: [{k: []}]", "security: [{l: []}]", ["api-security-added", "api-security-removed"]),
        ] as [(String, String, [String])])
    func wordsOfAnOperation(before: String, after: String, expected: [String]) throws {
        #expect(ids(try operation(before), try operation(after)) == expected)
    }

    @Test(
        arguments: [
            ("operationId: a", "operationId: b", ["cx-operation-id-changed"]),
            ("operationId: a", "", ["cx-operation-id-removed"]),
            ("", "x-ms-visibility: internal", ["cx-operation-internal"]),
            ("x-ms-visibility: important", "x-ms-visibility: advanced", ["cx-visibility-changed"]),
            ("x-ms-visibility: ''", "", ["api-definition-changed"]),
            ("", "x-ms-trigger: batch", ["cx-trigger-added"]),
            ("x-ms-trigger: batch", "", ["cx-trigger-removed"]),
            ("x-ms-trigger: batch", "x-ms-trigger: single", ["cx-trigger-kind-changed"]),
            ("x-ms-trigger: batch", "x-ms-trigger: batch, x-ms-trigger-hint: h", ["cx-trigger-hint-changed"]),
            ("x-ms-pageable: {nextLinkName: n}", "x-ms-pageable: {nextLinkName: m}", ["cx-next-link-changed"]),
            ("x-ms-pageable: {nextLinkName: n}", "", ["cx-pageable-removed"]),
            ("", "x-ms-pageable: {nextLinkName: n}", ["cx-pageable-added"]),
            ("", "x-ms-capabilities: {chunkTransfer: true}", ["cx-chunking-changed"]),
            (
                "x-ms-api-annotation: {family: F, revision: 2}", "x-ms-api-annotation: {family: F, revision: 1}",
                ["cx-annotation-revision-lowered"]
            ),
            (
                "x-ms-api-annotation: {family: F, revision: 2}", "x-ms-api-annotation: {family: G, revision: 2}",
                ["cx-annotation-family-changed"]
            ),
            (
                "x-ms-api-annotation: {status: Preview}", "x-ms-api-annotation: {status: Production}",
                ["cx-annotation-production"]
            ),
            (
                "", "x-ms-api-annotation: {replacement: {operationId: Missing}}",
                ["cx-annotation-replacement-missing"]
            ),
            ("summary: a", "summary: a, deprecated: true", ["cx-deprecated-unmarked", "endpoint-deprecated"]),
            ("summary: a", "summary: a (deprecated), deprecated: true", ["api-text-changed", "endpoint-deprecated"]),
        ] as [(String, String, [String])])
    func wordsOfAConnectorsOperation(before: String, after: String, expected: [String]) throws {
        #expect(ids(try operation(before), try operation(after), .connector) == expected)
    }

    @Test func aMovedOperationIsTheSameForFlowsAndAnotherForPrograms() throws {
        let before = try operation("operationId: a")
        let after = try operation("operationId: a", path: "/v2/a")
        #expect(ids(before, after, .connector) == ["cx-operation-moved"])
        #expect(ids(before, after, .http) == ["api-path-removed-without-deprecation", "endpoint-added"])
    }

    @Test func operationsThatSwapTheirNamesAreFollowed() throws {
        func definition(_ first: String, _ second: String) throws -> APIDefinition {
            try Dialect.swagger2.definition(
                paths: "{/a: {get: {operationId: \(first)}}, /b: {get: {operationId: \(second)}}}")
        }
        #expect(
            ids(try definition("x", "y"), try definition("y", "x"), .connector)
                == ["cx-operation-moved", "cx-operation-moved"])
        #expect(
            ids(try definition("x", "y"), try definition("z", "x"), .connector)
                == ["api-removed-without-deprecation", "cx-operation-moved", "endpoint-added"])
    }

    @Test func removal() throws {
        let paths = "{/a: {get: {}, post: {MORE}}, /b: {get: {}}}"
        func definition(_ more: String) throws -> APIDefinition {
            try Dialect.openAPI30.definition(paths: paths.replacing("MORE", with: more))
        }
        let without = try Dialect.openAPI30.definition(paths: "{/a: {get: {}}, /b: {get: {}}}")
        let options = ComparisonOptions(profile: .http, today: CalendarDay(number: 20_000))
        #expect(ids(try definition(""), without) == ["api-removed-without-deprecation"])
        #expect(ids(try definition("deprecated: true"), without) == ["api-removed-with-deprecation"])
        #expect(
            ids(try definition("deprecated: true, x-sunset: '2999-01-01'"), without, options: options)
                == ["api-removed-before-sunset"])
        #expect(
            ids(try definition("deprecated: true, x-sunset: '2000-01-01'"), without, options: options)
                == ["api-removed-with-deprecation"])
        #expect(
            ids(without, try Dialect.openAPI30.definition(paths: "{/a: {get: {}}}"))
                == ["api-path-removed-without-deprecation"])
    }

    @Test(arguments: [Dialect.openAPI30, .openAPI31]) func bodies(dialect: Dialect) throws {
        func body(_ text: String) throws -> APIDefinition {
            try dialect.definition(paths: "{/a: {post: {\(text)\(Self.responses)}}}")
        }
        let json = "content: {application/json: {schema: {type: string}}}"
        let rows: [(String, String, [String])] = [
            ("", "requestBody: {\(json)}, ", ["request-body-added-optional"]),
            ("", "requestBody: {required: true, \(json)}, ", ["request-body-added-required"]),
            ("requestBody: {\(json)}, ", "", ["request-body-removed"]),
            ("requestBody: {\(json)}, ", "requestBody: {required: true, \(json)}, ", ["request-body-became-required"]),
            ("requestBody: {required: true, \(json)}, ", "requestBody: {\(json)}, ", ["request-body-became-optional"]),
            (
                "requestBody: {content: {application/json: {}}}, ", "requestBody: {content: {text/csv: {}}}, ",
                ["request-body-media-type-added", "request-body-media-type-removed"]
            ),
            (
                "requestBody: {content: {application/json: {}}}, ", "requestBody: {\(json)}, ",
                ["request-body-media-type-schema-added"]
            ),
            (
                "requestBody: {content: {text/plain: {schema: {type: integer}}}}, ",
                "requestBody: {content: {text/plain: {schema: {type: string}}}}, ", ["request-body-type-compatible"]
            ),
        ]
        for (before, after, expected) in rows {
            #expect(ids(try body(before), try body(after)) == expected, "\(before) -> \(after)")
        }
    }

    @Test func forms() throws {
        func form(_ fields: String) throws -> APIDefinition {
            try Dialect.swagger2.definition(
                paths: "{/a: {post: {consumes: [multipart/form-data], parameters: [\(fields)], \(Self.responses)}}}")
        }
        let name = "{name: n, in: formData, type: string}"
        #expect(
            ids(try form(name), try form("\(name), {name: f, in: formData, type: file, required: true}"))
                == ["new-required-request-property"])
        #expect(
            ids(try form("\(name), {name: m, in: formData, type: string}"), try form(name))
                == ["request-property-removed"])
        let found = changes(try form(name), try form("{name: n, in: formData, type: integer}"))
        #expect(found.map(\.id) == ["request-property-type-changed"])
        #expect(found.first?.message == "request property 'n': type changed from 'string' to 'integer'")
        let schema = "{multipart/form-data: {schema: {type: object, properties: {n: {type: string}}}}}"
        let three = try Dialect.openAPI30.definition(
            paths: "{/a: {post: {requestBody: {content: \(schema)}, \(Self.responses)}}}")
        #expect(ids(try form(name), three) == ["api-definition-changed"])
    }

    @Test func answers() throws {
        func answers(_ text: String, produces: String = "application/json") throws -> APIDefinition {
            try Dialect.swagger2.definition(
                paths: "{/a: {get: {produces: [\(produces)], responses: {\(text)}}}}")
        }
        let ok = "'200': {description: ok}"
        #expect(ids(try answers(ok), try answers("\(ok), '201': {}")) == ["response-success-status-added"])
        #expect(ids(try answers("\(ok), '201': {}"), try answers(ok)) == ["response-success-status-removed"])
        #expect(ids(try answers("\(ok), '404': {}"), try answers(ok)) == ["response-non-success-status-removed"])
        #expect(ids(try answers(ok), try answers("\(ok), default: {}")) == ["response-default-added"])
        let schema = "'200': {description: ok, schema: {type: object}}"
        #expect(
            ids(try answers(schema), try answers(schema, produces: "application/problem+json"))
                == ["response-media-type-name-specialized"])
        #expect(
            ids(try answers(schema), try answers(schema, produces: "text/csv"))
                == ["response-media-type-added", "response-media-type-removed"])
        func header(_ text: String) throws -> APIDefinition {
            try answers("'200': {description: ok, headers: {\(text)}}")
        }
        #expect(ids(try header("A: {type: string}"), try header("")) == ["optional-response-header-removed"])
        #expect(ids(try header(""), try header("A: {type: string}")) == ["response-header-added"])
        #expect(
            ids(try header("A: {type: integer}"), try header("a: {type: number}")) == [
                "response-header-type-generalized"
            ])
    }

    @Test func security() throws {
        func definition(_ schemes: String, _ global: String = "") throws -> APIDefinition {
            try Dialect.swagger2.definition(
                paths: "{/a: {get: {\(Self.responses)}}}",
                more: "securityDefinitions: {\(schemes)}\(global.isEmpty ? "" : "\nsecurity: [\(global)]")")
        }
        let key = "k: {type: apiKey, in: header, name: K}"
        let oauth = "k: {type: oauth2, flow: accessCode, authorizationUrl: a, tokenUrl: b, scopes: {r: read}}"
        let rows: [(String, String, [String])] = [
            ("", key, ["api-security-component-added"]), (key, "", ["api-security-component-removed"]),
            (key, "k: {type: basic}", ["api-security-component-type-changed"]),
            (key, "k: {type: apiKey, in: query, name: K}", ["api-security-component-key-changed"]),
            (
                oauth, oauth.replacing("tokenUrl: b", with: "tokenUrl: c"),
                ["api-security-component-oauth-token-url-changed"]
            ),
            (
                oauth, oauth.replacing("{r: read}", with: "{r: read, w: write}"),
                ["api-security-component-oauth-scope-added"]
            ),
            (oauth, oauth.replacing("{r: read}", with: "{r: Read}"), ["api-security-component-oauth-scope-changed"]),
            (oauth, oauth.replacing("{r: read}", with: "{}"), ["api-security-component-oauth-scope-removed"]),
        ]
        for (before, after, expected) in rows {
            #expect(ids(try definition(before), try definition(after)) == expected, "\(before) -> \(after)")
        }
        #expect(ids(try definition(key), try definition(key, "{k: []}")) == ["api-global-security-added"])
        #expect(ids(try definition(key, "{k: []}"), try definition(key)) == ["api-global-security-removed"])
        let note = changes(try definition(key, "{k: []}"), try definition(key), .connector).first?.consumerNote
        #expect(note?.contains("connections") == true)
    }

    @Test func addresses() throws {
        func definition(_ more: String) throws -> APIDefinition {
            try Dialect.swagger2.definition(paths: "{}", more: more)
        }
        #expect(ids(try definition("host: a"), try definition("host: b"), .connector) == ["cx-host-changed"])
        #expect(ids(try definition("host: a"), try definition("host: b"), .http) == ["api-host-changed"])
        #expect(ids(try definition("basePath: /"), try definition("basePath: /v1"), .http) == ["api-base-path-changed"])
        #expect(ids(try definition(""), try definition("basePath: /"), .http) == ["api-definition-changed"])
        #expect(
            ids(try definition("schemes: [http]"), try definition("schemes: [https]"), .http)
                == ["api-scheme-added", "api-scheme-removed"])
        func three(_ more: String) throws -> APIDefinition {
            try Dialect.openAPI31.definition(paths: "{}", more: more)
        }
        #expect(
            ids(try three("servers: [{url: a}]"), try three("servers: [{url: b}]"))
                == ["api-server-added", "api-server-removed"])
    }

    @Test func webhooks() throws {
        func definition(_ names: String...) throws -> APIDefinition {
            let hooks = names.map { "\($0): {post: {\(Self.responses)}}" }.joined(separator: ", ")
            return try Dialect.openAPI31.definition(paths: "{}", more: "webhooks: {\(hooks)}")
        }
        #expect(ids(try definition("a", "b"), try definition("b", "c")) == ["webhook-added", "webhook-removed"])
    }

    @Test func connectorInputsAndOutputs() throws {
        func taking(_ schema: String) throws -> APIDefinition { try Dialect.swagger2.taking(schema) }
        func giving(_ schema: String) throws -> APIDefinition { try Dialect.swagger2.giving(schema) }
        func property(_ words: String, _ more: String = "") -> String {
            "{properties: {p: {type: string\(words)}}\(more)}"
        }
        #expect(
            ids(
                try taking(property("", ", required: [p]")),
                try taking(property(", x-ms-visibility: internal", ", required: [p]")), .connector)
                == ["cx-parameter-internal"])
        #expect(
            ids(try giving(property("")), try giving(property(", x-ms-visibility: internal")), .connector)
                == ["cx-response-property-internal"])
        #expect(
            ids(try taking(property(", x-ms-notification-url: true")), try taking(property("")), .connector)
                == ["cx-notification-url-moved"])
        let values = ", x-ms-dynamic-values: {operationId: L, value-path: id, value-title: name}"
        #expect(
            ids(try taking(property("")), try taking(property(values)), .connector)
                == ["cx-dynamic-target-missing", "cx-dynamic-values-added"])
        #expect(
            ids(try taking(property(values)), try taking(property("")), .connector) == ["cx-dynamic-values-removed"])
        #expect(
            ids(
                try taking(property(values)), try taking(property(values.replacing("name", with: "title"))), .connector)
                == ["cx-dynamic-title-changed"])
        #expect(
            ids(
                try taking(property(values)), try taking(property(values.replacing("path: id", with: "path: key"))),
                .connector) == ["cx-dynamic-values-changed"])
        let removed = changes(try taking(property("")), try taking("{properties: {}}"), .connector)
        #expect(removed.map(\.level) == [.breaking])
    }

    @Test func bodyParameterNamesAndOrder() throws {
        func body(_ name: String) throws -> APIDefinition {
            try Dialect.swagger2.definition(
                paths: "{/a: {post: {parameters: [{name: \(name), in: body, schema: {}}], \(Self.responses)}}}")
        }
        #expect(ids(try body("a"), try body("b"), .connector) == ["cx-body-parameter-renamed"])
        #expect(ids(try body("a"), try body("b"), .http) == ["api-definition-changed"])
        func order(_ names: String...) throws -> APIDefinition {
            try Dialect.swagger2.passing(
                names.map { "{name: \($0), in: query, type: string, required: true}" }.joined(separator: ", "))
        }
        #expect(ids(try order("a", "b"), try order("b", "a"), .connector) == ["cx-parameter-order-changed"])
        let query = try Dialect.swagger2.passing("{name: a, in: query, type: string}")
        let header = try Dialect.swagger2.passing("{name: a, in: header, type: string}")
        #expect(ids(query, header, .connector) == ["cx-parameter-moved"])
        #expect(ids(query, header, .http) == ["new-optional-request-parameter", "request-parameter-removed"])
    }

    @Test func webhookPayloads() throws {
        func definition(_ type: String) throws -> APIDefinition {
            try operation(
                "x-ms-trigger: single",
                item: "x-ms-notification-content: {schema: {properties: {p: {type: \(type)}}}}, ")
        }
        let found = changes(try definition("string"), try definition("integer"), .connector)
        #expect(found.map(\.id) == ["response-property-type-changed"])
        #expect(found.first?.message == "property 'p' of the webhook payload: type changed from 'string' to 'integer'")
    }

    @Test func policiesOfVersionsAndGrace() throws {
        func definition(_ version: String, _ words: String) throws -> APIDefinition {
            let text = "openapi: 3.0.0\ninfo: {title: T, version: \(version)}\npaths: {/a: {get: {\(words)}}}\n"
            return try APIDefinition(Document(text: text, file: "api.yaml"))
        }
        let options = ComparisonOptions(profile: .http, reportsVersionPolicy: true)
        func policy(_ from: String, _ to: String) throws -> [String] {
            ids(
                try definition(from, "parameters: []"),
                try definition(to, "parameters: [{name: q, in: query, required: true, schema: {}}]"), options: options
            ).filter { $0.hasPrefix("api-") }
        }
        #expect(try policy("1.0.0", "1.0.0") == ["api-version-not-bumped"])
        #expect(try policy("1.0.0", "1.1.0") == ["api-major-version-not-bumped"])
        #expect(try policy("1.1.0", "1.0.0") == ["api-version-decreased"])
        #expect(try policy("1.1.0", "2.0.0") == [])
        let grace = ComparisonOptions(profile: .http, today: CalendarDay(number: 20_000), stableGraceDays: 30)
        let (old, new) = (
            try definition("1.0.0", "summary: s"), try definition("1.0.0", "summary: s, deprecated: true")
        )
        #expect(ids(old, new, options: grace) == ["api-deprecated-sunset-missing"])
        let soon = try definition(
            "1.0.0", "summary: s, deprecated: true, x-sunset: '\(CalendarDay(number: 20_010))'")
        #expect(ids(old, soon, options: grace) == ["api-sunset-date-too-small"])
        let late = try definition(
            "1.0.0", "summary: s, deprecated: true, x-sunset: '\(CalendarDay(number: 20_040))'")
        #expect(ids(old, late, options: grace) == ["endpoint-deprecated-with-sunset"])
        #expect(ids(late, soon, options: grace) == ["api-sunset-date-changed-too-small"])
    }

    @Test(arguments: [("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-11-21", 20_778), ("1969-12-31", -1)])
    func daysAreCounted(text: String, number: Int) {
        #expect(CalendarDay(text)?.number == number)
        #expect(CalendarDay(number: number).description == text)
        #expect(CalendarDay("\(text)T10:00:00Z")?.number == number)
        #expect(CalendarDay("tomorrow") == nil)
    }

    @Test func differentDialectsOfTheSameAPIAreTheSame() throws {
        let two = try APIDefinition(
            Document(
                text: """
                    swagger: '2.0'
                    info: {title: T, version: 1.0.0}
                    host: h
                    schemes: [https]
                    consumes: [application/json]
                    produces: [application/json]
                    paths:
                      /a:
                        post:
                          parameters:
                            - {name: q, in: query, type: string, maxLength: 4}
                            - {name: body, in: body, required: true, schema: {$ref: '#/definitions/S'}}
                          responses: {'200': {description: ok, schema: {$ref: '#/definitions/S'}}}
                    definitions: {S: {type: object, required: [a], properties: {a: {type: string, x-nullable: true}}}}
                    securityDefinitions: {b: {type: apiKey, in: header, name: K}}
                    """, file: "two.yaml"))
        let three = try APIDefinition(
            Document(
                text: """
                    openapi: 3.1.0
                    info: {title: T, version: 1.0.0}
                    servers: [{url: 'https://h'}]
                    paths:
                      /a:
                        post:
                          parameters: [{name: q, in: query, schema: {type: string, maxLength: 4}}]
                          requestBody:
                            required: true
                            content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}
                          responses:
                            '200':
                              description: ok
                              content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}
                    components:
                      schemas: {S: {type: object, required: [a], properties: {a: {type: [string, 'null']}}}}
                      securitySchemes: {b: {type: apiKey, in: header, name: K}}
                    """, file: "three.yaml"))
        #expect(ids(two, three) == ["api-definition-changed"])
    }
}
