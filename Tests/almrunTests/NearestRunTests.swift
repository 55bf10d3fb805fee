import Foundation
import Testing

/// Of several runs that wait with one package, the one in which enough people have spoken is named first, and whoever decides
/// in another one is told of it.
@Suite(.waits) struct NearestRunTests {
    private static let roles = """
        manager: [mads@contoso.example, mia@contoso.example]
        oncall: [otto@contoso.example]

        """
    private static let asks = "gates: { approvals: [{ role: manager }] }"

    @Test func theRunThatIsApprovedComesBeforeANewerOne() throws {
        let repository = try ReleaseRepository(["prod": Self.asks], roles: Self.roles)
        defer { repository.remove() }
        let older = try repository.release("1.0.0")
        try #require(try repository.almrun("approve", older, "prod", as: "mads").status == 0)
        let newer = try repository.release("1.0.0")
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(why.status == 0 && why.next == ["almrun resume \(older)"], "\(why.output)")
        #expect(why.output.contains("note: run \(newer) is to bring it here too"), "\(why.output)")
        let said = "in \(older) 'prod.approval' is approved by mads@contoso.example: that is enough there; "
        let risk = "\(said)`almrun resume \(older)` carries on"
        let inbox = try repository.almrun("inbox", as: "mia").output
        #expect(inbox.contains(risk), "\(inbox)")
        let show = try repository.almrun("show", newer, "--gate", "prod", as: "mia").output
        #expect(show.contains(risk), "\(show)")
        let yes = try repository.almrun("approve", newer, "prod", as: "mia")
        #expect(
            yes.status == 0 && yes.output.contains("  risk: waiting for prod too: \(older); \(risk)"), "\(yes.output)")
        // Of two that only have to be taken up, the newer one.
        let both = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(both.status == 0 && both.next == ["almrun resume \(newer)"], "\(both.output)")
    }

    /// What need not wait for a time comes before a newer one that has to.
    @Test func theRunThatGoesOnNowComesBeforeOneThatWaitsForATime() throws {
        let freeze = "freezes: [{ from: 2026-01-01, to: 2199-12-31, reason: x }], bypass: { role: oncall }"
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }], \(freeze) }"], roles: Self.roles)
        defer { repository.remove() }
        let older = try repository.release("1.0.0")
        try #require(try repository.almrun("approve", older, "prod", as: "mads").status == 0)
        try #require(try repository.almrun("resume", older).status == 75)
        try #require(try repository.almrun("bypass", older, "prod", "--reason", "INC-1", as: "otto").status == 0)
        let newer = try repository.release("1.0.0")
        try #require(try repository.almrun("approve", newer, "prod", as: "mads").status == 0)
        try #require(try repository.almrun("resume", newer).status == 75)
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(why.status == 0 && why.next == ["almrun resume \(older)"], "\(why.output)")
    }

    /// A yes to what would not happen any more is none.
    @Test func anApprovalThatIsVoidIsNotEnough() throws {
        let repository = try ReleaseRepository(["prod": Self.asks], roles: Self.roles)
        defer { repository.remove() }
        let older = try repository.release("1.1.0")
        try #require(try repository.almrun("approve", older, "prod", as: "mads").status == 0)
        try repository.write("prod", "")
        try repository.promote("1.0.0")
        try repository.write("prod", Self.asks)
        let newer = try repository.release("1.1.0")
        let why = try repository.almrun("why", "ContosoSales@1.1.0", "prod")
        #expect(why.status == 75 && why.next.first == "almrun approve \(newer) prod.approval", "\(why.output)")
        let show = try repository.almrun("show", newer, "--gate", "prod", as: "mia").output
        #expect(show.contains("waiting for prod too: \(older)") && !show.contains("enough there"), "\(show)")
    }

    @Test func theRunThatIsApprovedComesBeforeOneInDoubt() throws {
        let announce = """
              announce:
                uses: shell.run
                needs: [pack]
                with: { command: [sh, -c, "test ! -e slow || { echo > begun; sleep 60; }"], effect: once }

            """
        let repository = try ReleaseRepository(["prod": Self.asks], roles: Self.roles, stages: announce)
        defer { repository.remove() }
        let path = "\(repository.path)/pipelines/release.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try repository.work.write(
            text.replacing("needs: []", with: "needs: [announce]") + "# once\n", "pipelines/release.yaml")
        try repository.commit("announce", as: "rana")
        let older = try repository.release("1.0.0")
        try #require(try repository.almrun("approve", older, "prod", as: "mads").status == 0)
        try repository.shell(
            """
            echo > slow
            "$ALMRUN" run release --no-reuse --input version=1.0.0 >/dev/null 2>&1 & job=$!
            for i in $(seq 500); do test -e begun && break; sleep 0.02; done
            kill -9 $job; wait $job 2>/dev/null; true
            """)
        let newer = try repository.newest()
        try #require(newer != older)
        for _ in 1...2 {
            let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
            #expect(why.status == 0 && why.next == ["almrun resume \(older)"], "\(why.output)")
            // It waits for somebody's word then.
            _ = try repository.almrun("resume", newer)
        }
    }

    @Test(arguments: [true, false]) func whatNoPipelineShowsNoNewRunShows(_ isBypassed: Bool) throws {
        let bypass = isBypassed ? ", bypass: { role: oncall }" : ""
        let repository = try ReleaseRepository(["prod": "gates: { evidence: [pen]\(bypass) }"], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.failedRelease()
        let bypassing = "almrun bypass \(run) prod.evidence --reason \"...\""
        let ways = isBypassed ? [bypassing, "almrun resume \(run)"] : []
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(why.status == 75 && why.next == ways, "\(why.output)")
        #expect(
            why.output.contains("no pipeline that promotes to 'prod' has a stage for it: one must be added"),
            "\(why.output)")
        #expect(why.output.contains("; or `\(bypassing)`, by one of 'oncall'") == isBypassed, "\(why.output)")
        let show = try repository.almrun("show", run).output
        #expect(show.contains("next: the run keeps the pipeline that it has, and fails there again"), "\(show)")
        #expect(show.contains("\n  or `\(bypassing)`, by one of 'oncall'") == isBypassed, "\(show)")
        if isBypassed {
            // Called off, it asks anew.
            try #require(try repository.almrun("cancel", run, "--reason", "later").status == 0)
            let off = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
            #expect(off.next == ["almrun resume \(run)"], "\(off.output)")
        }
        // Once a pipeline has the stage, a new run is the way.
        let path = "\(repository.path)/pipelines/release.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let pen = "  pen: { uses: shell.run, needs: [pack], with: { command: [\"true\"] } }\n"
        try repository.work.write(text + pen, "pipelines/release.yaml")
        try repository.commit("pen", as: "rana")
        let then = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(then.next == ["almrun run release --input version=1.0.0"], "\(then.output)")
    }

    @Test(arguments: ["rm", "echo damaged >"]) func aPackageThatIsGoneIsPutBackFirst(_ how: String) throws {
        let repository = try ReleaseRepository(["prod": Self.asks], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        try repository.shell(
            """
            digest=$(almrun show \(run) --gate prod | sed -n 's/^package *sha256 //p')
            file=$(echo .almrun/objects/sha256/*/$digest); test -f $file; chmod u+w $file; \(how) $file
            """)
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(why.status == 75 && why.output.contains("  unmet  package   object '"), "\(why.output)")
        #expect(why.next == ["almrun doctor"] && !why.output.contains("almrun approve"), "\(why.output)")
        let stage = try repository.almrun("why", run, "prod").output
        #expect(
            stage.contains("it cannot be deployed as it is: ") && stage.contains("`almrun doctor` first"), "\(stage)")
    }
}
