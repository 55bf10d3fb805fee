import Foundation
import Testing

/// `why PACKAGE ENVIRONMENT` judges the way that it names: by the files which a run keeps, without a bypass where there is
/// such a way, and by a rollback where that is the shortest.
@Suite(.waits) struct WhyWaysTests {
    private static let roles = """
        manager: [mads@contoso.example]
        bypass: [otto@contoso.example, olga@contoso.example]

        """
    private static let frozen = """
        gates:
          approvals: [{ role: manager }]
          freezes: [{ from: "2020-01-01", to: "2990-12-31", reason: moving }]
        """
    private static let asks = "gates: { approvals: [{ role: manager }] }"

    @Test func aFreezeThatTheRunKeepsIsUnmet() throws {
        let repository = try ReleaseRepository(["prod": Self.frozen], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        try #require(try repository.almrun("approve", run, "prod", as: "mads").status == 0)
        let before = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(before.status == 75 && !before.output.contains("for a new run"), "\(before.output)")
        try repository.write("prod", Self.asks)
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(why.status == 75, "\(why.output)")
        #expect(why.output.contains("  unmet  freeze    frozen 2020-01-01 to 2990-12-31"), "\(why.output)")
        #expect(why.next == ["almrun resume \(run)"], "\(why.output)")
        let note =
            "note: run \(run) keeps 'prod' as its files were when it began, and they have changed; for a new run: no freeze"
        #expect(
            why.output.contains("\(note); `almrun run release --input version=1.0.0` starts one\n"), "\(why.output)")
    }

    @Test func aFreezeThatCameLaterKeepsOnlyNewRunsBack() throws {
        let repository = try ReleaseRepository(["prod": Self.asks], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        try #require(try repository.almrun("approve", run, "prod", as: "mads").status == 0)
        try repository.write("prod", Self.frozen)
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(why.status == 0, "\(why.output)")
        #expect(!why.output.contains("  unmet") && !why.output.contains("not before"), "\(why.output)")
        #expect(why.output.contains("for a new run: unmet freeze: frozen 2020-01-01 to 2990-12-31"), "\(why.output)")
        #expect(!why.output.contains("starts one"), "\(why.output)")
        #expect(try repository.almrun("resume", run).status == 0)
    }

    @Test func whatANewRunShowsNobodyBypasses() throws {
        let gates = "approvals: [{ role: manager }], bypass: { role: bypass, secondPerson: true }"
        let repository = try ReleaseRepository(
            ["prod": "gates: { evidence: [lint], \(gates) }"], roles: Self.roles, stages: ReleaseRepository.lint)
        defer { repository.remove() }
        try repository.work.write(
            """
            inputs:
              package: { type: package }
            stages:
              bind:
                uses: connections.rebind
                environment: prod
                with: { package: "${{ inputs.package }}" }
              prod:
                uses: solution.promote
                environment: prod
                with: { package: "${{ inputs.package }}", settings: "${{ stages.bind.settings }}" }

            """, "pipelines/carry.yaml")
        let first = try repository.release("1.0.0")
        try #require(try repository.almrun("cancel", first, "--reason", "later").status == 0)
        let carried = try repository.almrun("run", "carry", "--input", "package=ContosoSales@1.0.0")
        try #require(carried.status == 1, "\(carried.output)\(carried.error)")
        let run = try repository.newest()
        let half = try repository.almrun("bypass", run, "prod.evidence", "--reason", "INC-1", as: "otto")
        try #require(half.status == 0, "\(half.error)")
        let begun = "bypassed by otto@contoso.example, and one more of 'bypass' (olga@contoso.example) must bypass it"
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(why.next == ["almrun run release --input version=1.0.0"], "\(why.output)")
        #expect(why.output.contains("  met    evidence  'lint' was shown by"), "\(why.output)")
        #expect(why.output.contains("note: 'prod.evidence' of run \(run), which failed: \(begun)"), "\(why.output)")
        // Without a pipeline that shows it, the bypass that was begun is the way, and what is missing of it is unmet.
        try repository.shell("sed -i.old '/^  lint:/,$d' pipelines/release.yaml && rm pipelines/*.old")
        let alone = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(
            alone.next == [
                "almrun bypass \(run) prod.evidence --reason \"...\"", "almrun resume \(run)",
            ], "\(alone.output)")
        let evidence = alone.output.split(separator: "\n").first { $0.contains("  evidence  ") } ?? ""
        #expect(evidence.hasPrefix("  unmet") && evidence.contains(begun), "\(alone.output)")
        #expect(alone.status == 75)
    }

    @Test func whatWasThereBeforeComesBackByARollback() throws {
        let repository = try ReleaseRepository(["dev": "", "prod": "after: dev\n\(Self.asks)"], roles: Self.roles)
        defer { repository.remove() }
        for version in ["1.0.0", "1.1.0"] {
            try repository.approve(try repository.release(version), "prod", as: "mads")
        }
        let command = "almrun rollback prod --to 1.0.0.0 --solution ContosoSales"
        let older = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(older.status == 1 && older.next == [command], "\(older.output)")
        #expect(older.output.contains("in 'prod': only a rollback brings it there\n"), "\(older.output)")
        try #require(try repository.almrun("rollback", "prod", "--comment", "INC-1").status == 75)
        try repository.approve(try repository.newest(), "prod/promote", as: "mads")
        // In 'dev' there is a newer one by now, which a new run would have to wait for.
        _ = try repository.release("1.2.0")
        let why = try repository.almrun("why", "ContosoSales@1.1.0", "prod")
        #expect(why.status == 75, "\(why.output)")
        #expect(why.next == ["almrun rollback prod --to 1.1.0.0 --solution ContosoSales"], "\(why.output)")
        #expect(!why.output.contains("'dev' comes first"), "\(why.output)")
        // Also where a run was refused there.
        try #require(try repository.almrun("run", "release", "--input", "version=1.1.0").status == 1)
        #expect(try repository.almrun("why", "ContosoSales@1.1.0", "prod").next == why.next)
        let back = try repository.almrun("rollback", "prod", "--to", "1.1.0.0", "--solution", "ContosoSales")
        #expect(back.status == 75, "\(back.output)\(back.error)")
        try repository.approve(try repository.newest(), "prod/promote", as: "mads")
        #expect(try repository.almrun("why", "ContosoSales@1.1.0", "prod").status == 0)
    }
}
