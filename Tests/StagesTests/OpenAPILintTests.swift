import Documents
import Engine
import Foundation
import Testing

@testable import Stages

@Suite struct OpenAPILintTests {
    private static let definition = """
        {"swagger": "2.0", "host": "api.contoso.example", "schemes": ["https"],
         "info": {"title": "Contoso Sales", "version": "1.0.0", "description": "Invoices of Contoso Sales, read and created.",
                  "contact": {"name": "API team", "url": "https://contoso.example", "email": "api@contoso.example"}},
         "paths": {"/invoices": {"get": {"operationId": "ListInvoices", "summary": "List invoices",
           "description": "Gives the invoices of a customer.",
           "responses": {"200": {"description": "The invoices.", "schema": {"type": "array", "items": {"type": "string"}}}}}}}}
        """
    private static let properties = ##"{"properties": {"iconBrandColor": "#2a6f97", "connectionParameters": {}}}"##

    private func scratch(_ definition: String = Self.definition) throws -> StageScratch {
        let scratch = try StageScratch()
        try scratch.write(definition, to: "connector/apiDefinition.swagger.json")
        try scratch.write(Self.properties, to: "connector/apiProperties.json")
        return scratch
    }

    private func lint(
        _ scratch: StageScratch, document: String = "connector/apiDefinition.swagger.json", ruleset: String? = nil,
        failOn: OpenAPILint.Failing? = nil, baseline: String? = nil
    ) async throws -> OpenAPILint.Output {
        let input = OpenAPILint.Input(document: document, ruleset: ruleset, failOn: failOn, baseline: baseline)
        return try await OpenAPILint().run(input, in: try scratch.context())
    }

    private func findings(_ scratch: StageScratch) -> [Finding] {
        scratch.messages.compactMap { if case .finding(let finding) = $0 { finding } else { nil } }
    }

    @Test func aGoodDefinitionPasses() async throws {
        let scratch = try scratch()
        let output = try await lint(scratch, failOn: .warning)
        #expect(output.errors == 0 && output.warnings == 0)
        #expect(output.rules > 60)
        #expect(output.findings == output.information + output.hints)
        let kept = try #require(output.report)
        let report = try Value(json: String(decoding: try scratch.context().objects.read(kept), as: UTF8.self))
        #expect(report["findings"]?.list?.count == output.findings)
        #expect(report["document"]?.string == "connector/apiDefinition.swagger.json")
    }

    @Test func findingsAreStreamedAndRefused() async throws {
        let scratch = try scratch(Self.definition.replacing("\"operationId\": \"ListInvoices\", ", with: ""))
        let failure = await #expect(throws: StageFailure.self) { try await lint(scratch) }
        #expect(failure?.kind == .rejected)
        #expect(failure?.code == "lint/findings")
        #expect(failure?.findings.map(\.code) == ["connector-operation-id"])
        #expect(failure?.findings.first?.file == "connector/apiDefinition.swagger.json")
        #expect(failure?.findings.first?.line == 4)
        #expect(findings(scratch).contains { $0.code == "connector-operation-id" })
        #expect(try await lint(scratch, failOn: .never).errors == 1)
    }

    @Test func theFilesBesideTheDefinitionCount() async throws {
        let scratch = try scratch()
        try scratch.write(#"{"properties": {"iconBrandColor": "blue"}}"#, to: "connector/apiProperties.json")
        let failure = await #expect(throws: StageFailure.self) { try await lint(scratch, failOn: .warning) }
        #expect(failure?.findings.map(\.file) == ["connector/apiProperties.json"])
    }

    @Test func onlyWhatIsReadBesideTheDefinitionCountsForReuse() throws {
        let scratch = try scratch()
        try scratch.write("{}", to: "connector/another.json")
        try scratch.write("// nothing", to: "connector/Script.csx")
        let input = OpenAPILint.Input(document: "connector/apiDefinition.swagger.json")
        #expect(
            try OpenAPILint.companions(of: input, root: scratch.root) == [
                "connector/Script.csx", "connector/apiProperties.json",
            ])
    }

    @Test func aMalformedDocumentIsRejectedWithItsPlace() async throws {
        let scratch = try scratch("{\"swagger\": \"2.0\",\n \"info\": }")
        let failure = await #expect(throws: StageFailure.self) { try await lint(scratch) }
        #expect(failure?.kind == .rejected)
        #expect(failure?.code == "lint/malformed")
        #expect(failure?.findings.first?.line == 2)
    }

    @Test func aMissingDocumentIsBroken() async throws {
        let scratch = try scratch()
        let failure = await #expect(throws: StageFailure.self) { try await lint(scratch, document: "nothing.json") }
        #expect(failure?.kind == .broken)
    }

    @Test func aRulesetAndWhatItExtendsDecide() async throws {
        let scratch = try scratch()
        try scratch.write("extends: shared.yaml\nrules: {short-title: error}", to: "rules/main.yaml")
        try scratch.write(
            "rules: {short-title: {given: $.info, then: {field: title, function: length, functionOptions: {max: 5}}}}",
            to: "rules/shared.yaml")
        let failure = await #expect(throws: StageFailure.self) { try await lint(scratch, ruleset: "rules/main.yaml") }
        #expect(failure?.findings.map(\.code) == ["short-title"])
    }

    @Test func aWrongRulesetIsBroken() async throws {
        let scratch = try scratch()
        try scratch.write("rules: {a: {given: $, then: {function: thruthy}}}", to: "rules.yaml")
        let failure = await #expect(throws: StageFailure.self) { try await lint(scratch, ruleset: "rules.yaml") }
        #expect(failure?.kind == .broken)
        #expect(failure?.code == "lint/ruleset")
        #expect(failure?.findings.map(\.code) == ["ruleset/unknown-function"])
        try scratch.write("extends: ../../outside.yaml", to: "rules.yaml")
        let outside = await #expect(throws: StageFailure.self) { try await lint(scratch, ruleset: "rules.yaml") }
        #expect(outside?.findings.map(\.code) == ["ruleset/outside"])
    }

    @Test func aBaselineAcceptsFindings() async throws {
        let scratch = try scratch(Self.definition.replacing("\"operationId\": \"ListInvoices\", ", with: ""))
        let failure = await #expect(throws: StageFailure.self) { try await lint(scratch) }
        let fingerprint = try #require(failure?.findings.first?.fingerprint)
        try scratch.write("{\"fingerprints\": [\"\(fingerprint)\"]}", to: "baseline.json")
        let output = try await lint(scratch, baseline: "baseline.json")
        #expect(output.errors == 0)
        #expect(output.accepted == 1)
    }
}
