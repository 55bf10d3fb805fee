import Documents
import OrderedCollections
import Pipelines

/// The same JSON that a step's `Codable` form gives, without a tree in between: a plan may have 10,000 of them.
extension Step {
    func write(to line: inout JSONLine) throws {
        line.member("id", id.rawValue)
        switch work {
        case .stage(let kind): line.member("kind", kind)
        case .gate(let gate): line.member("gate", try ValueEncoder().encode(gate))
        }
        line.member("effect", effect.rawValue)
        line.member("environment", ifPresent: environment)
        if locksEnvironment { line.member("locksEnvironment", true) }
        line.member("input", input.value)
        line.member("needs", each: needs) { $0.write(to: &$1) }
        if let condition { line.member("when", try ValueEncoder().encode(condition)) }
        if let retry { line.member("retry", try ValueEncoder().encode(retry)) }
        if let timeout { line.member("timeout", Value.number(timeout)) }
        if isFinally { line.member("isFinally", true) }
        line.member("guarding", ifPresent: guarding?.rawValue)
        if let pool {
            line.member("pool") { line in
                line.member("name", pool.name)
                line.member("width", pool.width)
            }
        }
        if let place {
            line.member("place") { line in
                line.member("file", place.file)
                line.member("line", place.line)
                line.member("column", place.column)
            }
        }
    }
}

extension Need {
    fileprivate func write(to line: inout JSONLine) {
        line.member("step", step.rawValue)
        switch reason {
        case .declared: line.member("reason", "declared")
        case .gate: line.member("reason", "gate")
        case .evidence: line.member("reason", "evidence")
        case .output(let name): line.member("output", name)
        case .condition(let name): line.member("condition", name)
        }
    }
}
