import Documents
import Solutions
import Testing

@testable import Environments

@Suite("Settings are read from the shape of a deployment settings file")
struct EnvironmentSettingsTests {
    private func read(_ value: Value) throws -> EnvironmentSettings {
        EnvironmentSettings(try DeploymentSettings(value))
    }

    @Test("values and connections by name; empty ones are left out, letter case does not count")
    func read() throws {
        let settings = try read([
            "EnvironmentVariables": [
                ["SchemaName": "contoso_Url", "Value": "https://x"], ["schemaname": "contoso_Number", "value": "7"],
                ["SchemaName": "contoso_Empty", "Value": ""],
            ],
            "connectionReferences": [
                ["LogicalName": "contoso_ref", "ConnectionId": "c1", "ConnectorId": "/apis/shared_x"],
                ["LogicalName": "contoso_open", "ConnectionId": ""],
            ],
        ])
        #expect(settings.variables == ["contoso_Url": "https://x", "contoso_Number": "7"])
        #expect(settings.connections == ["contoso_ref": .init(connection: "c1", connector: "/apis/shared_x")])
    }

    @Test("nothing is nothing")
    func empty() throws {
        #expect(try read([:]) == EnvironmentSettings())
        #expect(try read(["EnvironmentVariables": nil]) == EnvironmentSettings())
    }

    static let wrong: [(Value, String)] = [
        ("x", "deployment settings are an object"),
        (["EnvironmentVariables": "x"], "'EnvironmentVariables' must be a list"),
        (["ConnectionReferences": [["ConnectionId": "x"]]], "has no 'LogicalName'"),
        (["EnvironmentVariables": [3]], "must be an object"), (["Variables": []], "unknown key 'Variables'"),
    ]

    @Test("another shape is refused in words", arguments: wrong)
    func refused(settings: Value, words: String) {
        let error = #expect(throws: Rejected.self) { try DeploymentSettings(settings) }
        #expect(error?.diagnostics.first?.message.contains(words) == true)
    }
}
