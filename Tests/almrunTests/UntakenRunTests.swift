import Engine
import Foundation
import Testing

/// Every command says of a run that it would not be taken up, and none hangs on one of a newer version.
@Suite(.waits) struct UntakenRunTests {
    private func repository() throws -> ReleaseRepository {
        try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }] }"], roles: "manager: [mads@contoso.example]\n")
    }

    @Test func aForgedStart() throws {
        let repository = try repository()
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        try ForgedLedger(repository).append(#""kind":"started","step":"prod","attempt":1,"token":"t""#)
        let fault = "starts 'prod', and its gate 'prod.approval' is not open; `almrun verify \(run)` says more"
        let why = try repository.almrun("why", run, "prod")
        #expect(why.error.contains("run '\(run)' is not taken up: event") && why.error.contains(fault), "\(why.error)")
        #expect(try repository.almrun("show", run).error.contains(fault))
    }

    /// Somebody has approved before the ledger was changed.
    @Test func whatWasDecidedInItIsNotEnough() throws {
        let repository = try repository()
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        #expect(try repository.almrun("approve", run, "prod", as: "mads").status == 0)
        let before = try repository.almrun("runs")
        #expect(before.output.contains("that is enough"), "\(before.output)")
        let ledger = try ForgedLedger(repository)
        try ledger.append(#""kind":"started","step":"prod","attempt":1,"token":"t""#)
        try ledger.append(#""kind":"ended","step":"prod","attempt":1,"outcome":"lost","message":"gone""#)
        try ledger.append(#""kind":"rested""#)
        let after = try repository.almrun("runs")
        #expect(!after.output.contains("that is enough"), "\(after.output)")
        #expect(after.output.contains("    not taken up: event "), "\(after.output)")
        #expect(after.output.contains("`almrun verify \(run)` says more"), "\(after.output)")
        let json = try repository.almrun("runs", "--format", "json").output
        #expect(json.contains("\"fault\": \"event ") && !json.contains("that is enough"), "\(json)")
    }

    @Test func aRunOfANewerVersion() throws {
        let repository = try repository()
        defer { repository.remove() }
        let old = try repository.release("1.0.0")
        let new = try repository.release("1.1.0")
        let ledger = try ForgedLedger(repository)
        let count = try ledger.lines.count
        var place = 0
        let (today, later) = ("\"format\":\(RunEvent.format)", "\"format\":\(RunEvent.format + 1)")
        try ledger.rewrite { line in
            place += 1
            return place == count ? line.replacing(today, with: later) : line
        }
        let inbox = try repository.almrun("inbox", "--all", as: "mads")
        #expect(inbox.status == 0 && inbox.output.contains(old), "\(inbox.output)\(inbox.error)")
        #expect((inbox.output + inbox.error).contains("run '\(new)'"), "\(inbox.output)\(inbox.error)")
        let runs = try repository.almrun("runs")
        #expect(runs.status == 0 && runs.output.contains(old) && runs.output.contains(new), "\(runs.error)")
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod", as: "mads")
        #expect(why.status == 75 && why.error.contains("use the version of almrun that wrote it"), "\(why.error)")
        #expect(!why.error.contains("prune"), "\(why.error)")
        let doctor = try repository.almrun("doctor")
        #expect(doctor.status == 1, "\(doctor.output)")
        #expect(doctor.output.contains("in a newer format is whole: use the version that wrote it"), "\(doctor.output)")
        #expect(!doctor.output.contains("prune --run"), "\(doctor.output)")
        try repository.approve(old, "prod", as: "mads")
    }
}
