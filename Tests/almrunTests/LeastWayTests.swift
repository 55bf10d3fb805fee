import Foundation
import Testing

/// Of several runs that come with a package `why` names the one that needs the least.
@Suite(.waits) struct LeastWayTests {
    private static let roles = """
        manager: [mads@contoso.example]
        bypass: [otto@contoso.example]

        """

    /// A run that waits for an approval until its evidence is too old, and fails then, approved.
    private func failed(_ repository: ReleaseRepository, _ arguments: [String]) throws -> String {
        // On a busy machine the evidence may be too old before the run comes to its gate: then it has longer.
        for seconds in [3, 8, 20, 60] {
            try repository.askForLint(notOlderThan: seconds)
            let made = try BuiltCommand.run(
                arguments, in: repository.path, environment: ["GIT_AUTHOR_EMAIL": "rana@contoso.example"])
            guard made.status == 75 else {
                try #require(made.status == 1, "\(made.output)\(made.error)")
                continue
            }
            let run = try repository.newest()
            try #require(try repository.almrun("approve", run, "prod", as: "mads").status == 0)
            try repository.shell("sleep \(seconds)")
            let end = try repository.almrun("resume", run)
            try #require(end.status == 1, "\(end.output)\(end.error)")
            return run
        }
        throw CancellationError()
    }

    @Test func theBypassedRunThatKeepsItsApprovalsComesFirst() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: Self.roles, stages: ReleaseRepository.lint)
        defer { repository.remove() }
        let arguments = ["run", "release", "--no-reuse", "--input", "version=1.0.0"]
        let run = try failed(repository, arguments)
        func why() throws -> BuiltCommand.Result { try repository.almrun("why", "ContosoSales@1.0.0", "prod") }
        let alone = try why()
        #expect(!alone.output.contains("no run asks"), "\(alone.output)")
        #expect(
            alone.output.contains("run \(run), which failed, keeps what mads@contoso.example said"), "\(alone.output)")
        #expect(alone.output.contains("`almrun bypass \(run) prod.evidence --reason"), "\(alone.output)")
        // A newer one was given up.
        try repository.askForLint(notOlderThan: 300)
        let newer = try repository.release("1.0.0")
        try #require(try repository.almrun("cancel", newer, "--reason", "mistake").status == 0)
        try #require(
            try repository.almrun("bypass", run, "prod.evidence", "--reason", "INC-1", as: "otto").status == 0)
        let bypassed = try why()
        #expect(
            bypassed.output.contains("given by mads@contoso.example in run \(run), which failed and keeps it"),
            "\(bypassed.output)")
        #expect(bypassed.output.hasSuffix("next: almrun resume \(run)\n"), "\(bypassed.output)")
        #expect(bypassed.status == 0, "\(bypassed.output)")
        // Also beside one that waits.
        let open = try repository.release("1.0.0")
        let beside = try why()
        #expect(beside.output.hasSuffix("next: almrun resume \(run)\n"), "\(beside.output)")
        #expect(beside.output.contains("note: run \(open) is to bring it here too"), "\(beside.output)")
        #expect(try repository.almrun("resume", run).status == 0)
        // What is there already has no conditions, and none of runs that ended without it.
        let there = try why()
        #expect(there.status == 0 && there.output.contains("in 'prod': it is there already, nothing would change"))
        #expect(!there.output.contains("evidence  ") && !there.output.contains("next:"), "\(there.output)")
    }

    /// The rollback that was bypassed comes before a newer one that was given up.
    @Test func theBypassedRollbackComesFirst() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: Self.roles, stages: ReleaseRepository.lint)
        defer { repository.remove() }
        try repository.promote("1.0.0", "1.1.0")
        try repository.askForLint(notOlderThan: 1)
        try repository.shell("sleep 1.1")
        #expect(try repository.almrun("rollback", "prod", "--comment", "first").status == 1)
        let run = try repository.newest()
        try repository.askForLint(notOlderThan: 300)
        #expect(try repository.almrun("rollback", "prod", "--comment", "second").status == 75)
        try #require(try repository.almrun("cancel", try repository.newest(), "--reason", "mistake").status == 0)
        try #require(
            try repository.almrun("bypass", run, "prod/promote.evidence", "--reason", "INC-1", as: "otto").status == 0)
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(why.output.contains("as run \(run) asks"), "\(why.output)")
        #expect(why.output.hasSuffix("next: almrun resume \(run)\n"), "\(why.output)")
        #expect(why.status == 75 && !why.output.contains("never"), "\(why.output)")
    }

    /// While what is asked about is not what would happen, an approval is refused: the run is taken up first.
    @Test func theRunIsTakenUpBeforeItIsApproved() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }], bypass: { role: bypass } }"], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.2.0")
        try repository.write("prod", "")
        try #require(try repository.almrun("run", "release", "--input", "version=1.1.0").status == 0)
        try repository.write("prod", "gates: { approvals: [{ role: manager }], bypass: { role: bypass } }")
        let why = try repository.almrun("why", "ContosoSales@1.2.0", "prod")
        #expect(
            why.next == [
                "almrun resume \(run)", "almrun approve \(run) prod.approval",
                "almrun resume \(run)",
            ], "\(why.output)")
        #expect(why.output.components(separatedBy: "what is asked about is not what would happen").count == 2)
        let gate = try repository.almrun("why", run, "prod.approval").output
        #expect(gate.contains("; `almrun resume \(run)` ") && !gate.contains("almrun bypass"), "\(gate)")
        let json = try repository.almrun("why", "ContosoSales@1.2.0", "prod", "--format", "json").output
        let first = try #require(json.range(of: "\"almrun resume \(run)\""), "\(json)")
        let second = try #require(json.range(of: "\"almrun approve \(run)"), "\(json)")
        #expect(first.lowerBound < second.lowerBound, "\(json)")
        let inbox = try repository.almrun("inbox", as: "mads").output
        #expect(inbox.contains("almrun resume \(run)") && !inbox.contains("almrun approve"), "\(inbox)")
    }
}
