import Foundation
import Testing

/// What `why`, `inbox` and `show` say of a gate is what happens when the run is taken up.
@Suite(.waits) struct GateTruthTests {
    private static let roles = """
        manager: [mads@contoso.example, quinn@contoso.example]
        on-call: [rana@contoso.example, mads@contoso.example]
        """

    @Test func aForgedOpeningIsNeitherPassedNorBelieved() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager, count: 2 }] }"], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        try ForgedLedger(repository).append(
            #""kind":"ended","step":"prod.approval","attempt":0,"outcome":"succeeded","#
                + #""output":{"approvedBy":["mads@contoso.example","quinn@contoso.example"]}"#)
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(why.status == 75 && why.output.contains("run \(run) is not taken up: event "), "\(why.output)")
        #expect(why.output.contains("next: almrun verify \(run)") && !why.output.contains("almrun resume"))
        let show = try repository.almrun("show", run, "--gate", "prod.approval")
        #expect(show.output.contains("NOT TAKEN UP: event ") && show.error.contains("almrun verify"), "\(show.output)")
        let resume = try repository.almrun("resume", run)
        #expect(resume.status == 3 && resume.error.contains("[store/damaged]"), "\(resume.status): \(resume.error)")
        #expect(resume.error.contains("`almrun verify \(run)`"), "\(resume.error)")
        #expect(try repository.almrun("environment", "prod").output.contains("1.0.0.0") == false)
    }

    /// A gate still asks in a run of which an earlier gate was forged open: nobody is to spend a word on it.
    @Test func theInboxNamesARunThatIsNotTakenUp() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }, { role: on-call }] }"], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        try ForgedLedger(repository).append(#""kind":"started","step":"prod","attempt":1,"token":"t""#)
        let inbox = try repository.almrun("inbox", as: "mads")
        #expect(inbox.output.contains("run '\(run)' asks, and is not taken up: "), "\(inbox.output)")
        #expect(!inbox.output.contains("almrun approve"), "\(inbox.output)")
    }

    /// What the gate says of `voidOn`, and whether `why` counts the approval although another run changed the target.
    @Test(arguments: [("", false), (", voidOn: [package]", true)])
    func whyComparesAnApprovalWithWhatWouldHappen(_ voidOn: String, _ counts: Bool) throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager\(voidOn) }] }"], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let yes = try repository.almrun("approve", run, "prod", as: "mads")
        try #require(yes.status == 0, "\(yes.error)")
        let before = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(before.status == 0 && before.output.contains("that is enough"), "\(before.output)")
        let other = try repository.release("0.9.0")
        try repository.approve(other, "prod", as: "mads")
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(why.status == (counts ? 0 : 75), "\(why.output)")
        #expect(
            why.output.contains("the state of the target changed from ") == !counts
                && why.output.contains("void when the run is taken up") == !counts, "\(why.output)")
        #expect(try repository.almrun("resume", run).status == (counts ? 0 : 75))
    }

    @Test func whatOnlyAnotherPipelineShowsIsNotMet() throws {
        let repository = try ReleaseRepository(
            ["qa": "", "prod": "gates: { evidence: [lint] }"], roles: Self.roles,
            stages: """
                  lint: { uses: openapi.lint, with: { document: "\(Self.document)", failOn: never } }

                """)
        defer { repository.remove() }
        let file = "\(repository.path)/pipelines/release.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let lint = try #require(text.range(of: "  lint:"))
        // The one that shows it stops before production, and the one that goes there shows nothing.
        let prod = try #require(text.range(of: "  prod-bind:"))
        try repository.work.write(
            String(text[..<prod.lowerBound]) + String(text[lint.lowerBound...]), "pipelines/full.yaml")
        try repository.work.write(String(text[..<lint.lowerBound]), "pipelines/release.yaml")
        let full = try repository.almrun("run", "full", "--input", "version=1.0.0")
        try #require(full.status == 0, "\(full.error)")
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(
            why.status == 75 && why.output.contains("which counts for a rollback; another run must"), "\(why.output)")
        #expect(try repository.almrun("run", "release", "--input", "version=1.0.0").status == 1)
        // With a stage for it, it can go.
        try repository.work.write(text, "pipelines/release.yaml")
        let able = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(able.output.contains("met    evidence") && !able.output.contains("unmet  evidence"), "\(able.output)")
        #expect(able.output.contains("next: almrun run release"), "\(able.output)")
    }

    /// What the stage that binds a package would refuse is a condition like any other.
    @Test func whatIsNotBoundIsNotMet() throws {
        let repository = try ReleaseRepository(["qa": "", "prod": ""], roles: Self.roles)
        defer { repository.remove() }
        let file = "\(repository.path)/environments/prod.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let cut = text.split(separator: "\n").filter { !$0.contains("contoso_shared") && !$0.hasPrefix("connections") }
        try repository.work.write(cut.joined(separator: "\n") + "\n", "environments/prod.yaml")
        #expect(try repository.almrun("run", "release", "--input", "version=1.0.0").status != 0)
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(why.status == 75 && why.output.contains("unmet  bindings"), "\(why.output)")
        #expect(why.output.contains("contoso_sharedcontososales"), "\(why.output)")
        try repository.work.write(text, "environments/prod.yaml")
        let bound = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(bound.status == 0 && bound.output.contains("met    bindings"), "\(bound.output)")
    }

    private static let document = "solution/Connectors/contoso_contoso-20sales_openapidefinition.json"

    /// Gates and roles that no commit has are said at the gate, and of the run for ever.
    @Test func manifestsThatAreInNoCommitAreNamed() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }] }"], roles: Self.roles)
        defer { repository.remove() }
        let clean = try repository.release("0.9.0")
        #expect(!(try repository.almrun("show", clean).output.contains("in no commit")))
        try repository.approve(clean, "prod", as: "mads")
        try repository.work.write("manager: [mallory@contoso.example]\n", "environments/roles.yaml")
        try repository.write("prod", "gates: { approvals: [{ role: manager, count: 1 }] }\n# looser")
        let run = try repository.release("1.0.0")
        let roles = "who has which role is said by a file that was in no commit: environments/roles.yaml"
        let gates = "the gates of 'prod' are those of a file that was in no commit: environments/prod.yaml"
        try repository.shell("git checkout -q environments")
        for arguments in [
            ["inbox", "--all"], ["show", run, "--gate", "prod.approval"], ["why", run, "prod.approval"], ["show", run],
            ["why", "ContosoSales@1.0.0", "prod"],
        ] {
            let said = try BuiltCommand.run(
                arguments, in: repository.path,
                environment: ["GIT_AUTHOR_NAME": "mallory", "GIT_AUTHOR_EMAIL": "mallory@contoso.example"])
            #expect(said.output.contains(roles) && said.output.contains(gates), "\(arguments): \(said.output)")
        }
        try repository.approve(run, "prod", as: "mallory")
        let after = try repository.almrun("show", run).output
        #expect(after.contains("succeeded \(run)") && after.contains(roles) && after.contains(gates), "\(after)")
        #expect(
            try repository.almrun("show", run, "--format", "json").output.contains("\"environments/prod.yaml\""))
    }

    /// A package that was taken back in the environment before still may go on, and people are told.
    @Test func whatWasRolledBackBeforeIsARisk() throws {
        let repository = try ReleaseRepository(
            ["qa": "", "prod": "after: qa\ngates: { approvals: [{ role: manager }] }"], roles: Self.roles)
        defer { repository.remove() }
        _ = try repository.release("1.0.0")
        let run = try repository.release("1.1.0")
        let before = try repository.almrun("show", run, "--gate", "prod.approval").output
        #expect(!before.contains("rolled back"), "\(before)")
        let back = try repository.almrun("rollback", "qa", "--comment", "bad")
        try #require(back.status == 0, "\(back.error)")
        for arguments in [
            ["show", run, "--gate", "prod.approval"], ["inbox", "--all"], ["why", "ContosoSales@1.1.0", "prod"],
        ] {
            let said = try BuiltCommand.run(arguments, in: repository.path).output
            #expect(said.contains("in 'qa' it was rolled back to 1.0.0.0 by rana@contoso.example"), "\(said)")
        }
    }

    /// What a person who may not decide is offered, and what the second one who bypasses is told.
    @Test func theInboxOffersWhatCounts() throws {
        let repository = try ReleaseRepository(
            [
                "prod":
                    "gates: { approvals: [{ role: manager, distinctFrom: [requester] }], bypass: { role: on-call, secondPerson: true } }"
            ], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0", as: "mads")
        #expect(try repository.almrun("inbox", as: "quinn").output.contains("almrun approve \(run)"))
        let own = try repository.almrun("inbox", "--all", as: "mads").output
        #expect(own.contains("(not for you)") && !own.contains("almrun approve"), "\(own)")
        let stranger = try repository.almrun("inbox", as: "rana").output
        #expect(!stranger.contains(run), "\(stranger)")

        let other = try ReleaseRepository(
            [
                "prod":
                    "gates: { approvals: [{ role: manager }], bypass: { role: on-call, secondPerson: true } }"
            ], roles: Self.roles)
        defer { other.remove() }
        let second = try other.release("1.0.0")
        try #require(try other.almrun("bypass", second, "prod", "--reason", "INC-1", as: "mads").status == 0)
        let told = try other.almrun("inbox", as: "rana").output
        #expect(
            told.contains("by mads@contoso.example: INC-1; one more of 'on-call' must bypass it")
                && told.contains("almrun bypass \(second)") && !told.contains("almrun approve"), "\(told)")
    }

    @Test func anApprovalAfterANoSaysThatTheNoStands() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager, count: 2 }] }"], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        try #require(try repository.almrun("reject", run, "prod", "--comment", "no notes", as: "mads").status == 0)
        let yes = try repository.almrun("approve", run, "prod", as: "quinn")
        #expect(yes.status == 2 && yes.error.contains("[gate/rejected]"), "\(yes.output)\(yes.error)")
        #expect(
            yes.error.contains("mads@contoso.example has said no at 'prod.approval': no notes, and that stands"),
            "\(yes.error)")
    }

    @Test func whySaysThatTheTimeToDecideWasOver() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager, expires: 1s }] }"], roles: Self.roles)
        defer { repository.remove() }
        let late = try repository.release("1.1.0")
        Thread.sleep(forTimeInterval: 1.1)
        let why = try repository.almrun("why", "ContosoSales@1.1.0", "prod")
        #expect(
            why.status == 75 && why.output.contains("the time to decide in run \(late) was over at "), "\(why.output)")
    }

    /// Nobody is asked anew by a run that failed after its approval: taken up, it deploys.
    @Test func aFailedRunKeepsItsApproval() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }] }"], roles: Self.roles)
        defer { repository.remove() }
        let file = "\(repository.path)/environments/prod.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try repository.work.write(
            text.replacing("https://api.prod.example", with: "${{ secrets.URL }}"), "environments/prod.yaml")
        func with(_ command: String, as person: String = "rana", url: String? = nil) throws -> BuiltCommand.Result {
            var variables = ["GIT_AUTHOR_NAME": person, "GIT_AUTHOR_EMAIL": "\(person)@contoso.example"]
            variables["URL"] = url
            return try BuiltCommand.shell("almrun \(command)", in: repository.path, environment: variables)
        }
        let run = try with("run release --input version=1.0.0", url: "https://u.example")
        try #require(run.status == 75, "\(run.error)")
        try #require(try with("approve latest prod", as: "mads").status == 0)
        let failed = try with("resume latest")
        #expect(failed.status == 3 || failed.status == 1, "\(failed.error)")
        let why = try with("why ContosoSales@1.0.0 prod")
        #expect(
            why.output.contains("given by mads@contoso.example in run release-")
                && why.output.contains("which failed and keeps it")
                && why.output.contains("next: almrun resume release-"),
            "\(why.output)")
        let end = try with("resume latest", url: "https://u.example")
        #expect(end.status == 0, "\(end.error)")
    }

    /// A rollback leaves out whom the run that made the package left out, and says that it was so then.
    @Test func whatWasNotKnownIsSaidWithItsTime() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager, distinctFrom: [committers] }] }"], roles: Self.roles)
        defer { repository.remove() }
        let first = try repository.release("1.0.0")
        try repository.approve(first, "prod", as: "mads")
        let second = try repository.release("1.1.0")
        try repository.approve(second, "prod", as: "mads")
        let back = try repository.almrun("rollback", "prod")
        try #require(back.status == 75, "\(back.error)")
        let gate = try repository.almrun("show", "latest", "--gate", "prod/promote.approval").output
        #expect(gate.contains("when run '\(first)' was made: nothing is installed in 'prod' yet"), "\(gate)")
    }

    /// A way out that nobody has is not offered.
    @Test func aBypassThatNobodyMayGiveIsNotOffered() throws {
        for (roles, isOffered) in [
            ("manager: [mads@contoso.example]\n", false), ("bypass: [mads@contoso.example]\n", true),
        ] {
            let repository = try ReleaseRepository(["prod": "gates: { evidence: [lint] }"], roles: roles)
            defer { repository.remove() }
            let run = try repository.almrun("run", "release", "--input", "version=1.0.0")
            #expect(run.status == 1 && run.output.contains("gate/no-evidence"), "\(run.output)")
            #expect(run.output.contains("almrun bypass") == isOffered, "\(run.output)")
        }
    }
}
