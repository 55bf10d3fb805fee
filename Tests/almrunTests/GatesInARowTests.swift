import Foundation
import Testing

/// What `inbox` and `approve` say of the other gates before the same deployment.
@Suite(.waits) struct GatesInARowTests {
    private static let roles = "manager: [mads@contoso.example, quinn@contoso.example, tess@contoso.example]\n"

    @Test func theSecondIsToldThatTheFirstHasRunOut() throws {
        let repository = try ReleaseRepository(
            [
                "prod": "gates: { approvals: [{ role: manager, expires: 3s }, { role: manager, voidOn: [package] }] }"
            ], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let first = try repository.almrun("approve", run, "prod.approval", as: "mads")
        try #require(first.status == 0, "\(first.error)")
        #expect(first.output.contains("which asks at 'prod.approval-2' then: "), "\(first.output)")
        _ = try repository.almrun("resume", run)
        try repository.shell("sleep 3.2")
        let inbox = try repository.almrun("inbox", as: "quinn").output
        #expect(inbox.contains("unmet      the approval of 'prod.approval' has run out "), "\(inbox)")
        let second = try repository.almrun("approve", run, "prod.approval-2", as: "quinn").output
        #expect(second.contains("unmet: the approval of 'prod.approval' has run out "), "\(second)")
        #expect(second.contains("which asks at 'prod.approval' then: mads@contoso.example"), "\(second)")
        #expect(try repository.almrun("resume", run).status == 75)
        let asked = try repository.almrun("show", run, "--gate", "prod.approval").output
        #expect(asked.contains("'prod.approval-2' is approved already by quinn@contoso.example"), "\(asked)")
        let again = try repository.almrun("approve", run, "prod.approval", as: "mads").output
        #expect(again.contains("nobody else is asked: 'prod' begins then"), "\(again)")
        #expect(try repository.almrun("resume", run).status == 0)
    }

    @Test func whoComesLaterIsToldThatItWasEnough() throws {
        let repository = try ReleaseRepository(
            [
                "prod": """
                gates:
                  approvals: [{ role: manager, count: 2, expires: 2h }]
                  freezes: [{ from: 2020-01-01, to: 2999-01-01, reason: Year end, timeZone: UTC }]
                """
            ], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        for person in ["mads", "quinn"] {
            let yes = try repository.almrun("approve", run, "prod", as: person).output
            #expect(!yes.contains("it was enough before"), "\(yes)")
        }
        let third = try repository.almrun("approve", run, "prod", as: "tess").output
        let before = "it was enough before: mads@contoso.example and quinn@contoso.example had approved, and 2 must"
        #expect(third.contains(before), "\(third)")
        #expect(third.contains("an approval that is given now has run out by then"), "\(third)")
        let no = try repository.almrun("reject", run, "prod", "--comment", "wrong", as: "mads")
        #expect(no.status == 0, "\(no.error)")
        let after = try repository.almrun("approve", run, "prod", as: "mads")
        #expect(after.status == 2 && after.error.contains("[gate/rejected]"), "\(after.error)")
    }
}
