import Foundation
import Testing

/// What other people do while a run waits counts at its gates.
@Suite(.waits) struct PeopleChangedTests {
    private static let roles = """
        manager: [mads@contoso.example, rana@contoso.example, quinn@contoso.example, tess@contoso.example]
        lead: [quinn@contoso.example]

        """

    /// A pipeline that carries the package into one environment only.
    private func write(_ name: String, to repository: ReleaseRepository) throws {
        try repository.work.write(
            """
            inputs:
              version: { type: string, description: The version. }
            stages:
              pack:
                uses: solution.pack
                with: { source: solution, version: "${{ inputs.version }}", type: managed }
              bind:
                uses: connections.rebind
                environment: \(name)
                with: { package: "${{ stages.pack.package }}" }
              up:
                uses: solution.promote
                environment: \(name)
                with: { package: "${{ stages.pack.package }}", settings: "${{ stages.bind.settings }}" }

            """, "pipelines/\(name).yaml")
    }

    private func repository(_ more: String, count: Int = 1) throws -> ReleaseRepository {
        let repository = try ReleaseRepository(
            [
                "qa": "gates: { approvals: [{ role: lead }] }",
                "prod": "\(more)gates: { approvals: [{ role: manager, count: \(count), "
                    + "distinctFrom: [\"approvers-of: qa\"] }] }",
            ], roles: Self.roles)
        for name in ["qa", "prod"] { try write(name, to: repository) }
        try repository.commit("pipelines", as: "rana")
        return repository
    }

    private func start(_ pipeline: String, _ repository: ReleaseRepository, status: Int32 = 75) throws -> String {
        let run = try repository.almrun("run", pipeline, "--input", "version=1.0.0")
        try #require(run.status == status, "\(run.output)\(run.error)")
        return String(try #require(try repository.almrun("runs", "--ids").output.split(separator: "\n").first))
    }

    private func check(_ repository: ReleaseRepository, refuses person: String, at run: String) throws {
        let no = try repository.almrun("approve", run, "up", as: person)
        #expect(
            no.status == 2 && no.error.contains("'\(person)@contoso.example' approved for 'qa' in run"),
            "\(no.output)\(no.error)")
        let shown = try repository.almrun("show", run, "--gate", "up").output
        #expect(shown.contains("\(person)@contoso.example, who approved for 'qa' in run"), "\(shown)")
        let why = try repository.almrun("why", run, "up.approval").output
        #expect(why.contains("not \(person)@contoso.example, who approved for 'qa' in run"), "\(why)")
        let inbox = try repository.almrun("inbox", as: person)
        #expect(!inbox.output.contains(run), "\(inbox.output)")
    }

    /// The run was made before the package was approved for the environment before.
    @Test func anApprovalThatCameLaterLeavesOut() throws {
        let repository = try repository("after: qa\n")
        defer { repository.remove() }
        let go = try start("prod", repository, status: 1)
        try repository.approve(try start("qa", repository), "up", as: "quinn")
        #expect(try repository.almrun("resume", go).status == 75)
        try check(repository, refuses: "quinn", at: go)
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod").output
        #expect(why.contains("not quinn@contoso.example"), "\(why)")
        try repository.approve(go, "up", as: "mads")
        let verify = try repository.almrun("verify", go)
        #expect(verify.status == 0, "\(verify.output)\(verify.error)")
        #expect(try repository.almrun("environment", "prod").output.contains("1.0.0.0"))
    }

    /// Whoever approves for both, in whichever order, opens one gate only.
    @Test(arguments: [true, false]) func anApprovalWhileTheGateIsOpenLeavesOut(_ isFirst: Bool) throws {
        let repository = try repository("", count: 2)
        defer { repository.remove() }
        let go = try start("prod", repository)
        for person in isFirst ? ["quinn", "rana"] : ["rana"] {
            let yes = try repository.almrun("approve", go, "up", as: person)
            #expect(yes.status == 0, "\(yes.error)")
        }
        try repository.approve(try start("qa", repository), "up", as: "quinn")
        if isFirst {
            // Two have approved, and one of them does not count any more.
            let still = try repository.almrun("resume", go)
            #expect(still.status == 75, "\(still.output)\(still.error)")
            #expect(still.error.contains("approved for 'qa' in another run: quinn@contoso.example"), "\(still.error)")
        }
        try check(repository, refuses: "quinn", at: go)
        try repository.approve(go, "up", as: "mads")
        let verify = try repository.almrun("verify", go)
        #expect(verify.status == 0, "\(verify.output)\(verify.error)")
        #expect(try repository.almrun("environment", "prod").output.contains("1.0.0.0"))
    }

    /// A rollback that waits learns who approved its package elsewhere meanwhile.
    @Test func aRollbackLearnsToo() throws {
        let repository = try repository("")
        defer { repository.remove() }
        try repository.approve(try start("prod", repository), "up", as: "mads")
        let second = try repository.almrun("run", "prod", "--input", "version=1.1.0")
        try #require(second.status == 75, "\(second.error)")
        try repository.approve("latest", "up", as: "mads")
        try #require(try repository.almrun("rollback", "prod").status == 75)
        let rollback = String(try #require(try repository.almrun("runs", "--ids").output.split(separator: "\n").first))
        let yes = try repository.almrun("approve", rollback, "prod/promote", as: "quinn")
        #expect(yes.status == 0, "\(yes.error)")
        try repository.approve(try start("qa", repository), "up", as: "quinn")
        #expect(try repository.almrun("resume", rollback).status == 75)
        let no = try repository.almrun("approve", rollback, "prod/promote", as: "quinn")
        #expect(no.status == 2 && no.error.contains("approved for 'qa' in run"), "\(no.output)\(no.error)")
        try repository.approve(rollback, "prod/promote", as: "tess")
        #expect(try repository.almrun("environment", "prod").output.contains("1.0.0.0"))
    }

    /// What is installed is another version by now: more commits are released, and who wrote them may not approve.
    @Test func aRollbackMeanwhileMakesMoreCommitters() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager, distinctFrom: [committers] }] }"], roles: Self.roles)
        defer { repository.remove() }
        try repository.approve(try repository.release("1.0.0"), "prod", as: "mads")
        try repository.commit("more", as: "mads")
        try repository.approve(try repository.release("1.1.0"), "prod", as: "tess")
        try repository.commit("dev", as: "dev")
        let run = try repository.release("1.2.0")
        let yes = try repository.almrun("approve", run, "prod", as: "mads")
        #expect(yes.status == 0, "\(yes.error)")
        #expect(try repository.almrun("rollback", "prod", "--to", "1.0.0").status == 75)
        try repository.approve("latest", "prod/promote", as: "tess")
        // Commits that came after the run was made are not in its package.
        try repository.commit("later", as: "tess")
        let void = try repository.almrun("resume", run)
        #expect(void.status == 75, "\(void.output)\(void.error)")
        let no = try repository.almrun("approve", run, "prod", as: "mads")
        #expect(no.status == 2 && no.error.contains("wrote commits that are released"), "\(no.output)\(no.error)")
        #expect(try repository.almrun("resume", run).status == 75)
        // The first approval may be of the plan from before the rollback, which is void then.
        for _ in 1...2 where try !repository.almrun("environment", "prod").output.contains("1.2.0.0") {
            try repository.approve(run, "prod", as: "tess")
        }
        let end = try repository.almrun("show", run).output
        #expect(try repository.almrun("environment", "prod").output.contains("1.2.0.0"), "\(end)")
        #expect(try repository.almrun("verify", run).status == 0)
    }
}
