import Documents
import Foundation
import Testing

@testable import Linting

/// The files that come with the repository.
@Suite struct BundledFilesTests {
    private static let root: String = {
        var folder = URL(filePath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        return folder.path
    }()

    @Test func theExampleConnectorHasNoErrors() {
        let path = Self.root + "/examples/contoso-sales/connector/apiDefinition.swagger.json"
        let report = Linter().lint(path: path, shownAs: "apiDefinition.swagger.json")
        let serious = report.findings.filter { $0.severity >= .warning }
        #expect(serious.isEmpty, "\(serious.map { "\($0.line ?? 0): \($0.code): \($0.message)" })")
        #expect(report.ruleCount > 60)
    }

    @Test func theConnectorRulesetIsTheStandardOne() throws {
        let ruleset = try Ruleset(path: Self.root + "/templates/rulesets/connector.yaml")
        #expect(ruleset.rules.map(\.code) == Ruleset.standard.rules.map(\.code))
    }
}
