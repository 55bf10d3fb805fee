import Foundation
import Testing

/// Who rolls back learns of a rollback in the same environment that is not over, before a second one is begun.
@Suite(.waits) struct EarlierRollbackTests {
    private static let roles = """
        manager: [mads@contoso.example, mia@contoso.example]
        bypass: [otto@contoso.example, olga@contoso.example]

        """
    private static let evidence = "prod/promote.evidence"

    private func repository(_ gates: String) throws -> ReleaseRepository {
        let repository = try ReleaseRepository(["prod": ""], roles: Self.roles, stages: ReleaseRepository.lint)
        try repository.promote("1.0.0", "1.1.0", "1.2.0")
        try repository.write("prod", gates)
        return repository
    }

    @Test func oneThatWaitsIsNamedWithWhatItAsks() throws {
        let repository = try repository("gates: { approvals: [{ role: manager }] }")
        defer { repository.remove() }
        let before = try repository.almrun("rollback", "prod", "--dry-run").output
        #expect(before.contains("must approve, and no run asks them about this package"), "\(before)")
        #expect(before.contains("without --dry-run a run begins"), "\(before)")
        let first = try repository.almrun("rollback", "prod", "--comment", "INC-1")
        try #require(first.status == 75 && !first.error.contains("note: run "), "\(first.error)")
        let run = try repository.newest()
        let dry = try repository.almrun("rollback", "prod", "--dry-run").output
        #expect(!dry.contains("no run asks"), "\(dry)")
        #expect(dry.contains("and a new run asks them; run \(run) asks about this package already"), "\(dry)")
        let named =
            "note: run \(run) (INC-1) waits to do the same: `almrun show \(run)`; `almrun approve \(run) "
            + "prod/promote.approval`, by mads@contoso.example, mia@contoso.example"
        #expect(dry.contains(named), "\(dry)")
        #expect(dry.contains("without --dry-run a second run begins"), "\(dry)")
        let json = try repository.almrun("rollback", "prod", "--dry-run", "--format", "json").output
        #expect(json.contains("\"open\": \"\(run)\"") && !json.contains("no run asks"), "\(json)")
        // Another version is another goal, in the same environment all the same.
        let other = try repository.almrun("rollback", "prod", "--dry-run", "--to", "1.0.0").output
        #expect(other.contains("note: run \(run) (INC-1) waits to go back to 1.1.0.0: `almrun show"), "\(other)")
        #expect(other.contains("without --dry-run a run begins"), "\(other)")
        let second = try repository.almrun("rollback", "prod", "--comment", "twin")
        #expect(second.status == 75 && second.error.hasPrefix(named), "\(second.error)")
        // One that is called off is over.
        for each in [run, try repository.newest()] {
            try #require(try repository.almrun("cancel", each, "--reason", "mended").status == 0)
        }
        let after = try repository.almrun("rollback", "prod", "--dry-run").output
        #expect(!after.contains("note: run") && after.contains("a run begins"), "\(after)")
        try repository.write("prod", "gates: { approvals: [{ role: manager }, { role: manager }] }")
        let two = try repository.almrun("rollback", "prod", "--dry-run").output
        #expect(two.contains("what is unmet: 'approval'") && !two.contains("'approval', 'approval'"), "\(two)")
    }

    @Test func oneThatFailedIsNamedWithWhoMayOpenIt() throws {
        let repository = try repository(
            "gates: { evidence: [smoke], bypass: { role: bypass, secondPerson: true } }")
        defer { repository.remove() }
        try #require(try repository.almrun("rollback", "prod", "--comment", "INC-22").status == 1)
        let run = try repository.newest()
        func dry(_ more: String...) throws -> String {
            try BuiltCommand.run(["rollback", "prod", "--dry-run"] + more, in: repository.path).output
        }
        let bypass = "almrun bypass \(run) \(Self.evidence) --reason"
        let begin = "note: run \(run) (INC-22), which failed, is to do the same: '\(Self.evidence)' "
        let untouched = try dry()
        #expect(untouched.contains("\(begin)fails, and only a bypass opens it, by two different"), "\(untouched)")
        try #require(
            try repository.almrun("bypass", run, Self.evidence, "--reason", "INC-22", as: "otto").status == 0)
        let half =
            "\(begin)is bypassed by otto@contoso.example, and one more of 'bypass' (olga@contoso.example) must bypass it: "
            + "`\(bypass)"
        let begun = try dry()
        #expect(begun.contains(half), "\(begun)")
        let json = try dry("--format", "json")
        #expect(json.contains("\"open\": \"\(run)\"") && json.contains("(olga@contoso.example) must"), "\(json)")
        let second = try repository.almrun("rollback", "prod", "--comment", "twin")
        #expect(second.status == 1 && second.error.hasPrefix(half), "\(second.error)")
        // What was said in the first is not said in vain beside the second.
        let why = try repository.almrun("why", "ContosoSales@1.1.0", "prod").output
        #expect(why.contains("next: \(bypass)") && why.hasSuffix("next: almrun resume \(run)\n"), "\(why)")
        try #require(
            try repository.almrun("bypass", run, Self.evidence, "--reason", "INC-22", as: "olga").status == 0)
        let open = try dry()
        #expect(
            open.contains("\(begin)is bypassed by otto@contoso.example and olga@contoso.example; then `almrun resume"),
            "\(open)")
        #expect(try repository.almrun("resume", run).status == 0)
    }

    /// A rollback that `why` names, and that would fail, is named with that.
    @Test func whyNamesARollbackWithWhatStopsIt() throws {
        let repository = try repository("gates: { evidence: [smoke] }")
        defer { repository.remove() }
        func why() throws -> String { try repository.almrun("why", "ContosoSales@1.0.0", "prod").output }
        let next = "next: almrun rollback prod --to 1.0.0.0 --solution ContosoSales\n"
        let stopped = try why()
        #expect(stopped.hasSuffix(next), "\(stopped)")
        #expect(
            stopped.contains(
                "note: as a rollback to 1.0.0.0, the run fails at '\(Self.evidence)', which only a bypass opens: `almrun bypass "
                    + "RUN \(Self.evidence) --reason \"...\"`, by one of 'bypass': "), "\(stopped)")
        try repository.write("prod", "")
        let free = try why()
        #expect(free.hasSuffix(next) && !free.contains("as a rollback"), "\(free)")
    }
}
