import Documents
import OpenAPI
import Synchronization
import Testing

@testable import Harness

/// A small bad backend for each fault, and what is said of it.
@Suite(.waits, .timeLimit(.minutes(20)))
struct VerdictTests {
    struct Fault: Sendable, CustomStringConvertible {
        var description: String
        var status = 200
        var type: String? = "application/json"
        var body = #"{"id": 1}"#
        var headers: [(String, String)] = []
        var kind: Violation.Kind?
        var message = ""
    }

    private static let operation = """
        responses:
          200:
            description: ok
            schema: { type: object, required: [id], properties: { id: { type: integer } } }
            headers: { X-Count: { type: integer } }
          404: { description: gone, schema: { $ref: "#/definitions/Error" } }
          429: { description: slow down, schema: { $ref: "#/definitions/Error" } }
        """
    private static let errors = """
        definitions:
          Error: { type: object, required: [error], properties: { error: { type: object, required: [code, message], properties: { code: { type: string }, message: { type: string } } } } }
        """

    @Test(arguments: [
        Fault(description: "sound"),
        Fault(description: "vendor type", type: "application/json; charset=utf-8"),
        Fault(
            description: "server error", status: 500, body: #"{"error": {"code": "X", "message": "kaput"}}"#,
            kind: .status, message: "answered 500, expected a success: kaput"),
        Fault(
            description: "undocumented", status: 202, kind: .undocumented,
            message: "the status 202 is not documented; documented are 200, 404, 429"),
        Fault(
            description: "wrong type", type: "text/html", body: "<p>", kind: .contentType,
            message: "the answer is text/html, documented is application/json"),
        Fault(
            description: "no type", type: nil, kind: .contentType, message: "the answer has a body and no Content-Type"),
        Fault(description: "not JSON", body: "{\"id\": ", kind: .body),
        Fault(
            description: "empty", type: nil, body: "", kind: .body,
            message: "the answer is empty, though the definition describes its content"),
        Fault(
            description: "schema", body: #"{"id": "1"}"#, kind: .schema,
            message: "in the body of 200, /id is a string, not an integer"),
        Fault(
            description: "missing", body: "{}", kind: .schema,
            message: "in the body of 200, the value lacks the property 'id'"),
        Fault(
            description: "header", headers: [("X-Count", "many")], kind: .header,
            message: "the header 'X-Count' is a string, not an integer"),
        Fault(
            description: "envelope", status: 404, body: #"{"detail": "gone"}"#, kind: .errorEnvelope,
            message: "in the body of 404, the value lacks the property 'error'"),
        Fault(
            description: "envelope of an undocumented error", status: 503, body: #"{"oops": 1}"#, kind: .errorEnvelope,
            message: "in the body of 503, the value lacks the property 'error', as other errors have it"),
        Fault(
            description: "throttled without a time", status: 429, body: #"{"error": {"code": "R", "message": "m"}}"#,
            kind: .header, message: "a throttled call gets no Retry-After"),
    ])
    func faults(_ fault: Fault) async throws {
        let definition = try Definitions.operation(Self.operation, more: Self.errors)
        let server = LoopbackServer { _, _ in
            var headers = fault.headers.map { (name: $0.0, value: $0.1) }
            if let type = fault.type { headers.append(("Content-Type", type)) }
            return MockAnswer(status: fault.status, headers: headers, body: Array(fault.body.utf8))
        }
        let report = try await server.serve { origin in
            try await HarnessRun(definition, backend: .url(origin + "/v1")).run()
        }
        let result = try #require(report.cases.first)
        guard let kind = fault.kind else {
            #expect(result.outcome == .passed, "\(result.violations)")
            return
        }
        let found = try #require(result.violations.first { $0.kind == kind }, "\(result.violations)")
        if !fault.message.isEmpty { #expect(found.message == fault.message) }
        #expect(!report.passed)
        #expect(report.coverage == 0)
        #expect(report.unexercised == ["Act"])
    }

    private static let pageable = """
        x-ms-pageable: { nextLinkName: nextLink }
        responses: { 200: { description: ok, schema: { type: object, required: [value], properties: { value: { type: array, items: {} }, nextLink: { type: string } } } } }
        """

    @Test(
        arguments: [
            ("fine", nil), ("declared", nil), ("relative", nil),
            ("loop", "page 2 leads back to a page that was read before"),
            ("endless", "there is no end after 50 pages"),
            ("foreign", "'nextLink' leads to another service, https://evil.example.com, and is not followed"),
            ("broken", "on page 2: in the body of 200, the value lacks the property 'value'"),
            ("words", "'nextLink' is neither a path nor an address"),
        ] as [(String, String?)])
    func paging(_ kind: String, _ message: String?) async throws {
        let definition = try Definitions.operation(Self.pageable)
        let credentialed = Mutex(0)
        let server = LoopbackServer { request, origin in
            let page = Int(request.queryValues("page").first ?? "1") ?? 1
            if request.header("authorization") != nil { credentialed.withLock { $0 += 1 } }
            var link: String?
            switch kind {
            case "fine": link = page < 3 ? "\(origin)/v1/act?page=\(page + 1)" : nil
            case "declared": link = page < 3 ? "https://small.example.com/v1/act?page=\(page + 1)" : nil
            case "relative": link = page < 3 ? "/v1/act?page=\(page + 1)" : nil
            case "loop": link = "\(origin)/v1/act?page=2"
            case "endless": link = "\(origin)/v1/act?page=\(page + 1)"
            case "foreign": link = "https://evil.example.com/v1/act?page=2"
            case "words": link = "next-page"
            default: link = page < 2 ? "\(origin)/v1/act?page=2" : nil
            }
            let rest = link.map { #", "nextLink": "\#($0)""# } ?? ""
            let body = kind == "broken" && page == 2 ? "{}" : #"{"value": []\#(rest)}"#
            return MockAnswer(status: 200, headers: [("Content-Type", "application/json")], body: Array(body.utf8))
        }
        var options = HarnessOptions()
        options.credentials = Credentials(headers: [("Authorization", "secret")])
        let prepared = options
        let report = try await server.serve { origin in
            try await HarnessRun(definition, backend: .url(origin + "/v1"), options: prepared).run()
        }
        let result = try #require(report.cases.first)
        #expect(result.violations.first?.message == message)
        if message == nil { #expect(result.pages == 3) }
        #expect(credentialed.withLock { $0 } == max(1, kind == "foreign" || kind == "words" ? 1 : result.pages))
    }

    @Test func demandsOfTheCaseAreJudged() async throws {
        let definition = try Definitions.operation(Self.operation, more: Self.errors)
        let cases = try CaseReader.read(
            [
                Document(
                    text: """
                        - { name: a, action: Act, expect: { body: { id: 2 } } }
                        - { name: b, action: Act, expect: { body: { "list[*]": 1 } } }
                        - { name: c, action: Act, expect: { headers: { X-Missing: { exists: true } } } }
                        - { name: d, action: Act, expect: 404 }
                        - { name: e, action: Act, expect: { body: { id: 1, gone: { exists: false } }, headers: { content-type: { contains: json } } } }
                        - { name: f, action: Act, expect: { maxLatency: 0ms } }
                        """, file: "cases.yaml")
            ], for: definition)
        let server = LoopbackServer { _, _ in
            MockAnswer(status: 200, headers: [("Content-Type", "application/json")], body: Array(#"{"id": 1}"#.utf8))
        }
        let report = try await server.serve { origin in
            try await HarnessRun(definition, cases: cases, backend: .url(origin + "/v1")).run()
        }
        let messages = report.cases.map { $0.violations.first?.message ?? "passed" }
        #expect(
            Array(messages.prefix(5)) == [
                "'id' is 1, not 2", "'list[*]' is not there", "the header 'X-Missing' is not there",
                "answered 200, expected 404", "passed",
            ])
        #expect(messages[5].hasPrefix("the answer took"))
    }
}
