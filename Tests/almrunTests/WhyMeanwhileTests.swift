import Foundation
import Testing

/// `why PACKAGE ENVIRONMENT` where the run that has the package waits elsewhere, and where a new run is the way: what people
/// said in one run is worth nothing in another, and whom the new one leaves out is known before it is made.
@Suite(.waits) struct WhyMeanwhileTests {
    private static let roles = """
        manager: [mads@contoso.example, mia@contoso.example]
        oncall: [otto@contoso.example]

        """

    private func regions() throws -> ReleaseRepository {
        try .regions(roles: Self.roles, eu: "gates: { approvals: [{ role: manager }] }")
    }

    @Test func aBypassedGateIsTakenUpWhileTheRunWaitsElsewhere() throws {
        let repository = try regions()
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let failed = try repository.almrun("why", "ContosoSales@1.0.0", "us")
        #expect(failed.status == 75 && failed.output.contains("  unmet  evidence  stage 'pen'"), "\(failed.output)")
        #expect(failed.next == ["almrun resume \(run) --rerun pen"], "\(failed.output)")
        let yes = try repository.almrun("bypass", run, "us", "--reason", "INC-1", as: "otto")
        try #require(yes.status == 0, "\(yes.error)")
        let stage = try repository.almrun("why", run, "us").output
        #expect(stage.contains("bypassed by otto@contoso.example: `almrun resume \(run)` carries on"), "\(stage)")
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "us")
        #expect(why.status == 0 && why.next == ["almrun resume \(run)"], "\(why.output)")
        #expect(why.output.contains("note: run \(run) waits elsewhere, at 'eu.approval'"), "\(why.output)")
        try #require(try repository.almrun("resume", run).status == 75)
        let there = try repository.almrun("why", "ContosoSales@1.0.0", "us")
        #expect(there.output.contains("in 'us': it is there already"), "\(there.output)")
    }

    @Test func aBypassInARunThatWasCalledOffOpensNothing() throws {
        let repository = try regions()
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let yes = try repository.almrun("bypass", run, "us", "--reason", "INC-1", as: "otto")
        try #require(yes.status == 0, "\(yes.error)")
        try #require(try repository.almrun("cancel", run, "--reason", "later").status == 0)
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "us")
        #expect(why.status == 75 && why.output.contains("  unmet  evidence  "), "\(why.output)")
        #expect(why.output.contains("in run \(run), but that was called off and asks anew"), "\(why.output)")
    }

    /// A no is asked again when the run is taken up, and what else people said in it stands.
    @Test func whatWasSaidBeforeANoCounts() throws {
        let asks = "approvals: [{ role: manager }, { role: manager, distinctFrom: [committers] }]"
        let repository = try ReleaseRepository(
            ["dev": "", "us": "after: dev\ngates: { evidence: [pen], \(asks), bypass: { role: oncall } }"],
            roles: Self.roles, stages: "  pen: { uses: shell.run, with: { command: [sh, -c, \"exit 1\"] } }\n")
        defer { repository.remove() }
        let begun = try repository.almrun("run", "release", "--input", "version=1.0.0")
        try #require(begun.status == 1, "\(begun.output)")
        let run = try repository.newest()
        for (words, who) in [
            (["bypass", run, "us", "--reason", "INC-1"], "otto"),
            (["approve", run, "us.approval", "--comment", "ok"], "mads"),
            (["reject", run, "us.approval-2", "--comment", "not yet"], "mia"),
        ] {
            let said = try repository.almrun(words[0], words[1], words[2], words[3], words[4], as: who)
            try #require(said.status == 0, "\(said.error)")
            _ = try repository.almrun("resume", run)
        }
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "us")
        #expect(why.output.contains("bypassed by otto@contoso.example in run \(run)\n"), "\(why.output)")
        #expect(
            why.output.contains("given by mads@contoso.example in run \(run), which failed and keeps it"),
            "\(why.output)")
        #expect(why.output.contains("  unmet  approval  rejected by mia@contoso.example"), "\(why.output)")
        #expect(why.status == 75 && why.output.components(separatedBy: "  unmet  ").count == 2, "\(why.output)")
        #expect(why.next == ["almrun resume \(run)"], "\(why.output)")
    }

    /// Nothing is begun again before the cleanup is through, and then the run is taken up.
    @Test(arguments: ["retry: { attempts: 3, delay: 1h }", "effect: once"])
    func aRunOfWhichTheCleanupWaitsEndsFirst(_ kind: String) throws {
        let isRetried = kind.hasPrefix("retry")
        let body =
            isRetried
            ? "\(kind)\n    with: { command: [sh, -c, \"test -f fixed || exit 75\"], effect: repeatable }"
            : "timeout: 1s\n    with: { command: [sh, -c, \"test -f fixed || sleep 9\"], effect: once }"
        let repository = try ReleaseRepository.regions(
            roles: Self.roles, eu: "", more: "finally:\n  tell:\n    uses: shell.run\n    \(body)\n")
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let yes = try repository.almrun("bypass", run, "us", "--reason", "INC-1", as: "otto")
        try #require(yes.status == 0, "\(yes.error)")
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "us")
        let row =
            "  unmet  stage     the `finally` stages of run \(run) have begun: nothing else of it is done before it has ended"
        #expect(why.status == 75 && why.output.contains(row), "\(why.output)")
        let resume = "almrun resume \(run) "
        let ways = isRetried ? ["--rerun tell"] : ["--assume tell=done", "--assume tell=not-done"]
        try #require(why.next == ways.map { resume + $0 }, "\(why.output)")
        try repository.work.write("", "fixed")
        let way = ways[0].split(separator: " ").map(String.init)
        let end = try repository.almrun("resume", run, way[0], way[1])
        try #require(end.status == 1, "\(end.output)\(end.error)")
        let then = try repository.almrun("why", "ContosoSales@1.0.0", "us")
        #expect(then.status == 0 && then.next == ["almrun resume \(run)"], "\(then.output)")
        try #require(try repository.almrun("resume", run).status == 0)
        #expect(try repository.almrun("why", "ContosoSales@1.0.0", "us").output.contains("it is there already"))
    }

    /// A repository in which `eu` and `us` each ask a manager, side by side after `dev`, and runs share a group.
    private func sideBySide(_ pending: String) throws -> ReleaseRepository {
        let asks = "after: dev\ngates: { approvals: [{ role: manager }] }"
        let repository = try ReleaseRepository(["dev": "", "eu": asks, "us": asks], roles: Self.roles)
        let path = "\(repository.path)/pipelines/release.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8).replacing("needs: [eu]", with: "needs: [dev]")
        let group = "concurrency: { group: rel, pending: \(pending) }\n"
        try repository.work.write(group + text, "pipelines/release.yaml")
        try repository.commit("regions", as: "rana")
        return repository
    }

    @Test(arguments: [
        ("queue", "waits until RUN has ended, which waits at 'eu.approval'"),
        ("refuse", "is refused until RUN has ended, which waits at 'eu.approval'"),
        ("supersede", "cancels RUN, also what that waits for at 'eu.approval'"),
    ])
    func aNewRunAndTheGroupOfTheOneThatWaits(_ pending: String, _ words: String) throws {
        let repository = try sideBySide(pending)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        try repository.work.write(
            """
            stages:
              pack: { uses: solution.pack, with: { source: solution, version: 1.1.0, type: managed } }
            """, "pipelines/build.yaml")
        try repository.commit("build", as: "rana")
        try #require(try repository.almrun("run", "build").status == 0)
        let why = try repository.almrun("why", "ContosoSales@1.1.0", "us")
        #expect(why.status == 75, "\(why.output)")
        let start = "almrun run release --input version=1.1.0.0"
        #expect(why.next == (pending == "refuse" ? ["almrun show \(run)", start] : [start]), "\(why.output)")
        let other = words.replacing("RUN", with: "run \(run) of the same group 'rel'")
        #expect(why.output.contains("  unmet  lock      a new run of 'release' \(other)"), "\(why.output)")
        #expect(why.output.contains("almrun show \(run)"), "\(why.output)")
    }

    /// What somebody has stopped in one region is not begun anew by another run without a word of it.
    @Test func aNoIsNamedWhileTheRunWaitsElsewhere() throws {
        let repository = try sideBySide("queue")
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let no = try repository.almrun("reject", run, "us.approval", "--comment", "data loss", as: "mads")
        try #require(no.status == 0, "\(no.error)")
        let shut = try repository.almrun("resume", run)
        try #require(shut.status == 75)
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "us")
        #expect(why.status == 75 && why.next == ["almrun show \(run)"], "\(why.output)")
        #expect(why.output.contains("  unmet  approval  rejected by mads@contoso.example on "), "\(why.output)")
        #expect(why.output.contains(": data loss, in run \(run), which goes on elsewhere; once that has ended"))
        for said in [
            shut.output, try repository.almrun("show", run).output, try repository.almrun("runs").output,
        ] {
            #expect(said.contains("rejected: us.approval: "), "\(said)")
            #expect(said.contains("once the run has ended, `almrun resume \(run)` asks again"), "\(said)")
        }
        // Called off, it names who had stopped it.
        try #require(try repository.almrun("cancel", run, "--reason", "later").status == 0)
        let gate = try repository.almrun("why", run, "us.approval").output
        #expect(gate.contains("mads@contoso.example rejected ") && gate.contains(": data loss"), "\(gate)")
    }

    /// A question that nobody answered in time is asked again in the run that waits elsewhere.
    @Test func aGateThatExpiredIsAskedAnewWhileTheRunWaitsElsewhere() throws {
        let repository = try sideBySide("supersede")
        defer { repository.remove() }
        try repository.write("us", "after: dev\ngates: { approvals: [{ role: manager, expires: 1s }] }")
        try repository.commit("expires", as: "rana")
        let run = try repository.release("1.0.0")
        try repository.shell("sleep 1.2")
        let over = try repository.almrun("why", "ContosoSales@1.0.0", "us")
        #expect(over.status == 75 && over.next == ["almrun resume \(run)"], "\(over.output)")
        #expect(over.output.contains("then `almrun resume \(run) --rerun us.approval` asks anew"), "\(over.output)")
        let shut = try repository.almrun("resume", run)
        try #require(shut.status == 75)
        for said in [
            shut.output, try repository.almrun("show", run).output, try repository.almrun("runs").output,
            try repository.almrun("why", run, "us").output,
        ] {
            #expect(said.contains("`almrun resume \(run) --rerun us.approval` asks a"), "\(said)")
        }
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "us")
        #expect(why.status == 75, "\(why.output)")
        #expect(why.next == ["almrun resume \(run) --rerun us.approval"], "\(why.output)")
        #expect(why.output.contains("nobody decided in time in run \(run); `almrun resume"), "\(why.output)")
    }

    @Test func whatIsAskedForAnotherEnvironmentIsNotDecidedForThisOne() throws {
        let asks = "after: dev\ngates: { approvals: [{ role: manager }] }"
        let repository = try ReleaseRepository(
            ["dev": "", "eu": asks, "us": asks], roles: Self.roles,
            stages: """
                  announce:
                    uses: shell.run
                    needs: [dev]
                    with: { command: [sh, -c, "echo > begun; sleep 60"], effect: once }

                """)
        defer { repository.remove() }
        let path = "\(repository.path)/pipelines/release.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let parts = text.split(separator: "  us:\n", maxSplits: 1)
        try #require(parts.count == 2)
        let us = parts[1].replacing("needs: [eu]", with: "needs: [dev, announce]")
        try repository.work.write("\(parts[0])  us:\n\(us)", "pipelines/release.yaml")
        try repository.commit("regions", as: "rana")
        try repository.shell(
            """
            "$ALMRUN" run release --input version=1.0.0 >/dev/null 2>&1 & job=$!
            for i in $(seq 500); do test -e begun && break; sleep 0.02; done
            sleep 0.5; kill -9 $job; wait $job 2>/dev/null; true
            """)
        let run = try repository.newest()
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "us")
        #expect(why.status == 75 && why.next == ["almrun resume \(run)"], "\(why.output)")
        let other = try repository.almrun("why", "ContosoSales@1.0.0", "eu")
        #expect(other.next.first == "almrun approve \(run) eu.approval", "\(other.output)")
    }

    @Test func whomANewRunLeavesOutIsKnownBeforeItIsMade() throws {
        let asks = "approvals: [{ role: manager, distinctFrom: [requester, committers] }]"
        let repository = try ReleaseRepository(
            ["prod": "gates: { \(asks), bypass: { role: oncall } }"], roles: Self.roles,
            stages: "")
        defer { repository.remove() }
        try repository.work.write(
            """
            stages:
              pack: { uses: solution.pack, with: { source: solution, version: 1.1.0, type: managed } }
            """, "pipelines/build.yaml")
        try repository.commit("mine", as: "mia")
        try #require(try repository.almrun("run", "build", as: "otto").status == 0)
        let one = try repository.almrun("why", "ContosoSales@1.1.0", "prod")
        let asked = "1 of 'manager' (mads@contoso.example) must approve, not mia@contoso.example, who wrote commits"
        #expect(one.status == 75 && one.output.contains(asked), "\(one.output)")
        #expect(one.next == ["almrun run release --input version=1.1.0.0"], "\(one.output)")
        // Asked for by the only one who is left.
        let none = try repository.almrun("why", "ContosoSales@1.1.0", "prod", as: "mads")
        let reason = "for a new run that mads@contoso.example asks for nobody is left who may approve, not "
        #expect(none.status == 75 && none.output.contains(reason), "\(none.output)")
        #expect(none.output.contains("; only a bypass opens it, by one of 'oncall': otto@contoso.example"))
        let bypass = "almrun bypass RUN prod.approval --reason \"...\""
        #expect(none.next == ["almrun run release --input version=1.1.0.0", bypass], "\(none.output)")
        // Where nobody may bypass either, the run that she would make waits for good.
        try repository.write("prod", "gates: { \(asks) }")
        try repository.commit("nobypass", as: "mia")
        let futile = try repository.almrun("why", "ContosoSales@1.1.0", "prod", as: "mads")
        #expect(futile.status == 75 && futile.output.contains("; what helps is "), "\(futile.output)")
        #expect(futile.next == [], "\(futile.output)")
        try repository.write("prod", "gates: { \(asks), bypass: { role: oncall } }")
        try repository.commit("bypass", as: "mia")
        // The run that is made says the same, of its gate and of the stage that this stands before.
        let run = try repository.release("1.1.0", as: "mads")
        let command = "`almrun bypass \(run) prod.approval --reason \"...\"`, by one of 'oncall': otto@contoso.example"
        let stage = try repository.almrun("why", run, "prod").output
        #expect(stage.contains("nobody is left who may approve, not ") && stage.contains(command), "\(stage)")
        // What is gone on with after it was called off says so as well.
        try #require(try repository.almrun("cancel", run, "--reason", "later", as: "mads").status == 0)
        let over = try repository.almrun("why", "ContosoSales@1.1.0", "prod")
        #expect(over.output.contains("in run \(run) nobody is left who may approve"), "\(over.output)")
        let ways = ["almrun resume \(run)", bypass.replacing("RUN", with: run)]
        #expect(over.next == ways, "\(over.output)")
    }
}
