import Foundation
import Testing

/// What a command says to do next is what goes on.
@Suite(.waits) struct WaysOnTests {
    private static let roles = """
        manager: [mads@contoso.example]
        bypass: [otto@contoso.example, olga@contoso.example]
        """

    /// An environment's file that was mended counts for a new run, and the failed one says so.
    @Test func whatTheRunKeepsIsMendedForANewRun() throws {
        let repository = try ReleaseRepository(["dev": ""], roles: Self.roles)
        defer { repository.remove() }
        try repository.work.write(
            "target: { kind: directory, path: .almrun/environments/dev }\nflows: { default: enabled }\n",
            "environments/dev.yaml")
        try repository.commit("bare", as: "rana")
        let first = try repository.almrun("run", "release", "--input", "version=1.0.0 ")
        #expect(first.status != 0, "\(first.output)")
        let failed = try repository.almrun("run", "release", "--input", "version=1.0.0")
        #expect(failed.status == 1, "\(failed.output)\(failed.error)")
        let command = "almrun run release --input version=1.0.0"
        let shown = try repository.almrun("show", "latest").output
        for said in [failed.output, shown] {
            #expect(said.contains("once these are mended, a new run: `\(command)`"), "\(said)")
            #expect(!said.contains("next: mend the cause") && !said.contains("and 1 more"), "\(said)")
        }
        #expect(failed.output.contains("[binding/default-variable]"), "\(failed.output)")
        try repository.write("dev", "")
        try repository.commit("bound", as: "rana")
        #expect(try repository.almrun("resume", "latest").status == 1)
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "dev").output
        #expect(why.contains("next: \(command)\n"), "\(why)")
        try repository.shell("almrun() { \"$ALMRUN\" \"$@\"; }; \(command)")
        #expect(try repository.almrun("environment", "dev").output.contains("1.0.0.0"))
    }

    /// Where a gate leaves out who wrote what is released, no changed file is taken up.
    @Test func aRunThatTakesUpNoChangedFilesSaysSo() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager, distinctFrom: [committers] }] }"], roles: Self.roles,
            stages: "  check: { uses: shell.run, with: { command: [test, -e, fine], effect: repeatable } }\n")
        defer { repository.remove() }
        let file = "\(repository.path)/pipelines/release.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try repository.work.write(
            text.replacing("uses: solution.pack\n", with: "uses: solution.pack\n    needs: [check]\n"),
            "pipelines/release.yaml")
        try repository.commit("order", as: "rana")
        let failed = try repository.almrun("run", "release", "--input", "version=1.0.0")
        #expect(failed.status == 1, "\(failed.output)\(failed.error)")
        try repository.work.write("\n", "fine")
        try repository.commit("mended", as: "rana")
        let resumed = try repository.almrun("resume", "latest")
        #expect(resumed.status == 2 && resumed.error.contains("run/other-files"), "\(resumed.error)")
        for said in [failed.output, try repository.almrun("show", "latest").output] {
            #expect(
                said.contains(
                    "takes up no changed files: once a file is mended, a new run: `almrun run release --input version=1.0.0`"
                ), "\(said)")
            #expect(!said.contains("next: mend the cause"), "\(said)")
        }
    }

    /// A superseded run is refused only as long as the newer one is open.
    @Test func whatWasSupersededGoesOnOnceTheNewerIsOver() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }] }"], roles: Self.roles)
        defer { repository.remove() }
        let file = "\(repository.path)/pipelines/release.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try repository.work.write("concurrency: { group: g, pending: supersede }\n" + text, "pipelines/release.yaml")
        try repository.commit("group", as: "rana")
        let older = try repository.release("1.0.0")
        let newer = try repository.release("1.1.0")
        for isOver in [false, true] {
            if isOver {
                try #require(try repository.almrun("reject", newer, "prod", "--comment", "no", as: "mads").status == 0)
                try #require(try repository.almrun("resume", newer).status == 1)
            }
            if !isOver {
                let refused = try repository.almrun("resume", older)
                #expect(refused.status == 1 && refused.error.contains("[run/superseded]"), "\(refused.error)")
            }
            let show = try repository.almrun("show", older).output
            #expect(show.contains("called it off, this one can be taken up") == !isOver, "\(show)")
            #expect(show.contains("run '\(newer)', which had taken its place, is over") == isOver, "\(show)")
            let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod").output
            #expect(why.contains("next: almrun resume \(older)\n") == isOver, "\(why)")
            #expect(why.contains("next: almrun show \(newer)\n") == !isOver, "\(why)")
        }
        #expect(try repository.almrun("resume", older).status == 75)
    }

    @Test func aCancelledRoundIsCalledSo() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }] }"], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        #expect(try repository.almrun("approve", run, "prod", as: "mads").status == 0)
        #expect(try repository.almrun("cancel", run, "--reason", "wrong day").status == 0)
        #expect(try repository.almrun("resume", run).status == 75)
        let reason = "round 1 is over: the run was cancelled by rana@contoso.example: wrong day"
        for said in [
            try repository.almrun("show", run, "--gate", "prod.approval").output,
            try repository.almrun("why", run, "prod.approval").output,
        ] {
            #expect(said.contains(reason) && !said.contains("not enough people answered"), "\(said)")
        }
    }

    /// What was decided about another state of the target is void, and said to be so before the run is taken up.
    @Test(arguments: [false, true]) func whatIsDecidedAndVoidPromisesNothing(_ isBypass: Bool) throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }] }"], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let decided =
            try isBypass
            ? repository.almrun("bypass", run, "prod", "--reason", "INC-1", as: "otto")
            : repository.almrun("approve", run, "prod", as: "mads")
        #expect(decided.status == 0, "\(decided.error)")
        for arguments in [["show", run], ["runs"], ["why", run, "prod.approval"]] {
            let said = try BuiltCommand.run(arguments, in: repository.path).output
            #expect(said.contains("that is enough"), "\(said)")
        }
        try repository.approve(try repository.release("0.9.0"), "prod", as: "mads")
        for arguments in [
            ["show", run], ["runs"], ["show", run, "--gate", "prod.approval"], ["why", run, "prod.approval"],
            ["why", run, "prod"],
        ] {
            let said = try BuiltCommand.run(arguments, in: repository.path).output
            #expect(said.contains("void when the run is taken up"), "\(arguments): \(said)")
            #expect(
                !said.contains("that is enough")
                    && !said.contains("BYPASSED: prod.approval by otto@contoso.example: INC-1\n"),
                "\(arguments): \(said)")
        }
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod").output
        #expect(
            why.contains(isBypass ? "bypassed by otto@contoso.example" : "approved by mads@contoso.example"), "\(why)")
        #expect(!why.contains(isBypass ? "approved by" : "bypassed by"), "\(why)")
        #expect(try repository.almrun("resume", run).status == 75)
    }

    @Test func halfABypassIsNoneInTheList() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }], bypass: { role: bypass, secondPerson: true } }"],
            roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        #expect(try repository.almrun("bypass", run, "prod", "--reason", "INC-1", as: "otto").status == 0)
        let half = try repository.almrun("runs").output
        #expect(
            half.contains(
                "a bypass of prod.approval by otto@contoso.example: INC-1 (the gate is not open yet: one more"),
            "\(half)")
        #expect(!half.contains("BYPASSED"), "\(half)")
        #expect(try repository.almrun("runs", "--format", "json").output.contains("\"bypassed\": []"))
        let show = try repository.almrun("show", run).output
        #expect(show.contains("(one more of 'bypass': olga@contoso.example)"), "\(show)")
        #expect(show.contains("\n  or      almrun bypass \(run) prod.approval"), "\(show)")
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod").output
        #expect(
            why.contains(
                "bypassed by otto@contoso.example, and one more of 'bypass' (olga@contoso.example) must bypass it"),
            "\(why)")
        #expect(try repository.almrun("bypass", run, "prod", "--reason", "INC-1", as: "olga").status == 0)
        let both = try repository.almrun("runs").output
        #expect(both.contains("BYPASSED: prod.approval by olga@contoso.example: INC-1"), "\(both)")
    }

    /// Whoever takes the run up in between does not take it out of the second person's inbox.
    @Test func halfABypassStaysInTheInbox() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { evidence: [connector.test], bypass: { role: bypass, secondPerson: true } }"],
            roles: Self.roles)
        defer { repository.remove() }
        try #require(try repository.almrun("run", "release", "--input", "version=1.0.0").status == 1)
        try #require(try repository.almrun("bypass", "latest", "prod", "--reason", "INC-1", as: "otto").status == 0)
        let asks = "almrun bypass"
        #expect(try repository.almrun("inbox", as: "olga").output.contains(asks))
        try #require(try repository.almrun("resume", "latest").status == 1)
        let inbox = try repository.almrun("inbox", as: "olga").output
        #expect(inbox.contains(asks) && inbox.contains("otto@contoso.example"), "\(inbox)")
    }

    @Test(arguments: [true, false]) func aGateWhereNobodyIsLeftNamesWhatGoesOn(_ canBypass: Bool) throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager, distinctFrom: [requester] }] }"],
            roles: "manager: [rana@contoso.example]\n" + (canBypass ? "bypass: [otto@contoso.example]\n" : ""))
        defer { repository.remove() }
        let begun = try repository.almrun("run", "release", "--input", "version=1.0.0")
        #expect(begun.status == 75, "\(begun.output)\(begun.error)")
        let run = String(try repository.almrun("runs", "--ids").output.split(separator: "\n")[0])
        let command =
            canBypass
            ? "almrun bypass \(run) prod.approval --reason \"...\"" : "almrun run release --input version=1.0.0"
        for said in [
            begun.output, try repository.almrun("resume", run).output, try repository.almrun("show", run).output,
            try repository.almrun("runs").output, try repository.almrun("show", run, "--gate", "prod").output,
        ] {
            #expect(
                said.contains(
                    "nobody is left who may approve, not rana@contoso.example, who asked for the run: `\(command)`, "),
                "\(said)")
            #expect(!said.contains("decide  almrun approve"), "\(said)")
            #expect(canBypass || !said.contains("then `almrun resume"), "\(said)")
        }
        let why = try repository.why("ContosoSales")
        guard canBypass else {
            // Who asks once more is in the same place.
            #expect(
                why.next.isEmpty && why.output.contains("; what helps is a new run, for which somebody else asks"),
                "\(why.output)")
            let other = try repository.almrun("why", "ContosoSales@1.0.0", "prod", as: "otto")
            #expect(other.next == [command], "\(other.output)")
            return
        }
        #expect(why.output.contains("next: \(command)\n"), "\(why.output)")
        #expect(try repository.almrun("bypass", run, "prod.approval", "--reason", "alone", as: "otto").status == 0)
        #expect(try repository.almrun("resume", run).status == 0)
    }

    @Test func anExpiredGateSaysWhatResumingDoes() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager, expires: 1s }] }"], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        try repository.shell("sleep 1.5")
        for arguments in [["runs"], ["show", run], ["show", run, "--gate", "prod"], ["why", run, "prod.approval"]] {
            let said = try BuiltCommand.run(arguments, in: repository.path).output
            #expect(said.contains("`almrun resume \(run)` ends the run, and once more"), "\(said)")
            #expect(!said.contains("resume to be asked anew") && !said.contains("then `almrun resume"), "\(said)")
        }
        #expect(try repository.almrun("show", run, "--format", "json").output.contains("\"expired\": "))
        #expect(try repository.almrun("resume", run).status == 1)
        #expect(try repository.almrun("why", run, "prod.approval").output.contains("`almrun resume \(run)` asks again"))
        let late = try repository.almrun("approve", run, "prod", as: "mads")
        #expect(late.error.contains("`almrun resume \(run)` asks again"), "\(late.error)")
        #expect(try repository.almrun("resume", run).status == 75)
    }
}
