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

    @Test("what can never be has no first time")
    func neverHasNoTime() throws {
        let gates = EnvironmentFile.Gates(soak: 86_400)
        let fresh = Self.state([("1.2.0.0", Self.digest, 4)])
        #expect(Readiness(Self.facts(gates, after: "test", before: fresh)).earliest != nil)
        let newer = Self.state([("1.3.0.0", "other", 5)])
        let never = Readiness(Self.facts(gates, after: "test", here: newer, before: fresh))
        #expect(never.standing == .never && never.earliest == nil, "\(never.text)")
        #expect(!never.text.contains("all that only time can meet"), "\(never.text)")
    }

    @Test("what is to be typed quotes names for the shell")
    func namesAreQuoted() throws {
        var facts = Self.facts(after: "it's test", before: Self.state([]))
        facts.pipelines = ["it's mine"]
        let readiness = Readiness(facts)
        #expect(readiness.commands == [#"almrun run 'it'\''s mine'"#], "\(readiness.text)")
        let after = readiness.conditions.first { $0.kind == .after }
        #expect(after?.command == #"almrun why abababababab 'it'\''s test'"#)
    }
}
