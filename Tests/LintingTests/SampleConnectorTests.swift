import Documents
import Foundation
import Testing

@testable import Linting

@Suite(.enabled(if: SampleFolder.isPresent, "sample data beside the checkout is missing"))
struct SampleConnectorTests {
    static let definitions = SampleFolder.files(in: "power-platform/connectors", ending: "apidefinition.swagger.json")
    static let malformed = SampleFolder.files(in: "power-platform/connectors-malformed", ending: ".json")

    @Test(arguments: definitions) func lintsTheSameTwice(_ path: String) {
        let first = Linter().lint(path: path)
        let second = Linter().lint(path: path)
        #expect(first == second)
        #expect(first.ruleCount > 60)
        #expect(first.findings.allSatisfy { $0.file != nil && ($0.line ?? 0) > 0 })
        if ProcessInfo.processInfo.environment["ALMRUN_SHOW"] != nil {
            for finding in first.findings {
                print(
                    "F\t\(finding.severity)\t\(finding.code)\t\(path.split(separator: "/").suffix(2).first ?? ""):\(finding.line ?? 0)\t\(finding.message)"
                )
            }
        }
    }

    @Test func thereAreSamples() {
        #expect(SampleConnectorTests.definitions.count >= 25)
        #expect(SampleConnectorTests.malformed.count >= 6)
    }

    @Test(arguments: malformed) func malformedFilesGiveDiagnosticsWithPlaces(_ path: String) {
        let reading = Document.read(path: path)
        let report = Linter().lint(path: path)
        if reading.diagnostics.isEmpty { return }
        let errors = report.findings.filter { finding in reading.diagnostics.contains { $0.code == finding.code } }
        #expect(!errors.isEmpty)
        #expect(errors.allSatisfy { $0.line != nil && $0.column != nil })
    }
}
