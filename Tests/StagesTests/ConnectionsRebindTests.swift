import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Solutions
import Testing

@testable import Stages

@Suite("connections.rebind")
struct ConnectionsRebindTests {
    static let yaml = """
        target: { kind: directory, path: x }
        connections:
          contoso_ref: { connector: sales, connection: "${{ secrets.SALES }}" }
        variables:
          contoso_Url: https://test.example.com
          contoso_Ulr: typo
        """

    private func environment(_ name: String = "test", connection: String = "${{ secrets.SALES }}") -> EnvironmentFile {
        func place(_ line: Int) -> SourcePlace { SourcePlace(file: "environments/\(name).yaml", line: line, column: 3) }
        return EnvironmentFile(
            name: name, target: .directory(path: "x"),
            connections: ["contoso_ref": .init(connector: "sales", connection: connection, place: place(3))],
            variables: ["contoso_Url": .init(value: "https://test.example.com", place: place(5))],
            flows: .init(enabled: ["contoso_NightlySync": false]))
    }

    @Test("settings have the shape of a deployment settings file, and secrets stay placeholders")
    func settings() async throws {
        let scratch = try StageScratch()
        try scratch.write(Self.yaml, to: "environments/test.yaml")
        let context = try scratch.context(environment: environment(), secrets: ["SALES": "s3cr3t-connection"])
        let output = try await ConnectionsRebind().run(.init(package: try scratch.package()), in: context)
        let connection = output.settings["ConnectionReferences"]?[0]
        #expect(connection?["LogicalName"]?.string == "contoso_ref")
        #expect(connection?["ConnectionId"]?.string == "${{ secrets.SALES }}")
        #expect(connection?["ConnectorId"]?.string == "/providers/Microsoft.PowerApps/apis/shared_sales")
        #expect(output.settings["EnvironmentVariables"]?[0]?["Value"]?.string == "https://test.example.com")
        #expect(
            output.bindings == [
                "connection contoso_ref = ${{ secrets.SALES }} (environments/test.yaml:3)",
                "variable contoso_Url = https://test.example.com (environments/test.yaml:5)",
                "flow contoso_NightlySync = disabled (environment 'test')",
            ])
        #expect(!scratch.lines().joined().contains("s3cr3t"))
    }

    @Test("problems have their place in the environment's file")
    func problems() async throws {
        let scratch = try StageScratch()
        try scratch.write(Self.yaml, to: "environments/test.yaml")
        var environment = environment()
        environment.variables["contoso_Ulr"] = .init(
            value: "typo", place: SourcePlace(file: "environments/test.yaml", line: 6, column: 3))
        environment.connections = [:]
        do {
            _ = try await ConnectionsRebind().run(
                .init(package: try scratch.package()), in: try scratch.context(environment: environment))
            Issue.record("bound")
        } catch let rejected as Rejected {
            #expect(rejected.diagnostics.map(\.code) == ["binding/missing-connection", "binding/unused-variable"])
            let findings = LocalExecutor.failure(rejected).findings
            #expect(findings.map(\.file) == ["environments/test.yaml", "environments/test.yaml"])
            #expect(findings.map(\.line) == [1, 6])
            #expect(rejected.diagnostics[1].location?.text == "contoso_Ulr")
            #expect(rejected.diagnostics[1].help == "did you mean 'contoso_Url'?")
        }
        var input = ConnectionsRebind.Input(package: try scratch.package())
        input.unused = "warning"
        environment.connections = self.environment().connections
        _ = try await ConnectionsRebind().run(input, in: try scratch.context(environment: environment))
    }

    @Test("a variable that is left to the package's default is a finding, and the stage goes on")
    func defaults() async throws {
        let scratch = try StageScratch()
        try SolutionPackTests.example(in: scratch)
        let packed = try await SolutionPack().run(.init(source: "solution"), in: try scratch.context())
        var environment = environment()
        environment.connections = ["contoso_sharedcontososales": .init(connector: "contoso-sales", connection: "0123")]
        environment.variables = [:]
        let output = try await ConnectionsRebind().run(
            .init(package: packed.package), in: try scratch.context(environment: environment))
        #expect(output.settings["EnvironmentVariables"]?.list?.isEmpty == true)
        let found = scratch.messages.compactMap { message -> Finding? in
            guard case .finding(let finding) = message else { return nil }
            return finding
        }
        #expect(found.map(\.code) == ["binding/default-variable"])
        #expect(found.map(\.severity) == [.warning])
        #expect(found.first?.message.contains("contoso_SalesApiUrl") == true)
    }

    @Test("an unknown flow is shown where it is named")
    func unknownFlow() async throws {
        let scratch = try StageScratch()
        try scratch.write(Self.yaml + "\nflows:\n  NigthlySync: disabled\n", to: "environments/test.yaml")
        var environment = environment()
        environment.flows.enabled = ["NigthlySync": false]
        do {
            _ = try await ConnectionsRebind().run(
                .init(package: try scratch.package()), in: try scratch.context(environment: environment))
            Issue.record("bound")
        } catch let rejected as Rejected {
            #expect(rejected.diagnostics.map(\.code) == ["binding/unknown-flow"])
            let finding = LocalExecutor.failure(rejected).findings.first
            #expect(finding?.file == "environments/test.yaml")
            #expect(finding?.line == 8)
            #expect(finding?.column == 3)
            #expect(rejected.diagnostics.first?.location?.text == "NigthlySync")
        }
    }

    @Test("a connection of another environment is refused")
    func foreign() async throws {
        let scratch = try StageScratch()
        var context = try scratch.context(environment: environment(connection: "0123"))
        context.environments.append(environment("dev", connection: "0123"))
        do {
            _ = try await ConnectionsRebind().run(.init(package: try scratch.package()), in: context)
            Issue.record("bound")
        } catch let rejected as Rejected {
            #expect(rejected.diagnostics.map(\.code) == ["binding/foreign-connection"])
        }
    }

    @Test("without an environment or a package it fails")
    func surroundings() async throws {
        let scratch = try StageScratch()
        let package = try scratch.package()
        let none = await failure {
            try await ConnectionsRebind().run(.init(package: package), in: try scratch.context())
        }
        #expect(none?.code == "binding/no-environment")
        var missing = package
        missing.digest = String(repeating: "0", count: 64)
        let gone = await failure {
            try await ConnectionsRebind().run(
                .init(package: missing), in: try scratch.context(environment: environment()))
        }
        #expect(gone?.code == "object/missing")
    }

    @Test("what it gives is what solution.promote takes")
    func promoted() async throws {
        let scratch = try StageScratch()
        let package = try scratch.package()
        let context = try scratch.context(environment: environment(), secrets: ["SALES": "s3cr3t-connection"])
        let settings = try await ConnectionsRebind().run(.init(package: package), in: context).settings
        let output = try await SolutionPromote().run(.init(package: package, settings: settings), in: context)
        #expect(output.action == "install")
        #expect(output.changes.contains("environment variable contoso_Url: https://test.example.com"))
    }
}
