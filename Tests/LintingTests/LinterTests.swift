import Documents
import Foundation
import Testing

@testable import Linting

@Suite struct LinterTests {
    @Test func aDocumentOfAnotherKindIsSaid() throws {
        let report = Linter().lint(try Document(text: "a: 1", file: "a.yaml"))
        #expect(report.findings.map(\.code) == ["almrun-not-openapi"])
        #expect(report.hasFindings(atLeast: .error))
        let ownRules = try Ruleset(
            Document(text: "rules: {a: {given: $.b, then: {function: truthy}}}", file: "r.yaml"))
        let own = Linter(ruleset: ownRules).lint(try Document(text: "a: 1", file: "a.yaml"))
        #expect(own.findings.map(\.code) == ["unrecognized-format"])
        let future = Linter().lint(try Document(text: "openapi: 4.0.0", file: "a.yaml"))
        #expect(future.findings.map(\.code).contains("unrecognized-format"))
    }

    @Test(arguments: [
        "1", "[]", "null", "{\"swagger\": 2}", "{\"swagger\": \"2.0\", \"paths\": []}",
        "{\"openapi\": \"3.0.0\", \"paths\": {\"/a\": null}}",
    ])
    func oddDocumentsDoNotCrash(_ text: String) throws {
        _ = Linter(ruleset: all).lint(try Document(text: text, file: "a.json"))
    }

    @Test func referencesThatLeadRoundInCirclesEnd() throws {
        let text = """
            {"swagger": "2.0", "definitions": {"A": {"$ref": "#/definitions/B"}, "B": {"$ref": "#/definitions/A"},
             "C": {"type": "object", "allOf": [{"$ref": "#/definitions/C"}], "example": {}, "properties": {"c": {"$ref": "#/definitions/C"}}}},
             "paths": {"/a": {"$ref": "#/paths/~1a"}, "/b": {"get": {"parameters": [{"$ref": "#/definitions/A"}, {"$ref": "#/nowhere"}]}}}}
            """
        _ = Linter(ruleset: all).lint(try Document(text: text, file: "a.json"))
    }

    @Test func aReferenceThatNeedsItselfToBeFoundEnds() throws {
        let text =
            ##"{"swagger": "2.0", "paths": {"$ref": "#/paths/~1a"}, "definitions": {"$ref": "#/definitions/A/B"}}"##
        let report = Linter(ruleset: all).lint(try Document(text: text, file: "a.json"))
        #expect(report.findings.count { $0.code == "invalid-ref" } == 2)
    }

    @Test func schemasThatChooseAmongThemselvesEnd() throws {
        let names = (0..<12).map { "S\($0)" }
        let branches = names.map { "{\"$ref\": \"#/definitions/\($0)\"}" }.joined(separator: ",")
        let schemas = names.map { "\"\($0)\": {\"anyOf\": [\(branches)], \"type\": \"object\", \"example\": {}}" }
        let text = "{\"swagger\": \"2.0\", \"definitions\": {\(schemas.joined(separator: ","))}}"
        _ = Linter(ruleset: all).lint(try Document(text: text, file: "a.json"))
    }

    @Test func aSharedNodeIsReportedOnce() throws {
        let text = """
            swagger: '2.0'
            paths:
              /a: {get: {parameters: [{$ref: '#/parameters/P'}]}}
              /b: {get: {parameters: [{$ref: '#/parameters/P'}]}}
            parameters: {P: {name: p, in: query, type: integer, enum: [1, a]}}
            """
        let report = Linter(ruleset: all).lint(try Document(text: text, file: "a.yaml"))
        #expect(report.findings.filter { $0.code == "typed-enum" }.map(\.pointer) == ["/parameters/P/enum/1"])
    }

    @Test func findingsAreInTheOrderOfTheFile() throws {
        let text = "swagger: '2.0'\npaths:\n  /b/: {get: {}}\n  /a/: {get: {}}\ninfo: {}"
        let report = Linter(ruleset: all).lint(try Document(text: text, file: "a.yaml"))
        let places = report.findings.map { ($0.line ?? 0) * 1000 + ($0.column ?? 0) }
        #expect(places == places.sorted())
        #expect(report.findings.count > 10)
    }

    @Test func aBaselineAcceptsWhatItLists() throws {
        let document = try Document(text: "swagger: '2.0'\npaths: {/a/: {}}", file: "a.yaml")
        let before = Linter(ruleset: all).lint(document)
        let file = try Document(text: Baseline.file(accepting: before.findings), file: "baseline.json")
        let after = Linter(ruleset: all).lint(document, baseline: try Baseline(file))
        #expect(after.findings.isEmpty)
        #expect(after.acceptedCount == before.findings.count)
        let moved = try Document(text: "# a line more\nswagger: '2.0'\npaths: {/a/: {}, /b/: {}}", file: "a.yaml")
        let left = Linter(ruleset: all).lint(moved, baseline: try Baseline(file)).findings
        #expect(left.map(\.pointer) == ["/paths/~1b~1"])
    }

    @Test func aBaselineOfAnotherShapeIsRefused() throws {
        #expect(throws: Rejected.self) { try Baseline(try Document(text: "a: 1", file: "b.yaml")) }
        #expect(throws: Rejected.self) { try Baseline(try Document(text: "[1]", file: "b.json")) }
    }

    @Test func theFilesBesideADefinitionAreFoundWhateverTheirCase() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "almrun-lint-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let definition = folder.appending(path: "apiDefinition.swagger.json")
        try Data(#"{"swagger": "2.0"}"#.utf8).write(to: definition)
        try Data(#"{"properties": {"iconBrandColor": "red"}}"#.utf8).write(
            to: folder.appending(path: "APIProperties.json"))
        try Data().write(to: folder.appending(path: "Script.csx"))
        let report = Linter().lint(path: definition.path, shownAs: "c/apiDefinition.swagger.json")
        let color = try #require(report.findings.first { $0.code == "connector-brand-color" })
        #expect(color.file == "c/APIProperties.json")
        #expect(color.pointer == "/properties/iconBrandColor")
        #expect(report.findings.contains { $0.code == "connector-script-file" })
    }

    @Test func malformedDocumentsGiveTheirDiagnostics() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "almrun-lint-\(UUID().uuidString).json")
        try Data(#"{"swagger": "2.0",}"#.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let report = Linter().lint(path: file.path, shownAs: "a.json")
        #expect(report.hasFindings(atLeast: .error))
        #expect(report.findings.contains { $0.file == "a.json" && $0.line == 1 && $0.severity == .error })
        #expect(Linter().lint(path: "/does/not/exist.json").findings.map(\.code) == ["document/missing"])
    }

    private var all: Ruleset {
        Ruleset(entries: RulesetName.allCases.flatMap { $0.rules.map { ($0.code, .init(rule: $0, isEnabled: true)) } })
    }
}
