import Foundation
import Testing

/// `why PACKAGE ENVIRONMENT` beside a run that was begun for the same and has not made its package yet, and beside one that has the
/// group and comes nowhere any more: what it names is followed until the package is there.
@Suite(.waits) struct WhyParkedTests {
    private static let roles = "manager: [mads@contoso.example]\n"
    private static let start = "almrun run release --input version=1.0.0"

    private static func repository(
        _ group: String = "concurrency: { group: g }\n", notOlderThan seconds: Int = 2
    ) throws -> ReleaseRepository {
        let repository = try ReleaseRepository(
            ["prod": ""], roles: roles, stages: ReleaseRepository.lint + group)
        try repository.askForLint(notOlderThan: seconds)
        try repository.commit("gates", as: "rana")
        return repository
    }

    /// Who has the group waits on evidence that has run out: it is cancelled before a new run is begun, and that one goes on.
    @Test(arguments: ["queue", "refuse"]) func whoComesNowhereIsCancelledFirst(_ pending: String) throws {
        let repository = try Self.repository("concurrency: { group: g, pending: \(pending) }\n")
        defer { repository.remove() }
        let old = try repository.release("1.0.0")
        try repository.shell("sleep 2.2")
        let first = try repository.why("ContosoSales")
        #expect(first.next == ["almrun cancel \(old)", Self.start], "\(first.output)")
        #expect(
            first.output.contains("of the same group 'g' has ended, which waits at 'prod.approval'")
                && first.output.contains("                   almrun cancel \(old)\n"), "\(first.output)")
        if pending == "queue" {
            // Begun without that, it is parked, and no other one is begun beside it.
            let parked = try repository.release("1.0.0")
            let then = try repository.why("ContosoSales")
            #expect(then.next == ["almrun cancel \(old)", "almrun resume \(parked)"], "\(then.output)")
            #expect(
                then.output.contains("  unmet  lock      run \(parked) waits for run '\(old)' of the same group 'g'")
                    && then.output.contains("note: run \(parked), of the same files and inputs, is under way"),
                "\(then.output)")
            try #require(try repository.almrun("cancel", old).status == 0)
            let free = try repository.why("ContosoSales")
            #expect(free.next == ["almrun resume \(parked)"], "\(free.output)")
            #expect(!free.output.contains("waits for run"), "\(free.output)")
            try #require(try repository.almrun("resume", parked).status == 75)
            try repository.approve(parked, "prod", as: "mads")
        } else {
            try #require(try repository.almrun("cancel", old).status == 0)
            try repository.approve(try repository.release("1.0.0"), "prod", as: "mads")
        }
        #expect(try repository.why("ContosoSales").output.contains("it is there already"))
    }

    /// One that still goes elsewhere is looked at, and not cancelled.
    @Test func whoStillGoesElsewhereIsLeftAlone() throws {
        let repository = try Self.repository(
            "  later: { uses: approval.wait, with: { role: manager } }\nconcurrency: { group: g }\n")
        defer { repository.remove() }
        let old = try repository.release("1.0.0")
        try repository.shell("sleep 2.2")
        let why = try repository.why("ContosoSales")
        #expect(why.next == [Self.start] && why.output.contains("almrun show \(old)\n"), "\(why.output)")
    }

    /// A run that waits before it packs is the one that a new run would be.
    @Test func whoAsksBeforeItPacksIsCarriedOn() throws {
        let repository = try Self.repository("", notOlderThan: 600)
        defer { repository.remove() }
        try repository.askBeforePacking()
        let old = try repository.release("1.0.0")
        try repository.approve(old, "ask", as: "mads")
        try #require(try repository.almrun("cancel", old).status == 0)
        let asking = try repository.release("1.0.0")
        let why = try repository.why("ContosoSales")
        #expect(why.next == ["almrun approve \(asking) ask", "almrun resume \(asking)"], "\(why.output)")
        let asks =
            "  unmet  stage     'ask' of run \(asking): waits for the approval by 1 person with the role 'manager'"
        #expect(why.status == 75 && why.output.contains(asks), "\(why.output)")
        // Of another version nothing is said, nor of one that would pack other files.
        let other = try repository.release("1.1.0")
        #expect(try repository.why("ContosoSales").next == why.next)
        try repository.commit("more", as: "rana")
        #expect(try repository.why("ContosoSales").next == ["almrun resume \(old)"])
        try repository.shell("git reset -q --hard HEAD~")
        // Who says no there ends it.
        let second = try repository.release("1.0.0")
        try #require(try repository.almrun("reject", second, "ask", "--comment", "no", as: "mads").status == 0)
        #expect(try repository.why("ContosoSales").next == why.next)
        try repository.approve(asking, "ask", as: "mads")
        let asked = try repository.why("ContosoSales")
        #expect(asked.next == ["almrun approve \(asking) prod.approval", "almrun resume \(asking)"], "\(asked.output)")
        try #require(try repository.almrun("cancel", other).status == 0)
    }

    /// What nobody has any more is waited for no longer, whoever had it.
    @Test func aRunThatHasEndedIsNotWaitedFor() throws {
        let repository = try Self.repository()
        defer { repository.remove() }
        try repository.work.write(
            """
            concurrency: { group: g }
            inputs: { package: { type: package } }
            stages:
              prod: { uses: solution.promote, environment: prod, with: { package: "${{ inputs.package }}" } }

            """, "pipelines/promote.yaml")
        try repository.write("prod", "gates: { approvals: [{ role: manager }] }")
        try repository.commit("promote", as: "rana")
        let first = try repository.release("1.0.0")
        let carried = try repository.almrun("run", "promote", "--input", "package=ContosoSales@1.0.0")
        try #require(carried.status == 75, "\(carried.output)\(carried.error)")
        let parked = try repository.newest()
        try #require(
            try repository.almrun("reject", first, "prod", "--comment", "not this one", as: "mads").status == 0)
        try #require(try repository.almrun("resume", first).status == 1)
        let why = try repository.why("ContosoSales")
        #expect(why.next == ["almrun resume \(parked)"], "\(why.output)")
        #expect(!why.output.contains("almrun show \(first)"), "\(why.output)")
    }
}
