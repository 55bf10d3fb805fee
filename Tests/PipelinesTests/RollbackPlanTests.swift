import Documents
import OrderedCollections
import Pipelines
import Testing

@Suite struct RollbackPlanTests {
    private static let package = PackageReference(
        digest: String(repeating: "ab", count: 32), solution: "Sales", version: "1.0.0.0", managed: true, size: 10)

    private static let planner = Planner(
        repository: RepositoryFiles([
            "environments/dev.yaml": Repository.dev, "environments/prod.yaml": Repository.prod,
            "environments/roles.yaml": Repository.roles,
        ]), stages: [])

    private func plan(_ environment: String = "prod", reason: String? = "INC-1") throws(Rejected) -> Plan {
        try Self.planner.plan(
            RollbackPlan(environment: environment, package: Self.package, from: "1.1.0.0", reason: reason))
    }

    @Test func theGatesOfTheEnvironmentStandBeforeIt() throws {
        let plan = try plan()
        #expect(plan.pipeline == "rollback")
        #expect(
            plan.steps.map(\.id) == [
                "prod/rebind", "prod/promote.preview", "prod/promote.eligible", "prod/promote.approval",
                "prod/promote.approval-2", "prod/promote.window", "prod/promote",
            ])
        #expect(plan.environments.keys == ["dev", "prod"])
        #expect(plan.roles.members["release-manager"]?.count == 2)
        #expect(plan.sources.map(\.file).contains("environments/prod.yaml"))
        let promote = try #require(plan.steps.last)
        #expect(promote.locksEnvironment)
        #expect(promote.effect == .once)
        guard case .map(let input) = promote.input else {
            Issue.record("the inputs are no map")
            return
        }
        #expect(input["mode"]?.literal == "rollback")
        #expect(input["package"]?.literal?["digest"]?.string == Self.package.digest)
        #expect(input["settings"] == .reference(.output("prod/rebind", name: "settings", path: [])))
    }

    @Test func whatWasAskedIsAmongTheInputs() throws {
        let plan = try plan()
        #expect(plan.inputs["reason"] == "INC-1")
        #expect(plan.inputs["from"] == "1.1.0.0")
        #expect(plan.inputs["to"] == "1.0.0.0")
        #expect(try self.plan(reason: nil).inputs["reason"] == nil)
        #expect(plan.passedOver == nil && plan.inputs["passedOver"] == nil)
        let other = try Self.planner.plan(
            RollbackPlan(environment: "prod", package: Self.package, from: "1.2.0.0", passedOver: "1.1.0.0 is"))
        #expect(other.passedOver == "1.1.0.0 is")
    }

    @Test func thePlanIsKeptAndReadAgainAsItIs() throws {
        let plan = try plan()
        let value = try ValueEncoder().encode(plan)
        #expect(try ValueDecoder().decode(Plan.self, from: value) == plan)
    }

    @Test func anEnvironmentWithoutGatesStillShowsWhatWouldChange() throws {
        #expect(try plan("dev").steps.map(\.id) == ["dev/rebind", "dev/promote.preview", "dev/promote"])
    }

    @Test func brokenFilesAreReported() throws {
        let broken = Planner(
            repository: RepositoryFiles(["environments/prod.yaml": Repository.prod]), stages: [])
        let rejected = #expect(throws: Rejected.self) {
            try broken.plan(RollbackPlan(environment: "prod", package: Self.package, from: "1.1.0.0"))
        }
        #expect(rejected?.diagnostics.isEmpty == false)
    }
}
