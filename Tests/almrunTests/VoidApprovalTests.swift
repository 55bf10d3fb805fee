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

    /// Another run has brought the same package meanwhile: nobody is asked anew, and that is said.
    @Test func whereNothingIsLeftToDoNobodyIsAsked() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }], bypass: { role: on-call } }"],
            roles: "manager: [mads@contoso.example]\non-call: [quinn@contoso.example]\n")
        defer { repository.remove() }
        let (first, run, bypassed) = (
            try repository.release("1.0.0"), try repository.release("1.0.0"), try repository.release("1.0.0")
        )
        try #require(try repository.almrun("approve", run, "prod", as: "mads").status == 0)
        try #require(try repository.almrun("bypass", bypassed, "prod", "--reason", "INC-1", as: "quinn").status == 0)
        try repository.approve(first, "prod", as: "mads")
        let said = "asks nobody then, as nothing would change: nothing ContosoSales 1.0.0.0"
        for run in [run, bypassed] {
            for arguments in [
                ["show", run], ["show", run, "--gate", "prod.approval"], ["why", run, "prod.approval"],
            ] {
                let shown = try BuiltCommand.run(arguments, in: repository.path).output
                #expect(shown.contains(said) && !shown.contains("asks anew"), "\(arguments): \(shown)")
            }
            let resumed = try repository.almrun("resume", run)
            #expect(resumed.status == 0, "\(resumed.output)\(resumed.error)")
        }
    }

    /// The target is changed by hand, and put back once the run has asked anew: nobody's earlier word counts.
    @Test(arguments: ["approve", "bypass"]) func whatWasVoidStaysVoid(_ verb: String) throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }], bypass: { role: on-call, secondPerson: true } }"],
            roles: "manager: [mads@contoso.example]\non-call: [quinn@contoso.example, olga@contoso.example]\n")
        defer { repository.remove() }
        try repository.approve(try repository.release("0.9.0"), "prod", as: "mads")
        let run = try repository.release("1.0.0")
        func decide() throws {
            let people = verb == "approve" ? ["mads"] : ["quinn", "olga"]
            for person in people {
                let yes =
                    verb == "approve"
                    ? try repository.almrun("approve", run, "prod", as: person)
                    : try repository.almrun("bypass", run, "prod", "--reason", "INC-1", as: person)
                try #require(yes.status == 0, "\(yes.error)")
            }
        }
        let file = ".almrun/environments/prod/environment.json"
        let before = try String(contentsOfFile: "\(repository.path)/\(file)", encoding: .utf8)
        try #require(before.contains("https://api.prod.example"))
        let after = before.replacing("https://api.prod.example", with: "https://other.example")
        try decide()
        // Nobody took the run up meanwhile: that is no change, and what looks at it writes nothing.
        try repository.work.write(after, file)
        #expect(try repository.almrun("show", run, "--gate", "prod.approval").status == 0)
        try repository.work.write(before, file)
        #expect(try !repository.almrun("show", run).output.contains("void"))
        // The run notices it, and asks anew.
        try repository.work.write(after, file)
        #expect(try repository.almrun("resume", run).status == 75)
        try repository.work.write(before, file)
        #expect(try repository.almrun("resume", run).status == 75)
        #expect(try !repository.almrun("environment", "prod").output.contains("1.0.0.0"))
        for arguments in [["show", run, "--gate", "prod.approval"], ["why", run, "prod.approval"]] {
            let said = try BuiltCommand.run(arguments, in: repository.path).output
            #expect(said.contains("void since round 2: "), "\(said)")
        }
        #expect(try repository.almrun("show", run).output.contains("void since round 2: "))
        let inbox = try repository.almrun("inbox", as: "mads").output
        #expect(inbox.contains("  void ") && inbox.contains("void since round 2: "), "\(inbox)")
        if verb == "bypass" {
            let said = try repository.almrun("show", run).output
            #expect(said.contains("does not count: void since round 2: "), "\(said)")
        }
        try decide()
        let end = try repository.almrun("resume", run)
        #expect(end.status == 0, "\(end.output)\(end.error)")
        #expect(try repository.almrun("verify", run).status == 0)
        #expect(try repository.almrun("show", run, "--gate", "prod.approval").output.contains("void since round 2: "))
    }
}
