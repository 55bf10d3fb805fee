import Documents
import Engine
import Foundation
import Harness
import Pipelines
import Testing

@testable import Stages

@Suite(.waits, .timeLimit(.minutes(20)))
struct ConnectorTestTests {
    private static let definition = """
        swagger: "2.0"
        info: { title: Small, version: 1.0.0 }
        host: small.example.com
        schemes: [https]
        produces: [application/json]
        securityDefinitions: { key: { type: apiKey, in: header, name: X-Key } }
        security: [{ key: [] }]
        paths:
          /things:
            get:
              operationId: ListThings
              parameters: [{ name: kind, in: query, type: string, enum: [big, small] }]
              responses:
                200: { description: ok, schema: { type: array, items: { type: object, properties: { id: { type: integer } } } } }
                400: { description: wrong }
                401: { description: who }
        """

    private func environment(_ backend: EnvironmentFile.Backend?) -> EnvironmentFile {
        EnvironmentFile(name: "test", target: .directory(path: "env"), backend: backend)
    }

    private func input(_ change: (inout ConnectorTest.Input) -> Void = { _ in }) -> ConnectorTest.Input {
        var input = ConnectorTest.Input(document: "api.yaml")
        change(&input)
        return input
    }

    private func scratch() throws -> StageScratch {
        let scratch = try StageScratch()
        try scratch.write(Self.definition, to: "api.yaml")
        return scratch
    }

    @Test func theMockServesForTheTimeOfTheStage() async throws {
        let scratch = try scratch()
        try scratch.write(
            "- { name: big ones, action: ListThings, parameters: { kind: big }, expect: 200 }", to: "tests/a.yaml")
        let context = try scratch.context(environment: environment(.mock))
        let output = try await ConnectorTest().run(
            input {
                $0.cases = "tests"
                $0.thresholds = ["success": "100%", "coverage": "100%", "readP95": "60s"]
            }, in: context)
        #expect(output.success == 1)
        #expect(output.coverage == 1)
        #expect(output.failed == 0)
        #expect(output.cases == 3)
        #expect(output.readP95 != nil)
        #expect(output.writeP95 == nil)
        let report = try Value(json: String(decoding: context.objects.read(output.report), as: UTF8.self))
        #expect(report["passed"] == true)
        #expect(String(decoding: try context.objects.read(output.csv), as: UTF8.self).hasPrefix("case,action,"))
        #expect(scratch.lines(.note).contains { $0.contains("coverage  100 %") })
    }

    @Test func brokenThresholdsAreARejection() async throws {
        let scratch = try scratch()
        try scratch.write(
            "[{ name: never, action: ListThings, expect: 204 }]", to: "tests/a.yaml")
        let failure = await failure {
            try await ConnectorTest().run(
                self.input { $0.cases = "tests" }, in: try scratch.context(environment: self.environment(.mock)))
        }
        #expect(failure?.kind == .rejected)
        #expect(failure?.code == "test/thresholds")
        #expect(failure?.message.hasPrefix("success is ") == true)
        #expect(failure?.findings.first?.file == "tests/a.yaml")
        #expect(failure?.findings.first?.line == 1)
        #expect(failure?.notes.first == "never: answered 200, expected 204")
    }

    @Test func aBackendThatIsNotThereIsTransient() async throws {
        let scratch = try scratch()
        let failure = await failure {
            try await ConnectorTest().run(
                self.input(), in: try scratch.context(environment: self.environment(.url("http://127.0.0.1:1/"))))
        }
        #expect(failure?.kind == .transient)
        #expect(failure?.code == "test/backend-unreachable")
        #expect(failure?.message.contains("the connection is refused") == true)
    }

    @Test(arguments: [
        ("no environment", "test/no-environment"), ("no backend", "test/no-backend"), ("threshold", "test/threshold"),
        ("timeout", "test/timeout"), ("secret", "secret/missing"), ("header", "test/header"),
    ])
    func whatIsWrongIsBroken(_ what: String, _ code: String) async throws {
        let scratch = try scratch()
        let place = what == "no environment" ? nil : environment(what == "no backend" ? nil : .mock)
        let failure = await failure {
            try await ConnectorTest().run(
                self.input { input in
                    switch what {
                    case "threshold": input.thresholds = ["succes": "99%"]
                    case "timeout": input.timeout = "long"
                    case "secret": input.headers = ["X-Key": "${{ secrets.KEY }}"]
                    case "header": input.headers = ["X Key": "a"]
                    default: break
                    }
                },
                in: try scratch.context(environment: place, input: ["headers": ["X-Key": "${{ secrets.KEY }}"]]))
        }
        #expect(failure?.kind == .broken)
        #expect(failure?.code == code)
    }

    @Test func wrongCasesAreDiagnosed() async throws {
        let scratch = try scratch()
        try scratch.write("- { action: ListThing }", to: "tests/a.yaml")
        let rejected = await #expect(throws: Rejected.self) {
            try await ConnectorTest().run(
                input { $0.cases = "tests" }, in: try scratch.context(environment: environment(.mock)))
        }
        #expect(rejected?.diagnostics.map(\.code) == ["case/unknown-action"])
        #expect(rejected?.diagnostics.first?.location?.source.name == "tests/a.yaml")
    }

    @Test func secretsReachTheBackendAndNothingElse() async throws {
        let scratch = try scratch()
        let context = try scratch.context(
            environment: environment(.mock), secrets: ["KEY": "very-secret-key"],
            input: ["headers": ["X-Key": "${{ secrets.KEY }}"]])
        let output = try await ConnectorTest().run(input { $0.headers = ["X-Key": "${{ secrets.KEY }}"] }, in: context)
        let report = String(decoding: try context.objects.read(output.report), as: UTF8.self)
        #expect(!report.contains("very-secret-key"))
        #expect(!scratch.messages.contains { "\($0)".contains("very-secret-key") })
    }

    @Test func theExampleIsAsThePlanReadsIt() throws {
        #expect(ConnectorTest.description.kind == "connector.test")
        #expect(ConnectorTest.description.effect == .repeatable)
        let names = Set(ConnectorTest.description.inputs.map(\.name))
        let value: Value = [
            "document": "a", "cases": "b", "generate": "all", "thresholds": ["success": "99%"], "repeat": 2,
            "headers": ["A": "b"], "concurrency": 1, "timeout": "30s",
        ]
        let input = try ValueDecoder().decode(ConnectorTest.Input.self, from: value)
        #expect(input.repeat == 2)
        #expect(names.count == 8 && names.allSatisfy { value[$0] != nil })
    }
}
