import Foundation
import Testing

/// The built command brings an environment back to what was there before, through the gates that stand there.
@Suite(.waits) struct RollbackTests {
    private static let mads = [
        "GIT_AUTHOR_NAME": "Mads Manager", "GIT_AUTHOR_EMAIL": "mads@contoso.example",
    ]

    private static func repository() throws -> WorkFolder {
        try ReleaseRepository(
            [
                "dev": "",
                "prod": """
                after: dev
                gates:
                  evidence: [pack]
                  approvals:
                    - { role: manager, distinctFrom: [requester], instructions: Look at the plan. }
                """,
            ], roles: "manager:\n  - { email: mads@contoso.example, name: Mads Manager }\n"
        ).work
    }

    private func release(_ version: String, in folder: String) throws {
        let run = try BuiltCommand.run(["run", "release", "--input", "version=\(version)"], in: folder)
        try #require(run.status == 75, "\(run.output)\(run.error)")
        try approve("prod", in: folder)
    }

    private func approve(_ stage: String, in folder: String) throws {
        let approval = try BuiltCommand.run(["approve", "latest", stage], in: folder, environment: Self.mads)
        try #require(approval.status == 0, "\(approval.error)")
        let resumed = try BuiltCommand.run(["resume", "latest"], in: folder)
        try #require(resumed.status == 0, "\(resumed.output)\(resumed.error)")
    }

    /// What an environment holds, without the times.
    private func contents(_ name: String, in folder: String) throws -> NSDictionary {
        let shown = try BuiltCommand.run(["environment", name, "--format", "json"], in: folder)
        let all = try #require(try JSONSerialization.jsonObject(with: Data(shown.output.utf8)) as? [String: Any])
        let environment = try #require((all["environments"] as? [[String: Any]])?.first)
        let solutions = try #require(environment["solutions"] as? [String: [String: Any]])
        let kept = solutions.mapValues { solution in
            solution.filter { ["version", "digest", "components", "connectionReferences", "flows"].contains($0.key) }
        }
        return [
            "solutions": kept, "connections": environment["connectionReferences"] ?? [:],
            "variables": environment["variables"] ?? [:], "flows": environment["flows"] ?? [:],
        ]
    }

    @Test func anEnvironmentIsAsItWasBefore() throws {
        let work = try Self.repository()
        defer { work.remove() }
        let unbuilt = try BuiltCommand.run(
            ["plan", "release", "--input", "version=1.0.0", "--preview"], in: work.path)
        #expect(unbuilt.output.contains("prod (prod): the package is not built yet"), "\(unbuilt.error)")
        try release("1.0.0", in: work.path)
        let built = try BuiltCommand.run(
            ["plan", "release", "--input", "version=1.0.0", "--preview"], in: work.path)
        #expect(built.output.contains("prod (prod): nothing ContosoSales 1.0.0.0"), "\(built.output)\(built.error)")
        let before = try contents("prod", in: work.path)
        try release("1.1.0", in: work.path)
        #expect(try contents("prod", in: work.path) != before)

        let runs = try BuiltCommand.run(["runs", "--ids"], in: work.path).output
        let dry = try BuiltCommand.run(["rollback", "prod", "--dry-run"], in: work.path)
        #expect(dry.status == 0, "\(dry.error)")
        #expect(dry.output.contains("1.1.0.0 -> 1.0.0.0"))
        #expect(dry.output.contains("a lower managed version, as asked for"))
        #expect(dry.output.contains("prod/promote.approval"))
        #expect(dry.output.contains("unmet  approval: 1 of 'manager'"))
        #expect(dry.output.contains("met  evidence: 'pack' was shown by 'pack' of run release-"))
        #expect(try BuiltCommand.run(["runs", "--ids"], in: work.path).output == runs)

        let why = try BuiltCommand.run(["why", "ContosoSales@1.0.0", "prod"], in: work.path)
        #expect(why.status == 1, "\(why.output)\(why.error)")
        #expect(why.output.contains("1.1.0.0 is installed there, which is newer than 1.0.0.0"))
        #expect(why.output.contains("almrun rollback prod --to 1.0.0.0"))

        let folder = "\(work.path)/.almrun/environments/prod/packages"
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            for package in ["\(folder)/\(name)", String(name.prefix(12))] {
                let same = try BuiltCommand.run(["why", package, "dev", "--format", "json"], in: work.path)
                #expect(same.output.contains("\"package\": \"\(name.prefix(64))\""), "\(same.output)\(same.error)")
            }
        }
        #expect(try BuiltCommand.run(["why", "ContosoSales@1.1", "prod"], in: work.path).status == 0)

        let started = try BuiltCommand.run(["rollback", "prod", "--comment", "INC-1"], in: work.path)
        #expect(started.status == 75, "\(started.output)\(started.error)")
        #expect(started.output.contains("prod/promote.approval"))
        let own = try BuiltCommand.run(["inbox"], in: work.path)
        #expect(own.output.hasPrefix("nothing waits for you: git knows you as rana@contoso.example"))
        let inbox = try BuiltCommand.run(["inbox"], in: work.path, environment: Self.mads)
        #expect(inbox.status == 0)
        #expect(inbox.output.contains("prod/promote.approval  prod"))
        #expect(inbox.output.contains("risk       goes back from 1.1.0.0 to 1.0.0.0"), "\(inbox.output)")
        #expect(inbox.output.contains("read       Look at the plan."))
        let shown = try BuiltCommand.run(["show", "latest", "--format", "json"], in: work.path)
        #expect(shown.output.contains("\"reason\": \"INC-1\""))
        // Beside the rollback that waits, the lower version is not "never": it waits for what the rollback waits for.
        let waits = try BuiltCommand.run(["why", "ContosoSales@1.0.0", "prod"], in: work.path)
        #expect(waits.status == 75, "\(waits.output)\(waits.error)")
        #expect(waits.output.contains("goes back from 1.1.0.0 to 1.0.0.0, as run rollback-"))
        #expect(waits.output.contains("1 more of 'manager' must approve; mads@contoso.example may; run rollback-"))
        #expect(waits.output.contains("next: almrun resume rollback-"))
        #expect(waits.output.contains("would downgrade") || waits.output.contains("a lower managed version"))
        try approve("prod/promote", in: work.path)

        #expect(try contents("prod", in: work.path) == before)
        let history = try BuiltCommand.run(["environment", "prod", "--history"], in: work.path).output
        #expect(history.contains("1.1.0.0 -> 1.0.0.0"))
        let again = try BuiltCommand.run(["rollback", "prod"], in: work.path)
        #expect(again.status == 2)
        #expect(again.error.contains("[rollback/nothing-before]"))
        // Forward again is a rollback to a verified version too.
        let forward = try BuiltCommand.run(["rollback", "prod", "--to", "1.1", "--dry-run"], in: work.path)
        #expect(forward.output.contains("1.0.0.0 -> 1.1.0.0"))
    }

    @Test func badInputChangesNothing() throws {
        let work = try Self.repository()
        defer { work.remove() }
        func fails(_ arguments: String..., with words: String) throws {
            let result = try BuiltCommand.run(arguments, in: work.path)
            #expect(result.status == 2, "\(arguments): \(result.output)\(result.error)")
            #expect(result.error.contains(words), "\(arguments): \(result.error)")
        }
        try fails("rollback", "prod", with: "nothing is installed in 'prod'")
        try fails("rollback", "prd", with: "did you mean 'prod'?")
        try fails("why", "abcdef", "prod", with: "no package with a digest that begins with 'abcdef' is known here")
        try fails("why", "none.zip", "prod", with: "there is no file 'none.zip'")
        try fails("why", "abc", "prod", with: "neither a run nor a package")
        try fails("why", "Sales@x", "prod", with: "'x' is not a version")
        try fails("why", "latest", "nothing", with: "there are no runs yet")
        try fails("why", "ContosoSales@1.0", "prd", with: "there is no environment 'prd' [environment/unknown]")
        try fails("why", "ContosoSales@1.0", "prd", with: "did you mean 'prod'? there are 'dev', 'prod'")
        try fails("why", "abc", "nope", with: "there is no environment 'nope'")
        try fails("why", "out/none.zip", "nope", with: "there are 'dev', 'prod'")
        for command in [["environment"], ["rollback"]] {
            let result = try BuiltCommand.run(command + ["nope"], in: work.path)
            #expect(result.status == 2 && result.error.contains("there are 'dev', 'prod'"), "\(result.error)")
        }
        try fails("inbox", "--role", "manger", with: "did you mean 'manager'?")
        try fails("inbox", "--limit", "0", with: "--limit must be at least 1")
        #expect(!FileManager.default.fileExists(atPath: "\(work.path)/.almrun/runs.sqlite"))
        let empty = try BuiltCommand.run(["inbox"], in: work.path, environment: Self.mads)
        #expect(empty.status == 0)
        #expect(
            empty.output
                == "nothing waits for you: git knows you as mads@contoso.example, and your role is 'manager'\n")

        try release("1.0.0", in: work.path)
        try release("1.1.0", in: work.path)
        try fails("why", "ContosoSales@1.2", "prod", with: "known are 'ContosoSales@1.0.0.0', 'ContosoSales@1.1.0.0'")
        try fails("why", "ContosoSale@1.1.0.0", "prod", with: "did you mean 'ContosoSales@1.1.0.0'?")
        try fails("rollback", "prod", "--to", "0.9", with: "verified there: 1.0.0.0")
        try fails("rollback", "prod", "--to", "1.1.0.0", with: "is installed in 'prod' now")
        try fails("rollback", "prod", "--solution", "Other", with: "installed: ContosoSales")
        try fails("resume", "latest", "--rerun", "pack", with: "did not end badly")
        try fails("resume", "latest", "--rerun", "pak", with: "did you mean 'pack'?")
        for folder in ["objects", "environments/dev/packages", "environments/prod/packages"] {
            try FileManager.default.removeItem(atPath: "\(work.path)/.almrun/\(folder)")
        }
        try fails("rollback", "prod", with: "[rollback/package-gone]")
    }

    @Test func aNameThatMayBeARunOrAPackageIsNotGuessed() throws {
        let work = try Self.repository()
        defer { work.remove() }
        try Data("stages: { prod: { uses: shell.run, with: { command: [\"true\"], effect: repeatable } } }".utf8)
            .write(to: URL(filePath: "\(work.path)/pipelines/abcdef.yaml"))
        #expect(try BuiltCommand.run(["run", "abcdef"], in: work.path).status == 0)
        let both = try BuiltCommand.run(["why", "abcdef", "prod"], in: work.path)
        #expect(both.status == 2)
        #expect(both.error.contains("may be run 'abcdef-"), "\(both.error)")
        let name = try BuiltCommand.run(["runs", "--ids"], in: work.path).output.split(separator: "\n")[0]
        for run in [String(name), "latest"] {
            let why = try BuiltCommand.run(["why", run, "prod"], in: work.path)
            #expect(why.status == 0, "\(why.error)")
            #expect(why.output.hasPrefix("prod: succeeded"))
        }
        let package = try BuiltCommand.run(["why", "abcdef", "dev"], in: work.path)
        #expect(package.status == 2)
        #expect(package.error.contains("no package with a digest that begins with 'abcdef'"))
    }

    @Test func aManifestCannotAskForARollback() throws {
        let work = try Self.repository()
        defer { work.remove() }
        let file = "\(work.path)/pipelines/release.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacing("settings: \"", with: "mode: rollback, settings: \"")
            .write(toFile: file, atomically: true, encoding: .utf8)
        let result = try BuiltCommand.run(["check"], in: work.path)
        #expect(result.status == 2)
        #expect(result.error.contains("rollback"))
    }

    /// A rollback is judged by who wrote the package that comes back, and by who approved it before it.
    @Test func aRollbackLeavesOutWhoWroteAndWhoApprovedThePackage() throws {
        let work = try Self.repository()
        defer { work.remove() }
        let file = try String(contentsOfFile: "\(work.path)/environments/prod.yaml", encoding: .utf8)
        try work.write(
            file.replacing("distinctFrom: [requester]", with: "distinctFrom: [committers, \"approvers-of: dev\"]"),
            "environments/prod.yaml")
        let dev = try String(contentsOfFile: "\(work.path)/environments/dev.yaml", encoding: .utf8)
        try work.write(dev + "gates: { approvals: [{ role: tester }] }\n", "environments/dev.yaml")
        try work.write(
            """
            manager: [mads@contoso.example, rana@contoso.example, tess@contoso.example]
            tester: [tess@contoso.example]
            """, "environments/roles.yaml")
        // Rana commits, Tess approves for dev, Mads for prod.
        let git = try BuiltCommand.shell(
            "git add . && git commit -q -m more", in: work.path)
        try #require(git.status == 0, "\(git.error)")
        let tess = ["GIT_AUTHOR_NAME": "Tess", "GIT_AUTHOR_EMAIL": "tess@contoso.example"]
        for version in ["1.0.0", "1.1.0"] {
            #expect(
                try BuiltCommand.run(["run", "release", "--input", "version=\(version)"], in: work.path).status == 75)
            for (stage, person) in [("dev", tess), ("prod", Self.mads)] {
                let yes = try BuiltCommand.run(["approve", "latest", stage], in: work.path, environment: person)
                #expect(yes.status == 0, "\(yes.error)")
                _ = try BuiltCommand.run(["resume", "latest"], in: work.path)
            }
        }
        #expect(try BuiltCommand.run(["rollback", "prod"], in: work.path, environment: tess).status == 75)
        let shown = try BuiltCommand.run(["show", "latest", "--gate", "prod/promote.approval"], in: work.path)
        #expect(shown.output.contains("left out      rana@contoso.example, who wrote commits that are released"))
        #expect(shown.output.contains("left out      tess@contoso.example, who approved for 'dev' in run 'release-"))
        #expect(shown.output.contains("still needed  1 of: mads@contoso.example"), "\(shown.output)")
        for person in [[:], tess] {
            let no = try BuiltCommand.run(["approve", "latest", "prod/promote"], in: work.path, environment: person)
            #expect(no.status == 2)
            #expect(no.error.contains("[gate/not-allowed]"), "\(no.error)")
        }
        try approve("prod/promote", in: work.path)
    }

    /// Who approved a package for dev may not approve it for prod, also when the run is old in which that was.
    @Test func pruningKeepsWhoApproved() throws {
        let work = try Self.repository()
        defer { work.remove() }
        func add(_ text: String, to name: String) throws {
            let file = URL(filePath: "\(work.path)/environments/\(name)")
            let before = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            try Data((name == "roles.yaml" ? text : before + text).utf8).write(to: file)
        }
        try add("\ngates: { approvals: [{ role: manager }] }\n", to: "dev.yaml")
        let prod = URL(filePath: "\(work.path)/environments/prod.yaml")
        let text = try String(contentsOf: prod, encoding: .utf8)
        try Data(text.replacing("distinctFrom: [requester]", with: "distinctFrom: [\"approvers-of: dev\"]").utf8)
            .write(to: prod)
        try add("manager: [{ email: mads@contoso.example }, { email: ana@contoso.example }]\n", to: "roles.yaml")
        let ana = ["GIT_AUTHOR_NAME": "Ana", "GIT_AUTHOR_EMAIL": "ana@contoso.example"]
        for version in ["1.0.0", "1.1.0", "1.2.0"] {
            let (first, second) = version == "1.0.0" ? (Self.mads, ana) : (ana, Self.mads)
            let run = try BuiltCommand.run(["run", "release", "--input", "version=\(version)"], in: work.path)
            try #require(run.status == 75, "\(run.error)")
            for (stage, person) in [("dev", first), ("prod", second)] {
                let approval = try BuiltCommand.run(
                    ["approve", "latest", stage], in: work.path, environment: person)
                try #require(approval.status == 0, "\(approval.error)")
                _ = try BuiltCommand.run(["resume", "latest"], in: work.path)
            }
        }
        let prune = try BuiltCommand.run(["runs", "prune", "--keep", "1"], in: work.path)
        #expect(prune.status == 0, "\(prune.error)")
        let kept =
            "mads@contoso.example approved or bypassed a gate of 'dev' in it, and `approvers-of: dev` asks who did"
        #expect(prune.output.contains(kept), "\(prune.output)")
        let back = try BuiltCommand.run(["rollback", "prod", "--to", "1.0.0"], in: work.path)
        #expect(back.status == 75, "\(back.output)\(back.error)")
        let own = try BuiltCommand.run(["approve", "latest", "prod/promote"], in: work.path, environment: Self.mads)
        #expect(own.status != 0 && own.error.contains("'dev'"), "\(own.output)\(own.error)")
        #expect(
            try BuiltCommand.run(["approve", "latest", "prod/promote"], in: work.path, environment: ana).status == 0)
    }
}
