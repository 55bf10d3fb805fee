import Environments
import Foundation
import Pipelines
import Testing

@testable import Stages

extension ReadinessTests {
    @Test("a stage that no pipeline connects with the package shows nothing, one that another pipeline connects does")
    func unconnectedEvidence() throws {
        var facts = Self.facts(.init(evidence: EvidencePolicy(stages: ["ct"])))
        facts.pipelines = ["hotfix", "release"]
        facts.shown = ["hotfix": [], "release": []]
        facts.unconnected = ["release": ["ct": .init(stage: "ct", maker: "pack")]]
        let text = try only(.evidence, facts).text
        #expect(
            text
                == "no run shows 'ct' of it (0 runs of this package looked at); a new run of pipeline 'release' would not "
                + "show it either: nothing there says that 'ct' is about the package; give it the package, or let 'pack', "
                + "which makes the package, need it (needs: [ct])")
        facts.shown["hotfix"] = ["ct"]
        let other = Readiness(facts)
        #expect(other.commands == ["almrun run hotfix"], "\(other.text)")
        #expect(!other.text.contains("would not show it"), "\(other.text)")
    }
}
