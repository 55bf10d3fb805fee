import Foundation
import Testing

/// Which commit says who decides about a rollback: not the one that the package was made of.
@Suite(.waits) struct RollbackCommitTests {
    @Test func eachGateNamesTheCommitOfItsRoles() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        try repository.promote("1.0.0", "1.1.0")
        func head() throws -> String {
            String(
                try BuiltCommand.shell("git rev-parse HEAD", in: repository.path, environment: [:]).output.prefix(12))
        }
        let made = try head()
        try repository.write("prod", "gates: { approvals: [{ role: manager }] }")
        try repository.commit("approval", as: "rana")
        let decides = try head()
        try #require(made != decides)
        let rollback = try repository.almrun("rollback", "prod")
        try #require(rollback.status == 75, "\(rollback.output)\(rollback.error)")
        let run = try repository.newest()
        let said = "rana@contoso.example, package of commit \(made), gates and roles of commit \(decides)"
        let gate = try repository.almrun("show", run, "--gate", "prod/promote").output
        #expect(gate.contains(said), "\(gate)")
        let inbox = try repository.almrun("inbox", as: "mads").output
        #expect(inbox.contains("by \(said)"), "\(inbox)")
        let json = try repository.almrun("show", run, "--format", "json").output
        #expect(json.contains("\"gatesCommit\": \"\(decides)"), "\(json)")
    }
}
