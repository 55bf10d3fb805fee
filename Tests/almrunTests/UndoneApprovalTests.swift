import Foundation
import Testing

/// That a yes, or a bypass, at one gate takes somebody away from another one is said before and after it.
@Suite(.waits) struct UndoneApprovalTests {
    private static let asks = "approvals: [{ role: us, distinctFrom: [\"approvers-of: eu\"] }]"

    /// Two regions that ask side by side; the gates of `us` are as given.
    private func repository(us people: String, gates: String = Self.asks) throws -> ReleaseRepository {
        let roles = """
            eu: [mads@contoso.example, otto@contoso.example]
            us: \(people)
            bypass: [otto@contoso.example, olga@contoso.example, mads@contoso.example]

            """
        let us = """
              us-bind:
                uses: connections.rebind
                environment: us
                with: { package: "${{ stages.pack.package }}" }
              us:
                uses: solution.promote
                environment: us
                with: { package: "${{ stages.pack.package }}", settings: "${{ stages.us-bind.settings }}" }

            """
        let repository = try ReleaseRepository(
            ["eu": "gates: { approvals: [{ role: eu }], bypass: { role: bypass, secondPerson: true } }"], roles: roles,
            stages: us)
        try repository.write("us", "gates: { \(gates) }")
        try repository.commit("regions", as: "rana")
        return repository
    }

    @Test func whoIsTheLastIsToldBeforeAndAfter() throws {
        let repository = try repository(us: "[mads@contoso.example]")
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let nobody = "there nobody is left who may approve, not mads@contoso.example, who approved for 'eu'"
        let before = "risk       once you approve here, "
        var inbox = try repository.almrun("inbox", as: "mads").output
        #expect(inbox.contains("\(before)you may not approve 'us.approval' any more; \(nobody)"), "\(inbox)")
        let first = try repository.almrun("approve", run, "us", as: "mads").output
        #expect(!first.contains("undone"), "\(first)")
        inbox = try repository.almrun("inbox", as: "mads").output
        #expect(inbox.contains("\(before)your approval of 'us.approval' counts no more; \(nobody)"), "\(inbox)")
        // It is nothing to others who may say yes there.
        #expect(try !repository.almrun("inbox", as: "otto").output.contains("counts no more"))
        let shown = try repository.almrun("show", run, "--gate", "eu", as: "otto").output
        #expect(
            shown.contains("once mads@contoso.example approves here, their approval of 'us.approval' counts no more"),
            "\(shown)")
        let json = try repository.almrun("show", run, "--gate", "eu", "--format", "json").output
        #expect(json.contains("\"code\": \"approval-undone\""), "\(json)")
        let second = try repository.almrun("approve", run, "eu", "--format", "json", as: "mads")
        #expect(second.status == 0)
        #expect(
            second.output.contains(
                #/"undone": \[\s+"your approval of 'us.approval' counts no more; there nobody is left/#),
            "\(second.output)")
    }

    @Test func whatCountsNoMoreIsNamedInAllRuns() throws {
        let repository = try repository(us: "[mads@contoso.example, ross@contoso.example]")
        defer { repository.remove() }
        let older = try repository.release("1.0.0")
        try #require(try repository.almrun("approve", older, "us", as: "mads").status == 0)
        let run = try repository.release("1.0.0")
        let effect = "your approval of 'us.approval' of run \(older) counts no more; there 1 more must approve: ross@"
        let inbox = try repository.almrun("inbox", as: "mads").output
        #expect(inbox.contains("once you approve here, \(effect)"), "\(inbox)")
        // With another one left nothing is lost in the run itself.
        #expect(!inbox.contains("you may not approve"), "\(inbox)")
        let elsewhere = try repository.almrun("approve", run, "eu", as: "mads").output
        #expect(elsewhere.contains("  undone: \(effect)"), "\(elsewhere)")
        // Nor is it called enough in the other run.
        let shown = try repository.almrun("show", run, "--gate", "us", as: "ross").output
        #expect(shown.contains("risk") && !shown.contains("enough there"), "\(shown)")
        let same = try repository.almrun("approve", older, "eu", as: "mads").output
        #expect(!same.contains("undone"), "it counts no more already: \(same)")
        for arguments in [["runs"], ["show", older]] {
            let said = try BuiltCommand.run(arguments, in: repository.path).output
            #expect(
                said.contains("the approval by mads@contoso.example counts no more: the person approved for 'eu'"),
                "\(arguments): \(said)")
        }
    }

    /// A bypass counts as an approval of the environment, whatever gate it opens.
    @Test func aBypassThatLeavesNobodyIsSaid() throws {
        let repository = try repository(
            us: "[mads@contoso.example]",
            gates: "evidence: [smoke], approvals: [{ role: eu }, { role: us, distinctFrom: [\"approvers-of: us\"] }]")
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let effect = "you may not approve 'us.approval-2' any more; there nobody is left who may approve"
        let inbox = try repository.almrun("inbox", as: "mads").output
        #expect(inbox.contains("risk       once you bypass here, \(effect)"), "\(inbox)")
        #expect(try !repository.almrun("inbox", as: "olga").output.contains("any more"))
        let shown = try repository.almrun("show", run, "--gate", "us.evidence", as: "olga").output
        #expect(shown.contains("once mads@contoso.example bypasses here, they may not approve"), "\(shown)")
        let said = try repository.almrun("bypass", run, "us.evidence", "--reason", "x", as: "mads")
        #expect(said.output.contains("  undone: \(effect)"), "\(said.output)\(said.error)")
    }

    /// What is approved does not wait for a second bypass.
    @Test func aBypassOfWhatIsApprovedSaysSo() throws {
        let repository = try repository(us: "[mads@contoso.example]")
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        try #require(try repository.almrun("approve", run, "eu", as: "mads").status == 0)
        let half = try repository.almrun("bypass", run, "eu", "--reason", "x", as: "olga").output
        #expect(half.contains("it was enough before: approved by mads@contoso.example; the gate opens without"))
        #expect(!half.contains("stays closed") && half.contains("next: almrun resume \(run)"), "\(half)")
        let runs = try repository.almrun("runs").output
        #expect(runs.contains("x (approved by mads@contoso.example, which is enough without it)"), "\(runs)")
        #expect(!runs.contains("one more"), "\(runs)")
        let again = try repository.almrun("bypass", run, "eu", "--reason", "x", as: "olga")
        #expect(again.status == 2 && !again.error.contains("one more"), "\(again.error)")
        #expect(try !repository.almrun("inbox", as: "otto").output.contains("one more of 'bypass'"))
        let json = try repository.almrun("bypass", run, "eu", "--reason", "x", "--format", "json", as: "otto").output
        #expect(json.contains("\"morePeople\": 0"), "\(json)")
    }

    /// Files that were in no commit are named also when the run is over.
    @Test func looseRolesAreNamedAfterTheEnd() throws {
        let roles = "manager: [mads@contoso.example]\n"
        let repository = try ReleaseRepository(["prod": "gates: { approvals: [{ role: manager }] }"], roles: roles)
        defer { repository.remove() }
        try repository.work.write("manager: [mads@contoso.example, eve@contoso.example]\n", "environments/roles.yaml")
        let run = try repository.release("1.0.0")
        try repository.approve(run, "prod", as: "eve")
        let note = "who has which role is said by a file that was in no commit: environments/roles.yaml"
        for arguments in [
            ["why", run, "prod"], ["why", run, "prod.approval"], ["show", run, "--gate", "prod"], ["show", run],
        ] {
            let said = try BuiltCommand.run(arguments, in: repository.path).output
            #expect(said.split(separator: note, omittingEmptySubsequences: false).count == 2, "\(arguments): \(said)")
        }
        #expect(try !repository.almrun("why", run, "pack").output.contains(note))
        let json = try repository.almrun("show", run, "--gate", "prod", "--format", "json").output
        #expect(json.contains(#/"looseManifests": \[\s+"environments/roles.yaml"/#), "\(json)")
    }

    /// What only a gate of a rollback would ask for goes with a line that says so.
    @Test func whatAPrunedRunKnewForARollbackIsSaid() throws {
        let gates = "evidence: [lint], approvals: [{ role: manager, distinctFrom: [committers] }]"
        let repository = try ReleaseRepository(
            ["prod": "gates: { \(gates) }"], roles: "manager: [mads@contoso.example]\nbypass: [otto@contoso.example]\n",
            stages: ReleaseRepository.lint)
        defer { repository.remove() }
        for version in ["1.0.0", "1.1.0", "1.2.0", "1.3.0"] {
            try repository.commit("v\(version)", as: "rana")
            try repository.approve(try repository.release(version), "prod", as: "mads")
        }
        let stays = try repository.almrun("rollback", "prod", "--to", "1.1.0", "--dry-run").output
        try #require(!stays.contains("nobody knows who did") && stays.contains("'lint' was shown by"), "\(stays)")
        let lines = [
            "who wrote ContosoSales 1.1.0.0, which 'prod' can go back to: its gates leave out committers, so",
            "what showed 'lint' of ContosoSales 1.1.0.0, which 'prod' can go back to: its gates ask for that",
        ]
        let dry = try repository.almrun("runs", "prune", "--keep", "1", "--dry-run").output
        for line in lines { #expect(dry.contains("loses    \(line)"), "\(dry)") }
        let json = try repository.almrun("runs", "prune", "--keep", "1", "--dry-run", "--format", "json").output
        #expect(json.contains("\"lost\": [\n    \"who wrote ContosoSales 1.1.0.0"), "\(json)")
        let done = try repository.almrun("runs", "prune", "--keep", "1").output
        for line in lines { #expect(done.contains("lost     \(line)"), "\(done)") }
        let gone = try repository.almrun("rollback", "prod", "--to", "1.1.0", "--dry-run").output
        #expect(gone.contains("nobody knows who did") && gone.contains("no run shows 'lint'"), "\(gone)")
    }
}
