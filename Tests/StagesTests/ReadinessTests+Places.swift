import Environments
import Foundation
import Pipelines
import Testing

@testable import Stages

extension ReadinessTests {
    private func facts(_ dev: EnvironmentState, _ test: EnvironmentState? = nil) -> ReadinessFacts {
        var facts = Self.facts(here: Self.state([("1.1.0.0", "old", 1)]))
        facts.places = ["dev": dev, "test": test ?? Self.state([])]
        facts.placesBefore = ["release": ["dev", "test"]]
        return facts
    }

    @Test("where environments before hold a newer version the rollbacks come first")
    func newerBefore() throws {
        let newer = Self.state([("1.2.0.0", Self.digest, 9), ("1.3.0.0", "other", 5)])
        let readiness = Readiness(facts(newer, newer))
        #expect(readiness.standing == .unmet)
        #expect(
            readiness.commands == [
                "almrun rollback dev --to 1.2.0.0 --solution Sales",
                "almrun rollback test --to 1.2.0.0 --solution Sales", "almrun run release",
            ])
        #expect(
            readiness.text.contains(
                "'dev' comes first, and has 1.3.0.0, which is newer than 1.2.0.0, so that a run is refused there"),
            "\(readiness.text)")
        // What is there already, or is older, refuses nothing.
        let same = Self.state([("1.1.0.0", "old", 9), ("1.2.0.0", Self.digest, 5)])
        #expect(Readiness(facts(same)).commands == ["almrun run release"])
    }

    @Test("where nothing brings it back there, no run is advised")
    func neverVerifiedBefore() throws {
        var dev = Self.state([("1.2.0.0", Self.digest, 9), ("1.3.0.0", "other", 5)])
        dev.operations[0].result = .done
        let readiness = Readiness(facts(dev))
        #expect(readiness.standing == .never && readiness.commands.isEmpty, "\(readiness.text)")
        #expect(readiness.text.contains("1.2.0.0 was never verified there, so that no rollback brings it back"))
    }

    @Test("a pipeline that goes another way is named instead")
    func anotherWay() throws {
        var facts = facts(Self.state([("1.2.0.0", Self.digest, 9), ("1.3.0.0", "other", 5)]))
        facts.pipelines = ["release", "hotfix"]
        let readiness = Readiness(facts)
        #expect(readiness.standing == .met && readiness.commands == ["almrun run hotfix"], "\(readiness.text)")
    }
}
