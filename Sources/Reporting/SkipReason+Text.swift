import Documents
public import Engine

extension SkipReason {
    /// Why the step was skipped, with the values that were seen.
    public var text: String {
        switch self {
        case .condition(let seen):
            let parts = seen.map { entry in
                let expected = entry.expected.map { $0.string ?? $0.json() }.joined(separator: " or ")
                let actual = entry.actual.isNull ? "not known" : entry.actual.string ?? entry.actual.json()
                return "\(entry.subject) is \(actual), not \(expected)"
            }
            return "its condition does not hold: \(parts.joined(separator: "; "))"
        case .output(let step, let name): return "'\(step)', whose output '\(name)' it uses, did not run"
        case .gate(let step): return "its gate '\(step)' was skipped"
        }
    }
}
