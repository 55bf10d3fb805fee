import Foundation
import GRDB
import Testing

/// Nobody approves a plan that is not what would happen: the gate is compared with the target as it is now.
@Suite(.waits) struct StaleGateTests {
    private static let roles = """
        manager: [mads@contoso.example, quinn@contoso.example]
        bypass: [rana@contoso.example]
        """

    private func repository(_ policy: String = "", more: String = "") throws -> ReleaseRepository {
        try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager\(policy) }]\(more) }"], roles: Self.roles)
    }

    /// A run that waits to bring 1.0.0, while another one has deployed a version.
    private func overtaken(by version: String, in repository: ReleaseRepository) throws -> String {
        let run = try repository.release("1.0.0")
        try repository.approve(try repository.release(version), "prod", as: "mads")
        return run
    }

    private func events(_ repository: ReleaseRepository) throws -> Int {
        try DatabaseQueue(path: "\(repository.path)/.almrun/runs.sqlite").read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM event") ?? 0
        }
    }

    @Test func aStalePlanIsNeitherApprovedNorBypassed() throws {
        let repository = try repository()
        defer { repository.remove() }
        let run = try overtaken(by: "0.9.0", in: repository)
        let before = try events(repository)
        for (person, command) in [
            ("mads", ["approve", run, "prod"]), ("rana", ["bypass", run, "prod", "--reason", "INC-1"]),
        ] {
            let no = try BuiltCommand.run(
                command, in: repository.path, environment: ["GIT_AUTHOR_EMAIL": "\(person)@contoso.example"])
            #expect(no.status == 2 && no.error.contains("[gate/changed]"), "\(no.output)\(no.error)")
            #expect(
                no.error.contains("the plan changed from ")
                    && no.error.contains("the state of the target changed from "))
            #expect(no.error.contains("it asks about: install ContosoSales 1.0.0.0"), "\(no.error)")
            #expect(no.error.contains("what would happen: upgrade ContosoSales 0.9.0.0 -> 1.0.0.0"), "\(no.error)")
            #expect(no.error.contains("`almrun resume \(run)` asks anew"), "\(no.error)")
            let json = try BuiltCommand.run(
                command + ["--format", "json"], in: repository.path,
                environment: ["GIT_AUTHOR_EMAIL": "\(person)@contoso.example"])
            #expect(json.status == 2 && json.error.contains("\"code\": \"gate/changed\""), "\(json.error)")
        }
        #expect(try events(repository) == before)
        for arguments in [["inbox"], ["show", run, "--gate", "prod.approval"]] {
            let said = try BuiltCommand.run(
                arguments, in: repository.path, environment: ["GIT_AUTHOR_EMAIL": "mads@contoso.example"]
            ).output
            #expect(said.contains("this is not what would happen now: the plan changed from "), "\(said)")
        }
        // One pass asks about the fresh plan, and what is said to that counts.
        let asked = try repository.almrun("resume", run)
        #expect(asked.status == 75, "\(asked.output)\(asked.error)")
        let gate = try repository.almrun("show", run, "--gate", "prod.approval").output
        #expect(
            gate.contains("upgrade ContosoSales 0.9.0.0 -> 1.0.0.0") && !gate.contains("not what would happen"),
            "\(gate)")
        try repository.approve(run, "prod", as: "mads")
        #expect(try repository.almrun("environment", "prod").output.contains("1.0.0.0"))
        let verify = try repository.almrun("verify", run)
        #expect(verify.status == 0, "\(verify.output)")
    }

    /// What an approval is not bound to does not make it void, and so it is taken.
    @Test func whatTheGateDoesNotBindIsApproved() throws {
        let repository = try repository(", voidOn: [package]")
        defer { repository.remove() }
        let run = try overtaken(by: "0.9.0", in: repository)
        for said in [
            try repository.almrun("inbox", as: "mads").output,
            try repository.almrun("show", run, "--gate", "prod.approval").output,
        ] {
            #expect(said.contains("this is not what would happen now: the plan changed from "), "\(said)")
            #expect(!said.contains("asks anew"), "\(said)")
            #expect(
                said.contains("an approval counts all the same, for this: upgrade ContosoSales 0.9.0.0 -> 1.0.0.0"),
                "\(said)")
        }
        try repository.approve(run, "prod", as: "mads")
        #expect(try repository.almrun("environment", "prod").output.contains("1.0.0.0"))
    }

    /// A package that nobody can read any more goes nowhere, and who decides is told.
    @Test(arguments: [true, false]) func aPackageThatIsGoneOrDamagedIsSaid(_ isGone: Bool) throws {
        let repository = try repository()
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        try #require(try repository.almrun("approve", run, "prod", as: "mads").status == 0)
        try #require(try repository.almrun("why", "ContosoSales@1.0.0", "prod").status == 0)
        let script = "for f in $(grep -rlaF solution.xml .almrun/objects/sha256); do chmod u+w $f; "
        try repository.shell(script + (isGone ? "rm -f $f; done" : "printf x >> $f; done"))
        let words = isGone ? "is not in the object store" : "is damaged: its content has another digest"
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(why.status == 75 && why.output.contains("unmet  package   object '"), "\(why.output)\(why.error)")
        #expect(why.output.contains(words), "\(why.output)")
        let show = try repository.almrun("show", run, "--gate", "prod.approval").output
        #expect(show.contains("it cannot be deployed as it is: object '") && show.contains(words), "\(show)")
        let end = try repository.almrun("resume", run)
        #expect(end.status == 3 && end.output.contains("[object/"), "\(end.status): \(end.output)\(end.error)")
        #expect(end.output.contains("next: `almrun doctor` names the file"), "\(end.output)")
    }

    /// Nobody approves what would fail, and each place names what to do first; a no is taken.
    @Test(arguments: [true, false]) func aPackageThatIsGoneOrDamagedIsNotApproved(_ isGone: Bool) throws {
        let repository = try repository()
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let script = "for f in $(grep -rlaF solution.xml .almrun/objects/sha256); do chmod u+w $f; "
        try repository.shell(script + (isGone ? "rm -f $f; done" : "printf x >> $f; done"))
        let yes = try repository.almrun("approve", run, "prod", as: "mads")
        #expect(yes.status == 2 && yes.error.contains("[gate/unreadable]"), "\(yes.output)\(yes.error)")
        #expect(yes.error.contains("`almrun doctor`"), "\(yes.error)")
        let inbox = try repository.almrun("inbox", as: "mads").output
        #expect(inbox.contains("almrun doctor") && !inbox.contains("almrun approve"), "\(inbox)")
        let why = try repository.almrun("why", run, "prod.approval").output
        #expect(why.contains("it cannot be deployed as it is: object '"), "\(why)")
        #expect(why.contains("`almrun doctor` first"), "\(why)")
        let no = try repository.almrun("reject", run, "prod", "--comment", "gone", as: "mads")
        #expect(no.status == 0, "\(no.error)")
    }

    @Test func aChangeByHandCounts() throws {
        let repository = try repository()
        defer { repository.remove() }
        try repository.approve(try repository.release("0.9.0"), "prod", as: "mads")
        let run = try repository.release("1.0.0")
        let file = "\(repository.path)/.almrun/environments/prod/environment.json"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try #require(text.contains("https://api.prod.example"))
        try repository.work.write(
            text.replacing("https://api.prod.example", with: "https://other.example"),
            ".almrun/environments/prod/environment.json")
        let no = try repository.almrun("approve", run, "prod", as: "mads")
        #expect(no.status == 2 && no.error.contains("[gate/changed]"), "\(no.output)\(no.error)")
        #expect(try repository.almrun("resume", run).status == 75)
        try repository.approve(run, "prod", as: "mads")
        #expect(try repository.almrun("environment", "prod").output.contains("1.0.0.0"))
    }

    @Test func whatTheTargetRefusesByNowIsNotApproved() throws {
        let repository = try repository()
        defer { repository.remove() }
        let run = try overtaken(by: "1.1.0", in: repository)
        let no = try repository.almrun("approve", run, "prod", as: "mads")
        #expect(
            no.status == 2 && no.error.contains("[gate/changed]") && no.error.contains("it would be refused now: "),
            "\(no.output)\(no.error)")
        let gate = try repository.almrun("show", run, "--gate", "prod.approval").output
        #expect(gate.contains("`almrun resume \(run)` asks nobody then, and fails"), "\(gate)")
        let end = try repository.almrun("resume", run)
        #expect(end.status == 1 && end.output.contains("1.1.0.0"), "\(end.output)\(end.error)")
    }

    /// A no is about the release and not about its plan: it ends the run.
    @Test func aRejectionOfAStalePlanStands() throws {
        let repository = try repository()
        defer { repository.remove() }
        let run = try overtaken(by: "0.9.0", in: repository)
        let no = try repository.almrun("reject", run, "prod", "--comment", "no notes", as: "mads")
        #expect(no.status == 0, "\(no.error)")
        let end = try repository.almrun("resume", run)
        #expect(end.status == 1 && end.output.contains("said no: no notes"), "\(end.output)\(end.error)")
    }

    /// Who approves need not have the secrets of the plan.
    @Test(arguments: [false, true]) func theTargetIsComparedWithoutSecrets(_ isOvertaken: Bool) throws {
        let repository = try repository()
        defer { repository.remove() }
        let file = "\(repository.path)/environments/prod.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try repository.work.write(
            text.replacing("https://api.prod.example", with: "${{ secrets.URL }}"), "environments/prod.yaml")
        func with(_ command: String, as person: String = "rana", url: String? = "https://u.example") throws
            -> BuiltCommand.Result
        {
            var variables = ["GIT_AUTHOR_EMAIL": "\(person)@contoso.example"]
            variables["URL"] = url
            return try BuiltCommand.shell("almrun \(command)", in: repository.path, environment: variables)
        }
        for (version, status) in [("0.8.0", 0), ("1.0.0", 75)] as [(String, Int32)] {
            try #require(try with("run release --input version=\(version)").status == 75)
            guard status == 0 else { continue }
            try #require(try with("approve latest prod", as: "mads").status == 0)
            try #require(try with("resume latest").status == 0)
        }
        let run = try repository.almrun("runs", "--ids").output.split(separator: "\n")[0]
        if isOvertaken {
            try #require(try with("run release --input version=0.9.0").status == 75)
            try #require(try with("approve latest prod", as: "mads").status == 0)
            try #require(try with("resume latest").status == 0)
        }
        // Another value makes another plan, and who has it is told why.
        let other = try with("approve \(run) prod", as: "quinn", url: "https://v.example")
        #expect(other.status == 2 && other.error.contains("[gate/changed]"), "\(other.output)\(other.error)")
        if !isOvertaken {
            #expect(other.error.contains("a secret that has another value in this process"), "\(other.error)")
        }
        let blind = try with("approve \(run) prod", as: "quinn", url: nil)
        #expect(blind.status == (isOvertaken ? 2 : 0), "\(blind.output)\(blind.error)")
        #expect(blind.error.contains("the state of the target changed from ") == isOvertaken, "\(blind.error)")
    }

    /// What `resume` would not take up nobody decides at.
    @Test(arguments: [["approve"], ["bypass", "--reason", "INC-1"], ["reject", "--comment", "no"]])
    func aRunThatIsNotTakenUpIsNotDecidedAt(_ command: [String]) throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }, { role: bypass }] }"], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        try ForgedLedger(repository).append(
            #""kind":"started","step":"prod","attempt":1,"token":"t""#)
        let before = try events(repository)
        let person = command[0] == "bypass" ? "rana" : "mads"
        let no = try BuiltCommand.run(
            [command[0], run, "prod"] + command.dropFirst(), in: repository.path,
            environment: ["GIT_AUTHOR_EMAIL": "\(person)@contoso.example"])
        #expect(no.status == 3 && no.error.contains("[store/damaged]"), "\(no.output)\(no.error)")
        #expect(no.error.contains("is not taken up: ") && no.error.contains("`almrun verify \(run)`"), "\(no.error)")
        #expect(try events(repository) == before)
    }
}
