import Environments
import Foundation
import OrderedCollections
import Pipelines
import Testing

@testable import Stages

extension ReadinessTests {
    @Test("a stage that no pipeline connects with the package shows nothing, one that another pipeline connects does")
    func unconnectedEvidence() throws {
        var facts = Self.facts(.init(evidence: EvidencePolicy(stages: ["ct"])))
        facts.pipelines = ["hotfix", "release"]
        let loose = UnshownEvidence(names: ["ct"], unconnected: ["ct": .init(stage: "ct", maker: "pack")])
        facts.unshown = ["hotfix": UnshownEvidence(names: ["ct"]), "release": loose]
        let text = try only(.evidence, facts).text
        #expect(
            text
                == "no run shows 'ct' of it (0 runs of this package looked at); a new run of pipeline 'release' would not "
                + "show it either: nothing there says that 'ct' is about the package; give it the package, or let 'pack', "
                + "which makes the package, need it (needs: [ct])")
        facts.unshown["hotfix"] = UnshownEvidence()
        let other = Readiness(facts)
        #expect(other.commands == ["almrun run hotfix"], "\(other.text)")
        #expect(!other.text.contains("would not show it"), "\(other.text)")
    }

    @Test("what an environment on the way asks for is not said to be asked for here")
    func askedForOnTheWay() throws {
        var facts = Self.facts(.init(evidence: EvidencePolicy(stages: ["ct"])))
        facts.pipelines = ["release"]
        facts.unshown["release"] = UnshownEvidence(names: ["ct"])
        let here = "no pipeline that promotes to 'prod' has a stage for it: one must be added"
        #expect(facts.waysToBeShown("ct") == here)
        facts.unshown["release"]?.askers = ["ct": "test"]
        let there =
            "no pipeline that promotes to 'prod' has a stage for what 'test' asks for on the way: one must be added"
        #expect(facts.waysToBeShown("ct") == there)
    }
}
