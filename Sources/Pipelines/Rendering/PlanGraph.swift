public import Documents
import OrderedCollections

/// A plan as a graph, for people and for programs that draw graphs.
public struct PlanGraph: Sendable {
    private let plan: Plan
    private let ids: [String]
    private let edges: [(from: Int, to: Int, isGate: Bool)]

    /// The graph; what a stage's gates wait for is drawn at the first of them.
    public init(_ plan: Plan) {
        self.plan = plan
        ids = plan.steps.map(\.id.rawValue)
        var positions: [StepID: Int] = [:]
        for (position, step) in plan.steps.enumerated() { positions[step.id] = position }
        var edges: [(from: Int, to: Int, isGate: Bool)] = []
        for (position, step) in plan.steps.enumerated() {
            var from: [Int] = []
            var gate: Int?
            for need in step.needs {
                guard let other = positions[need.step] else { continue }
                if need.reason == .gate { gate = other }
                if !from.contains(other) { from.append(other) }
            }
            // What a gate's chain waits for, its first gate says.
            if let gate { from = [gate] }
            edges += from.sorted().map { ($0, position, $0 == gate) }
        }
        self.edges = edges
    }

    /// Indented lines: each step below one that it waits for, with the others named beside it.
    public var text: String {
        var parents = Array(repeating: [Int](), count: ids.count)
        for edge in edges { parents[edge.to].append(edge.from) }
        var depths = Array(repeating: 0, count: ids.count)
        var rows: [String] = []
        for position in ids.indices {
            depths[position] = (parents[position].map { depths[$0] }.max() ?? -1) + 1
        }
        for position in ids.indices {
            let step = plan.steps[position]
            let indent = String(repeating: "  ", count: min(depths[position], 20))
            let waits = parents[position].map { ids[$0] }.joined(separator: ", ")
            let mark = step.guarding != nil ? "◇" : step.isFinally ? "▣" : "●"
            rows.append(
                "\(indent)\(mark) \(ids[position])  \(PlanRenderer.work(step))" + (waits.isEmpty ? "" : "  ← \(waits)"))
        }
        return rows.map { safeText($0) }.joined(separator: "\n") + "\n"
    }

    /// Graphviz.
    public var dot: String {
        var rows = [
            "digraph \(Self.quoted(plan.pipeline)) {", "  rankdir=LR;", "  node [shape=box, fontname=\"sans-serif\"];",
        ]
        for (position, step) in plan.steps.enumerated() {
            let label = Self.quoted("\(ids[position])\n\(PlanRenderer.work(step))")
            let shape = step.isGate ? ", shape=diamond" : step.isFinally ? ", style=dashed" : ""
            rows.append("  n\(position) [label=\(label)\(shape)];")
        }
        for edge in edges { rows.append("  n\(edge.from) -> n\(edge.to)\(edge.isGate ? " [style=dashed]" : "");") }
        return rows.joined(separator: "\n") + "\n}\n"
    }

    /// Mermaid, as GitHub and Azure DevOps show it.
    public var mermaid: String {
        var rows = ["flowchart LR"]
        for (position, step) in plan.steps.enumerated() {
            let label = Self.entities("\(ids[position])") + "<br/>" + Self.entities(PlanRenderer.work(step))
            rows.append(
                step.isGate
                    ? "  n\(position){{\"\(label)\"}}"
                    : step.isFinally
                        ? "  n\(position)([\"\(label)\"])" : "  n\(position)[\"\(label)\"]")
        }
        for edge in edges { rows.append("  n\(edge.from) \(edge.isGate ? "-.->" : "-->") n\(edge.to)") }
        return rows.joined(separator: "\n") + "\n"
    }

    /// Nodes and edges, for programs.
    public var value: Value {
        let nodes = plan.steps.map { step in
            Value.map([
                "id": .string(step.id.rawValue), "work": .string(PlanRenderer.work(step)),
                "gate": .boolean(step.isGate),
                "finally": .boolean(step.isFinally), "environment": step.environment.map { .string($0) } ?? .null,
            ])
        }
        let arrows = edges.map { edge in
            Value.map(["from": .string(ids[edge.from]), "to": .string(ids[edge.to])])
        }
        return ["pipeline": .string(plan.pipeline), "nodes": .list(nodes), "edges": .list(arrows)]
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for character in text {
            switch character {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result + "\""
    }

    private static func entities(_ text: String) -> String {
        safeText(text).map { character in
            switch character {
            case "\"": "#quot;"
            case "<": "#lt;"
            case ">": "#gt;"
            case "#": "#35;"
            default: String(character)
            }
        }.joined()
    }
}

extension Step {
    /// Whether the step only decides whether others may go on.
    public var isGate: Bool { if case .gate = work { true } else { false } }
}
