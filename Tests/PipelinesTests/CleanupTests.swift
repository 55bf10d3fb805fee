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
