import Foundation
import Testing

/// What a bypass of old evidence comes to once other runs were at work in the environment.
@Suite(.waits) struct BypassedRollbackTests {
    private static let roles = """
        manager: [mads@contoso.example]
        bypass: [otto@contoso.example, olga@contoso.example]

        """
    private static let evidence = "prod/promote.evidence"

    /// Two versions in `prod`, with what lint has shown of them.
    private func repository() throws -> ReleaseRepository {
        let repository = try ReleaseRepository(["prod": ""], roles: Self.roles, stages: ReleaseRepository.lint)
        try repository.promote("1.0.0", "1.1.0")
        return repository
    }

    /// A rollback that fails for want of evidence young enough.
    private func failedRollback(_ repository: ReleaseRepository, _ reason: String) throws -> String {
        let back = try repository.almrun("rollback", "prod", "--comment", reason)
        try #require(back.status == 1, "\(back.output)\(back.error)")
        return try repository.newest()
    }

    /// A bypass that another deployment has overtaken is said to be void, and stays void when somebody else bypasses later.
    @Test func aBypassThatWasVoidStaysVoid() throws {
        let repository = try repository()
        defer { repository.remove() }
        try repository.askForLint(notOlderThan: 1)
        try repository.shell("sleep 1.1")
        let run = try failedRollback(repository, "INC-1")
        func bypass(_ person: String, _ reason: String) throws {
            let said = try repository.almrun("bypass", run, Self.evidence, "--reason", reason, as: person)
            try #require(said.status == 0, "\(said.error)")
        }
        try bypass("otto", "first")
        #expect(try repository.almrun("show", run).output.contains("(that is enough: `almrun resume"))
        try repository.write("prod", "")
        try #require(try repository.almrun("run", "release", "--input", "version=1.2.0").status == 0)
        try repository.askForLint(notOlderThan: 1)
        for arguments in [
            ["show", run], ["runs"], ["why", run, Self.evidence], ["show", run, "--gate", Self.evidence],
            ["why", "ContosoSales@1.0.0", "prod"],
        ] {
            let said = try BuiltCommand.run(arguments, in: repository.path).output
            #expect(said.contains("the plan changed from"), "\(arguments): \(said)")
            #expect(said.contains("void when the run is taken up"), "\(arguments): \(said)")
            #expect(
                !said.contains("BYPASSED") && !said.contains("carries on") && !said.contains("that is enough"),
                "\(arguments): \(said)")
        }
        #expect(try repository.almrun("show", run).output.contains("next: `almrun resume \(run)` asks anew at"))
        #expect(try repository.almrun("resume", run).status == 1)
        try bypass("olga", "again")
        #expect(try repository.almrun("resume", run).status == 75)
        try repository.approve(run, "prod/promote", as: "mads")
        for arguments in [["show", run], ["runs"]] {
            let said = try BuiltCommand.run(arguments, in: repository.path).output
            #expect(said.contains("BYPASSED: \(Self.evidence) by olga@contoso.example: again"), "\(said)")
            #expect(!said.contains("BYPASSED: \(Self.evidence) by otto"), "\(said)")
            #expect(said.contains("the gate has opened without it, and does not count: void since round 2"), "\(said)")
        }
        let shown = try repository.almrun("show", run, "--format", "json").output
        #expect(shown.contains("\"inForce\": false") && shown.contains("\"inForce\": true"), "\(shown)")
        let listed = try repository.almrun("runs", "--format", "json").output
        #expect(listed.contains("\"\(Self.evidence) by otto@contoso.example: first (the gate has"), "\(listed)")
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod").output
        #expect(why.contains("was bypassed for this package in run \(run) by olga@contoso.example (again)"), "\(why)")
        #expect(!why.contains("otto"), "\(why)")
    }

    /// What nobody has shown of a package no rollback shows either: those who may open the gate are asked.
    @Test func whatNobodyHasShownIsAskedOfThoseWhoMayBypass() throws {
        let repository = try repository()
        defer { repository.remove() }
        try repository.write("prod", "gates: { evidence: [smoke] }")
        let run = try failedRollback(repository, "INC-1")
        let bypass = "almrun bypass \(run) \(Self.evidence)"
        for arguments in [["show", run], ["why", run, Self.evidence], ["why", "ContosoSales@1.0.0", "prod"]] {
            let said = try BuiltCommand.run(arguments, in: repository.path).output
            #expect(said.contains(bypass), "\(arguments): \(said)")
            #expect(!said.contains("add the stage") && !said.contains("mend the cause"), "\(arguments): \(said)")
        }
        let inbox = try repository.almrun("inbox", as: "otto").output
        #expect(inbox.contains(run) && inbox.contains(bypass), "\(inbox)")
        #expect(try repository.almrun("inbox", as: "mads").output.contains(bypass) == false)
        try #require(
            try repository.almrun("bypass", run, Self.evidence, "--reason", "INC-1", as: "otto").status == 0)
        #expect(try repository.almrun("resume", run).status == 0)
    }

    /// The gate of a rollback knows of no evidence where there is only a word; who gave it is said all the same.
    /// What nobody wants any more asks nobody, and nobody opens it by mistake.
    @Test func aRollbackThatNobodyWantsIsWithdrawn() throws {
        let repository = try repository()
        defer { repository.remove() }
        try repository.write("prod", "gates: { evidence: [smoke] }")
        let run = try failedRollback(repository, "INC-1")
        #expect(try repository.almrun("inbox", as: "otto").output.contains(run))
        let cancelled = try repository.almrun("cancel", run, "--reason", "mended otherwise", "--wait", as: "mads")
        #expect(cancelled.status == 0 && cancelled.output.contains("\(run): withdrawn: "), "\(cancelled)")
        #expect(try !repository.almrun("inbox", "--all", as: "otto").output.contains(run))
        for arguments in [["show", run], ["runs"], ["why", run, Self.evidence]] {
            let said = try BuiltCommand.run(arguments, in: repository.path).output
            #expect(said.contains("withdrawn by mads@contoso.example "), "\(arguments): \(said)")
            #expect(!said.contains("almrun bypass"), "\(arguments): \(said)")
        }
        // What never came to its turn is not counted as done.
        let list = try repository.almrun("runs").output
        #expect(list.contains(#/failed +[0-9]/#) && !list.contains(#/failed +([0-9]+)\/\1 /#), "\(list)")
        let late = try repository.almrun("bypass", run, Self.evidence, "--reason", "late", as: "otto")
        #expect(late.status == 2 && late.error.contains("mended otherwise"), "\(late.error)")
        #expect(try repository.almrun("resume", run).status == 1)
        #expect(try repository.almrun("inbox", as: "otto").output.contains(run))
        #expect(try repository.almrun("verify", run).status == 0)
    }

    @Test func whoseWordAnEarlierRunHadIsSaid() throws {
        let repository = try ReleaseRepository(
            ["prod": ""], roles: Self.roles,
            stages: "  scan:\n    uses: shell.run\n    needs: [pack]\n"
                + "    with: { command: [sh, -c, \"kill -9 $$\"], effect: once }\n")
        defer { repository.remove() }
        for version in ["1.0.0", "1.1.0"] {
            _ = try repository.release(version)
            let done = try repository.almrun("resume", "latest", "--assume", "scan=done")
            try #require(done.status == 0, "\(done.output)\(done.error)")
        }
        try repository.write("prod", "gates: { evidence: [scan] }")
        let run = try failedRollback(repository, "INC-1")
        let word = "nobody saw it end well: rana@contoso.example said that it was done (run release-"
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod").output
        #expect(why.contains(word) && why.contains("almrun bypass \(run) \(Self.evidence)"), "\(why)")
        // The run itself knows only that nobody saw it.
        let own = try repository.almrun("why", run, Self.evidence).output
        #expect(own.contains("no earlier run has seen a stage of that name or kind end well"), "\(own)")
        #expect(own.contains("`almrun why ContosoSales@1.0.0.0 prod` says what earlier runs know of it"), "\(own)")
        #expect(try repository.almrun("inbox", as: "otto").output.contains(run))
    }

    /// Of two rollbacks the one that was bypassed is the nearest; the other one has nothing left to do, and asks nobody.
    @Test func ofTwoRollbacksTheBypassedOneIsNamedFirst() throws {
        let repository = try repository()
        defer { repository.remove() }
        // On a busy machine the evidence may be too old before the run comes to its gate: then it has longer.
        var waiting: String?
        for seconds in [3, 8, 20, 60] where waiting == nil {
            try repository.askForLint(notOlderThan: seconds)
            let made = try repository.almrun("rollback", "prod", "--comment", "early")
            let run = try repository.newest()
            if made.status == 75 {
                waiting = run
                try repository.shell("sleep \(seconds)")
            } else {
                try #require(made.status == 1, "\(made.output)\(made.error)")
            }
        }
        let older = try #require(waiting)
        let run = try failedRollback(repository, "late")
        try #require(
            try repository.almrun("bypass", run, Self.evidence, "--reason", "INC-2", as: "otto").status == 0)
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod").output
        #expect(why.contains("as run \(run) asks") && why.hasSuffix("next: almrun resume \(run)\n"), "\(why)")
        #expect(
            why.contains("note: run \(older) (early) is to bring it here too, and is waiting: `almrun show"), "\(why)")
        let early = try repository.almrun("approve", run, "prod/promote", as: "mads")
        #expect(early.status != 0 && early.error.contains("[run/finished]"), "\(early.error)")
        #expect(early.error.contains("is bypassed, so that `almrun resume \(run)` takes it up"), "\(early.error)")
        let inbox = try repository.almrun("inbox", as: "mads").output
        #expect(inbox.hasPrefix("\(run)  prod/promote.approval  asks you next\n"), "\(inbox)")
        #expect(inbox.contains("\n\n\(older)  prod/promote.approval  prod\n"), "\(inbox)")
        #expect(try repository.almrun("resume", run).status == 75)
        try repository.approve(run, "prod/promote", as: "mads")
        // What the other one asks about is not what would happen now, and a bypass would be refused.
        let refused = try repository.almrun("bypass", older, Self.evidence, "--reason", "INC-2", as: "otto")
        #expect(refused.error.contains("[gate/changed]"), "\(refused.error)")
        for arguments in [["inbox"], ["show", older, "--gate", Self.evidence], ["show", older]] {
            let said = try BuiltCommand.run(
                arguments, in: repository.path, environment: ["GIT_AUTHOR_EMAIL": "otto@contoso.example"]
            ).output
            #expect(said.contains("the plan changed from"), "\(arguments): \(said)")
            #expect(!said.contains("  bypass     almrun bypass"), "\(arguments): \(said)")
            let first = try #require(said.firstRange(of: "`almrun resume \(older)`"), "\(arguments): \(said)")
            let bypass = try #require(said.firstRange(of: "`almrun bypass \(older)"), "\(arguments): \(said)")
            #expect(first.lowerBound < bypass.lowerBound, "\(arguments): \(said)")
        }
        // The package is there already: old evidence is of no matter.
        let end = try repository.almrun("resume", older)
        #expect(end.status == 0, "\(end.output)\(end.error)")
        #expect(try repository.almrun("verify", older).status == 0)
    }
}
