import Foundation
import Testing

/// An approval is for what was looked at: what changes between it and the deployment makes it void, as the gate says.
@Suite(.waits) struct VoidApprovalTests {
    /// What the gate says of `voidOn`, the status with which the run rests or ends, and what is said of the approval.
    ///
    /// The package of a run never changes once it is made, so that an approval bound to it alone stays good.
    @Test(
        arguments: [
            ("", 75, ["the plan changed from ", "the state of the target changed from "]),
            (", voidOn: [plan]", 75, ["the plan changed from "]),
            (", voidOn: [target]", 75, ["the state of the target changed from "]),
            (", voidOn: [package, target]", 75, ["the state of the target changed from "]),
            (", voidOn: [package]", 0, []),
        ] as [(String, Int32, [String])])
    func whatChangedMakesItVoid(_ voidOn: String, _ status: Int32, _ words: [String]) throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager\(voidOn) }] }"], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let yes = try repository.almrun("approve", run, "prod", as: "mads")
        try #require(yes.status == 0, "\(yes.error)")
        // Another run changes what is installed before this one goes on.
        let other = try repository.release("0.9.0")
        try repository.approve(other, "prod", as: "mads")
        #expect(try repository.almrun("environment", "prod").output.contains("0.9.0.0"))

        let resumed = try repository.almrun("resume", run)
        #expect(resumed.status == status, "\(resumed.output)\(resumed.error)")
        let installed = try repository.almrun("environment", "prod").output
        #expect(installed.contains("1.0.0.0") == (status == 0), "\(installed)")
        guard status == 75 else { return }
        let gate = try repository.almrun("show", run, "--gate", "prod.approval").output
        let why = try repository.almrun("why", run, "prod.approval").output
        for word in words {
            #expect(gate.contains("does not count: ") && gate.contains(word), "\(gate)")
            #expect(why.contains(word), "\(why)")
        }
        let void = gate.split(separator: "\n").first { $0.contains("does not count: ") } ?? ""
        if words.count == 1 { #expect(!void.contains(words[0].contains("plan") ? "target changed" : "plan changed")) }
        #expect(gate.contains("asked anew"), "\(gate)")
        // What was void stays void; what is said to the new question counts.
        #expect(try repository.almrun("resume", run).status == 75)
        try repository.approve(run, "prod", as: "mads")
        #expect(try repository.almrun("environment", "prod").output.contains("1.0.0.0"))
        #expect(try repository.almrun("verify", run).status == 0)
    }
}
