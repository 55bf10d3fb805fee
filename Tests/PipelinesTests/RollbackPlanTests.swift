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

    /// A file of that name would say at its gates what it likes of the commit that decides.
    @Test func noPipelineHasTheNameOfRollbacks() throws {
        let pipelines = [
            "pipelines/rollback.yaml": "inputs: { gatesCommit: { type: string } }\nstages: { a: { uses: noop } }\n"
        ]
        let repository = Repository("stages: { a: { uses: noop } }\n", pipelines)
        let found = repository.check()
        #expect(found.map(\.code) == ["manifest/reserved-name"])
        #expect(found.map(\.message) == ["a pipeline cannot be called 'rollback'"])
        #expect(found.first?.location?.source.name == "pipelines/rollback.yaml")
        #expect(found.first?.notes.first?.message.contains("`almrun rollback`") == true)
        #expect(throws: Rejected.self) {
            try repository.planner.plan(pipeline: "rollback", inputs: ["gatesCommit": "0123456789ab"])
        }
        // The others go on.
        #expect(try repository.plan().ids == ["a"])
    }

    /// Earlier versions ran such files: what their runs were given stands for nothing.
    @Test func aRunOfAFileIsNoRollback() throws {
        let given = RollbackPlan(
            environment: "prod", package: Self.package, from: "1.1.0.0", reason: "INC-1", passedOver: "1.1.0.0 is",
            gatesCommit: "0123456789ab")
        var plan = try Self.planner.plan(given)
        #expect(plan.isRollback && plan.gatesCommit == "0123456789ab")
        plan.sources.append(Plan.SourceFile(file: "pipelines/rollback.yaml", digest: "d"))
        #expect(!plan.isRollback)
        #expect(plan.gatesCommit == nil && plan.rollbackReason == nil && plan.passedOver == nil)
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
