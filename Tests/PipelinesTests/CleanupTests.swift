import Documents
import Pipelines
import Testing

/// Nobody is asked under `finally`: a run that was cancelled would not end.
@Suite struct CleanupTests {
    private static let ask = "ask: { uses: approval.wait, with: { role: release-manager } }"

    @Test func cleaningUpAsksNobody() throws {
        let found = Repository("stages: { a: { uses: noop } }\nfinally:\n  \(Self.ask)\n").check()
        #expect(found.map(\.code) == ["manifest/cleanup-asks"] && found.map(\.severity) == [.error])
        #expect(found.map(\.message) == ["'ask' stands under 'finally', and cleaning up asks nobody"])
        #expect(found.first?.location?.text == "approval.wait")
        #expect(throws: Rejected.self) {
            try Repository("stages: { a: { uses: noop } }\nfinally:\n  \(Self.ask)\n").plan()
        }
    }

    /// What stands before a deployment there would be waited for as well.
    @Test(
        arguments: [
            ("approvals: [{ role: release-manager }]", "'approvals'"), ("soak: 1h", "'soak'"),
            ("freezes: [{ from: 2026-12-18, to: 2027-01-06, reason: x }], evidence: [lint]", "'evidence', 'freezes'"),
            ("bypass: { role: release-manager }", nil),
        ] as [(String, String?)])
    func cleaningUpWaitsAtNoGate(_ gates: String, _ named: String?) {
        let place = "after: dev\ntarget: { kind: directory, path: here }\n"
        let ship = "ship: { uses: solution.promote, environment: here, with: { package: \"${{ stages.a.package }}\" } }"
        for template in [false, true] {
            let found = Repository(
                "stages: { a: { uses: solution.pack, with: { source: src, version: \"1\" } } }\nfinally:\n  "
                    + (template
                        ? "s: { template: ship, with: { package: \"${{ stages.a.package }}\" } }\n" : "\(ship)\n"),
                [
                    "environments/here.yaml": "\(place)gates: { \(gates) }",
                    "templates/ship.yaml":
                        "inputs: { package: { type: package } }\nstages:\n  "
                        + ship.replacing("stages.a.package", with: "inputs.package"),
                ]
            ).check().filter { $0.severity == .error }
            #expect(found.map(\.code) == (named == nil ? [] : ["manifest/cleanup-asks"]))
            guard let named else { continue }
            #expect(
                found.first?.message
                    == "'\(template ? "s/" : "")ship' stands under 'finally', and cleaning up waits for nobody: the gates of "
                    + "environment 'here' have \(named)")
            #expect(found.first?.location?.text == "here")
        }
    }

    /// A template may ask where it is used under `stages`.
    @Test(arguments: ["stages", "finally"]) func aTemplateIsRefusedOnlyThere(_ key: String) {
        let found = Repository(
            key == "stages"
                ? "stages: { b: { template: sign } }"
                : "stages: { a: { uses: noop } }\nfinally: { b: { template: sign } }",
            ["templates/sign.yaml": "stages: { \(Self.ask) }"]
        ).check()
        #expect(found.map(\.code) == (key == "stages" ? [] : ["manifest/cleanup-asks"]))
        #expect(found.first?.notes.map(\.message) == (key == "stages" ? nil : ["in 'b'"]))
    }
}
