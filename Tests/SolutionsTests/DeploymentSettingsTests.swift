import Documents
import Testing
import Zip

@testable import Solutions

@Suite struct DeploymentSettingsTests {
    private func read(_ text: String) throws -> DeploymentSettings {
        try DeploymentSettings(Document(text: text, file: "settings.json", syntax: .json))
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let settings = DeploymentSettings(
            variables: [.init(schemaName: "contoso_Url", value: "https://x/\"å\"")],
            connections: [
                .init(logicalName: "contoso_ref", connectionID: "${{ secrets.C }}", connectorID: "/providers/x")
            ])
        #expect(try read(settings.json) == settings)
        #expect(settings.value["ConnectionReferences"]?[0]?["ConnectionId"]?.string == "${{ secrets.C }}")
    }

    @Test func keysMayBeInAnyCaseAndListsAbsent() throws {
        let settings = try read("{\"environmentvariables\": [{\"schemaname\": \"a\", \"VALUE\": \"1\"}]}")
        #expect(settings == DeploymentSettings(variables: [.init(schemaName: "a", value: "1")]))
        #expect(try read("{}") == DeploymentSettings())
    }

    @Test(arguments: [
        ("[]", "settings/type", "1:1"), ("{\"EnvironmentVariable\": []}", "settings/unknown-key", "1:2"),
        ("{\"EnvironmentVariables\": {}}", "settings/type", "1:26"),
        ("{\"EnvironmentVariables\": [1]}", "settings/type", "1:27"),
        ("{\"EnvironmentVariables\": [{\"SchemaName\": \"a\", \"Value\": 1}]}", "settings/type", "1:56"),
        ("{\"EnvironmentVariables\": [{\"Value\": \"a\"}]}", "settings/missing-key", "1:27"),
        (
            "{\"EnvironmentVariables\": [{\"SchemaName\": \"a\"}, {\"SchemaName\": \"A\"}]}", "settings/duplicate",
            "1:48"
        ),
        (
            "{\"ConnectionReferences\": [{\"LogicalName\": \"a\", \"ConnectionID2\": \"\"}]}", "settings/unknown-key",
            "1:48"
        ),
        ("{\"ActivateFlowConfiguration\": []}", "settings/other-format", "1:2"),
        ("{\"EnvironmentVariables\": [], \"environmentVariables\": []}", "settings/duplicate", "1:30"),
    ])
    func refusesOtherShapesWithTheirPlace(_ text: String, _ code: String, _ place: String) {
        let rejected = #expect(throws: Rejected.self) { try read(text) }
        #expect(rejected?.diagnostics.map(\.code) == [code])
        #expect(rejected?.diagnostics.first?.location.map { "\($0.start.line):\($0.start.column)" } == place)
    }

    @Test func aTemplateHasEveryNameOfThePackage() throws {
        let template = DeploymentSettings.template(for: try SolutionDouble().pack().package.contents)
        #expect(template.variables == [.init(schemaName: "contoso_Url", value: "https://api.example.com")])
        #expect(template.connections.map(\.logicalName) == ["contoso_ref", "contoso_teams"])
        #expect(template.connections.allSatisfy { $0.connectionID.isEmpty && $0.connectorID.hasPrefix("/providers/") })
    }

    @Test(
        .enabled(if: Samples.isPresent, "sample data beside the checkout is missing"),
        arguments: ["BusinessApprovalKit", "Office365Integration"])
    func readsRealSettings(_ name: String) throws {
        let folder = Samples.folder + "/deployment-settings/powercat__\(name)__config__Test__"
        _ = try DeploymentSettings(Document(path: folder + "deploymentSettings.json"))
        let other = #expect(throws: Rejected.self) {
            try DeploymentSettings(Document(path: folder + "customDeploymentSettings.json"))
        }
        #expect(other?.diagnostics.contains { $0.code == "settings/other-format" } == true)
    }
}
