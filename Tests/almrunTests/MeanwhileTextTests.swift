import Foundation
import Testing

/// What is said of a run that waits, and in which something has failed, is tried again much later or is being cancelled: each
/// names the command that helps.
@Suite(.waits) struct MeanwhileTextTests {
    private static let roles = """
        manager: [mads@contoso.example]
        oncall: [otto@contoso.example, olga@contoso.example]

        """

    private static let tell = """
          tell:
            uses: shell.run
            retry: { attempts: 3, delay: 1h }
            with: { command: [sh, -c, "exit 75"], effect: repeatable }

        """

    private func regions(eu: String, more: String = "", twoBypass: Bool = false) throws -> ReleaseRepository {
        let report = """
              report:
                uses: shell.run
                needs: [pen]
                with: { command: [sh, -c, "echo"] }

            """
        return try .regions(roles: Self.roles, eu: eu, twoBypass: twoBypass, more: report + more)
    }

    private static let asks = "gates: { approvals: [{ role: manager }] }"

    @Test func whatHasFailedBesideAGateThatWaitsIsNamedWithItsWayOn() throws {
        let repository = try regions(eu: Self.asks)
        defer { repository.remove() }
        let begun = try repository.almrun("run", "release", "--input", "version=1.0.0")
        try #require(begun.status == 75, "\(begun.error)")
        let run = try repository.newest()
        let way = "`almrun resume \(run) --rerun pen` does it again while the run goes on"
        let bypass = "`almrun bypass \(run) us.evidence --reason \"...\"`, by one of 'oncall'"
        let show = try repository.almrun("show", run).output
        for said in [begun.output, show, try repository.almrun("resume", run).output] {
            #expect(said.contains("failed: pen: \(way)\n") && said.contains(bypass), "\(said)")
        }
        let runs = try repository.almrun("runs").output
        #expect(runs.contains("    failed: pen: ") && runs.contains("; \(way)\n"), "\(runs)")
        let json = try repository.almrun("runs", "--format", "json").output
        #expect(json.contains("\"failed\"") && json.contains("--rerun pen` does it again"), "\(json)")
        let refused = try repository.almrun("resume", run, "--rerun", "report")
        #expect(refused.status == 2 && refused.error.contains("'report' is blocked by 'pen'"), "\(refused.error)")
        try #require(try repository.almrun("bypass", run, "us", "--reason", "INC-1", as: "otto").status == 0)
        let opened = try repository.almrun("runs").output
        #expect(opened.contains("bypassed: `almrun resume \(run)` carries on"), "\(opened)")
    }

    @Test func whyNamesWhoTookTheGroupAway() throws {
        let repository = try regions(eu: Self.asks)
        defer { repository.remove() }
        let path = "\(repository.path)/pipelines/release.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try repository.work.write("concurrency: { group: rel }\n\(text)", "pipelines/release.yaml")
        try repository.commit("group", as: "rana")
        let run = try repository.release("1.0.0")
        let lost = try repository.almrun("locks", "release", "rel", "--reason", "stuck", as: "mads")
        try #require(lost.status == 0, "\(lost.error)")
        for step in ["eu", "eu.approval"] {
            let why = try repository.almrun("why", run, step).output
            #expect(why.contains("the group 'rel' was taken away by mads@contoso.example"), "\(why)")
        }
    }

    @Test func anAttemptThatIsFarOffCanBeMadeNow() throws {
        let repository = try regions(eu: "", more: Self.tell)
        defer { repository.remove() }
        let begun = try repository.almrun("run", "release", "--input", "version=1.0.0")
        try #require(begun.status == 75, "\(begun.error)")
        let run = try repository.newest()
        let way = "`almrun resume \(run) --rerun tell` tries it now"
        for said in [
            begun.output, try repository.almrun("show", run).output, try repository.almrun("resume", run).output,
            try repository.almrun("why", run, "tell").output,
        ] {
            #expect(said.contains(way), "\(said)")
        }
    }

    /// Nothing is begun again before the cleanup is through, and once it is cancelled nothing counts that was said before.
    @Test func aBypassBesideACleanupSaysWhatItDoes() throws {
        let repository = try regions(eu: "", more: "finally:\n\(Self.tell)", twoBypass: true)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let half = try repository.almrun("bypass", run, "us", "--reason", "INC-1", as: "otto")
        #expect(half.output.contains("one more person with the role 'oncall' is needed"), "\(half.output)")
        let yes = try repository.almrun("bypass", run, "us", "--reason", "INC-1", as: "olga")
        let next = "next: once the run has ended, `almrun resume \(run)` carries on\n"
        #expect(yes.output.contains(next), "\(yes.output)")
        #expect(yes.output.contains("`almrun resume \(run) --rerun tell` tries it now"), "\(yes.output)")
        let more = try repository.almrun("bypass", run, "us", "--reason", "INC-1", as: "olga")
        #expect(more.error.contains("bypassed by otto@contoso.example and olga@contoso.example, which is enough"))
        let cancel = try repository.almrun("cancel", run, "--reason", "stop")
        #expect(cancel.status == 75 && cancel.output.contains("--rerun tell` tries it now"), "\(cancel.output)")
        let again = try repository.almrun("bypass", run, "us", "--reason", "INC-1", as: "otto")
        let words = "bypassed by otto@contoso.example and olga@contoso.example, but the run is being cancelled"
        #expect(again.status == 2 && again.error.contains(words), "\(again.output)\(again.error)")
        #expect(!again.error.contains("one more person"), "\(again.error)")
        let why = try repository.almrun("why", run, "us.evidence").output
        #expect(why.contains(words) && why.contains("cancel asked for by rana@contoso.example"), "\(why)")
        let end = try repository.almrun("resume", run, "--rerun", "tell")
        #expect(end.output.contains("tell"), "\(end.output)")
    }
}
