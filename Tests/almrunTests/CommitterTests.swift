import Foundation
import Testing

/// Who counts as one who wrote what is released is a matter of commits, and not of what somebody calls a release.
@Suite(.waits) struct CommitterTests {
    private static let roles = "manager: [mads@contoso.example, rana@contoso.example, tess@contoso.example]\n"
    private static let gate = "gates: { approvals: [{ role: manager, distinctFrom: [committers] }] }\n"

    private func refusal(_ repository: ReleaseRepository, _ run: String, _ person: String) throws -> String? {
        let result = try repository.almrun("approve", run, "prod", as: person)
        return result.status == 0 ? nil : result.error
    }

    @Test func aTagHidesNoCommit() throws {
        let repository = try ReleaseRepository(["prod": Self.gate], roles: Self.roles)
        defer { repository.remove() }
        // Nothing is installed: all who ever committed count, and it is said why.
        let first = try repository.release("1.0.0", as: "mads")
        let shown = try repository.almrun("show", first, "--gate", "prod.approval")
        #expect(
            shown.output.contains(
                "everybody who ever committed counts as one who wrote what is released: nothing is installed in 'prod' yet"
            ),
            "\(shown.output)")
        #expect(try refusal(repository, first, "rana")?.contains("wrote commits that are released") == true)
        try repository.approve(first, "prod", as: "mads")

        // Mads writes a change, hides it behind a tag, and asks for the release.
        try repository.commit("backdoor", as: "mads")
        try repository.shell("git tag v9 && git tag connector/contoso-sales/v1.0.9")
        try repository.commit("innocent", as: "rana")
        let second = try repository.release("1.1.0", as: "mads")
        let risks = try repository.almrun("show", second, "--gate", "prod.approval").output
        #expect(!risks.contains("everybody who ever committed"), "\(risks)")
        for person in ["mads", "rana"] {
            #expect(
                try refusal(repository, second, person)?.contains("wrote commits that are released") == true,
                "\(person)")
        }
        try repository.approve(second, "prod", as: "tess")

        // What is installed now is of this commit: only what comes after it is released by the next one.
        try repository.commit("third", as: "mads")
        let third = try repository.release("1.2.0")
        #expect(try refusal(repository, third, "mads") != nil)
        #expect(try refusal(repository, third, "rana") == nil)
    }

    /// What comes to an environment for the first time is all new there, whatever else is installed.
    @Test func aSecondSolutionIsNotCountedFromTheFirst() throws {
        let repository = try ReleaseRepository(["prod": Self.gate], roles: Self.roles)
        defer { repository.remove() }
        try repository.commit("old", as: "tess")
        try repository.approve(try repository.release("1.0.0"), "prod", as: "mads")
        // The same commit once more: nobody wrote anything since.
        let same = try repository.release("1.0.1")
        #expect(
            try repository.almrun("show", same, "--gate", "prod.approval").output.contains("still needed  1 of: mads"))
        let file = "\(repository.path)/solution/Other/Solution.xml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacing("<UniqueName>ContosoSales<", with: "<UniqueName>ContosoOrders<")
            .write(toFile: file, atomically: true, encoding: .utf8)
        try repository.commit("orders", as: "rana")
        let run = try repository.release("1.1.0")
        let gate = try repository.almrun("show", run, "--gate", "prod.approval").output
        #expect(gate.contains("ContosoOrders is not installed in 'prod' yet"), "\(gate)")
        #expect(try refusal(repository, run, "tess")?.contains("wrote commits that are released") == true)
        #expect(try refusal(repository, run, "mads") == nil)
    }

    /// A run knows who wrote the files that it was made with, and makes its package of no others.
    @Test func aRunThatWaitedMakesItsPackageOfNoOtherFiles() throws {
        let repository = try ReleaseRepository(
            ["prod": Self.gate], roles: Self.roles,
            stages: "  ask:\n    uses: approval.wait\n    with: { role: manager }\n")
        defer { repository.remove() }
        let file = "\(repository.path)/pipelines/release.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try repository.work.write(
            text.replacing("uses: solution.pack\n", with: "uses: solution.pack\n    needs: [ask]\n"),
            "pipelines/release.yaml")
        try repository.commit("order", as: "rana")
        let run = try repository.release("1.0.0")
        let yes = try repository.almrun("approve", run, "ask", as: "tess")
        #expect(yes.status == 0, "\(yes.error)")
        try repository.commit("late", as: "mads")
        let other = try repository.almrun("resume", run, as: "mads")
        #expect(other.status == 2 && other.error.contains("[run/other-files]"), "\(other.output)\(other.error)")
        try repository.shell("git checkout -q HEAD~1")
        try repository.shell("echo more >> notes/first.txt")
        let loose = try repository.almrun("resume", run, as: "mads")
        #expect(loose.status == 2 && loose.error.contains("1 file differs from the commit"), "\(loose.error)")
        try repository.shell("git checkout -q notes")
        #expect(try repository.almrun("resume", run).status == 75)
        // Once the package is made, what is written later is not in it.
        try repository.shell("git checkout -q main")
        try repository.approve(run, "prod", as: "mads")
        #expect(try repository.almrun("environment", "prod").output.contains("1.0.0.0"))
    }

    /// A history that was written anew does not know the commit of what is installed.
    @Test func anUnknownCommitMakesEverybodyCount() throws {
        let repository = try ReleaseRepository(["prod": Self.gate], roles: Self.roles)
        defer { repository.remove() }
        try repository.approve(try repository.release("1.0.0"), "prod", as: "mads")
        try repository.shell(
            "rm -rf .git && git init -q -b main . && git add . && git commit -qm anew && git tag v1", as: "tess")
        try repository.commit("more", as: "rana")
        let run = try repository.release("1.1.0")
        let why = try repository.almrun("why", run, "prod.approval").output
        #expect(
            why.contains("counts as one who wrote what is released: commit ")
                && why.contains("is not in this repository"),
            "\(why)")
        #expect(try refusal(repository, run, "tess") != nil)
        #expect(try refusal(repository, run, "rana") != nil)
        #expect(try refusal(repository, run, "mads") == nil)
    }

    /// A clone without its history does not know who wrote it.
    @Test func aShallowCloneKnowsNobody() throws {
        let repository = try ReleaseRepository(["prod": Self.gate], roles: Self.roles)
        defer { repository.remove() }
        try repository.commit("second", as: "tess")
        let clone = try WorkFolder()
        defer { clone.remove() }
        try repository.shell("git clone -q --depth 1 file://\(repository.path) \(clone.path)/copy")
        let run = try BuiltCommand.run(["run", "release", "--input", "version=1.0.0"], in: "\(clone.path)/copy")
        try #require(run.status == 75, "\(run.error)")
        let no = try BuiltCommand.run(["approve", "latest", "prod"], in: "\(clone.path)/copy")
        #expect(
            no.status == 2 && no.error.contains("nobody knows who wrote what is released: the history was cut off"),
            "\(no.error)")
        #expect(no.error.contains("(git fetch --unshallow, and start a new run)"), "\(no.error)")
    }

    /// Whoever brought changes that are in no commit is called that, and a rollback speaks of the package.
    @Test func aRollbackIsJudgedByTheChangesInItsPackage() throws {
        let repository = try ReleaseRepository(["prod": Self.gate], roles: Self.roles)
        defer { repository.remove() }
        try repository.shell("echo more >> notes/first.txt")
        let first = try repository.release("1.0.0", as: "mads")
        let own = try refusal(repository, first, "mads")
        #expect(own?.contains("'mads@contoso.example' released changes that are in no commit") == true, "\(own ?? "")")
        #expect(own?.contains("mads@contoso.example' wrote commits") == false)
        let shown = try repository.almrun("show", first, "--gate", "prod.approval").output
        #expect(shown.contains("brought changes into what is released that are in no commit"), "\(shown)")
        #expect(shown.contains("1 file ('notes/first.txt') differed from the commit when the run was made"), "\(shown)")
        try repository.approve(first, "prod", as: "tess")
        try repository.commit("clean", as: "rana")
        try repository.approve(try repository.release("1.1.0", as: "tess"), "prod", as: "tess")

        // Two files of the work tree differ now, by Tess; one did when the package was made, by Mads.
        try repository.shell("echo a >> notes/first.txt && echo b >> notes/clean.txt")
        #expect(try repository.almrun("rollback", "prod", as: "tess").status == 75)
        let gate = try repository.almrun("show", "latest", "--gate", "prod/promote.approval").output
        #expect(
            gate.contains(
                "1 file ('notes/first.txt') differed from the commit when the package was made that comes back"),
            "\(gate)")
        #expect(!gate.contains("2 files"), "\(gate)")
        #expect(
            gate.contains("left out      mads@contoso.example, who released changes that are in no commit"), "\(gate)")
        #expect(gate.contains("still needed  1 of: tess@contoso.example"), "\(gate)")
    }

    /// What nobody added to git and no stage reads is no part of a release, such as the log of a CI job.
    @Test func aFileThatNothingReadsIsNotReleased() throws {
        let repository = try ReleaseRepository(["prod": Self.gate], roles: Self.roles)
        defer { repository.remove() }
        try repository.work.write("log", "report.txt")
        let run = try repository.release("1.0.0", as: "mads")
        let gate = try repository.almrun("show", run, "--gate", "prod.approval", "--format", "json").output
        #expect(!gate.contains("uncommitted-changes") && !gate.contains("requester-committed"), "\(gate)")
        #expect(try refusal(repository, run, "mads") == nil)
        // One that is packed is, and so is one that says who decides.
        try repository.shell("git rm -q --cached solution/Other/Solution.xml && git commit -qm less")
        try repository.work.write("# more\n", "environments/lab.yaml")
        try repository.write("lab", "")
        let other = try repository.release("1.1.0", as: "mads")
        let shown = try repository.almrun("show", other, "--gate", "prod.approval", "--format", "json").output
        #expect(shown.contains("1 file ('solution/Other/Solution.xml') differed from the commit"), "\(shown)")
        let json = try repository.almrun("show", other, "--format", "json").output
        #expect(json.contains("\"looseFiles\"") && !json.contains("report.txt"), "\(json)")
        #expect(try refusal(repository, other, "mads")?.contains("released changes that are in no commit") == true)
    }

    /// Roles that nobody added to git decide who may approve.
    @Test func rolesThatNobodyAddedAreReleased() throws {
        let repository = try ReleaseRepository(["prod": Self.gate], roles: Self.roles)
        defer { repository.remove() }
        try repository.shell("git rm -q --cached environments/roles.yaml && git commit -qm loose")
        let run = try repository.release("1.0.0", as: "mads")
        #expect(try refusal(repository, run, "mads")?.contains("released changes that are in no commit") == true)
        #expect(try refusal(repository, run, "tess") == nil)
    }

    /// A release whose gate `ask` comes before the package is made.
    private func asking(_ policy: String = "", stages: String = "") throws -> ReleaseRepository {
        let repository = try ReleaseRepository(
            ["prod": Self.gate], roles: Self.roles,
            stages: "  ask:\n    uses: approval.wait\n    with: { role: manager\(policy) }\n\(stages)")
        let file = "\(repository.path)/pipelines/release.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try repository.work.write(
            text.replacing(
                "  pack:\n    uses: solution.pack\n",
                with: "  pack:\n    uses: solution.pack\n    needs: [ask\(stages.contains("ask2") ? ", ask2" : "")]\n"),
            "pipelines/release.yaml")
        try repository.commit("order", as: "rana")
        return repository
    }

    private func edit(_ repository: ReleaseRepository) throws {
        let file = "\(repository.path)/solution/Other/Solution.xml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacing("</ImportExportXml>", with: "<!-- more --></ImportExportXml>")
            .write(toFile: file, atomically: true, encoding: .utf8)
    }

    /// Files that no commit had already are no cover for others.
    @Test func otherLooseFilesThanThoseOfTheRunAreRefused() throws {
        let repository = try asking()
        defer { repository.remove() }
        try repository.work.write("loose", "notes/first.txt")
        let run = try repository.release("1.0.0")
        let yes = try repository.almrun("approve", run, "ask", as: "tess")
        #expect(yes.status == 0, "\(yes.error)")
        try edit(repository)
        for person in ["mads", "rana"] {
            let no = try repository.almrun("resume", run, as: person)
            #expect(no.status == 2 && no.error.contains("[run/other-files]"), "\(no.output)\(no.error)")
            #expect(no.error.contains("'solution/Other/Solution.xml'"), "\(no.error)")
        }
        try repository.shell("git checkout -q solution")
        try repository.work.write("other", "notes/first.txt")
        #expect(try repository.almrun("resume", run, as: "mads").status == 2)
        try repository.shell("git checkout -q notes")
        let gone = try repository.almrun("resume", run, as: "mads")
        #expect(gone.status == 2 && gone.error.contains("is no longer as it was then"), "\(gone.error)")
        try repository.work.write("loose", "notes/first.txt")
        let same = try repository.almrun("resume", run, as: "mads")
        #expect(same.status == 75, "\(same.output)\(same.error)")
    }

    /// Another package of the run that is made already says nothing of the one that is not.
    @Test func aPackageThatIsMadeIsNotAllThatAre() throws {
        let repository = try asking(
            stages: "  first:\n    uses: solution.pack\n    with: { source: solution2, type: managed }\n")
        defer { repository.remove() }
        try repository.shell("cp -r solution solution2")
        try repository.commit("second", as: "rana")
        let run = try repository.release("1.0.0")
        try edit(repository)
        try repository.commit("late", as: "mads")
        #expect(try repository.almrun("approve", run, "ask", as: "tess").status == 0)
        let no = try repository.almrun("resume", run, as: "mads")
        #expect(no.status == 2 && no.error.contains("[run/other-files]"), "\(no.output)\(no.error)")
        #expect(no.error.contains("'notes/late.txt', 'solution/Other/Solution.xml'"), "\(no.error)")
    }

    /// That the gate which wants to know is open already changes nothing.
    @Test func aGateThatIsOpenStillWantedToKnow() throws {
        let repository = try asking(
            ", distinctFrom: [committers]",
            stages: "  ask2:\n    uses: approval.wait\n    with: { role: manager }\n    needs: [ask]\n")
        defer { repository.remove() }
        try repository.write("prod", "")
        try repository.commit("open", as: "rana")
        let run = try repository.release("1.0.0")
        try repository.approve(run, "ask", as: "tess")
        #expect(try repository.almrun("approve", run, "ask2", as: "mads").status == 0)
        try edit(repository)
        try repository.commit("late", as: "tess")
        let no = try repository.almrun("resume", run, as: "tess")
        #expect(no.status == 2 && no.error.contains("[run/other-files]"), "\(no.output)\(no.error)")
    }

    /// What git is told not to look at is packed all the same.
    @Test(arguments: ["assume-unchanged", "skip-worktree", "exclude"])
    func whatGitIsToldToOverlookIsInNoCommit(_ way: String) throws {
        let repository = try ReleaseRepository(["prod": Self.gate], roles: Self.roles)
        defer { repository.remove() }
        if way == "exclude" {
            try repository.shell("git rm -rq --cached solution/Connectors && git commit -qm less")
            try repository.shell("echo solution/Connectors/ >> .git/info/exclude")
        } else {
            try repository.shell("git update-index --\(way) solution/Other/Solution.xml")
            try edit(repository)
        }
        let run = try repository.release("1.0.0", as: "mads")
        let no = try refusal(repository, run, "mads")
        #expect(no?.contains("released changes that are in no commit") == true, "\(no ?? "accepted")")
        #expect(try refusal(repository, run, "tess") == nil)
    }

    /// Flags alone change nothing, and neither does what is ignored and not read.
    @Test func whatIsAsItsCommitIsNotLoose() throws {
        let repository = try ReleaseRepository(["prod": Self.gate], roles: Self.roles)
        defer { repository.remove() }
        try repository.shell("git update-index --assume-unchanged solution/Other/Solution.xml")
        try repository.shell("echo noise/ >> .git/info/exclude && mkdir noise && echo x > noise/x")
        let run = try repository.release("1.0.0", as: "mads")
        #expect(try refusal(repository, run, "mads") == nil)
    }

    /// A gate that comes before the deployment cannot know that nothing comes for the first time.
    @Test func anApprovalBeforeTheFirstInstallCountsEverybody() throws {
        let repository = try asking(", distinctFrom: [committers]")
        defer { repository.remove() }
        try repository.commit("old", as: "mads")
        let first = try repository.release("1.0.0")
        try repository.approve(first, "ask", as: "tess")
        try repository.approve(first, "prod", as: "tess")
        let file = "\(repository.path)/solution/Other/Solution.xml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacing("<UniqueName>ContosoSales<", with: "<UniqueName>ContosoOrders<")
            .write(toFile: file, atomically: true, encoding: .utf8)
        try repository.commit("orders", as: "rana")
        let run = try repository.release("1.1.0")
        let shown = try repository.almrun("show", run, "--gate", "ask").output
        #expect(shown.contains("whether it installs something new there"), "\(shown)")
        let no = try repository.almrun("approve", run, "ask", as: "mads")
        #expect(no.status == 2 && no.error.contains("wrote commits that are released"), "\(no.output)\(no.error)")
        #expect(try repository.almrun("approve", run, "ask", as: "tess").status == 0)
    }
}
