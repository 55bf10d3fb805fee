import Documents
import Engine
import Environments
import Foundation
import OrderedCollections
import Pipelines
import Solutions
import TestSupport
import Testing

@testable import Stages

@Suite("solution.promote")
struct SolutionPromoteTests {
    private let environment: EnvironmentFile

    init() throws {
        let text = """
            target: { kind: directory, path: environments-state/test }
            connections:
              contoso_ref: { connector: shared_sales, connection: "${{ secrets.CONNECTION }}" }
            variables:
              contoso_Url: https://test.example.com
            flows: { default: enabled, contoso_NightlySync: disabled }
            """
        let planner = Planner(repository: RepositoryFiles(["environments/test.yaml": text]), stages: [])
        environment = try #require(try planner.environments(["test"]).first)
    }

    private let secrets = ["CONNECTION": "s3cr3t-connection"]

    private func target(_ scratch: StageScratch) -> DirectoryEnvironment {
        DirectoryEnvironment(path: scratch.root + "/environments-state/test")
    }

    @Test("a package is installed with the environment's bindings, read back, and recorded")
    func install() async throws {
        let scratch = try StageScratch()
        let package = try scratch.package()
        let context = try scratch.context(environment: environment, secrets: secrets)
        let preview = try await SolutionPromote().preview(.init(package: package), in: context)
        #expect(preview.summary == "install ContosoSales 1.0.0.0: it is not installed here yet")
        #expect(preview.package == package.digest)
        #expect(
            preview.changes == [
                "connection reference contoso_ref: ${{ secrets.CONNECTION }}",
                "environment variable contoso_Url: https://test.example.com", "flow NightlySync: off",
            ])
        #expect(preview.details["action"]?.string == "install")
        let output = try await SolutionPromote().run(
            .init(package: package),
            in: try scratch.context(environment: environment, approved: preview, secrets: secrets))
        #expect(output.action == "install")
        #expect(output.receipt == 1)
        #expect(output.digest == package.digest)
        #expect(try await target(scratch).verified(package.digest) != nil)
        #expect(try await target(scratch).history().first?.by == "ada@example.com")
        #expect(!scratch.lines().joined().contains("s3cr3t"))
    }

    @Test("settings in the shape of a deployment settings file win over the environment's file")
    func settings() async throws {
        let scratch = try StageScratch()
        let settings: Value = [
            "EnvironmentVariables": [["SchemaName": "contoso_Url", "Value": "https://other.example.com"]],
            "ConnectionReferences": [
                [
                    "LogicalName": "contoso_ref", "ConnectionId": "c-1",
                    "ConnectorId": "/apis/shared_sales-5f0123456789abcdef",
                ]
            ],
        ]
        let output = try await SolutionPromote().run(
            .init(package: try scratch.package(), settings: settings), in: try scratch.context(environment: environment)
        )
        #expect(
            output.changes == [
                "connection reference contoso_ref: c-1", "environment variable contoso_Url: https://other.example.com",
                "flow NightlySync: off",
            ])
        #expect(
            try await target(scratch).state().connectionReferences["contoso_ref"]?.connector
                == "/apis/shared_sales-5f0123456789abcdef")
    }

    /// A binding of the environment's file, and of what it is accused.
    static let wrongFiles: [(String, String, String)] = [
        ("contoso_ref: { connector: teams, connection: c-1 }", "contoso_Url: x", "binding/wrong-connector"),
        ("contoso_fer: { connector: sales, connection: c-1 }", "contoso_Url: x", "binding/missing-connection"),
        ("contoso_ref: { connector: sales, connection: /apis/c-1 }", "contoso_Url: x", "binding/connection-id"),
        ("contoso_ref: { connector: sales, connection: <id> }", "contoso_Url: x", "binding/unreplaced-token"),
        ("contoso_ref: { connector: sales, connection: c-1 }", "contoso_Lru: x", "binding/missing-variable"),
        ("contoso_ref: { connector: sales, connection: theirs }", "contoso_Url: x", "binding/foreign-connection"),
    ]

    @Test(
        "a file that connections.rebind refuses is refused by a promotion too, and nothing is written",
        arguments: wrongFiles)
    func wrongBindings(connection: String, variable: String, code: String) async throws {
        func file(_ name: String, _ connection: String, _ variable: String) -> String {
            """
            target: { kind: directory, path: environments-state/\(name) }
            connections: { \(connection) }
            variables: { \(variable) }
            """
        }
        let theirs = "contoso_ref: { connector: sales, connection: theirs }"
        let files = RepositoryFiles([
            "environments/test.yaml": file("test", connection, variable),
            "environments/prod.yaml": file("prod", theirs, "contoso_Url: y"),
        ])
        let environments = try Planner(repository: files, stages: []).environments(["test", "prod"])
        let scratch = try StageScratch()
        let package = try scratch.package()
        var context = try scratch.context(environment: environments.first { $0.name == "test" })
        context.environments = environments
        func refusal(_ work: @Sendable () async throws -> Void) async -> [String] {
            let rejected = await #expect(throws: Rejected.self) { try await work() }
            return rejected?.diagnostics.filter { $0.severity == .error }.map(\.code) ?? []
        }
        let here = context
        let preview = await refusal { _ = try await SolutionPromote().preview(.init(package: package), in: here) }
        let run = await refusal { _ = try await SolutionPromote().run(.init(package: package), in: here) }
        let rebind = await refusal {
            _ = try await ConnectionsRebind().run(.init(package: package, unused: "warning"), in: here)
        }
        #expect(preview == [code] && run == [code] && rebind == [code], "\(preview) \(run) \(rebind)")
        #expect(!FileManager.default.fileExists(atPath: scratch.root + "/environments-state"))
    }

    /// Settings, and what is said of them; nothing where they are good.
    static let givenSettings: [(Value, Value, String?)] = [
        (["ConnectionId": "c-1", "ConnectorId": "/apis/shared_sales"], "x", nil),
        (["ConnectionId": "c-1"], "x", nil),
        (
            ["ConnectionId": "c-1", "ConnectorId": "/apis/shared_teams"], "x",
            "'contoso_ref' is a connection of 'shared_sales', and input 'settings' for environment 'test' binds one of "
                + "'/apis/shared_teams'"
        ),
        (
            ["ConnectionId": ""], "x",
            "input 'settings' for environment 'test' binds no connection to 'contoso_ref' of solution 'ContosoSales'"
        ),
        (
            ["ConnectionId": "c-1"], "",
            "input 'settings' for environment 'test' gives no value to 'contoso_Url' of solution 'ContosoSales', which has "
                + "no default"
        ),
    ]

    @Test(
        "settings that come from elsewhere are judged, and the environment's file beside them is not",
        arguments: givenSettings)
    func judgedSettings(connection: Value, variable: Value, message: String?) async throws {
        let scratch = try StageScratch()
        guard case .map(var entry) = connection else { return }
        entry["LogicalName"] = "contoso_ref"
        let settings: Value = [
            "EnvironmentVariables": [["SchemaName": "contoso_Url", "Value": variable]],
            "ConnectionReferences": [.map(entry)],
        ]
        // The file alone would be refused.
        var environment = environment
        environment.connections = ["contoso_ref": .init(connector: "teams", connection: "c-2")]
        let context = try scratch.context(environment: environment)
        let input = SolutionPromote.Input(package: try scratch.package(), settings: settings)
        guard let message else {
            #expect(try await SolutionPromote().preview(input, in: context).summary.hasPrefix("install"))
            return
        }
        let rejected = await #expect(throws: Rejected.self) { try await SolutionPromote().preview(input, in: context) }
        #expect(rejected?.diagnostics.filter { $0.severity == .error }.map(\.message) == [message])
    }

    @Test("an upgrade, then the same again is nothing")
    func upgrade() async throws {
        let scratch = try StageScratch()
        func promote(_ package: PackageReference, _ token: String) async throws -> SolutionPromote.Output {
            try await SolutionPromote().run(
                .init(package: package),
                in: try scratch.context(environment: environment, token: token, secrets: secrets))
        }
        _ = try await promote(try scratch.package(), "t1")
        let next = try scratch.package("1.1.0.0")
        let upgrade = try await promote(next, "t2")
        #expect(upgrade.action == "upgrade")
        #expect(upgrade.reason == "a newer managed version")
        #expect(upgrade.from == "1.0.0.0")
        let nothing = try await promote(next, "t3")
        #expect(nothing.action == "nothing")
        #expect(nothing.receipt == 3)
        let other = try scratch.package("1.1.0.0", content: "changed")
        let refused = await failure { try await promote(other, "t4") }
        #expect(refused?.kind == .rejected)
        #expect(refused?.code == "environment/same-version")
        #expect(refused?.notes.contains("installed: sha256 \(next.digest)") == true)
        #expect(refused?.notes.contains("offered: sha256 \(other.digest)") == true)
        let older = await failure { try await promote(try scratch.package("0.9.0.0"), "t5") }
        #expect(older?.code == "environment/downgrade")
    }

    @Test("what was approved and is no longer what would happen is stale, and nothing is done")
    func stale() async throws {
        let scratch = try StageScratch()
        let package = try scratch.package("1.1.0.0")
        let context = try scratch.context(environment: environment, secrets: secrets)
        let preview = try await SolutionPromote().preview(.init(package: package), in: context)
        _ = try await SolutionPromote().run(
            .init(package: try scratch.package()),
            in: try scratch.context(environment: environment, token: "other", secrets: secrets))
        let approved = try scratch.context(environment: environment, approved: preview, secrets: secrets)
        let failure = await failure { try await SolutionPromote().run(.init(package: package), in: approved) }
        #expect(failure?.kind == .stale)
        #expect(failure?.notes.first == "approved: install ContosoSales 1.1.0.0: it is not installed here yet")
        #expect(
            failure?.notes.dropFirst().first == "now: upgrade ContosoSales 1.0.0.0 -> 1.1.0.0: a newer managed version")
        #expect(try await target(scratch).installed("ContosoSales")?.version == "1.0.0.0")
        var foreign = preview
        foreign.package = String(repeating: "0", count: 64)
        let wrong = try scratch.context(environment: environment, approved: foreign, secrets: secrets)
        let other = await failureOf { try await SolutionPromote().run(.init(package: package), in: wrong) }
        #expect(other?.code == "promote/other-package")
    }

    /// Where all lines are the same on both sides, what changed is named all the same, and no value is.
    @Test func anotherValueBehindTheSameWordsIsNamed() async throws {
        let scratch = try StageScratch()
        let package = try scratch.package()
        var looking = try scratch.context(environment: environment, secrets: secrets)
        looking.mayPrepareTarget = true
        let preview = try await SolutionPromote().preview(.init(package: package), in: looking)
        let other = try scratch.context(
            environment: environment, approved: preview, secrets: ["CONNECTION": "an0ther-connection"])
        let stale = await failure { try await SolutionPromote().run(.init(package: package), in: other) }
        #expect(stale?.code == "promote/stale" && stale?.message.contains("not what was approved") == true)
        var unasked = other
        unasked.asksPeople = false
        let replanned = await failure { try await SolutionPromote().run(.init(package: package), in: unasked) }
        #expect(replanned?.code == "promote/stale" && replanned?.message.contains("not what was planned") == true)
        #expect(
            stale?.notes == ["connection reference contoso_ref: its secret has another value"], "\(stale?.notes ?? [])")
        // A connector is in no line of a first binding.
        var elsewhere = environment
        elsewhere.connections["contoso_ref"]?.connector = "/providers/Microsoft.PowerApps/apis/shared_sales"
        elsewhere.variables["contoso_Url"]?.value = "https://other.example.com"
        let moved = try scratch.context(environment: elsewhere, approved: preview, secrets: secrets)
        let second = await failure { try await SolutionPromote().run(.init(package: package), in: moved) }
        #expect(second?.notes.contains("new: environment variable contoso_Url: https://other.example.com") == true)
        #expect(second?.notes.contains { $0.hasPrefix("approved: ") } == false, "\(second?.notes ?? [])")
    }

    private func failureOf(_ work: () async throws -> some Sendable) async -> StageFailure? { await failure(of: work) }

    @Test("recovery finds the operation by its token, and finishes its verification")
    func recovery() async throws {
        let scratch = try StageScratch()
        let package = try scratch.package()
        let context = try scratch.context(environment: environment, secrets: secrets)
        #expect(try await SolutionPromote().recover(.init(package: package), in: context).isNotStarted)
        let first = try await SolutionPromote().run(.init(package: package), in: context)
        guard case .completed(let output) = try await SolutionPromote().recover(.init(package: package), in: context)
        else {
            Issue.record("the operation was not found")
            return
        }
        #expect(output == first)
        #expect(try await SolutionPromote().run(.init(package: package), in: context) == first)
        #expect(try await target(scratch).history().count == 1)
    }

    @Test("what cannot be promoted is explained")
    func failures() async throws {
        let scratch = try StageScratch()
        let package = try scratch.package()
        let nowhere = await failure {
            try await SolutionPromote().run(.init(package: package), in: try scratch.context())
        }
        #expect(nowhere?.code == "promote/no-environment")
        let secret = await failure {
            try await SolutionPromote().run(.init(package: package), in: try scratch.context(environment: environment))
        }
        #expect(secret?.code == "secret/missing")
        var missing = package
        missing.digest = String(repeating: "a", count: 64)
        let gone = missing
        let object = await failure {
            try await SolutionPromote().run(
                .init(package: gone), in: try scratch.context(environment: environment, secrets: secrets))
        }
        #expect(object?.code == "object/missing")
        #expect(!FileManager.default.fileExists(atPath: scratch.root + "/environments-state"))
    }

    /// Something that a variable may hold.
    private static func value(of variable: EnvironmentVariable) -> String {
        switch variable.kind {
        case .number: "1"
        case .boolean: "yes"
        case .json: "{}"
        case .secret: "/subscriptions/1"
        case .string, .dataSource, .other: "x"
        }
    }

    @Test(
        "real packages are installed and read back",
        .enabled(if: SampleData.isPresent, "sample data beside the checkout is missing"))
    func samples() async throws {
        let files = SampleData.files(under: "power-platform/solutions-packed", suffix: ".zip")
        #expect(!files.isEmpty)
        for file in files {
            let scratch = try StageScratch()
            let content = try Data(contentsOf: URL(fileURLWithPath: file))
            let digest = try ObjectStore(folder: scratch.root + "/.almrun/objects/sha256").put(content)
            let package = PackageReference(
                digest: digest, solution: "X", version: "1.0", managed: false, size: content.count)
            let contents = try SolutionPackage(bytes: Array(content), file: file).contents
            var settings = DeploymentSettings.template(for: contents)
            for index in settings.connections.indices { settings.connections[index].connectionID = "c-\(index)" }
            for (index, variable) in contents.environmentVariables.enumerated() {
                settings.variables[index].value = Self.value(of: variable)
            }
            let output = try await SolutionPromote().run(
                .init(package: package, settings: settings.value),
                in: try scratch.context(environment: environment, secrets: secrets))
            #expect(output.action == "install", "\(file)")
            #expect(try await target(scratch).verified(digest) != nil)
        }
    }
}
