import Documents
import Pipelines
import Testing

/// Who lets one environment come after another has to let its stage wait for the other one's.
@Suite struct EnvironmentOrderWarningTests {
    private static let files = [
        "environments/one.yaml": "target: { kind: directory, path: one }",
        "environments/two.yaml": "after: one\ntarget: { kind: directory, path: two }",
        "templates/ring.yaml": """
        inputs:
          package: { type: package }
          environment: { type: environment }
        stages:
          look: { uses: noop }
          up:
            uses: solution.promote
            environment: ${{ inputs.environment }}
            needs: [look]
            with: { package: "${{ inputs.package }}" }
        """,
    ]
    private static let pack = "stages:\n  pack: { uses: solution.pack, with: { source: src, version: \"1\" } }\n"

    private func warnings(_ stages: String) -> [Diagnostic] {
        Repository(Self.pack + stages, Self.files).check().filter { $0.code == "manifest/unordered-environments" }
    }

    private func stage(_ name: String, _ environment: String, _ more: String = "") -> String {
        "  \(name): { uses: solution.promote, environment: \(environment), \(more)"
            + "with: { package: \"${{ stages.pack.package }}\" } }\n"
    }

    private func ring(_ name: String, _ environment: String, _ more: String = "") -> String {
        "  \(name): { template: ring, \(more)with: { environment: \(environment), package: "
            + "\"${{ stages.pack.package }}\" } }\n"
    }

    @Test func aStageThatDoesNotWaitIsNamed() {
        let found = warnings(stage("a", "one") + stage("b", "two"))
        #expect(found.map(\.severity) == [.warning])
        #expect(found.map(\.message) == ["'two' comes after 'one', and 'b' does not wait for 'a'"])
        #expect(found.first?.help == "add 'needs: [a]' to 'b'" && found.first?.location?.text == "b")
        #expect(warnings(stage("a", "one") + stage("b", "two", "needs: [a], ")).isEmpty)
        let through = "  between: { uses: noop, needs: [a] }\n"
        #expect(warnings(stage("a", "one") + through + stage("b", "two", "needs: [between], ")).isEmpty)
        // A way back is meant, and of two with a `when` maybe one alone is done.
        #expect(warnings(stage("a", "one", "needs: [b], ") + stage("b", "two")).isEmpty)
        let only = "when: { run.trigger: x }, "
        #expect(warnings(stage("a", "one") + stage("b", "two", only)).count == 1)
        #expect(warnings(stage("a", "one", only) + stage("b", "two", only)).isEmpty)
        // Only where the other one is in the pipeline too.
        #expect(warnings(stage("b", "two")).isEmpty)
    }

    @Test func theUseOfATemplateIsNamed() {
        let found = warnings(ring("a", "one") + ring("b", "two"))
        #expect(found.map(\.message) == ["'two' comes after 'one', and 'b' does not wait for 'a'"])
        #expect(found.first?.help == "add 'needs: [a]' to 'b'" && found.first?.location?.text == "b")
        #expect(warnings(ring("a", "one") + ring("b", "two", "needs: [a], ")).isEmpty)
    }

    /// The instances of one stage have no order, however many work at once.
    @Test func theItemsOfForEachAreNoOrder() {
        let found = warnings(
            ring("each", "\"${{ ring }}\"", "forEach: { in: [one, two], as: ring }, maxParallel: 1, "))
        #expect(found.map(\.message) == ["'two' comes after 'one', and 'each:two' does not wait for 'each:one'"])
        #expect(
            found.first?.help
                == "the instances of 'forEach' have no order: write a stage for each environment, with 'needs'")
    }
}
