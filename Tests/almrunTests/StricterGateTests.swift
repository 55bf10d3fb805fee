import Foundation
import Testing

/// A gate that leaves out committers by now, and packages that were made before it did.
@Suite(.waits) struct StricterGateTests {
    private static let roles = """
        manager: [mads@contoso.example, mia@contoso.example]
        bypass: [otto@contoso.example, olga@contoso.example]

        """
    private static let approval = "prod/promote.approval"
    private static let reason =
        "not mads@contoso.example or mia@contoso.example, who may have written what is released: no gate of the run that "
        + "made the package left out committers, so that nobody looked who wrote it"

    private func repository() throws -> ReleaseRepository {
        let repository = try ReleaseRepository(["prod": ""], roles: Self.roles)
        try repository.promote("1.0.0", "1.1.0")
        try repository.write(
            "prod",
            """
            gates:
              approvals: [{ role: manager, count: 2, distinctFrom: [requester, committers] }]
              bypass: { role: bypass, secondPerson: true }
            """)
        return repository
    }

    private struct Preview: Decodable {
        struct Readiness: Decodable {
            struct Condition: Decodable {
                let kind: String
                let text: String
            }
            let conditions: [Condition]
            let next: [String]
        }
        let outcome: String
        let readiness: Readiness
    }

    /// The dry run says one thing in all its parts, and why.
    @Test func theDryRunSaysWhyNobodyMayApprove() throws {
        let repository = try repository()
        defer { repository.remove() }
        let text = try repository.almrun("rollback", "prod", "--dry-run").output
        #expect(
            text.contains(
                "  unmet  approval: 2 of 'manager' must approve, and nobody is left who may approve, \(Self.reason)\n"),
            "\(text)")
        #expect(!text.contains("nobody knows who did") && !text.contains("(mads@"), "\(text)")
        let json = try repository.almrun("rollback", "prod", "--dry-run", "--format", "json").output
        let preview = try JSONDecoder().decode(Preview.self, from: Data(json.utf8))
        let bypass = "almrun bypass RUN \(Self.approval) --reason \"...\""
        #expect(preview.outcome.contains("\(Self.reason): `\(bypass)`, by two of 'bypass' together"), "\(json)")
        let condition = try #require(preview.readiness.conditions.first { $0.kind == "approval" })
        #expect(condition.text.hasSuffix(Self.reason), "\(condition.text)")
        #expect(preview.readiness.next.count == 2 && preview.readiness.next.last == bypass, "\(preview.readiness.next)")
        #expect(preview.readiness.next.first?.hasPrefix("almrun rollback prod --to 1.0.0") == true)
    }

    /// Where a rollback is the way on, the approval names whom that would ask, as its dry run does.
    @Test func whyNamesNobodyWhoIsLeftOut() throws {
        let repository = try repository()
        defer { repository.remove() }
        let stuck = try repository.almrun("why", "ContosoSales@1.0.0", "prod").output
        #expect(
            stuck.contains(
                "  unmet  approval  2 of 'manager' must approve, and nobody is left who may approve, \(Self.reason)\n"),
            "\(stuck)")
        #expect(stuck.contains("\nnext: almrun rollback prod --to 1.0.0.0 "), "\(stuck)")
        try repository.write("prod", "gates: { approvals: [{ role: manager, distinctFrom: [requester] }] }")
        let asked = try repository.almrun("why", "ContosoSales@1.0.0", "prod", as: "mia").output
        let left = "1 of 'manager' (mads@contoso.example) must approve, not mia@contoso.example, who asked for the run,"
        #expect(asked.contains(left), "\(asked)")
    }

    /// The run says it once a sentence, and whoever is to give the second bypass is led to the one that is half open.
    @Test func theSecondPersonIsLedToTheHalfOpenRollback() throws {
        let repository = try repository()
        defer { repository.remove() }
        let first = try repository.almrun("rollback", "prod", "--comment", "INC-1")
        try #require(first.status == 75, "\(first.output)\(first.error)")
        #expect(first.output.contains("nobody is left who may approve, \(Self.reason): `almrun bypass"))
        let one = try repository.newest()
        for shown in [
            try repository.almrun("runs").output, try repository.almrun("show", one).output,
            try repository.almrun("why", "ContosoSales@1.0.0", "prod").output,
            try repository.almrun("show", one, "--gate", Self.approval).output,
        ] {
            let lines = shown.split(separator: "\n")
            #expect(lines.allSatisfy { $0.components(separatedBy: "may have written").count < 3 }, "\(shown)")
        }
        try #require(try repository.almrun("rollback", "prod", "--comment", "twin").status == 75)
        let two = try repository.newest()
        try #require(
            try repository.almrun("bypass", one, Self.approval, "--reason", "INC-1", as: "otto").status == 0)
        let inbox = try repository.almrun("inbox", as: "olga").output
        #expect(inbox.hasPrefix("\(one)  \(Self.approval)"), "\(inbox)")
        #expect(
            inbox.contains(
                "waiting for prod too: \(one); in \(one) '\(Self.approval)' is bypassed by otto@contoso.example, and one more of "
                    + "'bypass' (olga@contoso.example) must bypass it\n"), "\(inbox)")
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod").output
        #expect(why.contains("nobody else may, \(Self.reason)") && why.contains("run \(one) asks"), "\(why)")
        #expect(why.hasSuffix("next: almrun resume \(one)\n"), "\(why)")
        let gate = try repository.almrun("show", two, "--gate", Self.approval).output
        #expect(gate.contains("in \(one) '\(Self.approval)' is bypassed by otto@contoso.example"), "\(gate)")
    }

    /// Until when people can decide is said wherever is said what is waited for.
    @Test func untilWhenPeopleCanDecideIsSaid() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager, expires: 2h }] }"], roles: Self.roles)
        defer { repository.remove() }
        let begun = try repository.almrun("run", "release", "--input", "version=1.0.0")
        try #require(begun.status == 75, "\(begun.error)")
        let wait = #/waits for the approval of 'prod' by 1 person with the role 'manager'; open until 2\S+Z\n/#
        for shown in [
            begun, try repository.almrun("runs"), try repository.almrun("show", "latest"),
            try repository.almrun("resume", "latest"),
        ] {
            #expect(shown.output.contains(wait), "\(shown.output)")
        }
        for command in [["runs"], ["show", "latest"]] {
            let json = try BuiltCommand.run(command + ["--format", "json"], in: repository.path).output
            let waits = try #require(json.components(separatedBy: "\"waits\"").last)
            #expect(waits.contains(#/"until": "2/#), "\(json)")
        }
    }
}
