import Documents
import Foundation
import OpenAPI
import Testing

@testable import Harness

/// Real connectors: what the mock serves of them is what the harness finds right.
@Suite(
    .waits, .enabled(if: Definitions.hasSamples, "sample data beside the checkout is missing"),
    .timeLimit(.minutes(20)))
struct SampleConnectorTests {
    static let connectors: [String] = {
        let folder = Definitions.samples + "/connectors"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted()
    }()

    private func definition(_ name: String) throws -> APIDefinition {
        let folder = Definitions.samples + "/connectors/" + name
        let file = try FileManager.default.contentsOfDirectory(atPath: folder).first {
            $0.lowercased() == "apidefinition.swagger.json"
        }
        return try APIDefinition(Document(path: folder + "/" + #require(file), file: name))
    }

    @Test(arguments: connectors)
    func everyCaseHoldsAgainstTheConnectorsOwnMock(_ name: String) async throws {
        let definition = try definition(name)
        var options = HarnessOptions()
        options.concurrency = 2
        let report = try await HarnessRun(definition, backend: .mock(MockOptions()), options: options).run()
        #expect(report.failures.isEmpty, "\(report.text)")
        let untested = Set(report.untested.map(\.action))
        let expected = Set(ActionTable(definition).testable.map(\.name)).subtracting(untested)
        #expect(Set(report.cases.filter { $0.name.hasSuffix(" succeeds") }.map(\.action)) == expected)
    }

    @Test func whatCannotBeTestedIsFew() throws {
        var actions = 0
        var cases = 0
        var untested: [String] = []
        for name in Self.connectors {
            let definition = try definition(name)
            let generated = CaseGenerator(definition).cases(.all)
            let triggers = Set(definition.operations.filter(\.isTrigger).compactMap(\.operationID))
            actions += ActionTable(definition).testable.count
            cases += generated.cases.count
            untested += generated.skipped.map(\.action).filter { !triggers.contains($0) }.map { "\(name) \($0)" }
        }
        #expect(actions == 523)
        #expect(cases > 1200)
        // An enumeration whose only member is no date-time, as its format says it is.
        #expect(untested == ["certified-connectors__MicrosoftGraphSecurity CreateSubscriptions"])
    }
}
