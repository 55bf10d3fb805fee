import Documents
import Pipelines

/// Plans of steps that do nothing.
enum Shapes {
    /// One step after the other.
    static func chain(_ count: Int) -> Plan {
        plan((0..<count).map { step($0, needs: $0 > 0 ? [$0 - 1] : [], .none) })
    }

    /// Layers in which each step needs some of the layer before.
    static func layered(
        _ layers: Int, _ width: Int, edges: Int, effect: StageDescription.Effect = .none
    ) -> Plan {
        plan(
            (0..<(layers * width)).map { number in
                let layer = number / width
                let needs = layer == 0 ? [] : (0..<edges).map { (layer - 1) * width + (number * 7 + $0 * 31) % width }
                return step(number, needs: needs, effect)
            })
    }

    private static func plan(_ steps: [Step]) -> Plan { Plan(pipeline: "bench", steps: steps) }

    private static func step(_ number: Int, needs: [Int], _ effect: StageDescription.Effect) -> Step {
        Step(
            id: StepID("step-\(number)"), work: .stage("bench.nothing"), effect: effect,
            needs: needs.map { Need(StepID("step-\($0)"), .declared) })
    }
}
