import Documents
import Testing

@testable import OpenAPI

@Suite struct APIDefinitionTests {
    private func definition(_ text: String) throws -> APIDefinition {
        try APIDefinition(Document(text: text, file: "api.yaml"))
    }

    @Test(arguments: [
        ("swagger: '2.0'", APIDefinition.Version.swagger2), ("swagger: 2.0", .swagger2),
        ("openapi: 3.0.3", .openAPI30), ("openapi: 3.1.0", .openAPI31), ("openapi: 3.2.0", .openAPI31),
        ("host: example.org\npaths: {}", .swagger2), ("paths: {}", .openAPI30), ("webhooks: {}", .openAPI31),
    ])
    func readsTheDialect(text: String, version: APIDefinition.Version) throws {
        #expect(try definition(text).version == version)
    }

    @Test(arguments: [
        ("[1]", "openapi/not-an-object"), ("a: 1", "openapi/not-a-definition"),
        ("openapi: 4.0.0", "openapi/unsupported-version"), ("swagger: '1.2'", "openapi/unsupported-version"),
    ])
    func refusesWhatIsNoDefinition(text: String, code: String) throws {
        let rejected = #expect(throws: Rejected.self) { try definition(text) }
        #expect(rejected?.diagnostics.map(\.code) == [code])
        #expect(rejected?.diagnostics.first?.location != nil)
    }

    @Test func readsSwagger2() throws {
        let api = try definition(
            """
            swagger: '2.0'
            info: {title: Invoices, version: 1.10}
            host: api.contoso.com
            basePath: /v1
            schemes: [https, http]
            consumes: [application/json]
            produces: [application/json, text/csv]
            security: [{key: []}]
            securityDefinitions: {key: {type: apiKey, in: header, name: X-Key}}
            parameters:
              top: {name: $top, in: query, type: integer}
            paths:
              /invoices/{id}:
                parameters:
                  - {name: id, in: path, type: string, required: true}
                  - $ref: '#/parameters/top'
                get:
                  operationId: GetInvoice
                  deprecated: true
                  x-ms-visibility: important
                  parameters:
                    - {name: $top, in: query, type: integer, required: true, collectionFormat: multi}
                  responses:
                    200: {description: fine, schema: {$ref: '#/definitions/Invoice'}, examples: {text/csv: a}}
                    default: {description: not fine}
                post:
                  x-ms-trigger: single
                  security: []
                  parameters:
                    - {name: body, in: body, required: true, schema: {$ref: '#/definitions/Invoice'}}
                  responses: {}
                put:
                  consumes: [multipart/form-data]
                  parameters:
                    - {name: file, in: formData, type: file, required: true}
                    - {name: note, in: formData, type: string}
            definitions:
              Invoice: {type: object}
            """)
        #expect(api.title == "Invoices")
        #expect(api.declaredVersion == "1.10")
        #expect(api.servers == ["https://api.contoso.com/v1", "http://api.contoso.com/v1"])
        #expect(api.operations.map(\.label) == ["GET /invoices/{id}", "POST /invoices/{id}", "PUT /invoices/{id}"])
        #expect(api.securitySchemes.map(\.name) == ["key"])
        #expect(api.schemas.map(\.name) == ["Invoice"])

        let get = try #require(api.operations.first)
        #expect(get.operationID == "GetInvoice")
        #expect(get.isDeprecated)
        #expect(get.visibility == "important")
        #expect(get.security?.count == 1)
        #expect(get.parameters.map(\.name) == ["id", "$top"])
        #expect(get.parameters.map(\.isRequired) == [true, true])
        #expect(get.parameters.map(\.explode) == [false, true])
        #expect(get.parameters.map(\.isFromPath) == [true, false])
        #expect(get.responses.map(\.status) == ["200", "default"])
        #expect(get.responses.map(\.isSuccess) == [true, false])
        #expect(get.responses.map { $0.media.map(\.type) } == [["application/json", "text/csv"], []])
        #expect(get.responses[0].media[1].examples.map(\.string) == ["a"])
        let schema = try #require(get.responses[0].media[0].schema)
        #expect(api.reference(of: schema) == "#/definitions/Invoice")
        #expect(api.resolve(schema)["type"]?.string == "object")

        let post = api.operations[1]
        #expect(post.isTrigger)
        #expect(post.security?.isEmpty == true)
        #expect(post.body?.name == "body")
        #expect(post.body?.isRequired == true)
        #expect(post.body?.media.map(\.type) == ["application/json"])

        let form = try #require(api.operations[2].body)
        #expect(form.formFields.map(\.name) == ["file", "note"])
        #expect(form.formFields.map(\.isFile) == [true, false])
        #expect(form.isRequired)
        #expect(form.media.map(\.type) == ["multipart/form-data"])
    }

    @Test func readsOpenAPI3() throws {
        let api = try definition(
            """
            openapi: 3.1.0
            info: {title: T, version: v2}
            servers: [{url: 'https://api.contoso.com/v1'}]
            paths:
              /a:
                $ref: '#/components/pathItems/A'
            webhooks:
              created: {post: {responses: {'200': {description: ok}}}}
            components:
              pathItems:
                A:
                  get:
                    parameters:
                      - {name: ids, in: query, schema: {type: array}}
                      - {name: filter, in: query, content: {application/json: {schema: {type: object}}}}
                      - {name: id, in: header, style: simple, schema: {type: string, example: x}}
                    requestBody: {$ref: '#/components/requestBodies/B'}
                    responses:
                      4XX: {$ref: '#/components/responses/Bad'}
              requestBodies:
                B: {required: true, content: {application/json: {schema: {}, examples: {one: {value: 1}}}}}
              responses:
                Bad: {description: bad, headers: {X-A: {schema: {type: integer}}}}
            """)
        #expect(api.servers == ["https://api.contoso.com/v1"])
        #expect(api.webhooks.map(\.path) == ["created"])
        let get = try #require(api.operations.first)
        #expect(get.parameters.map(\.style) == ["form", "form", "simple"])
        #expect(get.parameters.map(\.explode) == [true, true, false])
        #expect(get.parameters[1].contentType == "application/json")
        #expect(get.parameters[1].schema?["type"]?.string == "object")
        #expect(get.parameters[2].example?.string == "x")
        #expect(get.body?.isRequired == true)
        #expect(get.body?.media.first?.examples.map(\.integer) == [1])
        #expect(get.security == nil)
        #expect(get.responses.map(\.status) == ["4XX"])
        let header = try #require(get.responses[0].headers.first)
        #expect(api.schema(ofHeader: header.node)?["type"]?.string == "integer")
    }

    @Test func followsChainsAndEndsInCycles() throws {
        let api = try definition(
            """
            swagger: '2.0'
            definitions:
              A: {$ref: '#/definitions/B'}
              B: {type: string}
              C: {$ref: '#/definitions/D'}
              D: {$ref: '#/definitions/C'}
              a/b~c d: {type: integer}
              E: {$ref: '#/definitions/a~1b~0c%20d'}
              F: {$ref: 'other.json#/A'}
              G: {$ref: '#/definitions/B/type'}
            paths: {}
            """)
        func resolved(_ name: String) throws -> Node {
            api.resolve(try #require(api.schemas.first { $0.name == name }?.node))
        }
        #expect(try resolved("A")["type"]?.string == "string")
        #expect(try resolved("C")["$ref"]?.string == "#/definitions/D")
        #expect(try resolved("E")["type"]?.string == "integer")
        #expect(try resolved("F")["$ref"]?.string == "other.json#/A")
        #expect(try resolved("G").string == "string")
    }
}
