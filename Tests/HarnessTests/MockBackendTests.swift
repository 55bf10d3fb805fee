import Documents
import OpenAPI
import OrderedCollections
import Testing

@testable import Harness

struct MockBackendTests {
    private func ask(
        _ definition: APIDefinition, _ method: String, _ target: String, body: String = "",
        headers: [(String, String)] = [("Authorization", "Bearer x"), ("Content-Type", "application/json")],
        options: MockOptions = MockOptions(), number: Int = 1
    ) throws -> (answer: MockAnswer, body: Value?) {
        let backend = MockBackend(definition, options: options)
        let answer = backend.answer(
            MockRequest(method: method, target: target, headers: headers.map { ($0.0, $0.1) }, body: Array(body.utf8)),
            number: number, origin: "http://127.0.0.1:1")
        return (answer, try? Value(json: String(decoding: answer.body, as: UTF8.self)))
    }

    @Test(
        arguments: [
            ("GET", "/sales/v1/invoices/inv-1001", "", 200, nil),
            ("GET", "/sales/v1/invoices/", "", 200, nil),
            ("GET", "/sales/v1/nothing", "", 404, "no action has this path"),
            ("GET", "/other", "", 404, "no action has this path; paths start with /sales/v1"),
            ("DELETE", "/sales/v1/invoices", "", 405, "the path has no DELETE"),
            (
                "GET", "/sales/v1/invoices?status=Wrong", "", 400,
                "the query parameter 'status' is \"Wrong\", not one of \"Open\", \"Paid\", \"Overdue\", \"Cancelled\""
            ),
            (
                "GET", "/sales/v1/invoices?pageSize=many", "", 400,
                "the query parameter 'pageSize' is a string, not an integer"
            ),
            ("GET", "/sales/v1/invoices?pageSize=101", "", 400, "the query parameter 'pageSize' is 101, above 100"),
            ("POST", "/sales/v1/invoices", "", 400, "the required body is missing"),
            ("POST", "/sales/v1/invoices", "{", 400, nil),
            (
                "POST", "/sales/v1/invoices", #"{"customerId": "c", "amount": 0}"#, 400,
                "in the body, /amount is 0, not above 0"
            ),
            ("POST", "/sales/v1/invoices", #"{"customerId": "c", "amount": 5}"#, 201, nil),
            ("DELETE", "/sales/v1/hooks/hook-1", "", 204, nil),
        ] as [(String, String, String, Int, String?)])
    func contoso(_ method: String, _ target: String, _ body: String, _ status: Int, _ reason: String?) throws {
        let definition = try Definitions.contoso()
        let (answer, value) = try ask(definition, method, target, body: body)
        #expect(answer.status == status)
        if let reason { #expect(answer.reason == reason) }
        if status >= 400 {
            #expect(value?["error"]?["message"]?.string == answer.reason)
            #expect(value?["error"]?["code"]?.string != nil)
            #expect(value?["error"]?["correlationId"]?.string != nil)
        }
        if status == 204 { #expect(answer.body.isEmpty) }
    }

    @Test func credentialsAreDemanded() throws {
        let definition = try Definitions.contoso()
        let (answer, value) = try ask(definition, "GET", "/sales/v1/invoices", headers: [])
        #expect(answer.status == 401)
        #expect(value?["error"]?["code"] == "UNAUTHORIZED")
        var options = MockOptions()
        options.demandsCredentials = false
        #expect(try ask(definition, "GET", "/sales/v1/invoices", headers: [], options: options).answer.status == 200)
    }

    @Test func faultsComeInTurn() throws {
        let definition = try Definitions.contoso()
        var options = MockOptions()
        options.throttleEvery = 3
        options.retryAfter = 7
        let statuses = try (1...6).map {
            try ask(definition, "GET", "/sales/v1/invoices", options: options, number: $0).answer.status
        }
        #expect(statuses == [200, 200, 429, 200, 200, 429])
        let (answer, value) = try ask(definition, "GET", "/sales/v1/invoices", options: options, number: 3)
        #expect(answer.headers.contains { $0.name == "Retry-After" && $0.value == "7" })
        #expect(value?["error"]?["retryAfterSeconds"] == 7)
        options.throttleEvery = nil
        options.failEvery = 2
        #expect(try ask(definition, "GET", "/sales/v1/invoices", options: options, number: 2).answer.status == 500)
    }

    @Test func preferenceChoosesTheAnswer() throws {
        let definition = try Definitions.contoso()
        let headers = [("Authorization", "x"), ("Prefer", "code=404")]
        let (answer, value) = try ask(definition, "GET", "/sales/v1/invoices/inv-1", headers: headers)
        #expect(answer.status == 404)
        #expect(value?["error"]?["code"] == "NOT_FOUND")
        let unknown = try ask(
            definition, "GET", "/sales/v1/invoices/inv-1", headers: [("Authorization", "x"), ("Prefer", "code=418")])
        #expect(unknown.answer.status == 400)
    }

    @Test func listsHeedTheirConditionsAndPages() throws {
        let definition = try Definitions.contoso()
        let first = try ask(definition, "GET", "/sales/v1/invoices?status=Open&pageSize=5").body
        #expect(first?["items"]?.list?.count == 1)
        #expect(
            first?["nextLink"]?.string
                == "http://127.0.0.1:1/sales/v1/invoices?status=Open&pageSize=5&continuationToken=page-2")
        let last = try ask(definition, "GET", "/sales/v1/invoices?continuationToken=page-2").body
        #expect(last?["nextLink"] == nil)
        #expect(last?["continuationToken"] == nil)
        #expect(last?["items"]?.list?.count == 2)
        #expect(try ask(definition, "GET", "/sales/v1/invoices?status=Paid").body?["items"]?.list?.count == 0)
    }

    @Test func anExampleThatBreaksItsSchemaIsNotServed() throws {
        let definition = try Definitions.operation(
            """
            responses:
              200:
                description: ok
                schema: { type: object, required: [id], properties: { id: { type: integer } } }
                examples: { application/json: { id: "one" } }
            """)
        #expect(try ask(definition, "GET", "/v1/act").body == .map(["id": 1]))
    }

    @Test func answersAreTheSameEveryTime() throws {
        let definition = try Definitions.contoso()
        let first = try ask(definition, "GET", "/sales/v1/customers").answer.body
        #expect(try ask(definition, "GET", "/sales/v1/customers", number: 99).answer.body == first)
    }

    @Test func concretePathsWinOverTemplates() throws {
        let definition = try Definitions.text(
            """
            swagger: "2.0"
            info: { title: T, version: 1.0.0 }
            paths:
              /a/{id}: { get: { operationId: One, parameters: [{ name: id, in: path, type: string, required: true }], responses: { 200: { description: ok } } } }
              /a/all: { get: { operationId: All, responses: { 200: { description: ok } } } }
            """)
        #expect(try ask(definition, "GET", "/a/all").answer.action == "All")
        #expect(try ask(definition, "GET", "/a/b").answer.action == "One")
    }

    @Test func openAPI3IsServedToo() throws {
        let definition = try Definitions.text(
            """
            openapi: 3.0.3
            info: { title: T, version: 1.0.0 }
            servers: [{ url: "https://api.example.com/base" }]
            paths:
              /things:
                post:
                  operationId: Make
                  parameters: [{ name: ids, in: query, explode: false, schema: { type: array, items: { type: integer } } }]
                  requestBody: { required: true, content: { application/json: { schema: { type: object, required: [n], properties: { n: { type: integer } } } } } }
                  responses:
                    "201": { description: made, headers: { X-Count: { schema: { type: integer } } }, content: { application/json: { schema: { type: object, properties: { n: { type: integer, nullable: true, example: null } } } } } }
            """)
        let (answer, body) = try ask(definition, "POST", "/base/things?ids=1,2", body: #"{"n": 1}"#)
        #expect(answer.status == 201)
        #expect(body == .map(["n": .null]))
        #expect(answer.headers.contains { $0.name == "X-Count" && $0.value == "1" })
        #expect(try ask(definition, "POST", "/base/things?ids=1,b", body: #"{"n": 1}"#).answer.status == 400)
        #expect(try ask(definition, "POST", "/base/things", body: #"{"n": "1"}"#).answer.status == 400)
    }
}
