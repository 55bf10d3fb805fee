import Foundation
import Testing

/// What was taken back from an environment, and what is to be taken back when its evidence is old.
@Suite(.waits) struct RolledBackTests {
    private static let roles = """
        manager: [mads@contoso.example]
        bypass: [otto@contoso.example]

        """

    /// A package that was taken back from an environment comes to it again with the reason at its gate, there and behind it.
    @Test func whatWasTakenBackIsSaidWithItsReason() throws {
        let asks = "gates: { approvals: [{ role: manager }] }"
        let repository = try ReleaseRepository(["test": "", "prod": "after: test\n\(asks)"], roles: Self.roles)
        defer { repository.remove() }
        for version in ["1.0.0", "1.1.0"] {
            try repository.approve(try repository.release(version), "prod", as: "mads")
        }
        let back = try repository.almrun("rollback", "prod", "--comment", "INC-77")
        try #require(back.status == 75, "\(back.output)\(back.error)")
        try repository.approve("latest", "prod/promote", as: "mads")
        let history = try repository.almrun("environment", "prod", "--history")
        #expect(
            history.output.contains(
                #/ rollback ContosoSales 1\.1\.0\.0 -> 1\.0\.0\.0 sha256 .*; run rollback-.*: INC-77/#),
            "\(history.output)\(history.error)")
        let json = try repository.almrun("environment", "prod", "--history", "--format", "json")
        #expect(json.output.contains("\"action\": \"rollback\"") && json.output.contains("\"run\": \"rollback-"))
        let run = try repository.release("1.1.0")
        let said = "in 'prod' it was rolled back to 1.0.0.0 by rana@contoso.example, "
        func check(_ text: String, _ words: String, _ line: Comment) {
            #expect(text.contains(words), line)
            #expect(text.contains(said) && text.contains(": INC-77"), line)
        }
        for (arguments, words) in [
            (["inbox"], "risk       \(said)"), (["show", run, "--gate", "prod.approval"], "risk          \(said)"),
            (["why", "ContosoSales@1.1.0", "prod"], "note: \(said)"),
        ] {
            let shown = try BuiltCommand.run(
                arguments, in: repository.path, environment: ["GIT_AUTHOR_EMAIL": "mads@contoso.example"])
            check(shown.output, words, "\(arguments): \(shown.output)\(shown.error)")
        }
        #expect(try repository.almrun("approve", run, "prod", as: "mads").status == 0)
        // Meanwhile it is taken back from the environment before it as well.
        let before = try repository.almrun("rollback", "test", "--comment", "INC-6")
        try #require(before.status == 0, "\(before.output)\(before.error)")
        for (arguments, words) in [
            (["show", run], "  risk    \(said)"), (["runs"], "carries on; risk: \(said)"),
            (["why", run, "prod.approval"], "  risk: \(said)"),
        ] {
            let shown = try BuiltCommand.run(arguments, in: repository.path)
            check(shown.output, words, "\(arguments): \(shown.output)\(shown.error)")
            #expect(shown.output.contains("in 'test' it was rolled back") && shown.output.contains(": INC-6"))
        }
    }

    /// A version that was rolled back is not come back to by itself; that is said before, and to who decides.
    @Test func whatIsPassedOverIsSaid() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: Self.roles)
        defer { repository.remove() }
        try repository.promote("1.0.0", "1.1.0")
        #expect(try repository.almrun("rollback", "prod", "--comment", "INC-1").status == 0)
        let back = try repository.newest()
        try repository.promote("1.2.0")
        let said = "1.1.0.0 is passed over, as it was rolled back to 1.0.0.0 by run \(back): INC-1"
        let dry = try repository.almrun("rollback", "prod", "--dry-run").output
        #expect(dry.contains("1.2.0.0 -> 1.0.0.0") && dry.contains("  \(said); `--to VERSION`"), "\(dry)")
        let json = try repository.almrun("rollback", "prod", "--dry-run", "--format", "json").output
        #expect(json.contains("\"action\": \"rollback\"") && !json.contains("\"action\": \"upgrade\""), "\(json)")
        #expect(json.contains("\"passedOver\": \"\(said)\""), "\(json)")
        let named = try repository.almrun("rollback", "prod", "--to", "1.1.0", "--dry-run").output
        #expect(named.contains("1.2.0.0 -> 1.1.0.0") && !named.contains("passed over"), "\(named)")
        try repository.write("prod", "gates: { approvals: [{ role: manager }] }")
        #expect(try repository.almrun("rollback", "prod").status == 75)
        let inbox = try repository.almrun("inbox", as: "mads").output
        #expect(inbox.contains("risk       not the nearest version: \(said)"), "\(inbox)")
        // What the run does is called as the preview called it.
        try repository.approve("latest", "prod/promote", as: "mads")
        #expect(try repository.almrun("show", "latest", "--format", "json").output.contains("\"action\": \"rollback\""))
        let up = try repository.almrun("rollback", "prod", "--to", "1.1.0", "--dry-run", "--format", "json").output
        #expect(up.contains("\"action\": \"upgrade\""), "\(up)")
    }

    /// Whoever decides about the last environment learns that the first has thrown it out.
    @Test func whatAnyEarlierEnvironmentTookBackIsSaid() throws {
        let asks = "gates: { approvals: [{ role: manager }] }"
        let repository = try ReleaseRepository(
            ["dev": "", "test": "after: dev", "prod": "after: test\n\(asks)"], roles: Self.roles)
        defer { repository.remove() }
        try repository.approve(try repository.release("1.0.0"), "prod", as: "mads")
        let run = try repository.release("1.1.0")
        let back = try repository.almrun("rollback", "dev", "--comment", "INC-5")
        try #require(back.status == 0, "\(back.output)\(back.error)")
        let inbox = try repository.almrun("inbox", as: "mads").output
        #expect(inbox.contains("risk       in 'dev' it was rolled back to 1.0.0.0 by rana@contoso.example"), "\(inbox)")
        #expect(inbox.contains(": INC-5") && inbox.contains(run), "\(inbox)")
    }

    /// Where only who asks is in the way, somebody else asks; that is said before the run is made.
    @Test(arguments: [true, false]) func whereTheRequesterIsInTheWaySomebodyElseAsks(_ helps: Bool) throws {
        let repository = try ReleaseRepository(["prod": ""], roles: "manager: [rana@contoso.example]\n")
        defer { repository.remove() }
        try repository.promote("1.0.0", "1.1.0")
        // Who wrote the package is left out whoever asks.
        let others = helps ? "requester" : "requester, committers"
        try repository.write("prod", "gates: { approvals: [{ role: manager, distinctFrom: [\(others)] }] }")
        let words =
            helps
            ? "a new run, for which somebody else asks, so that rana@contoso.example may approve; nobody may bypass"
            : "a new run, once environments/roles.yaml names others; nobody may bypass"
        let dry = try repository.almrun("rollback", "prod", "--dry-run")
        #expect(dry.output.contains("without --dry-run the run waits at 'prod/promote.approval' for good: nobody"))
        #expect(dry.output.contains(words), "\(dry.output)\(dry.error)")
        let back = try repository.almrun("rollback", "prod")
        #expect(back.status == 75 && back.output.contains(words), "\(back.output)\(back.error)")
        guard helps else { return }
        let other = try repository.almrun("rollback", "prod", "--dry-run", as: "mads").output
        #expect(!other.contains("nobody is left"), "\(other)")
        try #require(try repository.almrun("cancel", "latest").status == 0)
        #expect(try repository.almrun("rollback", "prod", as: "mads").status == 75)
        try repository.approve("latest", "prod/promote", as: "rana")
        #expect(try repository.almrun("environment", "prod").output.contains("1.0.0.0"))
    }

    /// A rollback on old evidence is found by those who may bypass it, and is said beforehand to need that.
    @Test func aRollbackOnOldEvidenceIsFoundByWhoMayBypass() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: Self.roles, stages: ReleaseRepository.lint)
        defer { repository.remove() }
        try repository.promote("1.0.0", "1.1.0")
        let asks = "approvals: [{ role: manager }]"
        try repository.write("prod", "gates: { \(asks) }")
        let waiting = try repository.almrun("rollback", "prod")
        try #require(waiting.status == 75, "\(waiting.output)\(waiting.error)")
        try repository.askForLint(notOlderThan: 3600)
        let young = try repository.almrun("rollback", "prod", "--dry-run").output
        #expect(young.contains("evidence: 'lint' was shown by") && !young.contains("fails"), "\(young)")
        try repository.askForLint(notOlderThan: 1)
        try repository.shell("sleep 1.1")
        let dry = try repository.almrun("rollback", "prod", "--dry-run").output
        #expect(
            dry.contains(
                "nothing was changed; without --dry-run the run fails at 'prod/promote.evidence', which only a bypass opens: "
                    + "`almrun bypass RUN prod/promote.evidence --reason \"...\"`, by one of 'bypass': otto@contoso.example, then `almrun resume RUN`"
            ),
            "\(dry)")
        #expect(!dry.contains("it is done"), "\(dry)")
        // What another run asks is not asked by the one that would be made.
        #expect(dry.contains("approval: 1 of 'manager' (mads@contoso.example) must approve"), "\(dry)")
        #expect(dry.contains("waits to do the same: `almrun show rollback-"), "\(dry)")
        let back = try repository.almrun("rollback", "prod", "--comment", "INC-9")
        #expect(back.status == 1, "\(back.output)\(back.error)")
        let run = String(try #require(try repository.almrun("runs", "--ids").output.split(separator: "\n").first))
        let inbox = try repository.almrun("inbox", as: "otto").output
        #expect(inbox.contains("bypass     almrun bypass \(run) prod/promote.evidence --reason"), "\(inbox)")
        #expect(!(try repository.almrun("inbox", as: "mads").output).contains(run))
        let opened = try repository.almrun("bypass", run, "prod/promote.evidence", "--reason", "INC-9", as: "otto")
        #expect(opened.status == 0, "\(opened.error)")
        #expect(try repository.almrun("resume", run).status == 75)
        try repository.approve(run, "prod/promote", as: "mads")
        #expect(try repository.almrun("environment", "prod").output.contains("1.0.0.0"))
    }

    /// One that failed so is of no more use once something else was deployed there.
    @Test func aRollbackThatIsOvertakenAsksNobody() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: Self.roles, stages: ReleaseRepository.lint)
        defer { repository.remove() }
        try repository.promote("1.0.0", "1.1.0")
        try repository.write("prod", "gates: { evidence: { stages: [lint], notOlderThan: 1s } }")
        try repository.shell("sleep 1.1")
        #expect(try repository.almrun("rollback", "prod").status == 1)
        #expect(try repository.almrun("inbox", as: "otto").output.contains("only a bypass opens it"))
        try repository.write("prod", "")
        #expect(try repository.almrun("run", "release", "--input", "version=1.2.0").status == 0)
        let inbox = try repository.almrun("inbox", as: "otto").output
        #expect(inbox.hasPrefix("nothing waits for you"), "\(inbox)")
    }

    /// Who approves on evidence that is too old already is told that this is not enough, and what is.
    @Test func whoApprovesOnOldEvidenceIsToldSo() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: Self.roles, stages: ReleaseRepository.lint)
        defer { repository.remove() }
        // On a busy machine the evidence may be too old before the run comes to its gate: then it has longer.
        var run: String?
        for (number, seconds) in [4, 8, 16, 32].enumerated() where run == nil {
            try repository.write(
                "prod",
                "gates: { evidence: { stages: [lint], notOlderThan: \(seconds)s }, approvals: [{ role: manager }] }")
            let made = try repository.almrun("run", "release", "--input", "version=1.0.\(number)")
            guard made.status == 75 else { continue }
            run = String(try #require(try repository.almrun("runs", "--ids").output.split(separator: "\n").first))
            try repository.shell("sleep \(seconds)")
        }
        let name = try #require(run)
        let early = try repository.almrun("show", name).output
        #expect(early.contains("  unmet   what shows 'lint' is too old since "), "\(early)")
        let yes = try repository.almrun("approve", name, "prod", as: "mads").output
        #expect(yes.contains("this alone does not do: what shows 'lint' is too old since "), "\(yes)")
        #expect(yes.contains("`almrun bypass \(name) prod.evidence --reason") && !yes.contains("next:"), "\(yes)")
        for arguments in [["show", name], ["runs"], ["why", name, "prod.approval"], ["why", "ContosoSales", "prod"]] {
            let said = try BuiltCommand.run(arguments, in: repository.path).output
            #expect(!said.contains("carries on") && !said.contains("next: almrun resume"), "\(arguments): \(said)")
        }
        let why = try repository.almrun("why", "ContosoSales@1.0", "prod")
        #expect(why.status != 0)
        #expect(try repository.almrun("bypass", name, "prod.evidence", "--reason", "INC-1", as: "otto").status == 0)
        let end = try repository.almrun("resume", name)
        #expect(end.status == 0, "\(end.output)\(end.error)")
        #expect(try repository.almrun("verify", name).status == 0)
    }

    /// Who was left alone by an approval is told who may bypass the gate.
    @Test func whereNobodyIsLeftAnApprovalNamesTheBypass() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager, count: 2, distinctFrom: [requester] }] }"],
            roles: "manager: [mads@contoso.example, rana@contoso.example]\nbypass: [otto@contoso.example]\n")
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let yes = try repository.almrun("approve", run, "prod", as: "mads").output
        #expect(yes.contains("nobody is left who may\n  what goes on: `almrun bypass \(run) prod.approval"), "\(yes)")
    }

    /// What was done before a cancel is counted, and a second reason is not dropped without a word.
    @Test func whatACancelledRunDidIsCounted() throws {
        let repository = try ReleaseRepository(["prod": "gates: { approvals: [{ role: manager }] }"], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        #expect(try repository.almrun("cancel", run, "--reason", "one").status == 0)
        let runs = try repository.almrun("runs").output
        let counts = try #require(runs.firstMatch(of: #/cancelled +(\d+)/(\d+) /#))
        #expect(counts.1 != counts.2 && counts.1 != "0", "\(runs)")
        let again = try repository.almrun("cancel", run, "--reason", "two", as: "otto")
        #expect(again.status == 0, "\(again.error)")
        #expect(
            again.error.contains(
                "note: rana@contoso.example had cancelled it before; the reason that was given now is not kept"),
            "\(again.error)")
    }

    /// A superseded run whose successor at an environment is over waits behind nobody.
    @Test func aSupersededRunDoesNotWaitForOneThatIsOver() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: Self.roles)
        defer { repository.remove() }
        #expect(try repository.almrun("run", "release", "--input", "version=1.0.0").status == 0)
        let newer = String(try #require(try repository.almrun("runs", "--ids").output.split(separator: "\n").first))
        try repository.write("prod", "gates: { approvals: [{ role: manager }] }")
        let run = try repository.release("1.1.0")
        let cancelled = try repository.almrun(
            "cancel", run, "--reason", "superseded by run '\(newer)' at environment 'prod'")
        #expect(cancelled.status == 0, "\(cancelled.error)")
        let shown = try repository.almrun("show", run).output
        #expect(shown.contains("run '\(newer)', which had taken its place, is over"), "\(shown)")
        #expect(!shown.contains("called it off, this one can be taken up"), "\(shown)")
    }
}
