import Foundation
import Testing

/// `why PACKAGE ENVIRONMENT` where what it names would be refused or come to nothing for what other runs have, or for what the
/// files are by now: followed, no step is refused and none leads round.
@Suite(.waits) struct WhyTakenUpTests {
    private static let roles = "manager: [mads@contoso.example]\noncall: [otto@contoso.example, olga@contoso.example]\n"
    private static let start = "almrun run release --input version=1.0.0"

    private static func asking(_ pending: String, _ gates: String = "approvals: [{ role: manager }]") throws
        -> ReleaseRepository
    {
        try ReleaseRepository(
            ["prod": "gates: { \(gates) }"], roles: roles,
            stages: "concurrency: { group: g, pending: \(pending) }\n")
    }

    /// A run that was approved and has lost its group to another one is not free to go.
    @Test(arguments: ["queue", "refuse"]) func whoHasLostItsGroupWaitsForIt(_ pending: String) throws {
        let repository = try Self.asking(pending)
        defer { repository.remove() }
        let first = try repository.release("1.0.0")
        try #require(try repository.almrun("locks", "release", "g", "--reason", "x").status == 0)
        let second = try repository.release("1.1.0")
        try #require(try repository.almrun("approve", first, "prod", as: "mads").status == 0)
        let why = try repository.whyOf("ContosoSales@1.0.0")
        let fate = pending == "queue" ? "waits until" : "is refused until"
        let said =
            "  unmet  lock      run \(first) \(fate) run \(second) of the same group 'g' has ended, which waits at "
        #expect(why.status == 75 && why.output.contains(said), "\(why.output)")
        let show = "almrun show \(second)"
        #expect(why.next == (pending == "queue" ? [] : [show]) + ["almrun resume \(first)"], "\(why.output)")
        let resumed = try repository.almrun("resume", first)
        #expect(resumed.status == (pending == "queue" ? 75 : 1), "\(resumed.output)\(resumed.error)")
        try #require(try repository.almrun("cancel", second).status == 0)
        let free = try repository.whyOf("ContosoSales@1.0.0")
        #expect(free.status == 0 && free.next == ["almrun resume \(first)"], "\(free.output)")
        #expect(try repository.almrun("resume", first).status == 0)
    }

    /// So is one that was cancelled, beside a newer one that wins.
    @Test func anOlderOneWaitsForTheNewerThatWins() throws {
        let repository = try Self.asking("supersede")
        defer { repository.remove() }
        let first = try repository.release("1.0.0")
        try #require(try repository.almrun("cancel", first).status == 0)
        let second = try repository.release("1.1.0")
        let why = try repository.whyOf("ContosoSales@1.0.0")
        #expect(why.next == ["almrun show \(second)", "almrun resume \(first)"], "\(why.output)")
        #expect(why.output.contains("run \(first) is refused until run \(second) of the same group"), "\(why.output)")
        // Also where that has lost the group meanwhile.
        try #require(try repository.almrun("locks", "release", "g", "--reason", "x").status == 0)
        #expect(try repository.whyOf("ContosoSales@1.0.0").next == why.next)
        try #require(try repository.almrun("resume", second).status == 75)
        // Of one that was superseded it is said by which.
        let third = try repository.release("1.2.0")
        let then = try repository.whyOf("ContosoSales@1.1.0")
        #expect(then.next == ["almrun show \(third)"], "\(then.output)")
        #expect(
            then.output.contains("  unmet  stage     run \(second) was superseded by run \(third)"), "\(then.output)")
        // A new run would end it, which stands beside its command.
        try repository.shell(
            "\"$ALMRUN\" pack solution new.zip --type managed --solution-version 1.3.0 >/dev/null; echo '*.zip' > .git/info/exclude"
        )
        let new = try repository.almrun("why", "./new.zip", "prod")
        #expect(
            new.output.contains("\n      it cancels run \(third), of the same group 'g'; no run has made this package"),
            "\(new.output)")
    }

    /// Where nobody is left who may approve, the run that asks is cancelled before somebody else begins another one.
    @Test(arguments: ["queue", "refuse"]) func whoAsksInVainIsCancelledFirst(_ pending: String) throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager, distinctFrom: [requester] }] }"], roles: Self.roles,
            stages: "concurrency: { group: g, pending: \(pending) }\n")
        defer { repository.remove() }
        try #require(
            try repository.almrun("run", "release", "--input", "version=1.0.0", as: "mads").status == 75)
        let stuck = try repository.newest()
        // Asked for by the same person once more, it would be the same.
        let own = try repository.almrun("why", "ContosoSales@1.0.0", "prod", as: "mads")
        #expect(own.status == 75 && own.next.isEmpty, "\(own.output)")
        let why = try repository.whyOf("ContosoSales@1.0.0")
        #expect(why.next == ["almrun cancel \(stuck)", Self.start], "\(why.output)")
        #expect(why.output.contains("run \(stuck) comes here no more: nobody is left who may approve"), "\(why.output)")
        try #require(try repository.almrun("cancel", stuck).status == 0)
        let new = try repository.release("1.0.0")
        try repository.approve(new, "prod", as: "mads")
        #expect(try repository.whyOf("ContosoSales@1.0.0").output.contains("it is there already"))
    }

    /// What has succeeded without the environment is not taken up.
    @Test func whatWasLeftOutIsSaid() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: Self.roles)
        defer { repository.remove() }
        try repository.rewrite { text in
            text.replacing("stages:\n  pack", with: "  go: { type: boolean, default: false }\nstages:\n  pack")
                .replacing(
                    "    uses: solution.promote\n", with: "    uses: solution.promote\n    when: { inputs.go: true }\n")
        }
        try repository.promote("1.0.0")
        let run = try repository.newest()
        let why = try repository.whyOf("ContosoSales@1.0.0")
        #expect(why.status == 75 && why.next == [Self.start], "\(why.output)")
        #expect(
            why.output.contains("  unmet  stage     'prod' was left out in run \(run), which has succeeded\n")
                && why.output.contains("\n      run \(run) was given the same and has left the deployment out"),
            "\(why.output)")
    }

    /// What an environment before waits for keeps it back here as well, and what has run out until then is not met.
    @Test func theTimeOfAnEnvironmentBeforeCounts() throws {
        let freeze = "gates: { freezes: [{ from: \"2020-01-01\", to: \"2990-12-30\", reason: moving }] }"
        let repository = try ReleaseRepository(
            ["test": freeze, "prod": "after: test\ngates: { evidence: { stages: [lint], notOlderThan: 7d } }"],
            roles: Self.roles, stages: ReleaseRepository.lint)
        defer { repository.remove() }
        _ = try repository.release("1.0.0")
        let why = try repository.whyOf("ContosoSales@1.0.0")
        let time = "not before 2990-12-31T00:00:00.000Z"
        #expect(why.output.contains("\nall that only time can meet: \(time)"), "\(why.output)")
        #expect(why.output.contains("                   \(time)\n"), "\(why.output)")
        #expect(
            why.output.contains("  unmet  evidence  'lint' was shown by")
                && why.output.contains("before a change is possible, 2990-12-31T00:00:00.000Z"), "\(why.output)")
    }

    /// A promotion that binds by the file alone is compared with that.
    @Test func whatIsNotReboundIsThereAlready() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: Self.roles)
        defer { repository.remove() }
        try repository.rewrite { $0.replacing(", settings: \"${{ stages.prod-bind.settings }}\"", with: "") }
        try repository.promote("1.0.0")
        let why = try repository.whyOf("ContosoSales@1.0.0")
        #expect(why.status == 0 && why.output.contains("it is there already, nothing would change"), "\(why.output)")
    }

    /// People who may bypass old evidence are nearer than a new run that makes another package; where nobody may, that is said
    /// once a run of the files of now has.
    @Test(arguments: [true, false]) func aNewRunThatMakesAnotherPackageIsNoWay(_ canBypass: Bool) throws {
        let bypass = canBypass ? ", bypass: { role: oncall, secondPerson: true }" : ""
        let repository = try ReleaseRepository(
            [
                "prod":
                    "gates: { evidence: { stages: [lint], notOlderThan: 2s }, approvals: [{ role: manager }]\(bypass) }"
            ],
            roles: Self.roles, stages: ReleaseRepository.lint)
        defer { repository.remove() }
        let old = try repository.release("1.0.0")
        try repository.shell("sleep 2.2; echo '<!-- more -->' >> solution/Other/Customizations.xml")
        try repository.commit("more", as: "rana")
        let why = try repository.whyOf("ContosoSales@1.0.0")
        if canBypass {
            let gate = "almrun bypass \(old) prod.evidence --reason \"...\""
            #expect(
                why.next == [gate, "almrun approve \(old) prod.approval", "almrun resume \(old)"], "\(why.output)")
            #expect(why.output.contains("next: \(gate)\n      by two of 'oncall' together: "), "\(why.output)")
            // Once it was taken up, and has failed there, the same.
            try #require(try repository.almrun("approve", old, "prod.approval", as: "mads").status == 0)
            try #require(try repository.almrun("resume", old).status == 1)
            let failed = try repository.whyOf("ContosoSales@1.0.0")
            #expect(failed.next == [gate, "almrun resume \(old)"], "\(failed.output)")
            for person in ["otto", "olga"] {
                let bypass = try repository.almrun("bypass", old, "prod.evidence", "--reason", "x", as: person)
                try #require(bypass.status == 0, "\(bypass.error)")
            }
            #expect(try repository.almrun("resume", old).status == 0)
            return
        }
        #expect(why.next == [Self.start], "\(why.output)")
        #expect(
            why.output.contains("which the package was made: a new run makes another content, which needs a version"),
            "\(why.output)")
        let digest = try #require(why.output.firstMatch(of: #/sha256 (\w+)/#)?.1)
        let other = try repository.release("1.0.0")
        let then = try repository.whyOf(String(digest))
        #expect(
            then.next.isEmpty && then.output.contains("no new run makes this package: run \(other), "), "\(then.output)"
        )
    }
}

extension ReleaseRepository {
    /// What is said of a package and `prod`.
    fileprivate func whyOf(_ package: String) throws -> BuiltCommand.Result { try almrun("why", package, "prod") }
}
