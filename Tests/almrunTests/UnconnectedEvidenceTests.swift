import Foundation
import Testing

/// A stage of the asked name that the pipeline does not connect with the package shows nothing of it, however often it is run.
@Suite(.waits) struct UnconnectedEvidenceTests {
    private static let roles = "oncall: [otto@contoso.example]\n"
    private static let stage =
        "  ct: { uses: shell.run, with: { command: [sh, -c, \"echo x >> told\"], effect: once } }\n"
    private static let mending =
        "a new run of pipeline 'release' would not show it either: nothing there says that 'ct' is about the package; give it "
        + "the package, or let 'pack', which makes the package, need it (needs: [ct])"

    @Test(arguments: [true, false]) func noNewRunIsNamedBeforeThePipelineIsMended(_ isBypassed: Bool) throws {
        let bypass = isBypassed ? ", bypass: { role: oncall }" : ""
        let repository = try ReleaseRepository(
            ["prod": "gates: { evidence: [ct]\(bypass) }"], roles: Self.roles, stages: Self.stage)
        defer { repository.remove() }
        let run = try repository.failedRelease()
        let bypassing = "almrun bypass \(run) prod.evidence --reason \"...\""
        let ways = isBypassed ? [bypassing, "almrun resume \(run)"] : []
        let why = try repository.why()
        #expect(why.status == 75 && why.next == ways, "\(why.output)")
        let said =
            "stage 'ct' is neither given the package nor waited for by 'pack', which made it, and works on other files "
            + "(run \(run)); \(Self.mending)"
        #expect(why.output.contains(said), "\(why.output)")
        #expect(why.output.contains("; or `\(bypassing)`, by one of 'oncall'") == isBypassed, "\(why.output)")
        // Other settings make the new run no better.
        let file = "\(repository.path)/environments/prod.yaml"
        let settings = try String(contentsOfFile: file, encoding: .utf8)
        try repository.work.write(settings.replacing("api.prod", with: "api2.prod"), "environments/prod.yaml")
        try repository.commit("settings", as: "rana")
        let changed = try repository.why()
        #expect(changed.next == ways && !changed.output.contains("almrun run "), "\(changed.output)")
        #expect(changed.output.contains("note: run \(run) keeps 'prod'"), "\(changed.output)")
        // Once the pipeline is mended, a new run is the way.
        _ = try repository.connect()
        let then = try repository.why()
        #expect(then.next == ["almrun run release --input version=1.0.0"], "\(then.output)")
        #expect(!then.output.contains("would not show it"), "\(then.output)")
        #expect(try repository.almrun("run", "release", "--input", "version=1.0.0").status == 0)
    }

    /// The commands that are named bring it there, and do nothing twice.
    @Test func theBypassOfTheRunThatFailedBringsItThere() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { evidence: [ct], bypass: { role: oncall, secondPerson: true } }"],
            roles: "oncall: [otto@contoso.example, olga@contoso.example]\n", stages: Self.stage)
        defer { repository.remove() }
        try #require(try repository.almrun("run", "release", "--input", "version=1.0.0").status == 1)
        let run = try repository.newest()
        for person in ["otto", "olga"] {
            #expect(try repository.why().next.first == "almrun bypass \(run) prod.evidence --reason \"...\"")
            try #require(try repository.almrun("bypass", run, "prod.evidence", "--reason", "x", as: person).status == 0)
        }
        let open = try repository.why()
        #expect(open.status == 0 && open.next == ["almrun resume \(run)"], "\(open.output)")
        #expect(!open.output.contains("would not show it"), "\(open.output)")
        #expect(try repository.almrun("resume", run).status == 0)
        #expect(try String(contentsOfFile: "\(repository.path)/told", encoding: .utf8) == "x\n")
    }

    /// What has become too old is shown anew by no run either, where the pipeline has lost the connection since.
    @Test func oldEvidenceThatNoNewRunShowsAsksForABypass() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { evidence: { stages: [ct], notOlderThan: 1s }, bypass: { role: oncall } }"],
            roles: Self.roles, stages: Self.stage + "  slow: { uses: shell.run, with: { command: [sleep, \"2\"] } }\n")
        defer { repository.remove() }
        let path = "\(repository.path)/pipelines/release.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let connected = text.replacing("uses: solution.pack\n", with: "uses: solution.pack\n    needs: [ct]\n")
        try repository.work.write(
            connected.replacing("needs: []", with: "needs: [slow]").replacing("slow: {", with: "slow: { needs: [ct],"),
            "pipelines/release.yaml")
        try repository.commit("connected", as: "rana")
        let made = try repository.almrun("run", "release", "--input", "version=1.0.0")
        try #require(made.status == 1 && made.output.contains("gate/old-evidence"), "\(made.output)\(made.error)")
        let run = try repository.newest()
        #expect(try repository.why().next == ["almrun run release --input version=1.0.0"])
        try repository.work.write(text, "pipelines/release.yaml")
        try repository.commit("loose", as: "rana")
        let why = try repository.why()
        #expect(
            why.next == ["almrun bypass \(run) prod.evidence --reason \"...\"", "almrun resume \(run)"], "\(why.output)"
        )
        #expect(why.output.contains(Self.mending), "\(why.output)")
        try #require(try repository.almrun("bypass", run, "prod.evidence", "--reason", "x", as: "otto").status == 0)
        #expect(try repository.almrun("resume", run).status == 0)
    }

    /// So it is while the run still waits for an approval.
    @Test(arguments: [true, false]) func whatHasRunOutInAWaitingRunAsksForABypass(_ isBypassed: Bool) throws {
        let bypass = isBypassed ? ", bypass: { role: oncall }" : ""
        let evidence = "evidence: { stages: [ct], notOlderThan: 2s }"
        let repository = try ReleaseRepository(
            ["prod": "gates: { \(evidence), approvals: [{ role: oncall }]\(bypass) }"], roles: Self.roles,
            stages: Self.stage)
        defer { repository.remove() }
        let text = try repository.connect()
        let run = try repository.release("1.0.0")
        try repository.work.write(text, "pipelines/release.yaml")
        try repository.commit("loose", as: "rana")
        try repository.shell("sleep 2.1")
        let why = try repository.why()
        let ways = ["bypass \(run) prod.evidence --reason \"...\"", "approve \(run) prod.approval", "resume \(run)"]
        #expect(why.next == (isBypassed ? ways.map { "almrun \($0)" } : []), "\(why.output)")
        #expect(why.output.contains(Self.mending) && !why.output.contains("almrun run "), "\(why.output)")
        _ = try repository.connect()
        let then = try repository.why()
        #expect(then.next == ["almrun run release --input version=1.0.0"], "\(then.output)")
    }

    /// So it is where the run that failed there waits elsewhere.
    @Test(arguments: [true, false]) func whatHasFailedInARunThatWaitsElsewhereAsksForABypass(_ isBypassed: Bool) throws
    {
        let bypass = isBypassed ? ", bypass: { role: oncall }" : ""
        let repository = try ReleaseRepository(
            ["prod": "gates: { evidence: [ct]\(bypass) }"], roles: Self.roles,
            stages: Self.stage + "  ask: { uses: approval.wait, with: { role: oncall } }\n")
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let why = try repository.why()
        let ways = ["almrun bypass \(run) prod.evidence --reason \"...\"", "almrun resume \(run)"]
        #expect(why.next == (isBypassed ? ways : []), "\(why.output)")
        #expect(why.output.contains(Self.mending), "\(why.output)")
        _ = try repository.connect()
        #expect(try repository.why().next == ["almrun run release --input version=1.0.0"])
    }
}

extension ReleaseRepository {
    /// Lets the package wait for the stage, and gives the pipeline as it was before.
    fileprivate func connect() throws -> String {
        let text = try String(contentsOfFile: "\(path)/pipelines/release.yaml", encoding: .utf8)
        let connected = text.replacing("uses: solution.pack\n", with: "uses: solution.pack\n    needs: [ct]\n")
        try work.write(connected, "pipelines/release.yaml")
        try shell("git commit -qam connected")
        return text
    }

    fileprivate func why() throws -> BuiltCommand.Result { try almrun("why", "ContosoSales@1.0.0", "prod") }
}
