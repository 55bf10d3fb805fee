import Documents
import OpenAPI
import OrderedCollections
import Testing

@testable import Harness

struct RequestBuilderTests {
    private func request(
        _ operation: String, _ parameters: OrderedDictionary<String, Value>, method: String = "get",
        path: String = "/act"
    ) throws -> OutgoingRequest {
        let definition = try Definitions.operation(operation, method: method, path: path)
        let action = try #require(ActionTable(definition)["Act"])
        return try RequestBuilder(definition).request(
            TestCase(name: "x", action: "Act", parameters: parameters), action.operation)
    }

    @Test(arguments: [
        ("{ name: q, in: query, type: string }", Value.string("a b&c=d/é"), "/act?q=a%20b%26c%3Dd/%C3%A9"),
        ("{ name: $top, in: query, type: integer }", .integer(5), "/act?$top=5"),
        ("{ name: q, in: query, type: boolean }", .boolean(true), "/act?q=true"),
        ("{ name: q, in: query, type: array, items: { type: string } }", .list(["a", "b,c"]), "/act?q=a,b%2Cc"),
        (
            "{ name: q, in: query, type: array, collectionFormat: multi, items: { type: string } }", .list(["a", "b"]),
            "/act?q=a&q=b"
        ),
        (
            "{ name: q, in: query, type: array, collectionFormat: pipes, items: { type: string } }", .list(["a", "b"]),
            "/act?q=a%7Cb"
        ),
        ("{ name: q, in: query, type: string }", .null, "/act"),
    ])
    func queries(_ parameter: String, _ value: Value, _ target: String) throws {
        let name = parameter.contains("$top") ? "$top" : "q"
        let made = try request("parameters: [\(parameter)]\nresponses: { 200: { description: ok } }", [name: value])
        #expect(made.target == target)
    }

    @Test(arguments: [
        ("/a/{id}", "{ name: id, in: path, type: string, required: true }", Value.string("x/y z"), "/a/x%2Fy%20z"),
        (
            "/a/{id}", "{ name: id, in: path, type: string, required: true, x-ms-url-encoding: double }",
            .string("x/y"), "/a/x%252Fy"
        ),
        ("/a('{id}')", "{ name: id, in: path, type: integer, required: true }", .integer(3), "/a('3')"),
        (
            "/a/{id}?api-version=1", "{ name: id, in: path, type: string, required: true }", .string("b"),
            "/a/b?api-version=1"
        ),
    ])
    func paths(_ path: String, _ parameter: String, _ value: Value, _ target: String) throws {
        let made = try request(
            "parameters: [\(parameter)]\nresponses: { 200: { description: ok } }", ["id": value], path: path)
        #expect(made.target == target)
    }

    @Test func aMissingPathParameterIsSaid() throws {
        #expect(throws: RequestBuilder.Problem.self) {
            try request(
                "parameters: [{ name: id, in: path, type: string, required: true }]\nresponses: {}", [:],
                path: "/a/{id}")
        }
    }

    @Test func headersCannotSmuggleOthersIn() throws {
        #expect(throws: RequestBuilder.Problem.self) {
            try request(
                "parameters: [{ name: X-A, in: header, type: string }]\nresponses: {}", ["X-A": "a\r\nX-B: c"])
        }
    }

    private static let body =
        "parameters: [{ name: invoice, in: body, schema: { type: object } }]\nresponses: { 200: { description: ok } }"

    @Test(
        arguments: [
            (["invoice": .map(["a": 1])], #"{"a":1}"#),
            (["body": .map(["a": 1])], #"{"a":1}"#),
            (["body/a": 1, "body/b/c": "x"], #"{"a":1,"b":{"c":"x"}}"#),
            (["invoice": .map(["a": 1, "b": 2]), "invoice/a": 5], #"{"a":5,"b":2}"#),
        ] as [(OrderedDictionary<String, Value>, String)])
    func bodies(_ parameters: OrderedDictionary<String, Value>, _ json: String) throws {
        let made = try request(Self.body, parameters, method: "post")
        #expect(made.body.map { String(decoding: $0, as: UTF8.self) } == json)
        #expect(made.header("content-type") == "application/json")
    }

    @Test func forms() throws {
        let plain = try request(
            "consumes: [application/x-www-form-urlencoded]\nparameters: [{ name: a, in: formData, type: string }, { name: b, in: formData, type: integer }]\nresponses: {}",
            ["a": "x y", "b": 2], method: "post")
        #expect(plain.body.map { String(decoding: $0, as: UTF8.self) } == "a=x%20y&b=2")
        let file = try request(
            "parameters: [{ name: f, in: formData, type: file }]\nresponses: {}", ["f": "data"], method: "post")
        #expect(file.header("Content-Type")?.hasPrefix("multipart/form-data; boundary=") == true)
        #expect(
            file.body.map { String(decoding: $0, as: UTF8.self) }?.contains("name=\"f\"; filename=\"f.bin\"") == true)
    }

    @Test(
        arguments: [
            ("/a/{id}", "/a/1", ["id": "1"]), ("/a/{id}", "/a/1/", ["id": "1"]), ("/a/{id}", "/a/", nil),
            ("/a/{id}", "/a/1/2", nil), ("/a/{x}.{y}", "/a/b.c", ["x": "b", "y": "c"]),
            ("/a('{id}')", "/a('7')", ["id": "7"]),
            ("/a('{id}')", "/a(%277%27)", nil), ("/", "/", [:]), ("/a?b=c", "/a", [:]), ("/a b", "/a%20b", [:]),
        ] as [(String, String, [String: String]?)])
    func templates(_ template: String, _ path: String, _ expected: [String: String]?) {
        #expect(PathTemplate(template).match(PathTemplate.split(path)) == expected)
    }
}
