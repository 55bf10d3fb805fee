import Foundation
import Testing

/// Where one pipeline brings two solutions to an environment, each is judged by the gates of its own deployment.
@Suite(.waits) struct WhyTwoSolutionsTests {
    private static let ct = "ct: { uses: shell.run, with: { command: [sh, -c, \"echo x >> told\"], effect: once } }"

    /// A pipeline that packs both and brings `core` to an environment first, then `sales`, with more of both.
    private static func repository(
        _ gates: String, core: String, sales: String, packCore: String = "", packSales: String = "", more: String = ct
    ) throws -> ReleaseRepository {
        let repository = try ReleaseRepository(
            ["prod": "gates: { \(gates) }"],
            roles: "manager: [mads@contoso.example]\noncall: [otto@contoso.example]\n")
        try repository.addCore()
        let to = "uses: solution.promote, environment: prod"
        let options = "version: \"${{ inputs.version }}\", type: managed"
        try repository.rewrite { _ in
            """
            inputs: { version: { type: string } }
            stages:
              \(more)
              pack-core: { uses: solution.pack, \(packCore) with: { source: core, \(options) } }
              pack-sales: { uses: solution.pack, \(packSales) with: { source: solution, \(options) } }
              core: { \(to), \(core) with: { package: "${{ stages.pack-core.package }}" } }
              sales: { \(to), \(sales) with: { package: "${{ stages.pack-sales.package }}" } }

            """
        }
        return repository
    }

    @Test func theEvidenceOfTheOtherOneIsNotItsOwn() throws {
        let repository = try Self.repository(
            "evidence: [ct], bypass: { role: oncall }", core: "", sales: "needs: [core],", packCore: "needs: [ct],")
        defer { repository.remove() }
        let made = try repository.run()
        try #require(made.status == 1 && made.output.contains("sales.evidence: "), "\(made.output)\(made.error)")
        let run = try repository.newest()
        let ways = ["almrun bypass \(run) sales.evidence --reason \"...\"", "almrun resume \(run)"]
        let why = try repository.why("ContosoSales")
        #expect(why.status == 75 && why.next == ways, "\(why.output)")
        #expect(why.output.contains("let 'pack-sales', which makes the package, need it"), "\(why.output)")
        // So it is with other files.
        try repository.shell("echo '# more' >> pipelines/release.yaml && git commit -qam more")
        #expect(try repository.why("ContosoSales").next == ways)
        try #require(try repository.almrun("bypass", run, "sales.evidence", "--reason", "x", as: "otto").status == 0)
        #expect(try repository.almrun("resume", run).status == 0)
    }

    @Test func theApprovalOfTheOtherOneIsNotItsOwn() throws {
        let repository = try Self.repository(
            "approvals: [{ role: manager }]", core: "", sales: "needs: [x],",
            more: "x: { uses: shell.run, needs: [core], with: { command: [sh, -c, \"test -f ok\"] } }")
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let asked = try repository.why("ContosoSales")
        #expect(!asked.next.contains("almrun approve \(run) sales.approval"), "\(asked.output)")
        try #require(try repository.almrun("approve", run, "core", as: "mads").status == 0)
        try #require(try repository.almrun("resume", run).status == 1)
        let why = try repository.why("ContosoSales")
        #expect(why.status == 75 && why.next == ["almrun resume \(run)"], "\(why.output)")
        #expect(why.output.contains("unmet  approval  1 of 'manager'"), "\(why.output)")
        #expect(!why.output.contains("given by mads"), "\(why.output)")
    }

    @Test func theGateOfTheOtherOneNeedsNoBypass() throws {
        let repository = try Self.repository(
            "evidence: [ct], bypass: { role: oncall }", core: "", sales: "needs: [x],", packSales: "needs: [ct],",
            more: "\(Self.ct)\n  x: { uses: shell.run, with: { command: [sh, -c, \"test -f ok\"] } }")
        defer { repository.remove() }
        try #require(try repository.run().status == 1)
        let run = try repository.newest()
        let why = try repository.why("ContosoSales")
        #expect(why.next == ["almrun resume \(run)"], "\(why.output)")
        let core = try repository.why("ContosoCore")
        #expect(core.next.first == "almrun bypass \(run) core.evidence --reason \"...\"", "\(core.output)")
        #expect(core.output.contains("let 'pack-core', which makes the package, need it"), "\(core.output)")
        // What only the other one lacks keeps it from nothing.
        try repository.shell("echo ok > ok")
        #expect(try repository.almrun("resume", run).status == 1)
        #expect(try repository.why("ContosoSales").output.contains("this very package is installed"))
    }
}
