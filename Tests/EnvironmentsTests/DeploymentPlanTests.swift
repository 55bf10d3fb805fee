import Foundation
import Testing

@testable import Environments

@Suite("A deployment plan says what would happen and why")
struct DeploymentPlanTests {
    @Test("a first installation")
    func install() async throws {
        let scratch = ScratchEnvironment()
        let plan = try await scratch.open().plan(.sample(), settings: .sample)
        #expect(plan.summary == "install ContosoSales 1.0.0.0: it is not installed here yet")
        #expect(
            plan.lines == [
                "connection reference contoso_ref: conn-1", "environment variable contoso_Url: https://api.example.com",
                "flow Invoice: on", "flow Nightly: off",
            ])
        #expect(plan.warnings.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: scratch.path), "planning writes nothing")
    }

    @Test("the same package again is nothing")
    func nothing() async throws {
        let scratch = ScratchEnvironment()
        try await scratch.install(.sample(), token: "1", settings: .sample)
        let plan = try await scratch.open().plan(.sample(), settings: .sample)
        #expect(
            plan.summary
                == "nothing ContosoSales 1.0.0.0: the same package is installed already, with the same settings")
        #expect(plan.lines.isEmpty)
    }

    @Test("the same package with other settings writes the settings alone")
    func settingsAlone() async throws {
        let scratch = ScratchEnvironment()
        try await scratch.install(.sample(), token: "1", settings: .sample)
        var settings = EnvironmentSettings.sample
        settings.variables["contoso_Url"] = "https://new.example.com"
        let plan = try await scratch.open().plan(
            .sample(), settings: settings, flows: .init(enabled: ["Nightly": true]))
        #expect(plan.action == .update)
        #expect(plan.reason == "the same package is installed already; 2 settings would be written")
        #expect(
            plan.lines == [
                "environment variable contoso_Url: https://api.example.com -> https://new.example.com",
                "flow Nightly: off -> on",
            ])
    }

    @Test("a newer managed version is an upgrade that removes what is gone")
    func upgrade() async throws {
        let scratch = ScratchEnvironment()
        try await scratch.install(.sample(), token: "1", settings: .sample)
        let next = PackageContents.sample(
            "1.1.0.0",
            components: [
                .init(kind: "connector", name: "contoso_sales"), .init(kind: "workflow", name: "Invoice"),
                .init(kind: "workflow", name: "New"),
            ],
            flows: [.init(id: "f1", name: "Invoice", isOn: true, connectionReferences: ["contoso_ref"])])
        let plan = try await scratch.open().plan(next, settings: .sample)
        #expect(plan.summary == "upgrade ContosoSales 1.0.0.0 -> 1.1.0.0: a newer managed version without 1 component")
        #expect(plan.lines == ["remove workflow Nightly", "add workflow New", "flow Nightly: off -> removed"])
        try await scratch.install(next, token: "2", settings: .sample)
        let state = try await scratch.open().state()
        #expect(state.flows.keys.sorted() == ["f1"])
        #expect(state.solutions["ContosoSales"]?.layers.map(\.version) == ["1.1.0.0"])
    }

    @Test("an update that was asked for removes nothing and says so")
    func update() async throws {
        let scratch = ScratchEnvironment()
        try await scratch.install(.sample(), token: "1", settings: .sample)
        let next = PackageContents.sample(
            "1.1.0.0", components: [.init(kind: "connector", name: "contoso_sales")], flows: [])
        let plan = try await scratch.open().plan(next, settings: .sample, options: .init(mode: .update))
        #expect(
            plan.summary
                == "update ContosoSales 1.0.0.0 -> 1.1.0.0: a newer managed version, nothing removed, as asked for")
        #expect(
            plan.warnings == [
                "2 components that the new version no longer has stay: workflow Invoice, workflow Nightly"
            ])
        try await scratch.install(next, token: "2", settings: .sample, options: .init(mode: .update))
        let solution = try #require(try await scratch.open().installed("ContosoSales"))
        #expect(solution.layers.map(\.kind) == [.base, .update])
        #expect(solution.components.count == 3)
        #expect(try await scratch.open().state().flows.count == 2)
    }

    @Test("an unmanaged solution is updated")
    func unmanaged() async throws {
        let scratch = ScratchEnvironment()
        try await scratch.install(.sample(managed: false), token: "1", settings: .sample)
        let plan = try await scratch.open().plan(.sample("1.0.1.0", managed: false), settings: .sample)
        #expect(plan.summary == "update ContosoSales 1.0.0.0 -> 1.0.1.0: a newer unmanaged version, nothing removed")
    }

    @Test("the same version with another content is refused with both digests")
    func otherContent() async throws {
        let scratch = ScratchEnvironment()
        let first = PackageContents.sample()
        let other = PackageContents.sample(content: "changed")
        try await scratch.install(first, token: "1", settings: .sample)
        let error = await #expect(throws: EnvironmentError.self) {
            try await scratch.open().plan(other, settings: .sample)
        }
        #expect(error?.code == "environment/same-version")
        #expect(error?.notes.prefix(2) == ["installed: sha256 \(first.digest)", "offered: sha256 \(other.digest)"])
    }

    @Test("a downgrade is refused unless it is a rollback")
    func downgrade() async throws {
        let scratch = ScratchEnvironment()
        try await scratch.install(.sample("1.10.0.0"), token: "1", settings: .sample)
        let error = await #expect(throws: EnvironmentError.self) {
            try await scratch.open().plan(.sample("1.9.0.0"), settings: .sample)
        }
        #expect(error?.kind == .refused)
        #expect(error?.message == "'ContosoSales' 1.10.0.0 is installed and 1.9.0.0 is not newer")
        let plan = try await scratch.open().plan(
            .sample("1.9.0.0"), settings: .sample, options: .init(allowsDowngrade: true))
        #expect(plan.summary == "put ContosoSales back 1.10.0.0 -> 1.9.0.0: a lower managed version, as asked for")
    }

    @Test("managed and unmanaged do not replace each other", arguments: [true, false])
    func mismatch(managed: Bool) async throws {
        let scratch = ScratchEnvironment()
        try await scratch.install(.sample(managed: managed), token: "1", settings: .sample)
        let error = await #expect(throws: EnvironmentError.self) {
            try await scratch.open().plan(.sample("2.0.0.0", managed: !managed), settings: .sample)
        }
        #expect(error?.code == "environment/managed-mismatch")
    }

    @Test("unmanaged components over managed ones are warned of, from both sides")
    func layers() async throws {
        let scratch = ScratchEnvironment()
        try await scratch.install(.sample(), token: "1", settings: .sample)
        let hotfix = PackageContents.sample(
            managed: false, solution: "Hotfix", components: [.init(kind: "workflow", name: "Invoice")], references: [],
            variables: [], flows: [])
        let plan = try await scratch.open().plan(hotfix)
        #expect(
            plan.warnings == ["unmanaged components hide those of the managed solution ContosoSales: workflow Invoice"])
        try await scratch.install(hotfix, token: "2")
        let next = try await scratch.open().plan(.sample("1.1.0.0"), settings: .sample)
        #expect(next.warnings == ["the unmanaged solution Hotfix hides components of this package: workflow Invoice"])
    }

    @Test("what is missing or superfluous is warned of, and a flow without its connection stays off")
    func warnings() async throws {
        let scratch = ScratchEnvironment()
        let plan = try await scratch.open().plan(
            .sample(),
            settings: .init(connections: ["contoso_ref": .init(connection: "")], variables: ["other_Var": "x"]))
        #expect(
            plan.warnings == [
                "connection reference contoso_ref has no connection",
                "environment variable contoso_Url has neither a value nor a default",
                "the settings set environment variable other_Var, which the package does not have",
                "flow Invoice stays off: contoso_ref has no connection",
            ])
        #expect(plan.changes.map(\.description) == ["flow Invoice: off", "flow Nightly: off"])
    }

    @Test("a value that travels in the package is shown, and settings win over it")
    func packagedValue() async throws {
        let scratch = ScratchEnvironment()
        let package = PackageContents.sample(
            variables: [.init(schemaName: "contoso_Url", packagedValue: "https://dev.example.com")])
        var settings = EnvironmentSettings.sample
        settings.variables = [:]
        let plan = try await scratch.open().plan(package, settings: settings)
        #expect(
            plan.changes[1].description
                == "environment variable contoso_Url: https://dev.example.com (packed in the solution)")
        #expect(
            plan.warnings == ["the package carries a value of environment variable contoso_Url: it would be set here"])
        let other = try await scratch.open().plan(package, settings: .sample)
        #expect(other.changes[1].new == "https://api.example.com")
        #expect(other.changes[1].origin == nil)
    }

    @Test("secrets appear as their references, on disk too, and a changed one is seen")
    func secrets() async throws {
        let scratch = ScratchEnvironment()
        var settings = EnvironmentSettings.sample
        settings.connections["contoso_ref"] = .init(connection: "${{ secrets.CONNECTION }}")
        settings.variables["contoso_Url"] = "https://x/?key=${{ secrets.KEY }}"
        let secrets = ["CONNECTION": "s3cr3t-connection", "KEY": "s3cr3t-key"]
        let plan = try await scratch.open(secrets: secrets).plan(.sample(), settings: settings)
        #expect(plan.lines[0] == "connection reference contoso_ref: ${{ secrets.CONNECTION }}")
        #expect(plan.lines[1] == "environment variable contoso_Url: https://x/?key=${{ secrets.KEY }}")
        let receipt = try await scratch.install(.sample(), token: "1", settings: settings, secrets: secrets)
        #expect(try await scratch.open().verify(receipt).isEmpty)
        for file in try #require(FileManager.default.subpaths(atPath: scratch.path)) {
            let content = FileManager.default.contents(atPath: scratch.path + "/" + file) ?? Data()
            #expect(!String(decoding: content, as: UTF8.self).contains("s3cr3t"), "\(file)")
        }
        let same = try await scratch.open(secrets: secrets).plan(.sample(), settings: settings)
        #expect(same.action == .nothing)
        let other = try await scratch.open(secrets: ["CONNECTION": "other", "KEY": "s3cr3t-key"]).plan(
            .sample(), settings: settings)
        #expect(other.lines == ["connection reference contoso_ref: ${{ secrets.CONNECTION }} (its secret changed)"])
        // What people approve is one value, though nobody sees it.
        let third = try await scratch.open(secrets: ["CONNECTION": "third", "KEY": "s3cr3t-key"]).plan(
            .sample(), settings: settings)
        #expect(third.lines == other.lines && third.digest != other.digest)
    }

    @Test("the first plan of a run makes the key by which values of secrets are told apart, and nothing else")
    func firstKey() async throws {
        let scratch = ScratchEnvironment()
        var settings = EnvironmentSettings.sample
        func plan(_ value: String, making: Bool) async throws -> DeploymentPlan {
            try await scratch.open(secrets: ["KEY": value]).plan(
                .sample(), settings: settings, flows: .init(), options: .init(), makingKey: making)
        }
        // A plan without secrets needs none, and who only looks makes none.
        _ = try await plan("one", making: true)
        settings.variables["contoso_Url"] = "${{ secrets.KEY }}"
        let blind = try await plan("one", making: false)
        #expect(try await plan("two", making: false).digest == blind.digest)
        #expect(!FileManager.default.fileExists(atPath: scratch.path))
        let first = try await plan("one", making: true)
        let state = try await scratch.open().state()
        #expect(state.key.count == 64 && state.solutions.isEmpty && state.operations.isEmpty)
        #expect(try await plan("one", making: true) == first)
        #expect(try await plan("one", making: false) == first)
        let other = try await plan("two", making: false)
        #expect(other.digest != first.digest && other.lines == first.lines && other.target == first.target)
        // It is the environment's from then on.
        _ = try await scratch.open(secrets: ["KEY": "one"]).install(
            .sample(), plan: first, token: "1", by: "ada@example.com")
        #expect(try await scratch.open().state().key == state.key)
        #expect(try await plan("one", making: false).action == .nothing)
        #expect(try await scratch.open().examine(knowing: []).isEmpty)
    }

    @Test("flows follow the environment's settings, by name or id")
    func flows() async throws {
        let scratch = ScratchEnvironment()
        let all = try await scratch.open().plan(.sample(), settings: .sample, flows: .init(defaultEnabled: true))
        #expect(all.changes.suffix(2).map(\.description) == ["flow Invoice: on", "flow Nightly: on"])
        let one = try await scratch.open().plan(
            .sample(), settings: .sample, flows: .init(defaultEnabled: true, enabled: ["f2": false]))
        #expect(one.changes.suffix(2).map(\.description) == ["flow Invoice: on", "flow Nightly: off"])
    }

    @Test("the digest of a plan is the same for the same plan and another for another")
    func digest() async throws {
        let scratch = ScratchEnvironment()
        let one = try await scratch.open().plan(.sample(), settings: .sample)
        let again = try await scratch.open().plan(.sample(), settings: .sample)
        #expect(one == again)
        #expect(one.digest.count == 64)
        let other = try await scratch.open().plan(
            .sample(), settings: .sample, flows: .init(enabled: ["Nightly": true]))
        #expect(other.digest != one.digest)
        #expect(other.target == one.target)
    }

    @Test("a version that is none is refused", arguments: ["", "1.x", "1.2.3.4.5"])
    func badVersion(version: String) async throws {
        let scratch = ScratchEnvironment()
        let error = await #expect(throws: EnvironmentError.self) { try await scratch.open().plan(.sample(version)) }
        #expect(error?.code == "environment/version")
    }

    @Test("another connector behind a reference is a change of its own")
    func connector() async throws {
        let scratch = ScratchEnvironment()
        try await scratch.install(.sample(), token: "1", settings: .sample)
        var settings = EnvironmentSettings.sample
        settings.connections["contoso_ref"]?.connector = "shared_other"
        let plan = try await scratch.open().plan(.sample(), settings: settings)
        #expect(plan.lines == ["connection reference contoso_ref: conn-1 of shared_sales -> conn-1 of shared_other"])
    }

    @Test("one connector by its name and by its id is no change", arguments: ["shared_sales", "sales", "Sales"])
    func connectorNames(name: String) async throws {
        let scratch = ScratchEnvironment()
        var settings = EnvironmentSettings.sample
        settings.connections["contoso_ref"]?.connector = name
        try await scratch.install(.sample(), token: "1", settings: settings)
        settings.connections["contoso_ref"]?.connector = "/providers/Microsoft.PowerApps/apis/shared_sales"
        let plan = try await scratch.open().plan(.sample(), settings: settings)
        #expect(plan.action == .nothing && plan.changes.isEmpty, "\(plan.lines)")
        settings.connections["contoso_ref"]?.connector = "/providers/Microsoft.PowerApps/apis/shared_salesforce"
        #expect(try await scratch.open().plan(.sample(), settings: settings).changes.count == 1)
    }

    @Test("what went back is called a rollback, and is kept as before")
    func deed() async throws {
        let scratch = ScratchEnvironment()
        #expect(try await scratch.install(.sample("2.0.0.0"), token: "1", settings: .sample).deed == "install")
        let back = try await scratch.install(
            .sample("1.9.0.0"), token: "2", settings: .sample, options: .init(allowsDowngrade: true))
        #expect(back.deed == "rollback" && back.action == .upgrade)
        #expect(try await scratch.install(.sample("2.0.1.0"), token: "3", settings: .sample).deed == "upgrade")
    }
}
